"""The header `x-rapport-after`: a write says with it what it published, and a read what it wants to have been seen.

Owns its form. Whoever reads one has it from a client, and may conclude nothing from it but what to wait for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh.contract.failure import invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

AFTER_HEADER = "x-rapport-after"
# On the reply to a read that was answered although a copy was behind what the header asked for.
PARTIAL_HEADER = "x-rapport-partial"
MOST = 16
LONGEST = 4096
_SOURCE = "[a-z][a-z0-9]{0,31}"
_AGGREGATE = "[a-z][a-z0-9-]{0,63}/[A-Za-z0-9_/-]{1,128}"
_SEQUENCE = "[1-9][0-9]{0,17}"
_EVENT = "evt_[0-9A-HJKMNP-TV-Z]{26}"
_ENTRY = re.compile(f"({_SOURCE}):({_AGGREGATE})=(?:({_SEQUENCE})|({_EVENT}))")
_ANY = f"{_SOURCE}:{_AGGREGATE}=({_SEQUENCE}|{_EVENT})"
# Of the whole header, for those who describe it.
PATTERN = f"^{_ANY}(,{_ANY}){{0,{MOST - 1}}}$"


@dataclass(frozen=True, slots=True)
class Position:
    """One event of the service `source`: the number it has in its aggregate, or its id where it has no number."""

    source: str
    aggregate: str
    sequence: int
    event_id: str

    @property
    def collection(self) -> str:
        """What the aggregate is one of, as in `contacts`."""
        return self.aggregate.partition("/")[0]


def read(header: str) -> list[Position]:
    """The positions that a client sent.

    Raises:
        Failure: INVALID_ARGUMENT, for more than 16 of them, more than 4,096 characters, or another form.
    """
    entries = header.split(",", MOST) if len(header) <= LONGEST else []
    found = [_ENTRY.fullmatch(entry.strip(" \t")) for entry in entries[:MOST]]
    if not entries or len(entries) > MOST:
        raise invalid(AFTER_HEADER, f"holds more than {MOST} positions or {LONGEST} characters")
    if None in found:
        raise invalid(AFTER_HEADER, "must be what writes returned in it, joined by commas")
    return [Position(m[1], m[2], int(m[3] or 0), m[4] or "") for m in found if m]


def write(source: str, marks: Mapping[str, str]) -> str:
    """The header for what a write of `source` published: by aggregate, a number or an event id, in its order.

    Of more than 16 the last ones are told: events travel in their order, and the last is the last to arrive.
    """
    return ",".join(f"{source}:{aggregate}={mark}" for aggregate, mark in list(marks.items())[-MOST:])
