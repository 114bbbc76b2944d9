"""Which columns a unique key has, by the name that an engine reports. Reads declared tables only."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Index, Table, UniqueConstraint

from mesh.store.errors import UniqueViolation
from mesh.store.tables import TENANT_COLUMN

Keys = Mapping[str, tuple[str, tuple[str, ...]]]
"""Name of a constraint or unique index -> (table, columns with the tenant)."""


def unique_keys(tables: Iterable[Table]) -> Keys:
    """Every primary key, unique constraint and unique index; one without a name gets PostgreSQL's default name."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for table in tables:
        primary = tuple(column.name for column in table.primary_key)
        found[str(table.primary_key.name or f"{table.name}_pkey")] = (table.name, primary)
        for constraint in table.constraints:
            if isinstance(constraint, UniqueConstraint):
                columns = tuple(column.name for column in constraint.columns)
                name = constraint.name or f"{table.name}_{'_'.join(columns)}_key"
                found[str(name)] = (table.name, columns)
        found.update((str(index.name), (table.name, _names(index))) for index in table.indexes if index.unique)
    return found


def unique_violation(table: str, columns: Iterable[str]) -> UniqueViolation:
    """The error as the product sees it: the tenant is part of every key and goes without saying."""
    return UniqueViolation(table, tuple(column for column in columns if column != TENANT_COLUMN))


def _names(index: Index) -> tuple[str, ...]:
    return tuple(str(getattr(each, "name", each)) for each in index.expressions)
