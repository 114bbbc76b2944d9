"""How tables are declared: fenced by tenant, or global for a stated reason.

Owns the shape that both tenancy fences rely on: the column ``tenant_id``, first in the primary key and never empty.
It issues no DDL: that is what migrations do.
"""

from sqlalchemy import CheckConstraint, Column, MetaData, Table, Text
from sqlalchemy.schema import SchemaItem

TENANT_COLUMN = "tenant_id"


def tenant_table(name: str, metadata: MetaData, *items: SchemaItem) -> Table:
    """A table of tenants' rows; its primary key is ``tenant_id`` and the columns marked ``primary_key``."""
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
        info={"tenancy": "tenant"},
    )


def global_table(
    name: str, metadata: MetaData, *items: SchemaItem, because: str, sqlite_autoincrement: bool = False
) -> Table:
    """A table that no fence guards; ``because`` says why its rows may be read across tenants."""
    if not because.strip():
        raise ValueError(f"table {name} needs a reason to stand outside the fences")
    if any(column.name == TENANT_COLUMN for column in _columns(items)):
        raise ValueError(f"table {name} is global: a column {TENANT_COLUMN} would look fenced")
    info = {"tenancy": "global", "because": because}
    return Table(name, metadata, *items, info=info, sqlite_autoincrement=sqlite_autoincrement)


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
