"""The statement guard: refuses a statement that could reach rows of another tenant, before it ever runs.

It compiles the statement once with a compiler that notes every table it renders into a FROM, UPDATE or DELETE, with
the scope it stands in, so that nothing which would reach the engine is overlooked. Each tenant table must then be tied
to the tenant by a condition of its own scope that no OR or outer join can lift. Raw SQL, which nobody can judge, is
refused.
It knows nothing of engines; row-level security is the second fence.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Insert, Join, Select, Table, Update
from sqlalchemy.engine.default import StrCompileDialect
from sqlalchemy.exc import CompileError
from sqlalchemy.sql import operators
from sqlalchemy.sql.compiler import StrSQLCompiler
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, ColumnClause, Grouping, Label
from sqlalchemy.sql.expression import Executable
from sqlalchemy.sql.selectable import FromClause

from mesh.store.errors import TenantFenceError
from mesh.store.tables import TENANT_COLUMN, is_tenant_table


def check_fence(core: Executable) -> bool:
    """Whether ``core`` names a tenant table; raises TenantFenceError when one of them is not tied to the tenant."""
    try:
        compiler = _FenceCompiler(_dialect(), core)
    except CompileError as error:
        raise TenantFenceError("the statement holds a form that the fence cannot judge") from error
    for scope in compiler.scopes:
        loose = scope.loose()
        if loose:
            raise TenantFenceError(f"not tied to the tenant: {', '.join(loose)}")
    return compiler.inserts_fenced or any(scope.fenced_tables() for scope in compiler.scopes)


def is_tenant_bind(clause: object) -> bool:
    """Whether ``clause`` is the parameter that the store alone fills in."""
    return isinstance(clause, BindParameter) and clause.key == TENANT_COLUMN and clause.required and not clause.unique


@dataclass(eq=False)
class _Scope:
    """One SELECT, UPDATE or DELETE: the tables it renders and the conditions that hold for all of its rows."""

    parent: "_Scope | None"
    tables: list[FromClause] = field(default_factory=list)
    conditions: list[tuple[Any, frozenset[FromClause] | None]] = field(default_factory=list)
    """Each with the tables it restricts; None for all (WHERE). An outer join's condition leaves its left side alone."""

    def fenced_tables(self) -> list[FromClause]:
        return [table for table in self.tables if is_tenant_table(getattr(table, "element", table))]

    def loose(self) -> list[str]:
        tied = self.tied()
        return [str(getattr(table, "name", table)) for table in self.fenced_tables() if table not in tied]

    def tied(self) -> set[FromClause]:
        """The tables tied to the tenant, directly or through a tied table of this or an enclosing scope."""
        links = [(link, only) for condition, only in self.conditions for link in _equalities(condition)]
        outer = self.parent.tied() - set(self.tables) if self.parent is not None else set()
        tied = {left for (left, right), only in links if is_tenant_bind(right) and (only is None or left in only)}
        growing = True
        while growing:
            fresh = {
                left
                for (left, right), only in links
                if left not in tied
                and (only is None or left in only)
                and getattr(right, "name", None) == TENANT_COLUMN
                and getattr(right, "table", None) in tied | outer
            }
            tied |= fresh
            growing = bool(fresh)
        return tied | outer


def _equalities(condition: Any) -> Iterator[tuple[FromClause, Any]]:
    """(table, other side) of each ``table.tenant_id = other side`` that must hold for ``condition`` to hold."""
    while isinstance(condition, Grouping):
        condition = condition.element
    if isinstance(condition, BooleanClauseList):
        if condition.operator is operators.and_:
            for clause in condition.clauses:
                yield from _equalities(clause)
    elif isinstance(condition, BinaryExpression) and condition.operator is operators.eq:
        for side, other in ((condition.left, condition.right), (condition.right, condition.left)):
            if isinstance(side, ColumnClause) and side.name == TENANT_COLUMN and side.table is not None:
                yield side.table, other


def _leaves(source: FromClause) -> Iterator[FromClause]:
    if isinstance(source, Join):
        yield from _leaves(source.left)
        yield from _leaves(source.right)
    else:
        yield source


class _FenceCompiler(StrSQLCompiler):
    """Renders the statement and notes what it renders; the text itself is thrown away."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        self.scopes: list[_Scope] = []
        self.open: list[_Scope] = []
        self.inserts_fenced = False
        super().__init__(*args, **kw)

    def _in_scope(self, conditions: tuple[Any, ...], render: Any, *args: Any, **kw: Any) -> str:
        scope = _Scope(self.open[-1] if self.open else None, conditions=[(each, None) for each in conditions])
        self.scopes.append(scope)
        self.open.append(scope)
        text: str = render(*args, **kw)
        self.open.pop()
        return text

    def visit_select(self, select_stmt: Any, *args: Any, **kw: Any) -> str:
        return self._in_scope(select_stmt._where_criteria, super().visit_select, select_stmt, *args, **kw)

    def visit_delete(self, delete_stmt: Any, *args: Any, **kw: Any) -> str:
        return self._in_scope(delete_stmt._where_criteria, super().visit_delete, delete_stmt, *args, **kw)

    def visit_update(self, update_stmt: Any, *args: Any, **kw: Any) -> str:
        _refuse_moving(update_stmt)
        return self._in_scope(update_stmt._where_criteria, super().visit_update, update_stmt, *args, **kw)

    def visit_insert(self, insert_stmt: Any, *args: Any, **kw: Any) -> str:
        if is_tenant_table(insert_stmt.table):
            _check_insert(insert_stmt)
            self.inserts_fenced = True
        return super().visit_insert(insert_stmt, *args, **kw)  # type: ignore[no-any-return, no-untyped-call]

    def visit_table(self, table: Any, *, asfrom: bool = False, **kw: Any) -> str:  # type: ignore[override]
        if asfrom:
            alias: Any = kw.get("enclosing_alias")
            self.open[-1].tables.append(alias if getattr(alias, "element", None) is table else table)
        return super().visit_table(table, asfrom=asfrom, **kw)  # type: ignore[no-any-return, no-untyped-call]

    def visit_join(self, join: Any, *args: Any, **kw: Any) -> str:
        if not join.full:
            only = frozenset(_leaves(join.right if join.isouter else join))
            self.open[-1].conditions.append((join.onclause, only))
        return super().visit_join(join, *args, **kw)  # type: ignore[no-any-return, no-untyped-call]

    def visit_column(self, column: Any, *args: Any, **kw: Any) -> str:
        if column.is_literal and column.name != "*":  # the star of count(*)
            raise TenantFenceError("raw SQL text cannot be fenced")
        return super().visit_column(column, *args, **kw)

    def visit_textclause(self, textclause: Any, *args: Any, **kw: Any) -> str:
        raise TenantFenceError("raw SQL text cannot be fenced")

    def visit_unsupported_compilation(self, element: Any, err: Exception, **kw: Any) -> str:
        raise TenantFenceError(f"{type(element).__name__} cannot be fenced") from err


@cache
def _dialect() -> StrCompileDialect:
    return StrCompileDialect()


def _refuse_moving(statement: Update) -> None:
    """No update may set the tenant: a row never moves to another one. Without values it would set every column."""
    assigned = statement._values
    if is_tenant_table(statement.table) and (
        not assigned or any(getattr(each, "name", each) == TENANT_COLUMN for each in assigned)
    ):
        raise TenantFenceError(f"{statement.table}: the tenant of a row is never set anew")


def _check_insert(statement: Insert) -> None:
    """The tenant of a new row is the call's, or copied from a row that the fence has tied already."""
    name = statement.table.name
    if statement._multi_values:
        raise TenantFenceError(f"{name}: rows are inserted one by one, through write_many")
    if statement.select is not None:
        tenant = _selected(statement)
        copied = isinstance(tenant, ColumnClause) and tenant.name == TENANT_COLUMN and _is_fenced_source(tenant.table)
        if not copied and not is_tenant_bind(tenant):
            raise TenantFenceError(f"{name}: the inserted tenant is not the call's")
    elif statement._values is not None:
        bound = [
            value for column, value in statement._values.items() if getattr(column, "name", column) == TENANT_COLUMN
        ]
        if not bound or not is_tenant_bind(bound[0]):
            raise TenantFenceError(f"{name}: the inserted tenant is not the call's")


def _selected(statement: Insert) -> Any:
    """What an INSERT .. SELECT puts into the tenant column; None when that cannot be told."""
    names = statement._select_names or []
    if TENANT_COLUMN not in names or not isinstance(statement.select, Select):
        return None
    chosen = statement.select.selected_columns[names.index(TENANT_COLUMN)]
    return chosen.element if isinstance(chosen, Label) else chosen


def _is_fenced_source(source: Any) -> bool:
    return is_tenant_table(source) or (
        is_tenant_table(getattr(source, "element", None)) and not isinstance(source, Table)
    )
