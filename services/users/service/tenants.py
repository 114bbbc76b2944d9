"""TenantService: sign-up, and the tenant of the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.users.v1 import events_pb2, resources_pb2, tenant_service_pb2
from sqlalchemy import bindparam, insert, select, update

from mesh.contract.etags import check_etag, etag
from mesh.contract.failure import Failure
from mesh.contract.masks import apply_mask, changed_paths, effective_paths
from mesh.store.errors import UniqueViolation
from mesh.store.statement import Statement
from services.users.domain.tenants import check_password, check_time_zone, decide_tenant
from services.users.service.passwords import hash_password
from services.users.tables import tenants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, View, Write

_FIELDS = (
    *("id", "slug", "display_name", "time_zone", "currency_code"),
    *("locale", "region_code", "week_start", "fiscal_year_start"),
)
_FROZEN = frozenset({"id", "slug", "etag", "create_time", "update_time"})
_COLUMNS = [tenants.c.version, tenants.c.create_time, tenants.c.update_time, *(tenants.c[name] for name in _FIELDS)]
_KEY = tenants.c.id == bindparam("id")
_INSERT = Statement(insert(tenants), name="insert tenant")
_BY_ID = Statement(select(*_COLUMNS).where(_KEY), name="get tenant")
_LOCKED = Statement(select(*_COLUMNS).where(_KEY).with_for_update(), name="lock tenant")
_CHANGING = [tenants.c[name] for name in (*_FIELDS[2:], "version", "update_time")]
_UPDATE = Statement(
    update(tenants).where(_KEY).values({c.name: bindparam(f"new_{c.name}", type_=c.type) for c in _CHANGING}),
    name="update tenant",
)


def read_tenant(by: View | Write) -> resources_pb2.Tenant:
    """The tenant of the caller, or of whom a service works for."""
    (row,) = by.read(_BY_ID, id=by.identity.tenant)
    return _tenant(row)


class TenantMethods:
    """The methods of TenantService."""

    def __init__(self, users: Resource[resources_pb2.User]) -> None:
        self._users = users

    def sign_up(self, call: Call, request: tenant_service_pb2.SignUpRequest) -> tenant_service_pb2.SignUpResponse:
        """A new tenant with its owner."""
        email = request.owner_email.strip().lower()
        check_password(request.owner_password, slug=request.slug, email=email, field="owner_password")
        tenant = resources_pb2.Tenant(
            id=call.environment.ids.new("ten"),
            slug=request.slug,
            etag=etag(1),
            display_name=request.display_name.strip(),
            time_zone=check_time_zone(request.time_zone),
            currency_code=request.currency_code or "USD",
        )
        tenant = decide_tenant(tenant)
        owner = resources_pb2.User(
            id=call.environment.ids.new("usr"),
            etag=etag(1),
            email=email,
            display_name=request.owner_display_name.strip() or email,
            role=resources_pb2.ROLE_OWNER,
            state=resources_pb2.User.STATE_ACTIVE,
        )
        password_hash = hash_password(request.owner_password)
        try:
            with call.commit(tenant.id) as commit:
                for made in (tenant.create_time, tenant.update_time, owner.create_time, owner.update_time):
                    made.FromMicroseconds(commit.now_us)
                commit.write(_INSERT, active=True, version=1, **_times(tenant), **_values(tenant))
                self._users.insert(commit, [owner], password_hash=password_hash, epoch=1)
                commit.audit(f"tenants/{tenant.id}", principal=owner.id)
                return commit.reply(tenant_service_pb2.SignUpResponse(tenant=tenant, owner=owner))
        except UniqueViolation as error:
            if error.table != tenants.name:
                raise
            raise Failure("SLUG_TAKEN", fields={"slug": "is taken"}) from None

    def get_current_tenant(
        self, call: Call, request: tenant_service_pb2.GetCurrentTenantRequest
    ) -> resources_pb2.Tenant:
        """The tenant of the caller."""
        del request
        return read_tenant(call)

    def update_tenant(self, call: Call, request: tenant_service_pb2.UpdateTenantRequest) -> resources_pb2.Tenant:
        """The tenant of the caller with the fields of the mask changed; nothing is written where nothing changes."""
        paths = effective_paths(request.tenant, request.update_mask.paths, _FROZEN)
        with call.commit() as commit:
            (row,) = commit.read(_LOCKED, id=call.identity.tenant)
            version, before = row[0], _tenant(row)
            check_etag(request.tenant.etag, version)
            after = resources_pb2.Tenant()
            after.CopyFrom(before)
            apply_mask(after, request.tenant, paths)
            after = decide_tenant(after)
            changed = changed_paths(before, after)
            if changed:
                after.update_time.FromMicroseconds(commit.now_us)
                after.etag = etag(version + 1)
                values = {f"new_{name}": value for name, value in _values(after).items() if name not in _FROZEN}
                commit.write(_UPDATE, id=after.id, new_version=version + 1, new_update_time=commit.now_us, **values)
                event = events_pb2.TenantUpdated(tenant=after, changed_paths=changed)
                commit.publish(f"tenants/{after.id}", 0, event)
            commit.audit(f"tenants/{after.id}", changed)
            return commit.reply(after)


def _tenant(row: Sequence[Any]) -> resources_pb2.Tenant:
    version, create_time, update_time, *values = row
    tenant = resources_pb2.Tenant(etag=etag(version), **dict(zip(_FIELDS, values, strict=True)))
    tenant.create_time.FromMicroseconds(create_time)
    # A tenant of before this was kept has not been changed since it signed up.
    tenant.update_time.FromMicroseconds(update_time or create_time)
    return tenant


def _times(tenant: resources_pb2.Tenant) -> dict[str, int]:
    return {name: getattr(tenant, name).ToMicroseconds() for name in ("create_time", "update_time")}


def _values(tenant: resources_pb2.Tenant) -> dict[str, Any]:
    return {name: getattr(tenant, name) for name in _FIELDS}
