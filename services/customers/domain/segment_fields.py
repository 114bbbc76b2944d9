"""What filters of segments can name beside the fields of a contact: interactions, the age of times, and companies.

They are fields of the one filter language (AIP-160), as in `interactions.call.count_30d >= 2`. Owns their names and
what each means; where the records come from is asked elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapport.customers.v1 import timeline_service_pb2

from mesh.contract.failure import invalid
from services.customers.domain.timeline import INTERACTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mesh.contract.filters import Comparison

COMPANY = "company"
AGE = ".age"
NO_TIME = -(2**62)
"""What stands for the time of an interaction that there never was: before every time, and none itself."""
AGED = frozenset({"create_time", "update_time", "last_interaction_time"})
"""The times of a contact whose age can be asked for."""
_DAY_US = 24 * 3600 * 1_000_000
_UNITS = {"d": _DAY_US, "h": 3600 * 1_000_000, "s": 1_000_000}
_MAX_DAYS = 3650
_SPAN = re.compile(r"^(\d{1,9})([dhs])$")
_NAME = re.compile(r"^interactions(?:\.(note|call|meeting|email))?\.(?:(count)(?:_([1-9]\d{0,3})d)?|(last_time))$")
# An age grows as its time moves back.
_OF_TIME = {">": "<", ">=": "<=", "<": ">", "<=": ">="}


@dataclass(frozen=True, order=True)
class Measure:
    """Something measured of a contact's interactions: how many of these kinds there are, or when the last one was.

    kinds: of timeline entries. window_us: only those of so many microseconds up to now are counted; 0: all.
    """

    kinds: tuple[int, ...]
    counts: bool
    window_us: int = 0


@dataclass(frozen=True)
class Edges:
    """When a windowed count may change by itself: the oldest interaction in the window, and the first one to come."""

    measure: Measure


@dataclass(frozen=True)
class Ago:
    """A time that moves: so many microseconds before now."""

    span_us: int


@dataclass(frozen=True)
class Employed:
    """Whether some company that a contact works for meets a comparison of a field; no field: that there is one."""

    field: str
    operator: str = ""
    value: str = ""
    quoted: bool = False


@dataclass(frozen=True)
class Age:
    """A comparison of an age as the comparison of its time with one that moves.

    strict: it turns right after the span is over, and not as soon as it is.
    """

    path: str
    operator: str
    ago: Ago

    @property
    def strict(self) -> bool:
        """Whether a time that lies exactly so far back is not reached yet."""
        return self.operator in ("<", ">=")


def measure_of(path: str) -> Measure | None:
    """What a field of interactions measures; None for another field.

    Raises:
        Failure: INVALID_ARGUMENT on `filter`, for a window that is too long.
    """
    match = _NAME.match(path)
    if match is None:
        return None
    kind, counts, days, _ = match.groups()
    if days and int(days) > _MAX_DAYS:
        raise invalid("filter", f"{path}: counts go back {_MAX_DAYS} days at most")
    one = timeline_service_pb2.TimelineKind.Value(f"TIMELINE_KIND_{kind.upper()}") if kind else 0
    return Measure((one,) if kind else tuple(sorted(INTERACTIONS)), bool(counts), int(days or 0) * _DAY_US)


def age_of(term: Comparison) -> Age:
    """What a comparison of an age asks of its time.

    Raises:
        Failure: INVALID_ARGUMENT on `filter`.
    """
    path, match = term.field.removesuffix(AGE), _SPAN.match(term.value)
    last = measure_of(path)
    if path not in AGED and (last is None or last.counts):
        raise invalid("filter", f"{term.field} is no age of a time")
    if term.operator not in _OF_TIME:
        raise invalid("filter", f"{term.field} is compared with <, <=, > or >=")
    if match is None or int(match[1]) * _UNITS[match[2]] > _MAX_DAYS * _DAY_US:
        expected = f"a span such as 30d, 12h or 90s, of at most {_MAX_DAYS} days"
        raise invalid("filter", f"{term.field} is compared with {expected}, at character {term.position + 1}")
    return Age(path, _OF_TIME[term.operator], Ago(int(match[1]) * _UNITS[match[2]]))


def next_turn(
    ages: Iterable[tuple[int | None, Age]], edges: Iterable[tuple[Measure, int | None, int | None]], now_us: int
) -> int | None:
    """When an answer may become another one because time has passed, and nothing else; None: never.

    ages: each with the time it is of. edges: a windowed count with the oldest time in its window, and the next one to
    come. Times are in microseconds since 1970.
    """
    turns = [time + age.ago.span_us + age.strict for time, age in ages if time is not None and time != NO_TIME]
    for measure, oldest, coming in edges:
        turns += [] if oldest is None else [oldest + measure.window_us]
        turns += [] if coming is None else [coming]
    return min((turn for turn in turns if turn > now_us), default=None)


def resolved(values: Iterable[object], now_us: int) -> list[object]:
    """The values of a filter at a time."""
    return [now_us - value.span_us if isinstance(value, Ago) else value for value in values]


def expression(term: Comparison) -> str:
    """A comparison as it is written."""
    escaped = term.value.replace("\\", "\\\\").replace('"', '\\"')
    value = f'"{escaped}"' if term.quoted else term.value
    return f"{term.field}:{value}" if term.operator == ":" else f"{term.field} {term.operator} {value}"
