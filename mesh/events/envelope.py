"""Events as CloudEvents, in binary mode: the attributes are fields of a Redis stream entry, the payload stays as it is.

Owns the names on the wire. It never looks into the payload.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Event:
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
        moment = _EPOCH + timedelta(microseconds=self.time_us)
        fields: list[str | bytes] = ["ce-specversion", "1.0", "content-type", "application/protobuf"]
        fields += ["ce-id", self.id, "ce-type", self.type, "ce-source", self.source, "ce-subject", self.aggregate]
        fields += ["ce-time", moment.isoformat(timespec="microseconds"), "ce-tenant", self.tenant]
        fields += ["ce-sequence", str(self.sequence), "ce-actor", self.actor, "ce-traceparent", self.trace]
        if self.timer:
            fields += ["ce-timer", self.timer]
        return [*fields, "data", self.data]


def from_fields(fields: Mapping[bytes, bytes]) -> Event:
    """The event of a stream entry; KeyError or ValueError when the entry is none."""

    def text(name: bytes) -> str:
        return fields.get(name, b"").decode()

    return Event(
        id=fields[b"ce-id"].decode(),
        tenant=text(b"ce-tenant"),
        aggregate=fields[b"ce-subject"].decode(),
        sequence=int(fields[b"ce-sequence"]),
        type=fields[b"ce-type"].decode(),
        data=fields[b"data"],
        time_us=(datetime.fromisoformat(fields[b"ce-time"].decode()) - _EPOCH) // _MICROSECOND,
        source=fields[b"ce-source"].decode(),
        actor=text(b"ce-actor"),
        trace=text(b"ce-traceparent"),
        timer=text(b"ce-timer"),
    )


def stream_of(service: str) -> str:
    """The Redis stream that carries a service's events."""
    return f"rapport:events:{service}"
