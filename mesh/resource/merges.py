"""What is kept of merges: a resource of its own, and beside its fields what it takes to undo it.

Owns the statements over tables that merge_table() declares. They hold personal data of what was merged, and go with the
resource that stayed, or when their retention is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from google.protobuf.message import Message
from rapport.mesh.v1 import references_pb2
from sqlalchemy import BigInteger, Column, Index, LargeBinary, bindparam, delete, select

from mesh.contract.resource import resource_contract
from mesh.resource.identity_keys import IdentityKeys
from mesh.resource.resource import Resource
from mesh.resource.table import fragment, micros, resource_table, text
from mesh.store.statement import TENANT, Statement
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import MetaData, Table

    from mesh.runtime.call import Write

M = TypeVar("M", bound=Message)


def merge_table(message: type[Message], metadata: MetaData) -> Table:
    """The table of merges.

    Raises:
        ValueError: the message is not declared a resource.
    """
    contract = resource_contract(message.DESCRIPTOR)
    if contract is None:
        msg = f"{message.DESCRIPTOR.full_name} is not declared a resource"
        raise ValueError(msg)
    return resource_table(
        message,
        metadata,
        text("survivor_id"),
        text("merger_id"),
        fragment("merged_ids"),
        fragment("changed_paths"),
        micros("expire_time"),
        micros("undo_time", nullable=True),
        Column("number", BigInteger, nullable=False, server_default="0"),  # among the merges of the tenant
        Column("record", LargeBinary, nullable=False),  # a MergeRecord
        Index(f"{contract.plural}_by_survivor", "tenant_id", "survivor_id", "id"),
        Index(f"{contract.plural}_by_merger", "tenant_id", "merger_id", "id"),
    )


class Merges(Generic[M]):
    """The merges of one kind of resource."""

    def __init__(self, message: type[M], table: Table) -> None:
        self.keys = IdentityKeys(message, lambda merge: (), lists=["merged_ids"])
        self.resource = Resource(message, table, keys=self.keys)
        one = (table.c.tenant_id == TENANT, table.c.id == bindparam("id", type_=TEXT))
        survivor = (table.c.tenant_id == TENANT, table.c.survivor_id == bindparam("survivor", type_=TEXT))
        name = self.resource.contract.plural
        self._record = Statement(select(table.c.record).where(*one), name=f"record of {name}")
        self._latest = Statement(
            select(table.c.id).where(*survivor, table.c.undo_time.is_(None)).order_by(table.c.number.desc()).limit(1),
            name=f"latest of {name}",
        )
        self._of_survivor = Statement(select(*self.resource.columns).where(*survivor), name=f"{name} of survivor")
        self._forget = Statement(delete(table).where(*survivor), name=f"forget {name}")

    def record(self, read: Callable[..., Sequence[Sequence[Any]]], merge: str) -> references_pb2.MergeRecord:
        """What it takes to undo a merge."""
        ((data,),) = read(self._record, id=merge)
        record: references_pb2.MergeRecord = references_pb2.MergeRecord.FromString(bytes(data))
        return record

    def latest(self, read: Callable[..., Sequence[Sequence[Any]]], survivor: str) -> str:
        """Id of the last merge into a resource that was not undone; empty where there is none."""
        rows = read(self._latest, survivor=survivor)
        return str(rows[0][0]) if rows else ""

    def forget(self, write: Write, survivor: str) -> None:
        """Remove what is kept of merges into a resource that is gone for good."""
        for row in write.read(self._of_survivor, survivor=survivor):
            self.keys.drop(write, self.resource.build(self.resource.message, row))
        write.write(self._forget, survivor=survivor)
