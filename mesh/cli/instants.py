"""Spans and moments as people type them. Pure, and light enough for every command."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_SPAN = re.compile(r"(?:\d{1,6}[wdhms])+")


def span(text: str) -> timedelta:
    """The span of `3d`, `12h` or `1d12h30m`; ValueError for anything else."""
    if not _SPAN.fullmatch(text):
        msg = f"{text!r} is no span; write it as in 3d, 12h or 1d12h30m"
        raise ValueError(msg)
    parts = re.findall(r"(\d+)([wdhms])", text)
    return sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in parts), timedelta())


def moment(text: str) -> int:
    """A time of RFC 3339 in microseconds since 1970; ValueError for anything else."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        parsed = datetime.min  # noqa: DTZ901  # it has no zone, like every text that is refused
    if parsed.tzinfo is None:
        msg = f"{text!r} is no time; write it as in 2027-01-01T00:00:00Z"
        raise ValueError(msg)
    return (parsed - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
