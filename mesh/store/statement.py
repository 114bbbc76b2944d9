"""Statements: SQLAlchemy Core expressions, checked once for the tenant fence and compiled once per engine.

Owns what the rest of the product writes SQL with: Statement, TENANT, upsert(), insert_ignore(), insert_rows(),
any_of() and contains(). It runs nothing.
"""

import json
from collections.abc import Sequence
from typing import Any, Self

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Boolean,
    ColumnElement,
    LargeBinary,
    Table,
    Text,
    bindparam,
    cast,
    func,
    insert,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import CompoundSelect, Executable, Select
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeDecorator, TypeEngine

from mesh.store.compiled import Compiled, DialectName, compile_core
from mesh.store.fence import check_fence
from mesh.store.tables import TENANT_COLUMN, is_tenant_table

TENANT: BindParameter[str] = bindparam(TENANT_COLUMN, type_=Text)
"""The only way to name the tenant in a statement; the store fills it in from the tenant of the call."""


class Statement:
    """A Core select, insert, update or delete, checked once for the tenant fence and compiled once per dialect.

    ``insert(table)`` without values binds every column by its name. Raises TenantFenceError at construction.
    """

    def __init__(self, core: Executable, *, name: str = "") -> None:
        self.name = name
        self.is_select = isinstance(core, (Select, CompoundSelect))
        self.fenced = check_fence(core)
        """Whether it names a tenant table."""
        self._core = core
        self._compiled: dict[DialectName, Compiled] = {}

    def compiled(self, dialect: DialectName) -> Compiled:
        """The form for one engine, made at first use."""
        form = self._compiled.get(dialect)
        if form is None:
            form = self._compiled[dialect] = compile_core(self._form(dialect), dialect)
        return form

    def _form(self, dialect: DialectName) -> Executable:
        return self._core


class _ConflictInsert(Statement):
    """An insert of whole rows that meets rows with the same key; each engine has its own form of it."""

    def __init__(self, table: Table, key: Sequence[str], updated: Sequence[str], name: str, where: str = "") -> None:
        if set(updated) & {*key, TENANT_COLUMN}:
            raise ValueError(f"{table.name}: a key is not updated")
        super().__init__(insert(table), name=name)
        self._table = table
        self._key = [TENANT_COLUMN, *key] if is_tenant_table(table) else list(key)
        self._updated = list(updated)
        self._where = where

    def _form(self, dialect: DialectName) -> Executable:
        form = _insert(self._table, dialect)
        if self._where:
            # A key among some rows alone stands beside columns that the engine fills in.
            given = (*self._key, *self._updated)
            form = form.values({name: bindparam(name, type_=self._table.c[name].type) for name in given})
        return _on_conflict(form, self._key, self._updated, self._where)


def _insert(table: Table, dialect: DialectName) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def _on_conflict(
    form: sqlite.Insert | postgresql.Insert, key: Sequence[str], updated: Sequence[str], where: str = ""
) -> Executable:
    if not updated:
        return form.on_conflict_do_nothing(index_elements=key)
    changes = {column: form.excluded[column] for column in updated}
    among: ColumnElement[bool] | None = literal_column(where) if where else None
    return form.on_conflict_do_update(index_elements=key, index_where=among, set_=changes)


def upsert(
    table: Table,
    *,
    key: Sequence[str],
    set: Sequence[str],  # noqa: A002 - SQL's
    where: str = "",
    name: str = "",
) -> Statement:
    """Insert a whole row, or overwrite the columns ``set`` of the row with the same ``key`` (and tenant).

    where: the condition of the index in which ``key`` is unique, if only some rows are in it; then a row is ``key`` and
    ``set``, and the other columns have their defaults.
    """
    if not set:
        raise ValueError(f"{table.name}: an upsert sets at least one column; see insert_ignore()")
    return _ConflictInsert(table, key, set, name, where)


class _RowsInsert(Statement):
    """Rows travel as one JSON text, so that the form is the same for any number of them and there is one message."""

    def __init__(self, table: Table, key: Sequence[str], updated: Sequence[str], name: str) -> None:
        if is_tenant_table(table):
            raise ValueError(f"{table.name}: rows of tenants are inserted one by one, through write_many")
        super().__init__(insert(table), name=name)
        self._table, self._key, self._updated = table, key, updated

    def _form(self, dialect: DialectName) -> Executable:
        rows, columns = bindparam("rows", type_=_JsonParameter()), self._table.columns
        values: list[ColumnElement[Any]]
        if dialect == "sqlite":
            row = func.json_each(rows).table_valued("value", name="each").c.value
            values = [func.json_extract(row, literal_column(f"'$[{place}]'")) for place in range(len(columns))]
        else:
            row = func.json_array_elements(cast(rows, postgresql.JSON)).table_valued("value", name="each").c.value
            values = [
                cast(row.op("->>")(literal_column(str(place))), column.type) for place, column in enumerate(columns)
            ]
        picked = select(*values).where(true())  # SQLite takes ON CONFLICT for a join's ON without a WHERE
        form = _insert(self._table, dialect).from_select(columns.keys(), picked)
        return _on_conflict(form, self._key, self._updated) if self._key else form


def insert_rows(table: Table, *, key: Sequence[str] = (), set: Sequence[str] = (), name: str = "") -> Statement:  # noqa: A002 - SQL's
    """Insert the list of rows given as parameter ``rows``, each a list of texts and integers in the table's order.

    A row with the same ``key`` as one that exists overwrites its columns ``set``, or is left out when there are none;
    without a ``key`` it is an error. One statement for any number of rows, for tables without tenants.
    """
    return _RowsInsert(table, key, set, name)


def insert_ignore(table: Table, key: Sequence[str], *, name: str = "") -> Statement:
    """Insert a whole row unless one with the same ``key`` (and tenant) exists; 0 affected rows tells that it did."""
    return _ConflictInsert(table, key, (), name)


class _ArrayParameter(TypeDecorator[list[Any]]):
    """A list as one parameter: JSON text on SQLite, an array on PostgreSQL."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind = ARRAY(self.item) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> Any:
        return list(value or ()) if dialect.name == "postgresql" else json.dumps(list(value or ()))


class _JsonParameter(TypeDecorator[list[Any]]):
    """A list as one JSON text on both engines."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> str:
        return json.dumps(value or [])


class any_of(ColumnElement[bool]):  # noqa: N801 - reads as a function in a statement
    """``column IN`` the list given as parameter ``name``: str or int, of any length, one compiled form for all."""

    inherit_cache = True
    type = Boolean()
    _traverse_internals = [  # noqa: RUF012 - SQLAlchemy's way to declare the parts of an expression
        ("column", InternalTraversal.dp_clauseelement),
        ("values", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.values = bindparam(name, type_=_ArrayParameter(column.type))

    def self_group(self, against: Any = None) -> Self:
        """As it stands: SQLite has no booleans, SQLAlchemy would write "= 1" behind it, and no index would be used."""
        return self


@compiles(any_of)
def _any_of_json(element: any_of, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = compiler.process(element.column, **kw), compiler.process(element.values, **kw)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - both are compiled expressions


@compiles(any_of, "postgresql")
def _any_of_array(element: any_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"{compiler.process(element.column, **kw)} = ANY ({compiler.process(element.values, **kw)})"


class contains(ColumnElement[bool]):  # noqa: N801 - reads as a function in a statement
    """The bytes in ``column`` hold those given as parameter ``name``; folded: in whichever case. No index helps.

    It is the case of ASCII letters alone.
    """

    inherit_cache = True
    type = Boolean()
    _traverse_internals = [  # noqa: RUF012 - SQLAlchemy's way to declare the parts of an expression
        ("column", InternalTraversal.dp_clauseelement),
        ("part", InternalTraversal.dp_clauseelement),
        ("folded", InternalTraversal.dp_boolean),
    ]

    def __init__(self, column: ColumnElement[Any], name: str, *, folded: bool = False) -> None:
        self.column = column
        self.part = bindparam(name, type_=LargeBinary)
        self.folded = folded


@compiles(contains)
def _contains(element: contains, compiler: SQLCompiler, **kw: Any) -> str:
    sides = (compiler.process(side, **kw) for side in (element.column, element.part))
    held, part = (f"lower(CAST({side} AS TEXT))" if element.folded else side for side in sides)
    return f"instr({held}, {part}) > 0"


@compiles(contains, "postgresql")
def _contains_bytes(element: contains, compiler: SQLCompiler, **kw: Any) -> str:
    sides = (compiler.process(side, **kw) for side in (element.column, element.part))
    # Bytes have no case there: they are compared as a text of ASCII alone.
    held, part = (f"lower(encode({side}, 'escape') COLLATE \"C\")" if element.folded else side for side in sides)
    return f"position({part} IN {held}) > 0"


def behind(keys: Sequence[ColumnElement[Any]]) -> ColumnElement[bool]:
    """Rows that come after a place in the order of these columns; its parameters are those of key_parameters()."""
    place = (bindparam(f"k{number}", type_=key.type) for number, key in enumerate(keys))
    return tuple_(*keys) > tuple_(*place)


def key_parameters(values: Sequence[Any]) -> dict[str, Any]:
    """The place of behind(), by the values of its columns."""
    return {f"k{number}": value for number, value in enumerate(values)}
