"""How calls fail, decoded, and what of a message no failure and no log may show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
from google.rpc import error_details_pb2, status_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mesh.contract.method import MethodContract

_CODES = {code.value[0]: code.name for code in grpc.StatusCode}


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a call failed, as its caller sees it."""

    code: str
    reason: str
    fields: dict[str, str]
    metadata: dict[str, str]
    retry_after: float
    status: bytes
    text: str


def refusal_of(error: grpc.RpcError) -> Refusal:
    """A failed call's status with its details."""
    trailers = dict(error.trailing_metadata() or ())
    data = trailers.get("grpc-status-details-bin", b"")
    status = status_pb2.Status.FromString(data)
    info, request, retry = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
    for detail in status.details:
        for known in (info, request, retry):
            if detail.Is(known.DESCRIPTOR):
                detail.Unpack(known)
    return Refusal(
        code=error.code().name,
        reason=f"{info.domain}/{info.reason}",
        fields={violation.field: violation.description for violation in request.field_violations},
        metadata=dict(info.metadata),
        retry_after=retry.retry_delay.ToMilliseconds() / 1000,
        status=data,
        text=f"{error.details()} {error.debug_error_string()} {trailers}",
    )


def check_declared(method: MethodContract, found: Refusal) -> None:
    """A refusal gives a reason that the method's contract declares, in the domain of its service, with its code."""
    domain, _, reason = found.reason.partition("/")
    assert domain == f"{method.service}.rapport", f"{method.full_name}: domain {domain!r}, {found}"
    assert reason in method.reasons, f"{method.full_name}: undeclared reason {reason!r}"
    assert found.code == _CODES[method.reasons[reason].code], f"{method.full_name}: {found.code} for {reason}"


def texts(message: Any) -> Iterator[str]:
    """Every text in a message, however deep."""
    for field, value in message.ListFields():
        is_map = bool(field.message_type and field.message_type.GetOptions().map_entry)
        values: Sequence[Any] = list(value.values()) if is_map else value if field.is_repeated else [value]
        for one in values:
            if isinstance(one, str):
                yield one
            elif field.message_type:
                yield from texts(one)


_AN_ID = re.compile(r"^[a-z]{3}_[0-9A-Z]{26}$")


def personal(message: Any) -> set[str]:
    """The texts of a message that are values and no ids."""
    return {text for text in texts(message) if len(text) > 3 and not _AN_ID.match(text)}
