"""Reading what a directory sends, within bounds: whatever it is, the answer is a value or a refusal."""

from __future__ import annotations

import gc
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from pydantic import ValidationError
from scim2_models import (
    Context,
    Error,
    PatchOp,
    Path,
    Resource,
    ResponseParameters,
    SCIMException,
    ScimFilter,
    SearchRequest,
)

from mesh.contract.failure import Failure
from mesh.contract.scim import TYPE_KEY
from services.users.domain.scim.models import TOLERANT, Group, User

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from google.api import httpbody_pb2

MAX_DEPTH, MAX_TERMS, MAX_OPERATIONS = 12, 40, 100
_LONGEST_EXPRESSION = 2_000
_KINDS = ("application/scim+json", "application/json", "")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMPARISON = re.compile(r"\b(?:eq|ne|co|sw|ew|gt|lt|ge|le|pr)\b", re.IGNORECASE)

R = TypeVar("R", bound=Resource[Any])


def refusal(scim_type: str, detail: str, field: str = "body") -> Failure:
    """The failure that a directory is told by a keyword of RFC 7644, section 3.12."""
    return Failure("INVALID_ARGUMENT", fields={field: detail}, metadata={TYPE_KEY: scim_type})


def _messages() -> Mapping[tuple[Any, Any], Any]:
    """Messages about the models, made and held once.

    The library holds what it makes of a model weakly, paths and filters too, and looks it up again right after: a
    collection of garbage in between would leave it with nothing.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        kinds: tuple[Any, ...] = (PatchOp, SearchRequest, ResponseParameters, Path, ScimFilter)
        return {(kind, model): kind[model] for kind in kinds for model in (User, Group)}
    finally:
        if collecting:
            gc.enable()


_MESSAGES = _messages()


@contextmanager
def refusing(field: str = "body") -> Iterator[None]:
    """Turn whatever the library finds wrong with what was sent into a refusal. Holds nothing but calls of it.

    Raises:
        Failure: INVALID_ARGUMENT on `field`.
    """
    try:
        yield
    except SCIMException as error:
        raise refusal(error.scim_type or "invalidValue", error.detail, field) from None
    except ValidationError as error:
        found = Error.from_validation_errors(error)[0]
        raise refusal(found.scim_type or "invalidValue", found.detail or "is not valid", field) from None
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        raise refusal("invalidValue", "holds what cannot be understood", field) from None


def read_json(body: httpbody_pb2.HttpBody) -> dict[str, Any]:
    """The object in a body.

    Raises:
        Failure: INVALID_ARGUMENT, where it is no JSON object, is nested too deeply, or holds the character NUL.
    """
    if body.content_type.partition(";")[0].strip().lower() not in _KINDS:
        raise refusal("invalidSyntax", "must be application/scim+json")
    try:
        found = orjson.loads(body.data)
    except orjson.JSONDecodeError:
        raise refusal("invalidSyntax", "is not JSON") from None
    if not isinstance(found, dict):
        raise refusal("invalidSyntax", "is no JSON object")
    level: list[Any] = [found]
    for _ in range(MAX_DEPTH):
        if any(isinstance(each, str) and "\x00" in each for each in level):
            raise refusal("invalidValue", "holds the character NUL")
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return found
    raise refusal("invalidSyntax", f"is nested more than {MAX_DEPTH} deep")


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def read_resource(model: type[R], body: httpbody_pb2.HttpBody, context: Context) -> R:
    """The resource that was sent to be created or to replace another one."""
    sent = read_json(body)
    with refusing():
        return model.model_validate(sent, scim_ctx=context, scim_policy=TOLERANT)


def read_patch(model: type[R], body: httpbody_pb2.HttpBody) -> PatchOp[R]:
    """The operations that were sent (section 3.5.2)."""
    sent = read_json(body)
    operations = next((value for name, value in sent.items() if name.lower() == "operations"), None)
    for each in operations if isinstance(operations, list) else ():
        path = next((each[name] for name in each if name.lower() == "path"), "") if isinstance(each, dict) else ""
        check_expression(path if isinstance(path, str) else "", "body")
    if isinstance(operations, list) and len(operations) > MAX_OPERATIONS:
        raise refusal("tooMany", f"holds more than {MAX_OPERATIONS} operations")
    with refusing():
        patch: PatchOp[R] = _MESSAGES[PatchOp, model].model_validate(
            sent, scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=TOLERANT
        )
        return patch


def read_search(model: type[R], sent: dict[str, Any]) -> SearchRequest[R]:
    """What a list is to hold (section 3.4.3).

    Raises:
        Failure: INVALID_ARGUMENT on `filter`, or on whatever else is wrong.
    """
    text = sent.get("filter")
    if text is not None:
        check_expression(text if isinstance(text, str) else "", "filter")
    with refusing("filter" if text else "request"):
        search: SearchRequest[R] = _MESSAGES[SearchRequest, model].model_validate(
            sent, scim_ctx=Context.SEARCH_REQUEST, scim_policy=TOLERANT
        )
        return search


def read_parameters(model: type[R], attributes: str, excluded: str) -> ResponseParameters[R]:
    """Which attributes an answer is to hold (section 3.9)."""
    sent = {name: text for name, text in (("attributes", attributes), ("excludedAttributes", excluded)) if text}
    with refusing("attributes"):
        parameters: ResponseParameters[R] = _MESSAGES[ResponseParameters, model].model_validate(
            sent, scim_policy=TOLERANT
        )
        return parameters


def check_expression(text: str, field: str) -> None:
    """Refuse a filter or a path that is too much to parse; that it is one at all is not looked at.

    Raises:
        Failure: INVALID_ARGUMENT.
    """
    scim_type = "invalidFilter" if field == "filter" else "invalidPath"
    if len(text) > _LONGEST_EXPRESSION or "\x00" in text:
        raise refusal(scim_type, f"is longer than {_LONGEST_EXPRESSION} characters, or holds the character NUL", field)
    bare, depth = _QUOTED.sub('""', text), 0
    for each in bare:
        depth += (each in "([") - (each in ")]")
        if depth > MAX_DEPTH:
            raise refusal(scim_type, f"is nested more than {MAX_DEPTH} deep", field)
    if len(_COMPARISON.findall(bare)) > MAX_TERMS:
        raise refusal(scim_type, f"has more than {MAX_TERMS} terms", field)
