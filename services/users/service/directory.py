"""DirectoryService: what other processes need to know of a principal, and which tenants there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.policy.v1 import policy_pb2
from rapport.users.v1 import directory_service_pb2, resources_pb2
from rapport.users.v1.security_policy_service_pb2 import SecurityPolicy
from sqlalchemy import BigInteger, bindparam, select

from mesh.contract.failure import Failure
from mesh.contract.pages import page_size
from mesh.store.statement import TENANT, Statement
from services.users.domain.impersonations import rights_in_place
from services.users.domain.keys import grants_of_key, within
from services.users.domain.policy import filled
from services.users.domain.teams import team_and_below
from services.users.oauth_tables import oauth_clients
from services.users.service.rights import rights_of
from services.users.service.signing import TOKEN_SECONDS
from services.users.service.teams import read_parents
from services.users.tables import (
    api_keys,
    impersonations,
    publishable_keys,
    security_policies,
    sessions,
    tenants,
    users,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mesh.runtime.call import Call
    from mesh.runtime.environment import Environment

_TENANT = (
    *(tenants.c.id, tenants.c.active, tenants.c.time_zone, tenants.c.currency_code),
    *(tenants.c.locale, tenants.c.region_code, tenants.c.week_start, tenants.c.fiscal_year_start),
    (tenants.c.state == resources_pb2.Tenant.STATE_SUSPENDED).label("suspended"),
)
_NAMES = tuple(column.name for column in _TENANT)
_LOOK_UP = Statement(
    select(
        *(users.c.epoch, users.c.role, users.c.role_ids, users.c.group_ids, users.c.team_id),
        *(users.c.state, users.c.delete_time, security_policies.c.content, *_TENANT),
    )
    .select_from(
        users.join(tenants, tenants.c.id == users.c.tenant_id).outerjoin(
            security_policies, security_policies.c.tenant_id == users.c.tenant_id
        )
    )
    .where(users.c.tenant_id == TENANT, users.c.id == bindparam("id")),
    name="look up principal",
)
_ENDED = Statement(
    select(sessions.c.id)
    .where(
        sessions.c.tenant_id == TENANT,
        sessions.c.user_id == bindparam("id"),
        sessions.c.ended_us > bindparam("since", type_=BigInteger),
    )
    .order_by(sessions.c.ended_us.desc())
    .limit(1000),
    name="look up principal",
)
_API_KEY = Statement(
    select(api_keys.c.user_id, api_keys.c.grants, api_keys.c.expire_time, api_keys.c.delete_time).where(
        api_keys.c.tenant_id == TENANT, api_keys.c.id == bindparam("id")
    ),
    name="look up api key",
)
_IMPERSONATION = Statement(
    select(
        *(impersonations.c.user_id, impersonations.c.impersonator_id),
        *(impersonations.c.expire_time, impersonations.c.end_time),
    ).where(impersonations.c.tenant_id == TENANT, impersonations.c.id == bindparam("id")),
    name="look up impersonation",
)
_CLIENT_SESSION = Statement(
    select(
        *(sessions.c.user_id, sessions.c.client_id, sessions.c.scopes, oauth_clients.c.scopes),
        *(sessions.c.expire_time, sessions.c.epoch, sessions.c.delete_time, oauth_clients.c.delete_time),
    )
    .select_from(
        sessions.join(
            oauth_clients,
            (oauth_clients.c.tenant_id == sessions.c.tenant_id) & (oauth_clients.c.id == sessions.c.client_id),
        )
    )
    .where(sessions.c.tenant_id == TENANT, sessions.c.id == bindparam("id")),
    name="look up session of client",
)
_PUBLISHABLE_KEY = Statement(
    select(publishable_keys.c.owner_id, publishable_keys.c.origins, publishable_keys.c.delete_time, *_TENANT)
    .select_from(publishable_keys.join(tenants, tenants.c.id == publishable_keys.c.tenant_id))
    .where(publishable_keys.c.tenant_id == TENANT, publishable_keys.c.key == bindparam("key")),
    name="look up publishable key",
)
_ONE = Statement(select(*_TENANT).where(tenants.c.id == bindparam("id")), name="look up tenant")
_LIST = Statement(
    select(*_TENANT)
    .where(tenants.c.id > bindparam("after"))
    .order_by(tenants.c.id)
    .limit(bindparam("limit", type_=BigInteger)),
    name="list tenants",
)
_SECONDS = 2.0
# How long tokens of a session that has ended may be about, by clocks that are a minute apart.
_TOKENS_US = (TOKEN_SECONDS + 60) * 1_000_000


class DirectoryMethods:
    """The methods of DirectoryService."""

    def __init__(self, environment: Environment) -> None:
        self._store = environment.store
        self._clock = environment.clock
        self._wall = environment.wall
        self._limits = [
            directory_service_pb2.RateLimit(
                rate_class=policy_pb2.RateClass.Value(f"RATE_CLASS_{name}"),
                per_minute=limit.per_minute,
                burst=limit.burst,
            )
            for name, limit in environment.limits.items()
        ]

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

    def list_tenants(
        self, call: Call, request: directory_service_pb2.ListTenantsRequest
    ) -> directory_service_pb2.ListTenantsResponse:
        """A page of all tenants."""
        pages, binding = call.environment.pages, (call.identity.principal, call.contract.path)
        after = pages.read(binding, request.page_token, 1)[0] if request.page_token else ""
        size = page_size(request.page_size)
        rows = call.read(_LIST, after=after, limit=size + 1)
        reply = directory_service_pb2.ListTenantsResponse(tenants=[self._tenant(row) for row in rows[:size]])
        if len(rows) > size:
            reply.next_page_token = pages.make(binding, [reply.tenants[-1].id])
        return reply

    def _read(
        self, tenant: str, principal: str, timeout: float
    ) -> directory_service_pb2.LookUpPrincipalResponse | None:
        if principal.startswith("key_"):
            return self._api_key(tenant, principal, timeout)
        if principal.startswith("ipn_"):
            return self._impersonation(tenant, principal, timeout)
        if principal.startswith("ses_"):
            return self._client_session(tenant, principal, timeout)
        if principal.startswith("pk_"):
            return self._publishable_key(tenant, principal, timeout)
        if principal == tenant:
            return self._alone(tenant, timeout)
        return self._user(tenant, principal, timeout)

    def _alone(self, tenant: str, timeout: float) -> directory_service_pb2.LookUpPrincipalResponse | None:
        """The tenant, for those who hold a link of it and are nobody in it."""
        rows = self._store.read(_ONE, tenant=None, timeout=timeout, id=tenant) if tenant else []
        if not rows:
            return None
        nobody = directory_service_pb2.DirectoryPrincipal(id=tenant, active=True)
        return directory_service_pb2.LookUpPrincipalResponse(tenant=self._tenant(rows[0]), principal=nobody)

    def _api_key(
        self, tenant: str, principal: str, timeout: float
    ) -> directory_service_pb2.LookUpPrincipalResponse | None:
        """A key: what it was given and its user still holds, with the user's teams; without the user it is nothing."""
        rows = self._store.read(_API_KEY, tenant=tenant, timeout=timeout, id=principal) if tenant else []
        found = self._user(tenant, rows[0][0], timeout) if rows else None
        if found is None:
            return None
        _, grants, expire_time, delete_time = rows[0]
        given = grants_of_key(resources_pb2.ApiKey.FromString(bytes(grants)))
        held = {grant.permission: int(grant.scope) for grant in found.principal.grants}
        live = delete_time is None and (expire_time is None or expire_time > self._clock.now_us())
        principal_now = directory_service_pb2.DirectoryPrincipal(
            id=principal,
            active=live and found.principal.active,
            grants=_grants(within(given, held)),
            team_id=found.principal.team_id,
            team_ids=found.principal.team_ids,
            user_id=found.principal.id,
        )
        return directory_service_pb2.LookUpPrincipalResponse(tenant=found.tenant, principal=principal_now)

    def _impersonation(
        self, tenant: str, principal: str, timeout: float
    ) -> directory_service_pb2.LookUpPrincipalResponse | None:
        """Work in a user's place: what both may do, with that user's teams, for as long as both work and it lasts."""
        rows = self._store.read(_IMPERSONATION, tenant=tenant, timeout=timeout, id=principal) if tenant else []
        user = self._user(tenant, rows[0][0], timeout) if rows else None
        actor = self._user(tenant, rows[0][1], timeout) if rows else None
        if user is None or actor is None:
            return None
        _, _, expire_time, end_time = rows[0]
        of_user, of_actor = (
            {grant.permission: int(grant.scope) for grant in each.principal.grants} for each in (user, actor)
        )
        live = end_time is None and expire_time > self._clock.now_us()
        found = directory_service_pb2.DirectoryPrincipal(
            id=principal,
            active=live and user.principal.active and actor.principal.active,
            grants=_grants(rights_in_place(of_user, of_actor)),
            team_id=user.principal.team_id,
            team_ids=user.principal.team_ids,
            user_id=user.principal.id,
            actor_id=actor.principal.id,
        )
        return directory_service_pb2.LookUpPrincipalResponse(tenant=user.tenant, principal=found)

    def _client_session(
        self, tenant: str, principal: str, timeout: float
    ) -> directory_service_pb2.LookUpPrincipalResponse | None:
        """A client's work for a user: what it was allowed, may still ask for, and the user may do."""
        rows = self._store.read(_CLIENT_SESSION, tenant=tenant, timeout=timeout, id=principal) if tenant else []
        user = self._user(tenant, rows[0][0], timeout) if rows else None
        if user is None:
            return None
        _, client_id, allowed, askable, expire_time, epoch, *ends = rows[0]
        allowed = resources_pb2.Session.FromString(bytes(allowed)).scopes
        askable = resources_pb2.OauthClient.FromString(bytes(askable)).scopes
        held = {grant.permission: int(grant.scope) for grant in user.principal.grants}
        current = epoch >= user.principal.session_epoch
        live = not any(ends) and current and expire_time > self._clock.now_us()
        found = directory_service_pb2.DirectoryPrincipal(
            id=principal,
            active=live and user.principal.active,
            grants=_grants({name: scope for name, scope in held.items() if name in allowed and name in askable}),
            team_id=user.principal.team_id,
            team_ids=user.principal.team_ids,
            user_id=user.principal.id,
            actor_id=client_id,
        )
        return directory_service_pb2.LookUpPrincipalResponse(tenant=user.tenant, principal=found)

    def _publishable_key(
        self, tenant: str, principal: str, timeout: float
    ) -> directory_service_pb2.LookUpPrincipalResponse | None:
        rows = self._store.read(_PUBLISHABLE_KEY, tenant=tenant, timeout=timeout, key=principal) if tenant else []
        if not rows:
            return None
        owner_id, origins, delete_time, *of_tenant = rows[0]
        found = directory_service_pb2.DirectoryPrincipal(
            id=principal,
            active=delete_time is None,
            origins=resources_pb2.PublishableKey.FromString(bytes(origins)).origins,
            user_id=owner_id,
        )
        return directory_service_pb2.LookUpPrincipalResponse(tenant=self._tenant(of_tenant), principal=found)

    def _user(
        self, tenant: str, principal: str, timeout: float
    ) -> directory_service_pb2.LookUpPrincipalResponse | None:
        rows = self._store.read(_LOOK_UP, tenant=tenant, timeout=timeout, id=principal) if tenant else []
        if not rows:
            return None
        epoch, role, role_ids, group_ids, team_id, state, delete_time, policy, *of_tenant = rows[0]
        user = resources_pb2.User.FromString(bytes(role_ids) + bytes(group_ids))
        user.role = role
        found = directory_service_pb2.DirectoryPrincipal(
            id=principal,
            active=state == resources_pb2.User.STATE_ACTIVE and delete_time is None,
            session_epoch=epoch,
            grants=_grants(rights_of(self._store.read, user, tenant=tenant, timeout=timeout)),
            ended_session_ids=self._ended(tenant, principal, timeout),
        )
        if team_id:
            parents = read_parents(self._store, tenant, timeout)
            found.team_ids.extend(team_and_below(parents, team_id))
            found.team_id = team_id if found.team_ids else ""
        told = filled(SecurityPolicy.FromString(bytes(policy or b"")))
        tenant_now = self._tenant(of_tenant)
        tenant_now.session_idle.CopyFrom(told.session_idle)
        tenant_now.session_life.CopyFrom(told.session_life)
        return directory_service_pb2.LookUpPrincipalResponse(tenant=tenant_now, principal=found)

    def _ended(self, tenant: str, user_id: str, timeout: float) -> list[str]:
        since_us = self._wall.now_us() - _TOKENS_US
        return [row[0] for row in self._store.read(_ENDED, tenant=tenant, timeout=timeout, id=user_id, since=since_us)]

    def _tenant(self, row: Sequence[Any]) -> directory_service_pb2.DirectoryTenant:
        return directory_service_pb2.DirectoryTenant(**dict(zip(_NAMES, row, strict=True)), limits=self._limits)


def _grants(held: Mapping[str, int]) -> list[directory_service_pb2.Grant]:
    return [
        directory_service_pb2.Grant(permission=permission, scope=directory_service_pb2.Scope.ValueType(scope))
        for permission, scope in held.items()
    ]
