"""Days as files have them: in which order their parts stand, and which day a cell says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapport.customers.v1 import resources_pb2

from mesh.contract.failure import Failure, invalid

if TYPE_CHECKING:
    from collections.abc import Iterable

UNKNOWN = resources_pb2.DATE_ORDER_UNSPECIFIED
DAY_FIRST = resources_pb2.DATE_ORDER_DAY_MONTH_YEAR
MONTH_FIRST = resources_pb2.DATE_ORDER_MONTH_DAY_YEAR
YEAR_FIRST = resources_pb2.DATE_ORDER_YEAR_MONTH_DAY

_YEAR_FIRST = re.compile(r"(\d{4})([./-])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_MONTHS = 12


def is_day(text: str) -> bool:
    """Whether a cell looks like a day, in whatever order."""
    return bool(_YEAR_FIRST.fullmatch(text) or _YEAR_LAST.fullmatch(text))


def order_of(values: Iterable[str]) -> int:
    """The one `DateOrder` in which all of a column's days can be read; UNKNOWN where they show none, or contradict."""
    shown = set()
    for value in values:
        match = _YEAR_LAST.fullmatch(value.strip())
        if _YEAR_FIRST.fullmatch(value.strip()):
            shown.add(YEAR_FIRST)
        elif match and (match[2] == "." or int(match[1]) > _MONTHS):
            shown.add(DAY_FIRST)
        elif match and int(match[3]) > _MONTHS:
            shown.add(MONTH_FIRST)
    if len(shown) > 1:
        # What begins with a year speaks for itself and says nothing of the others.
        shown -= {YEAR_FIRST}
    return shown.pop() if len(shown) == 1 else UNKNOWN


def read_day(text: str, order: int, path: str) -> tuple[int, int, int]:
    """Year, month and day of a cell; whether there is such a day is not asked here. `path` is the field that it is of.

    Raises:
        Failure: INVALID_ARGUMENT on the path; DATE_AMBIGUOUS, where the order is UNKNOWN and it could be two days.
    """
    match = _YEAR_FIRST.fullmatch(text)
    if match:
        return int(match[1]), int(match[3]), int(match[4])
    match = _YEAR_LAST.fullmatch(text)
    if not match:
        raise invalid(path, "is no day such as 1980-12-31")
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if match[2] == ".":
        order = DAY_FIRST
    elif order not in (DAY_FIRST, MONTH_FIRST):
        if first <= _MONTHS and second <= _MONTHS and first != second:
            raise Failure("DATE_AMBIGUOUS", fields={path: "could be two days; say in which order its parts stand"})
        order = MONTH_FIRST if second > _MONTHS else DAY_FIRST
    return (year, second, first) if order == DAY_FIRST else (year, first, second)
