"""TenantLifeService: deletion of a tenant by its owners, after a time to think, and suspension by the operator."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import TYPE_CHECKING

from rapport.users.v1 import events_pb2, resources_pb2
from sqlalchemy import bindparam, select

from mesh.contract.failure import Failure, invalid
from mesh.runtime import audit
from mesh.store.statement import TENANT, Statement
from services.users.domain import tenants as rules
from services.users.service.people import name_of
from services.users.service.tenants import keep_tenant, locked_tenant, read_tenant
from services.users.tables import tenants, users

if TYPE_CHECKING:
    from collections.abc import Callable

    from rapport.users.v1 import tenant_life_service_pb2

    from mesh.events.envelope import Event
    from mesh.runtime.call import Call, Commit, Write

_DELETION = "deletion"
_MOST_TOLD = 50
_BY_SLUG = Statement(select(tenants.c.id).where(tenants.c.slug == bindparam("slug")), name="find tenant of any state")
_OWNERS = Statement(
    select(users.c.email, users.c.display_name)
    .where(
        users.c.tenant_id == TENANT,
        users.c.role == resources_pb2.ROLE_OWNER,
        users.c.state == resources_pb2.User.STATE_ACTIVE,
        users.c.delete_time.is_(None),
    )
    .order_by(users.c.id)
    .limit(_MOST_TOLD),
    name="list owners with addresses",
)


class TenantLifeMethods:
    """The methods of TenantLifeService, and the moment at which a deletion is due."""

    def delete_tenant(self, call: Call, request: tenant_life_service_pb2.DeleteTenantRequest) -> resources_pb2.Tenant:
        """The tenant, which ends in 30 days; its owners are told once."""
        if request.slug != read_tenant(call).slug:
            raise invalid("slug", "is not that of your tenant")
        with call.commit() as commit:
            before, after = self._change(commit, lambda tenant: rules.ask_deletion(tenant, commit.now_us))
            if not before.HasField("delete_time"):
                due = events_pb2.TenantDeletionDue(tenant_id=after.id)
                commit.set_timer(_aggregate(after.id), _DELETION, after.purge_time.ToMicroseconds(), due)
                _tell_owners(commit, after, request.comment)
            return commit.reply(after)

    def undelete_tenant(
        self, call: Call, request: tenant_life_service_pb2.UndeleteTenantRequest
    ) -> resources_pb2.Tenant:
        """The tenant, which lives on."""
        del request
        with call.commit() as commit:
            _, after = self._change(commit, rules.cancel_deletion)
            commit.cancel_timer(_aggregate(after.id), _DELETION)
            return commit.reply(after)

    def suspend_tenant(self, call: Call, request: tenant_life_service_pb2.SuspendTenantRequest) -> resources_pb2.Tenant:
        """The tenant, whose users may not work."""
        with call.commit(_find(call, request.slug)) as commit:
            return commit.reply(self._change(commit, rules.suspend)[1])

    def resume_tenant(self, call: Call, request: tenant_life_service_pb2.ResumeTenantRequest) -> resources_pb2.Tenant:
        """The tenant, whose users may work again."""
        with call.commit(_find(call, request.slug)) as commit:
            return commit.reply(self._change(commit, rules.resume)[1])

    def end(self, write: Write, event: Event) -> None:
        """Handle the timer: a tenant whose deletion was not taken back ends."""
        before, version = locked_tenant(write)
        after = _copy(before)
        rules.end_life(after, write.now_us)
        changed = keep_tenant(write, before, after, version)
        if changed:
            write.publish(_aggregate(after.id), 0, events_pb2.TenantDeleted(tenant_id=after.id))
            audit.note(write, "tenant.deleted", event.type, _aggregate(after.id), changed)

    @staticmethod
    def _change(
        commit: Commit, alter: Callable[[resources_pb2.Tenant], None]
    ) -> tuple[resources_pb2.Tenant, resources_pb2.Tenant]:
        """The tenant before and after, recorded."""
        before, version = locked_tenant(commit)
        after = _copy(before)
        alter(after)
        commit.audit(_aggregate(after.id), keep_tenant(commit, before, after, version))
        return before, after


def _aggregate(tenant: str) -> str:
    return f"tenants/{tenant}"


def _copy(tenant: resources_pb2.Tenant) -> resources_pb2.Tenant:
    copied = resources_pb2.Tenant()
    copied.CopyFrom(tenant)
    return copied


def _find(call: Call, slug: str) -> str:
    rows = call.read(_BY_SLUG, slug=slug)
    if not rows:
        raise Failure("NOT_FOUND", metadata={"resource": "tenants"})
    return str(rows[0][0])


def _tell_owners(commit: Commit, tenant: resources_pb2.Tenant, comment: str) -> None:
    """Have every owner told, so that nobody ends a company behind the backs of the others."""
    ends = datetime.datetime.fromtimestamp(tenant.purge_time.seconds, zoneinfo.ZoneInfo(tenant.time_zone))
    requester = name_of(commit, commit.call.user_id)
    for email, name in commit.read(_OWNERS):
        told = events_pb2.TenantDeletionRequested(
            email=email,
            display_name=name,
            tenant_name=tenant.display_name,
            requester_name=requester,
            purge_day=ends.date().isoformat(),
            locale=tenant.locale,
            comment=comment,
        )
        commit.publish(_aggregate(tenant.id), 0, told)
