"""A tenant that was deleted is erased: every service removes all rows that are the tenant's, batch by batch.

It begins a day after the deletion, when all events of the tenant have taken effect: what comes later would be left.
Files vanish with the jobs that made them. What stays is the tenant's own row, so that its name is not given again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.mesh.v1 import purge_pb2
from sqlalchemy import BigInteger, bindparam, delete, select, tuple_

from mesh.store.mesh_tables import MESH
from mesh.store.statement import TENANT, Statement
from mesh.store.tables import TENANT_COLUMN, is_tenant_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import MetaData, Table

    from mesh.events.envelope import Event
    from mesh.runtime.call import Write

TENANT_DELETED = "rapport.users.v1.TenantDeleted"
BATCH = 500
_DAY_US = 24 * 3600 * 1_000_000
_NAME = "erase"


def begin(write: Write, event: Event) -> None:
    """Handle the news of a deletion."""
    _set(write, event.tenant, write.now_us + _DAY_US)


class Eraser:
    """Removes the rows of tenants in one service's database."""

    def __init__(self) -> None:
        self._statements: list[Statement] | None = None

    def erase(self, write: Write, tenant: str) -> None:
        """Remove a batch of every table, and go on in a transaction of its own where there may be more."""
        if tenant != write.tenant:
            return
        if self._statements is None:
            self._statements = [_removal(table) for table in _tables(write.environment.store.metadata)]
        removed = [write.write(statement, batch=BATCH) for statement in self._statements]
        if max(removed, default=0) >= BATCH:
            _set(write, tenant, write.now_us)


def _set(write: Write, tenant: str, due_us: int) -> None:
    write.set_timer(f"tenants/{tenant}", _NAME, due_us, purge_pb2.PurgeDue(tenant=tenant))


def _tables(metadata: MetaData) -> Iterator[Table]:
    """The tables of a service that hold tenants' rows, its own and the mesh's, each once."""
    found = {**MESH.tables, **metadata.tables}
    yield from (found[name] for name in sorted(found) if is_tenant_table(found[name]))


def _removal(table: Table) -> Statement:
    keys = [column for column in table.primary_key if column.name != TENANT_COLUMN]
    some = select(*keys).where(table.c.tenant_id == TENANT).limit(bindparam("batch", type_=BigInteger))
    which = tuple_(*keys).in_(some) if len(keys) > 1 else keys[0].in_(some)
    return Statement(delete(table).where(table.c.tenant_id == TENANT, which), name=f"erase {table.name}")
