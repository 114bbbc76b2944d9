"""What a process knows of the segments that contacts are held against: a bounded copy, checked in each write.

A write that decides on members shares the version until it ends, and one that changes a definition has it alone: no
member is ever decided by a filter of the past.
"""

from __future__ import annotations

import dataclasses
import logging
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import resources_pb2
from rapport.type.v1 import custom_field_pb2
from sqlalchemy import bindparam, func, literal, select, update

from mesh.contract.failure import Failure
from mesh.resource.mapping import read_columns
from mesh.store.statement import TENANT, Statement, insert_ignore
from mesh.store.tables import TEXT
from services.customers.domain.segments import DYNAMIC
from services.customers.service.segment_filters import SegmentFilter
from services.customers.tables import segment_counters, segments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mesh.resource.custom import CustomFields
    from mesh.resource.custom_rules import Field
    from mesh.resource.resource import Resource
    from mesh.runtime.call import View, Write

_log = logging.getLogger(__name__)
_TENANTS = 256
_c = segment_counters.c
_KEY = (_c.tenant_id == TENANT, _c.name == bindparam("of", type_=TEXT))
_VALUE = select(_c.value).where(*_KEY)
_SEEN = Statement(_VALUE, name="see segment counter")
_SHARED = Statement(_VALUE.with_for_update(read=True), name="share segment counter")
_LOCKED = Statement(_VALUE.with_for_update(), name="lock segment counter")
_SET = Statement(
    update(segment_counters).where(*_KEY).values(value=bindparam("new_value", type_=_c.value.type)),
    name="set segment counter",
)
_FIRST = insert_ignore(segment_counters, ["name"], name="first segment counter")
_COUNT = Statement(
    select(func.count()).where(
        segments.c.tenant_id == TENANT,
        segments.c.type == bindparam("type", type_=segments.c.type.type),
        segments.c.delete_time.is_(None),
    ),
    name="count segments",
)
_DYNAMIC = Statement(
    select(*read_columns(segments, resources_pb2.Segment)).where(
        segments.c.tenant_id == TENANT,
        segments.c.type == literal(int(DYNAMIC)),
        segments.c.delete_time.is_(None),
    ),
    name="dynamic segments",
)
_FILTER = [column.name for column in read_columns(segments, resources_pb2.Segment)].index("filter")
_VERSION, CLOCK = "version", "clock"
NEVER = 2**62
"""What the clock says while no timer is set."""


@dataclasses.dataclass(frozen=True, slots=True)
class Definition:
    """A segment that contacts are held against; without a filter it finds nobody."""

    id: str
    filter: SegmentFilter | None


class Definitions:
    """The dynamic segments of each tenant."""

    def __init__(
        self, contact: Resource[Any], company: Resource[Any], fields: CustomFields, company_fields: CustomFields
    ) -> None:
        self._contact, self._company = contact, company
        self._fields, self._company_fields = fields, company_fields
        self._known: OrderedDict[str, tuple[int, Sequence[Definition]]] = OrderedDict()
        self._lock = Lock()

    def filter(self, view: View, text: str) -> SegmentFilter:
        """A filter as somebody means it now.

        Raises:
            Failure: INVALID_ARGUMENT on `filter`.
        """
        return self._made(text, self._fields.fields(view), self._company_fields.fields(view))

    def settled(self, write: Write, text: str) -> SegmentFilter:
        """A filter that is to be kept; what it reads stays as it is until the write ends. Raises as filter() does."""
        return self._made(text, self._fields.fixed(write), self._company_fields.fixed(write))

    def _made(self, text: str, fields: Mapping[str, Field], company_fields: Mapping[str, Field]) -> SegmentFilter:
        return SegmentFilter(text, self._contact, self._company, fields, company_fields)

    def shared(self, write: Write) -> Sequence[Definition]:
        """The dynamic segments of the write's tenant, which nobody changes before it ends."""
        if self not in write.known:
            rows = write.read(_SHARED, of=_VERSION)
            write.known[self] = self._current(write, rows[0][0]) if rows else ()
        found: Sequence[Definition] = write.known[self]
        return found

    def change(self, write: Write, type_: int = DYNAMIC) -> int:
        """Have the version alone, and count it up; how many segments of a type there are, as the tables still say."""
        for name, value in ((_VERSION, 0), (CLOCK, NEVER)):
            write.write(_FIRST, name=name, value=value)
        ((version,),) = write.read(_LOCKED, of=_VERSION)
        write.write(_SET, of=_VERSION, new_value=version + 1)
        return int(write.read(_COUNT, type=type_)[0][0])

    def _current(self, write: Write, version: int) -> Sequence[Definition]:
        with self._lock:
            known = self._known.get(write.tenant)
        if known is not None and known[0] == version:
            return known[1]
        fields, company_fields = (
            {key: _lenient(field) for key, field in each.fixed(write).items()}
            for each in (self._fields, self._company_fields)
        )
        found = []
        for row in write.read(_DYNAMIC):
            try:
                found.append(Definition(row[1], self._made(row[_FILTER], fields, company_fields)))
            except Failure:
                _log.error(
                    "the filter of %s cannot be read any more: its members stay as they are", row[1]
                )  # what failed is the filter, not this code
        with self._lock:
            self._known[write.tenant] = (version, found)
            self._known.move_to_end(write.tenant)
            if len(self._known) > _TENANTS:
                self._known.popitem(last=False)
        return found


def _lenient(field: Field) -> Field:
    """A field as a filter that was looked at before needs it: a choice that was dropped since is one nobody has."""
    if field.type != custom_field_pb2.FIELD_TYPE_CHOICE:
        return dataclasses.replace(field, ready=True)
    text = custom_field_pb2.FIELD_TYPE_TEXT
    return dataclasses.replace(field, ready=True, type=text, choices=frozenset(), open_choices=frozenset())


def next_number(write: Write, name: str) -> int:
    """The next number of a counter, which nobody else counts before the write ends."""
    rows = write.read(_LOCKED, of=name)
    if not rows:
        write.write(_FIRST, name=name, value=0)
        rows = write.read(_LOCKED, of=name)
    number = int(rows[0][0]) + 1
    write.write(_SET, of=name, new_value=number)
    return number


def clock(write: Write, *, alone: bool) -> int:
    """When the timer of the dues is set for; it stays so until the write ends."""
    rows = write.read(_LOCKED if alone else _SHARED, of=CLOCK)
    return int(rows[0][0]) if rows else NEVER


def seen_clock(write: Write) -> int:
    """When it was set for lately."""
    rows = write.read(_SEEN, of=CLOCK)
    return int(rows[0][0]) if rows else NEVER


def set_clock(write: Write, due_us: int) -> None:
    """Note when the timer is set for."""
    write.write(_SET, of=CLOCK, new_value=due_us)
