"""TenantService: sign-up, and the tenant of the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2, tenant_service_pb2
from sqlalchemy import bindparam, insert, select

from mesh.contract.etags import etag
from mesh.contract.failure import Failure
from mesh.store.errors import UniqueViolation
from mesh.store.statement import Statement
from services.users.domain.tenants import check_password, check_time_zone
from services.users.service.passwords import hash_password
from services.users.tables import tenants

if TYPE_CHECKING:
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call

_INSERT = Statement(insert(tenants), name="insert tenant")
_BY_ID = Statement(select(tenants).where(tenants.c.id == bindparam("id")), name="get tenant")


class TenantMethods:
    """The methods of TenantService."""

    def __init__(self, users: Resource[resources_pb2.User]) -> None:
        self._users = users

    def sign_up(self, call: Call, request: tenant_service_pb2.SignUpRequest) -> tenant_service_pb2.SignUpResponse:
        """A new tenant with its owner."""
        email = request.owner_email.strip().lower()
        check_password(request.owner_password, slug=request.slug, email=email)
        tenant = resources_pb2.Tenant(
            id=call.environment.ids.new("ten"),
            slug=request.slug,
            display_name=request.display_name.strip(),
            time_zone=check_time_zone(request.time_zone),
            currency_code=request.currency_code or "USD",
        )
        owner = resources_pb2.User(
            id=call.environment.ids.new("usr"),
            etag=etag(1),
            email=email,
            display_name=request.owner_display_name.strip() or email,
            role=resources_pb2.ROLE_OWNER,
        )
        password_hash = hash_password(request.owner_password)
        try:
            with call.commit(tenant.id) as commit:
                for made in (tenant.create_time, owner.create_time, owner.update_time):
                    made.FromMicroseconds(commit.now_us)
                commit.write(_INSERT, **_row(tenant))
                self._users.insert(commit, [owner], password_hash=password_hash, epoch=1)
                commit.audit(f"tenants/{tenant.id}", principal=owner.id)
                return commit.reply(tenant_service_pb2.SignUpResponse(tenant=tenant, owner=owner))
        except UniqueViolation:
            raise Failure("SLUG_TAKEN", fields={"slug": "is taken"}) from None

    def get_current_tenant(
        self, call: Call, request: tenant_service_pb2.GetCurrentTenantRequest
    ) -> resources_pb2.Tenant:
        """The tenant of the caller."""
        del request
        ((tenant_id, slug, display_name, time_zone, currency_code, _, create_time),) = call.read(
            _BY_ID, id=call.identity.tenant
        )
        tenant = resources_pb2.Tenant(
            id=tenant_id, slug=slug, display_name=display_name, time_zone=time_zone, currency_code=currency_code
        )
        tenant.create_time.FromMicroseconds(create_time)
        return tenant


def _row(tenant: resources_pb2.Tenant) -> dict[str, str | int | bool]:
    return {
        "id": tenant.id,
        "slug": tenant.slug,
        "display_name": tenant.display_name,
        "time_zone": tenant.time_zone,
        "currency_code": tenant.currency_code,
        "active": True,
        "create_time": tenant.create_time.ToMicroseconds(),
    }
