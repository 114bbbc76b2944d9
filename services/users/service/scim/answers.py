"""What every method of SCIM answers with: a body, its status, its version."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from google.api import httpbody_pb2
from scim2_models import Context

from mesh.contract.failure import Failure
from mesh.contract.scim import CONTENT_TYPE, TYPE_KEY
from mesh.store.errors import UniqueViolation
from services.users.domain.scim.models import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scim2_models import Resource, ResponseParameters

    from mesh.runtime.call import Call

_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
# The attributes that stand for fields of users and groups.
_ATTRIBUTES = {
    "display_name": "displayName",
    "email": "emails",
    "external_id": "externalId",
    "family_name": "name.familyName",
    "given_name": "name.givenName",
    "role": "roles",
    "role_ids": "roles",
    "user_ids": "members",
    "user_name": "userName",
}


class Named(NamedTuple):
    """Which resource a write is of, and the etag that it must have; empty: any."""

    id: str
    etag: str = ""


def base(call: Call) -> str:
    """What the addresses of resources begin with."""
    return f"{call.environment.public_url}{BASE}"


def answer(call: Call, status: int, content: Any, headers: Mapping[str, str] | None = None) -> httpbody_pb2.HttpBody:
    """The body that answers a call."""
    if call.door is not None:
        call.answer(status, headers or {})
    data = orjson.dumps(content) if content is not None else b""
    return httpbody_pb2.HttpBody(content_type=CONTENT_TYPE, data=data)


def answer_resource(
    call: Call, status: int, resource: Resource[Any], parameters: ResponseParameters[Any]
) -> httpbody_pb2.HttpBody:
    """The answer that is a resource, with its version and its place (RFC 7644, sections 3.3, 3.9 and 3.14)."""
    meta: Any = resource.meta
    headers = {"etag": meta.version, **({"location": meta.location} if status == 201 else {})}
    content = resource.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=parameters)
    return answer(call, status, content, headers)


def answer_list(call: Call, resources: Sequence[Any], *, total: int, start: int = 1) -> httpbody_pb2.HttpBody:
    """The answer that is a list (RFC 7644, section 3.4.2): `total` in all, these from number `start` on."""
    counts = {"totalResults": total, "startIndex": start, "itemsPerPage": len(resources)}
    return answer(call, 200, {"schemas": [_LIST], **counts, "Resources": list(resources)})


def unchanged(call: Call, version: str) -> bool:
    """Whether the caller has this version already."""
    return version in _versions(call, "if-none-match")


def check_version(call: Call, version: str) -> None:
    """Refuse a version that is not the one the caller insists on, if any.

    Raises:
        Failure: ETAG_MISMATCH.
    """
    wanted = _versions(call, "if-match")
    if wanted and "*" not in wanted and version not in wanted:
        raise Failure("ETAG_MISMATCH")


def _versions(call: Call, header: str) -> list[str]:
    sent = call.door.headers.get(header, "") if call.door is not None else ""
    return [part.strip() for part in sent.split(",") if part.strip()]


@contextmanager
def in_scim() -> Iterator[None]:
    """Name what is at fault by its attribute, and tell what is taken already."""
    try:
        yield
    except UniqueViolation as error:
        fields = {column: "is that of another resource" for column in error.columns if column in _ATTRIBUTES}
        raise _placed(Failure("ALREADY_EXISTS", fields=fields, metadata={"fields": ",".join(fields)})) from None
    except Failure as failure:
        raise _placed(failure) from None


def _placed(failure: Failure) -> Failure:
    fields = {_ATTRIBUTES.get(name, name): text for name, text in failure.fields.items()}
    metadata = failure.metadata
    if failure.reason == "INVALID_ARGUMENT" and "filter" in fields:
        metadata = {TYPE_KEY: "invalidFilter", **metadata}
    return Failure(failure.reason, fields=fields, metadata=metadata, retry_after=failure.retry_after)
