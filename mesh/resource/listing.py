"""Lists: filter, order and position of a page as one statement with parameters only.

Statements are kept by their shape (fields and operators); values are always parameters, so that a filter with other
values costs a parse and no compilation.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from google.protobuf.descriptor import FieldDescriptor
from sqlalchemy import BigInteger, and_, bindparam, func, or_, select, tuple_

from mesh.contract.failure import invalid
from mesh.contract.filters import parse_filter
from mesh.contract.resource import resource_contract
from mesh.resource.custom_query import PREFIX, joined, joins
from mesh.resource.filtering import Shape, bind, condition
from mesh.resource.identity_keys import Held
from mesh.resource.mapping import read_columns, stored_columns
from mesh.resource.references import title_columns
from mesh.resource.scopes import Scopes
from mesh.store.statement import TENANT, Statement

if TYPE_CHECKING:
    from google.protobuf.message import Message
    from sqlalchemy import Column, ColumnElement, Table

    from mesh.resource.custom_query import CustomQuery
    from mesh.resource.scopes import Sight

_KEPT = 512
Led = Callable[[Sequence[Any]], Sequence[Any]]
"""What gives the values of a filter with the ids in it that others took the place of replaced."""


def unled(values: Sequence[Any]) -> Sequence[Any]:
    """The values as they are: nothing in them was merged."""
    return values


class Order(NamedTuple):
    """One part of an order."""

    column: str
    descending: bool


class Page(NamedTuple):
    """A statement with its parameters, the places of the sort key in its rows, and how many columns make a resource."""

    statement: Statement
    parameters: dict[str, Any]
    key: tuple[int, ...]
    width: int


class Listing:
    """Makes the statements that list one resource. `held` are the repeated references that can be filtered by."""

    def __init__(
        self, table: Table, message: type[Message], scopes: Scopes | None = None, held: Sequence[str] = ()
    ) -> None:
        contract = resource_contract(message.DESCRIPTOR)
        if contract is None:
            msg = f"{message.DESCRIPTOR.full_name} is not declared a resource"
            raise ValueError(msg)
        self._scopes = scopes or Scopes(contract, table)
        self._table = table
        self._message = message
        self._columns = stored_columns(table, message)
        self._places = {column.name: place for place, column in enumerate(self._columns)}
        self.plain: dict[str, ColumnElement[Any]] = {
            column.name: column for column in self._columns[1:] if not _is_opaque(message, column)
        }
        """What can be filtered by and is stored with the resource itself."""
        self._filterable: dict[str, ColumnElement[Any] | Held] = {
            **self.plain,
            **title_columns(table, contract),
            **{name: Held(table, contract.type, name) for name in held},
        }
        self._selected = read_columns(table, message)
        self._orderable = {"id"} | {
            index.columns[1].name for index in table.indexes if len(index.columns) > 2 and index.columns[2].name == "id"
        }
        self._kept: OrderedDict[object, Statement] = OrderedDict()
        self._lock = Lock()

    def order(self, text: str, custom: CustomQuery | None = None) -> tuple[Order, ...]:
        """The order a caller asks for, always ending with the id; newest first where nothing is asked.

        A custom field stands in it under its name in the query.

        Raises:
            Failure: INVALID_ARGUMENT on `order_by`.
        """
        if not text.strip():
            return (Order("id", descending=True),)
        parts = []
        for part in text.split(","):
            name, _, direction = part.strip().partition(" ")
            if custom is not None and name.startswith(PREFIX):
                name = custom.name(name, "order_by")
            elif name not in self._orderable:
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
        self,
        text: str,
        order: tuple[Order, ...],
        sight: Sight,
        *,
        after: Sequence[str | int],
        limit: int,
        show_deleted: bool,
        custom: CustomQuery | None = None,
        led: Led = unled,
    ) -> Page:
        """The statement for one page of what is in sight.

        Raises:
            Failure: INVALID_ARGUMENT on `filter`.
        """
        shape, parameters = self._bound(text, sight, limit, custom, led)
        sides = custom.shape if custom else ()
        parameters.update({f"k{i}": value for i, value in enumerate(after)})
        deleted = self._all(show_deleted)
        key = (shape, order, bool(after), deleted, sight.breadth, sides)
        statement = self._found(key)
        if statement is None:
            conditions = self._conditions(shape, sight, sides, deleted=deleted)
            statement = self._keep(key, self._page(conditions, order, sides, continues=bool(after)))
        width, places = len(self._selected), self._places
        if sides:
            places = {name: width + number for number, name in enumerate(joined(sides))} | places
        return Page(statement, parameters, tuple([places[part.column] for part in order]), width)

    def count(
        self,
        text: str,
        sight: Sight,
        *,
        most: int,
        show_deleted: bool,
        custom: CustomQuery | None = None,
        led: Led = unled,
    ) -> Page:
        """The statement for how many there are of what is in sight, counted to `most`.

        Raises:
            Failure: INVALID_ARGUMENT on `filter`.
        """
        shape, parameters = self._bound(text, sight, most, custom, led)
        sides = custom.shape if custom else ()
        deleted = self._all(show_deleted)
        key = (shape, "count", deleted, sight.breadth, sides)
        statement = self._found(key)
        if statement is None:
            statement = self._keep(key, self._count(self._conditions(shape, sight, sides, deleted=deleted)))
        return Page(statement, parameters, (), 0)

    def _all(self, show_deleted: bool) -> bool:  # noqa: FBT001  # what the request says
        return show_deleted or "delete_time" not in self._table.c

    def _bound(
        self, text: str, sight: Sight, limit: int, custom: CustomQuery | None, led: Led
    ) -> tuple[Shape, dict[str, Any]]:
        values: list[Any] = []
        tree = parse_filter(text) if text else None
        shape = bind(tree, self._message.DESCRIPTOR, self._filterable, values, custom) if tree else ()
        parameters: dict[str, Any] = {"limit": limit, **sight.parameters}
        if custom:
            parameters |= custom.parameters()
        if values:
            parameters.update({f"f{i}": value for i, value in enumerate(led(values))})
        return shape, parameters

    def _found(self, key: object) -> Statement | None:
        with self._lock:
            statement = self._kept.get(key)
            if statement is not None:
                self._kept.move_to_end(key)
            return statement

    def _keep(self, key: object, statement: Statement) -> Statement:
        with self._lock:
            self._kept[key] = statement
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return statement

    def _conditions(
        self, shape: Shape, sight: Sight, sides: tuple[bool, ...], *, deleted: bool
    ) -> list[ColumnElement[bool]]:
        table = self._table
        conditions: list[ColumnElement[bool]] = [table.c.tenant_id == TENANT, *self._scopes.conditions(sight.breadth)]
        conditions += joins(table, sides)
        if shape:
            columns = {**self._filterable, **{name: side.c.value for name, side in joined(sides).items()}}
            conditions.append(condition(shape, columns, itertools.count()))
        if not deleted:
            conditions.append(table.c.delete_time.is_(None))
        return conditions

    def _count(self, conditions: list[ColumnElement[bool]]) -> Statement:
        some = select(self._table.c.id).where(*conditions).limit(bindparam("limit", type_=BigInteger)).subquery()
        return Statement(select(func.count()).select_from(some), name=f"count {self._table.name}")

    def _page(
        self,
        conditions: list[ColumnElement[bool]],
        order: tuple[Order, ...],
        sides: tuple[bool, ...],
        *,
        continues: bool,
    ) -> Statement:
        table, others = self._table, joined(sides)
        values = {name: side.c.value for name, side in others.items()}
        # Where a side table leads the order its own id ends it: that is what its index can give.
        ends = others[order[0].column].c.id if order[0].column in others else table.c.id
        columns: dict[str, Column[Any]] = {**table.c, **values, "id": ends}
        keys = [(columns[part.column], part.descending) for part in order]
        if continues:
            conditions += _after(keys)
        ordering = [column.desc() if descending else column.asc() for column, descending in keys]
        # The limit is one more than the page, which tells whether another follows.
        core = select(*self._selected, *values.values()).where(*conditions).order_by(*ordering)
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
