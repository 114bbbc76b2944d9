"""Lists of SCIM: from the database as far as it has an index, by looking through the rest, within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from google.protobuf.message import Message
from scim2_models import Context

from services.users.domain.scim import models
from services.users.domain.scim.filters import narrowed
from services.users.domain.scim.requests import read_json, read_search, refusal, refusing
from services.users.service.scim.answers import answer_list, in_scim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from google.api import httpbody_pb2
    from scim2_models import Resource as Shown
    from scim2_models import SearchRequest

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call

M = TypeVar("M", bound=Message)

# Between two looks at the clock.
_STRIDE = 200


def asked(model: type[Any], request: Any) -> SearchRequest[Any]:
    """What a list is asked for, by the query of a GET or by the body of a search."""
    if "body" in request.DESCRIPTOR.fields_by_name:
        return read_search(model, read_json(request.body))
    sent = {
        "filter": request.filter,
        "sortBy": request.sort_by,
        "sortOrder": request.sort_order.lower(),
        "attributes": request.attributes,
        "excludedAttributes": request.excluded_attributes,
    }
    numbers = {"startIndex": request.start_index} if request.start_index else {}
    if request.HasField("count"):
        numbers["count"] = request.count
    return read_search(model, {**{name: text for name, text in sent.items() if text}, **numbers})


def list_resources(
    call: Call,
    resource: Resource[M],
    search: SearchRequest[Any],
    *,
    terms: Mapping[str, Callable[[str, object], str | None]],
    always: str,
    most: int,
    show: Callable[[Sequence[M]], Sequence[Shown[Any]]],
) -> httpbody_pb2.HttpBody:
    """The page that is asked for (RFC 7644, section 3.4.2), the oldest first unless it is sorted.

    terms: what of a filter the database answers. always: what is true of everything that is listed; empty: nothing.
    most: how many a page may hold. show: resources as SCIM has them, in the same order.

    Raises:
        Failure: INVALID_ARGUMENT as tooMany, where more would have to be looked through than may be.
    """
    filtered = search.filter.ast if search.filter is not None else None
    wanted = narrowed(filtered, terms)
    text = " AND ".join(part for part in (always, wanted.text) if part)
    start = search.start_index_0 or 0
    count = min(search.count if search.count is not None else models.DEFAULT_COUNT, most)
    with in_scim():
        if wanted.whole and search.sort_by is None:
            total = _count(call, resource, text)
            page = show(_rows(call, resource, text, start + count)[start:]) if start < total and count else []
        else:
            found = _looked_through(call, _rows(call, resource, text, models.MAX_SCANNED + 1), search, show)
            total, page = len(found), found[start : start + count]
    shown = [each.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=search) for each in page]
    return answer_list(call, shown, total=total, start=start + 1)


def _count(call: Call, resource: Resource[Any], text: str) -> int:
    sight = resource.visible(call)
    page = resource.listing.count(text, sight, most=models.MAX_SCANNED, show_deleted=False)
    return int(call.read(page.statement, **page.parameters)[0][0])


def _rows(call: Call, resource: Resource[M], text: str, limit: int) -> list[M]:
    """The first so many that the database gives, by id: these are made in the order of time."""
    if limit > models.MAX_SCANNED + 1:
        raise refusal("tooMany", f"only the first {models.MAX_SCANNED} can be listed", "startIndex")
    order = resource.listing.order("id")
    sight = resource.visible(call)
    page = resource.listing.page(text, order, sight, after=(), limit=limit, show_deleted=False)
    return [resource.build(resource.message, row[: page.width]) for row in call.read(page.statement, **page.parameters)]


def _looked_through(
    call: Call,
    candidates: Sequence[M],
    search: SearchRequest[Any],
    show: Callable[[Sequence[M]], Sequence[Shown[Any]]],
) -> list[Shown[Any]]:
    if len(candidates) > models.MAX_SCANNED:
        raise refusal("tooMany", f"would have to be looked for among more than {models.MAX_SCANNED}", "filter")
    found: list[Shown[Any]] = []
    for first in range(0, len(candidates), _STRIDE):
        call.remaining()
        for each in show(candidates[first : first + _STRIDE]):
            with refusing("filter"):
                if search.filter is None or search.filter.match(each):
                    found.append(each)
    with refusing("sortBy"):
        return list(search.sort(found))
