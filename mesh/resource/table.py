"""Tables that hold resources: what every resource's table has, and how the fields of its message are stored.

A column stores the field of its name: scalars and enums as they are, Timestamp and Duration as integer microseconds,
Date as `YYYY-MM-DD`, everything else as a fragment: the wire bytes of the resource with that one field set.
An optional string in a NOT NULL column reads as absent where it is empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Index, LargeBinary

from mesh.contract.resource import resource_contract
from mesh.store.tables import TEXT, tenant_table

if TYPE_CHECKING:
    from google.protobuf.message import Message
    from sqlalchemy import MetaData, Table
    from sqlalchemy.schema import SchemaItem

__all__ = ["TEXT", "fragment", "micros", "resource_table", "text"]


def text(name: str) -> Column[str]:
    """A text that can be filtered and ordered by."""
    return Column(name, TEXT, nullable=False, server_default="")


def number(name: str) -> Column[int]:
    """A whole number, or the number of an enum's value."""
    return Column(name, BigInteger, nullable=False, server_default="0")


def micros(name: str, *, nullable: bool = False) -> Column[int]:
    """A point in time or a span, in microseconds."""
    return Column(name, BigInteger, nullable=nullable)


def fragment(name: str) -> Column[bytes]:
    """A field that is neither filtered nor ordered by, as wire bytes."""
    return Column(name, LargeBinary, nullable=False)


def resource_table(message: type[Message], metadata: MetaData, *items: SchemaItem, restored: bool = True) -> Table:
    """The table of a resource: named after its collection, with id, version and times beside the given columns.

    `sequence` counts the events of the resource; it is its version, its etag and the order of its events at once.
    `restored`: see tenant_table().
    """
    contract = resource_contract(message.DESCRIPTOR)
    if contract is None:
        msg = f"{message.DESCRIPTOR.full_name} is not declared a resource"
        raise ValueError(msg)
    deleted = [micros("delete_time", nullable=True)] if contract.soft_delete else []
    return tenant_table(
        contract.plural,
        metadata,
        Column("id", TEXT, primary_key=True),
        Column("sequence", BigInteger, nullable=False),
        micros("create_time"),
        micros("update_time"),
        *deleted,
        *items,
        Index(f"{contract.plural}_by_create_time", "tenant_id", "create_time", "id"),
        Index(f"{contract.plural}_by_update_time", "tenant_id", "update_time", "id"),
        restored=restored,
    )
