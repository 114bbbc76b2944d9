"""DirectoryService: what other processes need to know of a principal, from one row of each of two tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import directory_service_pb2
from sqlalchemy import bindparam, select

from mesh.contract import catalog
from mesh.contract.failure import Failure
from mesh.store.statement import TENANT, Statement
from services.users.domain.limits import LIMITS
from services.users.domain.roles import permissions_of
from services.users.tables import tenants, users

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.environment import Environment

_LOOK_UP = Statement(
    select(tenants.c.time_zone, tenants.c.currency_code, tenants.c.active, users.c.epoch, users.c.role)
    .select_from(users.join(tenants, tenants.c.id == users.c.tenant_id))
    .where(users.c.tenant_id == TENANT, users.c.id == bindparam("id")),
    name="look up principal",
)
_SECONDS = 2.0


class DirectoryMethods:
    """The methods of DirectoryService."""

    def __init__(self, environment: Environment) -> None:
        self._store = environment.store
        self._declared = catalog.load().permissions()

    def look_up_principal(
        self, call: Call, request: directory_service_pb2.LookUpPrincipalRequest
    ) -> directory_service_pb2.LookUpPrincipalResponse:
        """A principal of the tenant that the calling service works for."""
        found = self._read(call.identity.tenant, request.principal_id, call.remaining())
        if found is None:
            raise Failure("NOT_FOUND")
        return found

    def find(self, tenant: str, principal: str) -> directory_service_pb2.LookUpPrincipalResponse | None:
        """The same for this process itself."""
        return self._read(tenant, principal, _SECONDS)

    def _read(
        self, tenant: str, principal: str, timeout: float
    ) -> directory_service_pb2.LookUpPrincipalResponse | None:
        rows = self._store.read(_LOOK_UP, tenant=tenant, timeout=timeout, id=principal) if tenant else []
        if not rows:
            return None
        time_zone, currency_code, active, epoch, role = rows[0]
        return directory_service_pb2.LookUpPrincipalResponse(
            tenant=directory_service_pb2.DirectoryTenant(
                id=tenant,
                time_zone=time_zone,
                currency_code=currency_code,
                active=bool(active),
                limits=[
                    directory_service_pb2.RateLimit(rate_class=rate_class, per_minute=per_minute, burst=burst)
                    for rate_class, per_minute, burst in LIMITS
                ],
            ),
            principal=directory_service_pb2.DirectoryPrincipal(
                id=principal,
                active=True,
                session_epoch=epoch,
                grants=[
                    directory_service_pb2.Grant(permission=permission, scope=directory_service_pb2.SCOPE_ALL)
                    for permission in permissions_of(role, self._declared)
                ],
            ),
        )
