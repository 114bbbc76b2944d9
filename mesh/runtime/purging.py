"""Rows that have outlived their time vanish: soft-deleted resources after their retention, and rows of mesh tables.

Each is told by a timer that is set where the row comes to be, so nothing is searched for, the tenant is known, and a
clock that is moved ahead purges before it stands still. No transaction removes more than a batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.mesh.v1 import purge_pb2
from sqlalchemy import BigInteger, bindparam, delete, select

from mesh.runtime.erasing import Eraser
from mesh.store.mesh_tables import idempotency_keys, used_capabilities
from mesh.store.statement import TENANT, Statement
from mesh.store.tables import TENANT_COLUMN

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Column, Table

    from mesh.events.envelope import Event
    from mesh.runtime.call import Write
    from mesh.runtime.service import Service

HOUR_US = 3600 * 1_000_000
_BATCH = 200
_MOST_ARMED = 20_000
PURGE_DUE = purge_pb2.PurgeDue.DESCRIPTOR.full_name


class Expiring:
    """A mesh table whose rows are worthless `life_us` microseconds after the moment in one of their columns."""

    def __init__(self, table: Table, moment: Column[int], *, life_us: int) -> None:
        keys = [column for column in table.primary_key if column.name != TENANT_COLUMN]
        self.name, self.life_us = table.name, life_us
        self._keys = [f"old_{column.name}" for column in keys]
        self._find = Statement(
            select(*keys)
            .where(table.c.tenant_id == TENANT, moment <= bindparam("before", type_=BigInteger))
            .limit(_BATCH),
            name=f"find old {table.name}",
        )
        matches = (column == bindparam(f"old_{column.name}", type_=column.type) for column in keys)
        self._drop = Statement(delete(table).where(table.c.tenant_id == TENANT, *matches), name=f"drop {table.name}")

    def purge(self, write: Write) -> bool:
        """Remove one batch of the tenant's worthless rows; whether there may be more."""
        rows = write.read(self._find, before=write.now_us - self.life_us)
        if rows:
            write.write_many(self._drop, [dict(zip(self._keys, row, strict=True)) for row in rows])
        return len(rows) == _BATCH


REQUEST_IDS = Expiring(idempotency_keys, idempotency_keys.c.create_time, life_us=24 * HOUR_US)
CAPABILITIES = Expiring(used_capabilities, used_capabilities.c.expires_us, life_us=0)
_TABLES = {each.name: each for each in (REQUEST_IDS, CAPABILITIES)}


class Sweeps:
    """Sets the timers of expiring tables: one per table, tenant and hour. Remembers which it has set; thread-safe."""

    def __init__(self) -> None:
        self._armed: set[tuple[str, str, int]] = set()

    def arm(self, write: Write, expiring: Expiring, moment_us: int) -> None:
        """Have the row that is written now, with this moment in its column, removed within two hours after its life."""
        hour = (moment_us + expiring.life_us) // HOUR_US + 1
        key = (expiring.name, write.tenant, hour)
        if key in self._armed:
            return
        _set(write, expiring, str(hour), hour * HOUR_US + _spread(write.tenant))
        write.transaction.after_commit(lambda: self._note(key))

    def _note(self, key: tuple[str, str, int]) -> None:
        if len(self._armed) >= _MOST_ARMED:
            self._armed.clear()
        self._armed.add(key)


class Purger:
    """Removes what a timer names, for one service. forget: removes what is known of a move of references."""

    def __init__(self, service: Service, forget: Callable[[Write, str], None]) -> None:
        self._forget = forget
        self._eraser = Eraser()
        self._resources = {resource.contract.type: resource for resource in service.resources}

    def purge(self, write: Write, event: Event) -> None:
        """Handle a timer; a table goes on with another batch in a transaction of its own."""
        due = purge_pb2.PurgeDue.FromString(event.data)
        if due.WhichOneof("target") == "resource":
            resource = self._resources.get(due.resource.type)
            if resource is not None:
                resource.purge(write, due.resource.id)
            return
        if due.move:
            self._forget(write, due.move)
            return
        if due.tenant:
            self._eraser.erase(write, due.tenant)
            return
        expiring = _TABLES.get(due.table)
        if expiring is not None and expiring.purge(write):
            _set(write, expiring, "more", write.now_us)


def _set(write: Write, expiring: Expiring, name: str, due_us: int) -> None:
    write.set_timer(expiring.name, name, due_us, purge_pb2.PurgeDue(table=expiring.name))


def _spread(tenant: str) -> int:
    """A moment of the hour for each tenant, so that they do not all come at once."""
    return sum(tenant.encode()) * 7_919_000 % HOUR_US
