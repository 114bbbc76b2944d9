"""Failures that leave through an HTTP door, in the words of what is spoken there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from google.api import httpbody_pb2
from google.rpc import code_pb2, error_details_pb2

from mesh.contract.error_schema import HTTP_STATUS
from mesh.contract.method import DoorErrors
from mesh.contract.scim import CONTENT_TYPE, TYPE_KEY, error_body

if TYPE_CHECKING:
    from google.protobuf.message import Message

    from mesh.runtime.door import Door
    from mesh.runtime.errors import Outcome

# The edge sends such a call again where it may be repeated, which it tells by the gRPC status.
_SENT_AGAIN = (code_pb2.UNAVAILABLE,)
_SCIM_TYPES = {"INVALID_ARGUMENT": "invalidValue", "ALREADY_EXISTS": "uniqueness"}
_LONGEST = 1000


def worded(kind: DoorErrors, door: Door | None, failed: Outcome) -> bytes:
    """The reply that tells a failure to a caller of plain HTTP, its status with the door; empty where gRPC tells it."""
    if kind is not DoorErrors.SCIM or door is None or not door.plain or failed.status.code in _SENT_AGAIN:
        return b""
    info, request = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in failed.status.details:
        for known in (info, request):
            _unpack(detail, known)
    fields = {each.field: each.description for each in request.field_violations}
    status, text = HTTP_STATUS[failed.status.code], failed.status.message
    if info.reason == "ETAG_MISMATCH":
        status = 412  # RFC 7644, section 3.14
    if set(fields) == {"id"}:
        # What can be no id is the id of nothing.
        status, text, fields = 404, "The resource was not found.", {}
    told = "; ".join(f"{field} {description}" for field, description in fields.items()) or text
    scim_type = info.metadata.get(TYPE_KEY, _SCIM_TYPES.get(info.reason, "")) if status in (400, 409) else ""
    door.answer(status, dict(failed.headers))
    body = json.dumps(error_body(status, told[:_LONGEST], scim_type)).encode()
    return bytes(httpbody_pb2.HttpBody(content_type=CONTENT_TYPE, data=body).SerializeToString())


def _unpack(detail: Any, known: Message) -> None:
    if detail.Is(known.DESCRIPTOR):
        detail.Unpack(known)
