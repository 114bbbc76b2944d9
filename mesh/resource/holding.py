"""The rows whose reference field holds an id: the same for a single and a repeated field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, bindparam, select

from mesh.resource.mapping import read_columns
from mesh.store.statement import TENANT, Statement, contains
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from mesh.contract.references import ReferenceField
    from mesh.resource.resource import Resource


def holding(resource: Resource[Any], field: ReferenceField, *, lock: bool = False) -> Statement:
    """Reads, and may lock, the rows whose field holds the id `held`, in the order of their own ids.

    A repeated field is looked through row by row: an id stands as it is in its bytes, and no id within another.
    """
    table = resource.table
    column: ColumnElement[Any] = table.c[field.name]
    core = (
        select(*read_columns(table, resource.message))
        .where(
            table.c.tenant_id == TENANT,
            contains(column, "held") if field.repeated else column == bindparam("held", type_=TEXT),
            table.c.id > bindparam("after", type_=TEXT),
        )
        .order_by(table.c.id)
        .limit(bindparam("limit", type_=BigInteger))
    )
    name = f"{'lock' if lock else 'find'} references of {resource.contract.plural}"
    return Statement(core.with_for_update(of=table) if lock else core, name=name)


def sought(field: ReferenceField, identity: str) -> str | bytes:
    """An id as the parameter `held` of holding()."""
    return identity.encode() if field.repeated else identity
