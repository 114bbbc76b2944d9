"""The errors link: what it does not know becomes INTERNAL, and no word of it reaches the client."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2

from mesh.contract.failure import Failure, whereabouts
from mesh.contract.limit_headers import RETRY_HEADER
from mesh.contract.reasons import common_reasons
from mesh.store import errors as store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.protobuf.message import Message

    from mesh.contract.reasons import Reason

_STORE_REASONS: tuple[tuple[type[store.StoreError], str], ...] = (
    (store.UniqueViolation, "ALREADY_EXISTS"),
    (store.Busy, "CONFLICT"),
    (store.Timeout, "DEADLINE_EXCEEDED"),
    (store.Unavailable, "UNAVAILABLE"),
)
_RETRY_AFTER = {"UNAVAILABLE": 1.0, "DRAINING": 0.5, "OVERLOADED": 1.0, "RATE_LIMITED": 1.0}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended: status and headers for the client, and for the log what the client does not see."""

    status: status_pb2.Status
    reason: str
    fault: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def outcome(error: BaseException, reasons: Mapping[str, Reason], domain: str, trace: str) -> Outcome:
    """What a client is told of an error, and what the operator is. `domain` is `<service>.rapport`."""
    failure = _failure(error)
    reason = reasons.get(failure.reason) if failure else None
    if failure is None or reason is None:
        internal = common_reasons()["INTERNAL"]
        return Outcome(
            _status(internal, domain, Failure("INTERNAL", metadata={"trace": trace})), internal.name, _describe(error)
        )
    wait = failure.retry_after if failure.retry_after is not None else _RETRY_AFTER.get(reason.name)
    # Whole seconds are all that HTTP knows; RetryInfo says it exactly.
    headers = ((RETRY_HEADER, str(math.ceil(wait))),) if wait is not None else ()
    return Outcome(_status(reason, domain, failure, wait), reason.name, headers=headers + failure.headers)


def _failure(error: BaseException) -> Failure | None:
    if isinstance(error, Failure):
        return error
    for kind, reason in _STORE_REASONS:
        if isinstance(error, kind):
            return Failure(reason)
    return None


def _describe(error: BaseException) -> str:
    undeclared = f" undeclared reason {error.reason}" if isinstance(error, Failure) else ""
    return f"{type(error).__name__}{undeclared} at {whereabouts(error)}"


def _status(reason: Reason, domain: str, failure: Failure, wait: float | None = None) -> status_pb2.Status:
    details: list[Message] = [error_details_pb2.ErrorInfo(reason=reason.name, domain=domain, metadata=failure.metadata)]
    if failure.fields:
        violations = [
            error_details_pb2.BadRequest.FieldViolation(field=field, description=text)
            for field, text in failure.fields.items()
        ]
        details.append(error_details_pb2.BadRequest(field_violations=violations))
    if wait is not None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromMilliseconds(int(wait * 1000))
        details.append(retry)
    status = status_pb2.Status(code=reason.code, message=reason.message)
    for detail in details:
        packed = any_pb2.Any()
        packed.Pack(detail)
        status.details.append(packed)
    return status
