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
from services.users.domain.tenants import ACTIVE, check_password, check_time_zone, decide_tenant, may_work
from services.users.service.passwords import hash_password
from services.users.tables import tenants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, View, Write

_FIELDS = (
    *("id", "slug", "display_name", "time_zone", "currency_code"),
    *("locale", "region_code", "week_start", "fiscal_year_start", "state"),
)
_TIMES = ("create_time", "update_time", "delete_time", "purge_time")
_FROZEN = frozenset({"id", "slug", "etag", "state", *_TIMES})
_COLUMNS = [tenants.c.version, *(tenants.c[name] for name in (*_TIMES, *_FIELDS))]
_KEY = tenants.c.id == bindparam("id")
_INSERT = Statement(insert(tenants), name="insert tenant")
_BY_ID = Statement(select(*_COLUMNS).where(_KEY), name="get tenant")
_LOCKED = Statement(select(*_COLUMNS).where(_KEY).with_for_update(), name="lock tenant")
_CHANGING = [tenants.c[name] for name in (*_FIELDS[2:], *_TIMES[1:], "version", "active")]
_UPDATE = Statement(
    update(tenants).where(_KEY).values({c.name: bindparam(f"new_{c.name}", type_=c.type) for c in _CHANGING}),
    name="update tenant",
)


def read_tenant(by: View | Write) -> resources_pb2.Tenant:
    """The tenant of the caller, or of whom a service works for."""
    (row,) = by.read(_BY_ID, id=by.identity.tenant)
    return _tenant(row)


def locked_tenant(write: Write) -> tuple[resources_pb2.Tenant, int]:
    """The tenant that is written for and its version, held until the end of the write."""
    (row,) = write.read(_LOCKED, id=write.tenant)
    return _tenant(row), row[0]


def keep_tenant(write: Write, before: resources_pb2.Tenant, after: resources_pb2.Tenant, version: int) -> list[str]:
    """Write the tenant over `before`, which is locked and has this version, with its event; the paths that changed."""
    changed = changed_paths(before, after)
    if changed:
        after.update_time.FromMicroseconds(write.now_us)
        after.etag = etag(version + 1)
        values = {f"new_{column.name}": _stored(after, column.name) for column in _CHANGING[:-2]}
        write.write(_UPDATE, id=after.id, new_version=version + 1, new_active=may_work(after), **values)
        write.overwrites(f"tenants/{after.id}", before, after)
        write.publish(f"tenants/{after.id}", 0, events_pb2.TenantUpdated(tenant=after, changed_paths=changed))
    return changed


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
            state=ACTIVE,
        )
        tenant = decide_tenant(tenant)
        owner = resources_pb2.User(
            id=call.environment.ids.new("usr"),
            etag=etag(1),
            email=email,
            display_name=request.owner_display_name.strip() or email,
            role=resources_pb2.ROLE_OWNER,
            state=resources_pb2.User.STATE_ACTIVE,
            kind=resources_pb2.User.KIND_PERSON,
        )
        password_hash = hash_password(request.owner_password)
        try:
            with call.commit(tenant.id) as commit:
                for made in (tenant.create_time, tenant.update_time, owner.create_time, owner.update_time):
                    made.FromMicroseconds(commit.now_us)
                row = {name: _stored(tenant, name) for name in (*_FIELDS, *_TIMES)}
                commit.write(_INSERT, active=may_work(tenant), version=1, **row)
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
            before, version = locked_tenant(commit)
            check_etag(request.tenant.etag, version)
            after = resources_pb2.Tenant()
            after.CopyFrom(before)
            apply_mask(after, request.tenant, paths)
            after = decide_tenant(after)
            commit.audit(f"tenants/{after.id}", keep_tenant(commit, before, after, version))
            return commit.reply(after)


def _tenant(row: Sequence[Any]) -> resources_pb2.Tenant:
    version, *values = row
    times, fields = values[: len(_TIMES)], values[len(_TIMES) :]
    tenant = resources_pb2.Tenant(etag=etag(version), **dict(zip(_FIELDS, fields, strict=True)))
    for name, moment in zip(_TIMES, times, strict=True):
        if moment:
            getattr(tenant, name).FromMicroseconds(moment)
    if not tenant.HasField("update_time"):
        # A tenant of before this was kept has not been changed since it signed up.
        tenant.update_time.CopyFrom(tenant.create_time)
    return tenant


def _stored(tenant: resources_pb2.Tenant, name: str) -> Any:
    """The value of a column."""
    if name in _TIMES:
        return getattr(tenant, name).ToMicroseconds() if tenant.HasField(name) else None
    return getattr(tenant, name)
