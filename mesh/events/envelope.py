"""Events as CloudEvents."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """One event."""

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
