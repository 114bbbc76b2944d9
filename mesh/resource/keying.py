"""Identity keys for what was written when its resource had none: looked through once, when a worker starts.

Goes page by page through the resources of each tenant, and notes where it has come to an end. A key that another one
has already is kept beside it, for comparison: who is a duplicate of whom is not decided here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, bindparam, select

from mesh.events.bootstrap import is_complete
from mesh.resource.follower import tenants
from mesh.resource.mapping import read_columns
from mesh.resource.sweep import Sweep
from mesh.runtime.call import Write
from mesh.store.mesh_tables import snapshots
from mesh.store.statement import TENANT, Statement, upsert
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.resource.resource import Resource
    from mesh.runtime.environment import Environment

_PAGE = 200
_SECONDS = 10.0
_NOTE = upsert(snapshots, key=["type", "tenant"], set=["cursor", "complete_us"], name="note keys")


class Keying(Sweep):
    """Keeps the keys that are missing."""

    finds = "keys"

    def __init__(self, environment: Environment, resources: Sequence[Resource[Any]]) -> None:
        super().__init__(environment)
        self._finding = [(each, _page(each)) for each in resources if each.keys is not None]

    def sweep(self) -> None:
        """Keep the keys that are missing, tenant after tenant."""
        for tenant in tenants(self._environment.caller) if self._finding else ():
            for resource, page in self._finding:
                done = f"keys of {resource.contract.type}"
                if not is_complete(self._environment, tenant, done):
                    self._pages(partial(self._keep_page, tenant, resource, page, done))

    def _keep_page(self, tenant: str, resource: Resource[Any], page: Statement, done: str, after: str) -> str:
        """The last id of a full page; empty after the last one, which is noted. Locked, none changes meanwhile."""
        environment = self._environment
        with environment.store.transaction(tenant=tenant, timeout=_SECONDS) as transaction:
            rows = transaction.read(page, after=after, limit=_PAGE)
            write = Write.of_service(environment, transaction, tenant)
            if resource.keys is not None:
                resource.keys.fill(write, [resource.build(resource.message, row) for row in rows])
            if len(rows) == _PAGE:
                return str(rows[-1][1])
            note = {"type": done, "tenant": tenant, "cursor": "", "complete_us": write.now_us}
            transaction.defer(_NOTE, **note)
        return ""


def _page(resource: Resource[Any]) -> Statement:
    """Reads and locks resources in the order of their ids."""
    table = resource.table
    beyond = (table.c.tenant_id == TENANT, table.c.id > bindparam("after", type_=TEXT))
    core = select(*read_columns(table, resource.message)).where(*beyond).order_by(table.c.id)
    core = core.limit(bindparam("limit", type_=BigInteger)).with_for_update(of=table)
    return Statement(core, name=f"find {resource.contract.plural} without keys")
