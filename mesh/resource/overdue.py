"""Purge timers for what was deleted without one: before its resource had a retention, or by a release that set none.

Looks through the deleted resources once, when a worker starts, page by page; a timer that is set stays as it is.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from mesh.resource.follower import tenants
from mesh.resource.moves import Moves
from mesh.resource.resource import PURGE
from mesh.resource.sweep import Sweep
from mesh.runtime.call import Write
from mesh.store.mesh_tables import outbox
from mesh.store.statement import TENANT, Statement, any_of
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.resource.resource import Resource
    from mesh.runtime.environment import Environment

_PAGE = 200
_SECONDS = 10.0
_TIMED = Statement(
    select(outbox.c.aggregate).where(
        outbox.c.tenant == bindparam("of_tenant", type_=TEXT),
        outbox.c.name == PURGE,
        outbox.c.published == 0,
        any_of(outbox.c.aggregate, "aggregates"),
    ),
    name="find purge timers",
)


class Overdue(Sweep):
    """Sets the timers that are missing."""

    finds = "purge timers"

    def __init__(self, environment: Environment, resources: Sequence[Resource[Any]]) -> None:
        super().__init__(environment)
        self._moves = Moves(environment, resources)
        self._finding = [(each, _page(each)) for each in resources if each.purged]

    def sweep(self) -> None:
        """Set the timers that are missing, tenant after tenant."""
        self._pages(lambda _: "more" if self._moves.date() else "")
        for tenant in tenants(self._environment.caller):
            for resource, page in self._finding:
                self._pages(partial(self._arm_page, tenant, resource, page))

    def _arm_page(self, tenant: str, resource: Resource[Any], page: Statement, after: str) -> str:
        """The last id of a full page; empty after the last page. Locked, no resource comes back meanwhile."""
        environment = self._environment
        with environment.store.transaction(tenant=tenant, timeout=_SECONDS) as transaction:
            rows = transaction.read(page, after=after)
            names = {f"{resource.contract.collection}/{identity}": (identity, moment) for identity, moment in rows}
            timed = {name for (name,) in transaction.read(_TIMED, of_tenant=tenant, aggregates=list(names))}
            write = Write.of_service(environment, transaction, tenant)
            for name in names.keys() - timed:
                resource.purge_later(write, *names[name])
        return str(rows[-1][0]) if len(rows) == _PAGE else ""


def _page(resource: Resource[Any]) -> Statement:
    """Reads and locks ids of deleted resources, with the time of their deletion."""
    table = resource.table
    core = (
        select(table.c.id, table.c.delete_time)
        .where(
            table.c.tenant_id == TENANT,
            table.c.delete_time.is_not(None),
            table.c.id > bindparam("after", type_=TEXT),
        )
        .order_by(table.c.id)
        .limit(_PAGE)
        .with_for_update(of=table)
    )
    return Statement(core, name=f"find deleted {resource.contract.plural}")
