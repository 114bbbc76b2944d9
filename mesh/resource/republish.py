"""Events that consumers have lost are published again, from what the owner holds now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, bindparam, select

from mesh.events import outbox
from mesh.events.owner import as_event
from mesh.resource.mapping import read_columns
from mesh.store.statement import TENANT, Statement
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mesh.resource.resource import Resource
    from mesh.store.store import Store

_PAGE = 200
_SECONDS = 10.0


def republish(store: Store, since_us: int, *, resources: Iterable[Resource[Any]], tenants: Iterable[str]) -> int:
    """Publish the present state of every resource that has changed since then, with its number; how many there were.

    Whoever is as far as that drops it; whoever is not goes on from it, at once or when the gap is old enough. Events
    without an order, and timers that fired, are published again as far as the outbox still keeps them.
    """
    outbox.publish_again(store, after=(since_us // 1000) << 16, timeout=_SECONDS)
    tenants = list(tenants)
    return sum(
        _of(store, resource, tenant, since_us)
        for resource in resources
        if not resource.contract.silent
        for tenant in tenants
    )


def _of(store: Store, resource: Resource[Any], tenant: str, since_us: int) -> int:
    table = resource.table
    core = select(*read_columns(table, resource.message)).where(
        table.c.tenant_id == TENANT,
        table.c.update_time >= bindparam("since", type_=BigInteger),
        table.c.id > bindparam("after", type_=TEXT),
    )
    changed = Statement(core.order_by(table.c.id).limit(_PAGE), name=f"changed {table.name}")
    after, count = "", 0
    while rows := store.read(changed, tenant=tenant, timeout=_SECONDS, since=since_us, after=after):
        with store.transaction(tenant=tenant, timeout=_SECONDS) as transaction:
            for row in rows:
                state = resource.build(resource.message, row)
                outbox.publish(transaction, as_event(resource.contract, tenant, state, row[0]))
        after, count = rows[-1][1], count + len(rows)
    return count
