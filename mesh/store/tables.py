"""How tables are declared: fenced by tenant, or global for a stated reason.

Owns the shape that both tenancy fences rely on: the column ``tenant_id``, first in the primary key and never empty.
It issues no DDL: that is what migrations do.
A sealed column holds what only the vault opens; it is declared here, so that nobody keeps a list of them.
"""

from typing import Any

from sqlalchemy import CheckConstraint, Column, LargeBinary, MetaData, Table, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import SchemaItem
from sqlalchemy.sql.expression import ColumnElement

TENANT_COLUMN = "tenant_id"


class NoBytes(ColumnElement[bytes]):
    """The default of a column of bytes that is added to rows which exist. SQLite would keep '' as a text."""

    inherit_cache = True
    type = LargeBinary()


@compiles(NoBytes)
def _no_bytes(element: NoBytes, compiler: Any, **more: Any) -> str:
    del element, more
    return "x''" if compiler.dialect.name == "sqlite" else "''"


TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Byte order on both engines, so that pages, prefixes and comparisons mean the same everywhere."""


def tenant_table(
    name: str, metadata: MetaData, *items: SchemaItem, restored: bool = True, subject: tuple[str, ...] = ()
) -> Table:
    """A table of tenants' rows; its primary key is ``tenant_id`` and the columns marked ``primary_key``.

    ``restored``: whether its rows come back from a backup; those of a copy are made anew from their owners.
    ``subject``: columns with ids of persons; the rows of one who is erased go.
    """
    if not any(column.primary_key for column in _columns(items)):
        raise ValueError(f"table {name} needs a key beside the tenant")
    if any(column.name == TENANT_COLUMN for column in _columns(items)):
        raise ValueError(f"table {name} must leave {TENANT_COLUMN} to tenant_table()")
    return Table(
        name,
        metadata,
        Column(TENANT_COLUMN, Text, primary_key=True),
        *items,
        CheckConstraint(f"{TENANT_COLUMN} <> ''", name=f"{name}_tenant_present"),
        info={"tenancy": "tenant", "restored": restored, "subject": subject},
    )


def global_table(
    name: str,
    metadata: MetaData,
    *items: SchemaItem,
    because: str,
    sqlite_autoincrement: bool = False,
    restored: bool = True,
) -> Table:
    """A table that no fence guards; ``because`` says why its rows may be read across tenants.

    ``restored``: see tenant_table().
    """
    if not because.strip():
        raise ValueError(f"table {name} needs a reason to stand outside the fences")
    if any(column.name == TENANT_COLUMN for column in _columns(items)):
        raise ValueError(f"table {name} is global: a column {TENANT_COLUMN} would look fenced")
    info = {"tenancy": "global", "because": because, "restored": restored}
    return Table(name, metadata, *items, info=info, sqlite_autoincrement=sqlite_autoincrement)


def sealed(name: str, *, nullable: bool = False, formerly: str = "") -> Column[Any]:
    """A column of secrets, sealed by the vault; ``formerly`` is the purpose of what was sealed before envelopes."""
    return Column(name, LargeBinary, nullable=nullable, info={"sealed": True, "formerly": formerly})


def sealed_columns(metadata: MetaData) -> list[Column[Any]]:
    """Every sealed column, in the order of the tables' names."""
    tables = sorted(metadata.tables.items())
    return [column for _, table in tables for column in table.columns if column.info.get("sealed")]


def formerly_sealed_for(column: Column[Any]) -> str:
    """The purpose that values of the column were sealed for before there were envelopes; mostly empty."""
    return str(column.info.get("formerly", ""))


def is_restored(table: Table) -> bool:
    """Whether the rows of a table come back from a backup; if not, the services make them anew."""
    return bool(table.info.get("restored", True))


def subject_columns(table: Table) -> tuple[str, ...]:
    """The columns of a table, which is no resource's, that hold ids of persons."""
    return tuple(table.info.get("subject", ()))


def is_tenant_table(table: object) -> bool:
    """Whether ``table`` was made by tenant_table()."""
    return isinstance(table, Table) and table.info.get("tenancy") == "tenant"


def check_declared(metadata: MetaData) -> None:
    """Raise ValueError naming the tables that neither tenant_table() nor global_table() made."""
    strangers = sorted(table.name for table in metadata.tables.values() if "tenancy" not in table.info)
    if strangers:
        raise ValueError(f"tables without a tenancy: {', '.join(strangers)}")


def _columns(items: tuple[SchemaItem, ...]) -> list[Column[object]]:
    return [item for item in items if isinstance(item, Column)]
