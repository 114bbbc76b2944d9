"""Events as CloudEvents, in binary mode: the attributes are fields of a Redis stream entry, the payload stays as it is.

Owns the names on the wire. It never looks into the payload.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Event(NamedTuple):
    """Something that happened to an aggregate, or a timer that came due.

    id: unique and sorting by time. aggregate: the id of what it happened to. sequence: its number there, consecutive
    from 1; 0 when its order does not matter. type: full name of the protobuf message in `data`. time_us: microseconds
    since 1970. source: the service that owns the aggregate. actor: who caused it. trace: W3C `traceparent`. timer: the
    name of the timer that fired.
    """

    id: str
    tenant: str
    aggregate: str
    sequence: int
    type: str
    data: bytes
    time_us: int
    source: str
    actor: str
    trace: str = ""
    timer: str = ""

    def to_fields(self) -> list[str | bytes]:
        """Names and values by turns, as XADD takes them."""
        moment = (_EPOCH + timedelta(microseconds=self.time_us)).isoformat(timespec="microseconds")
        fields: list[str | bytes] = [
            "ce-specversion", "1.0", "content-type", "application/protobuf",
            "ce-id", self.id, "ce-type", self.type, "ce-source", self.source, "ce-subject", self.aggregate,
            "ce-time", moment, "ce-tenant", self.tenant, "ce-sequence", str(self.sequence),
            "ce-actor", self.actor, "ce-traceparent", self.trace, "data", self.data,
        ]  # fmt: skip
        if self.timer:
            fields += "ce-timer", self.timer
        return fields


def from_fields(fields: Mapping[bytes, bytes]) -> Event:
    """The event of a stream entry; KeyError or ValueError when the entry is none."""
    optional = fields.get
    return Event(
        fields[b"ce-id"].decode(),
        optional(b"ce-tenant", b"").decode(),
        fields[b"ce-subject"].decode(),
        int(fields[b"ce-sequence"]),
        fields[b"ce-type"].decode(),
        fields[b"data"],
        (datetime.fromisoformat(fields[b"ce-time"].decode()) - _EPOCH) // _MICROSECOND,
        fields[b"ce-source"].decode(),
        optional(b"ce-actor", b"").decode(),
        optional(b"ce-traceparent", b"").decode(),
        optional(b"ce-timer", b"").decode(),
    )


def stream_of(service: str) -> str:
    """The Redis stream that carries a service's events."""
    return f"rapport:events:{service}"
