"""Lists: filter, order and position of a page as one statement with parameters only.

Statements are kept by their shape (fields and operators); values are always parameters, so that a filter with other
values costs a parse and no compilation.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from google.protobuf.descriptor import FieldDescriptor
from sqlalchemy import BigInteger, and_, bindparam, or_, select, tuple_

from mesh.contract.failure import invalid
from mesh.contract.filters import parse_filter
from mesh.resource.filtering import Shape, bind, condition
from mesh.resource.mapping import stored_columns
from mesh.store.statement import TENANT, Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from google.protobuf.message import Message
    from sqlalchemy import Column, ColumnElement, Table

_KEPT = 512


@dataclass(frozen=True, slots=True)
class Order:
    """One part of an order."""

    column: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A statement with its parameters, and the places of the sort key in its rows."""

    statement: Statement
    parameters: dict[str, Any]
    key: tuple[int, ...]


class Listing:
    """Makes the statements that list one resource."""

    def __init__(self, table: Table, message: type[Message]) -> None:
        self._table = table
        self._message = message
        self._columns = stored_columns(table, message)
        self._names = [column.name for column in self._columns]
        self._filterable = {column.name: column for column in self._columns[1:] if not _is_opaque(message, column)}
        self._orderable = {"id"} | {
            index.columns[1].name for index in table.indexes if len(index.columns) > 2 and index.columns[2].name == "id"
        }
        self._kept: OrderedDict[object, Statement] = OrderedDict()
        self._lock = Lock()

    def order(self, text: str) -> tuple[Order, ...]:
        """The order a caller asks for, always ending with the id; newest first where nothing is asked.

        Raises:
            Failure: INVALID_ARGUMENT on `order_by`.
        """
        if not text.strip():
            return (Order("id", descending=True),)
        parts = []
        for part in text.split(","):
            name, _, direction = part.strip().partition(" ")
            if name not in self._orderable:
                raise invalid("order_by", f"cannot order by {name!r}; possible: {', '.join(sorted(self._orderable))}")
            if direction.strip() not in ("", "asc", "desc"):
                raise invalid("order_by", "after a field only asc or desc may stand")
            parts.append(Order(name, descending=direction.strip() == "desc"))
        if len({part.column for part in parts}) != len(parts):
            raise invalid("order_by", "names a field twice")
        if parts[-1].column != "id":
            parts.append(Order("id", descending=parts[-1].descending))
        return tuple(parts)

    def page(
        self, text: str, order: tuple[Order, ...], *, after: Sequence[str | int], limit: int, show_deleted: bool
    ) -> Page:
        """The statement for one page.

        Raises:
            Failure: INVALID_ARGUMENT on `filter`.
        """
        tree = parse_filter(text)
        values: list[Any] = []
        shape = bind(tree, self._message.DESCRIPTOR, self._filterable, values) if tree else ()
        parameters: dict[str, Any] = {"limit": limit}
        parameters.update({f"f{i}": value for i, value in enumerate(values)})
        parameters.update({f"k{i}": value for i, value in enumerate(after)})
        deleted = show_deleted or "delete_time" not in self._table.c
        key = (shape, order, bool(after), deleted)
        with self._lock:
            statement = self._kept.get(key)
            if statement:
                self._kept.move_to_end(key)
        if statement is None:
            statement = self._statement(shape, order, continues=bool(after), deleted=deleted)
            with self._lock:
                self._kept[key] = statement
                if len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return Page(statement, parameters, tuple(self._names.index(part.column) for part in order))

    def _statement(self, shape: Shape, order: tuple[Order, ...], *, continues: bool, deleted: bool) -> Statement:
        table = self._table
        conditions: list[ColumnElement[bool]] = [table.c.tenant_id == TENANT]
        if shape:
            conditions.append(condition(shape, self._filterable, itertools.count()))
        if not deleted:
            conditions.append(table.c.delete_time.is_(None))
        if continues:
            conditions += _after([(table.c[part.column], part.descending) for part in order])
        ordering = [table.c[p.column].desc() if p.descending else table.c[p.column].asc() for p in order]
        # The limit is one more than the page, which tells whether another follows.
        core = select(*self._columns).where(*conditions).order_by(*ordering)
        return Statement(core.limit(bindparam("limit", type_=BigInteger)), name=f"list {table.name}")


def _after(keys: Sequence[tuple[Column[Any], bool]]) -> list[ColumnElement[bool]]:
    """What comes after the position k0, k1 ...: by row values, since an OR of the parts defeats the index."""
    bounds = [bindparam(f"k{i}", type_=column.type) for i, (column, _) in enumerate(keys)]
    directions = {descending for _, descending in keys}
    if len(directions) == 1:
        left, right = tuple_(*(column for column, _ in keys)), tuple_(*bounds)
        return [left < right if directions == {True} else left > right]
    (column, descending), bound = keys[0], bounds[0]
    rest = _after_from(keys, bounds, 1)
    first = column < bound if descending else column > bound
    # The first part alone, stated again, is what the index can use.
    return [column <= bound if descending else column >= bound, or_(first, and_(column == bound, rest))]


def _after_from(keys: Any, bounds: Any, start: int) -> ColumnElement[bool]:
    (column, descending), bound = keys[start], bounds[start]
    first: ColumnElement[bool] = column < bound if descending else column > bound
    if start + 1 == len(keys):
        return first
    return or_(first, and_(column == bound, _after_from(keys, bounds, start + 1)))


def _is_opaque(message: type[Message], column: Column[Any]) -> bool:
    field = message.DESCRIPTOR.fields_by_name[column.name]
    return field.is_repeated or field.type == FieldDescriptor.TYPE_BYTES or column.type.python_type is bytes
