"""PermissionService: what is asked of the rules of rights, and what they are told of roles, groups and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.users.v1 import permission_service_pb2, resources_pb2
from sqlalchemy import bindparam, select

from mesh.contract.failure import Failure, below
from mesh.contract.rights import SCOPE_ALL
from mesh.store.statement import TENANT, Statement, any_of
from services.users.domain.keys import grants_of_key
from services.users.domain.permissions import MOST_REMEDIES, Question, Source, decide, granting, missing, needed
from services.users.domain.roles import all_grants, grants_in, permissions_of
from services.users.service.rights import declared
from services.users.tables import api_keys, custom_roles, groups, users

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mesh.runtime.call import Call
    from mesh.runtime.directory import Entry

_SCANNED = 200
_BUILT_IN = (resources_pb2.ROLE_VIEWER, resources_pb2.ROLE_MEMBER, resources_pb2.ROLE_OWNER)

_TEAMS = Statement(
    select(users.c.id, users.c.team_id).where(
        users.c.tenant_id == TENANT, users.c.delete_time.is_(None), any_of(users.c.id, "ids")
    ),
    name="find teams of users",
)
_USER = Statement(
    select(users.c.role, users.c.role_ids, users.c.group_ids).where(
        users.c.tenant_id == TENANT, users.c.id == bindparam("id")
    ),
    name="get roles of user",
)
_KEY = Statement(
    select(api_keys.c.display_name, api_keys.c.grants).where(
        api_keys.c.tenant_id == TENANT, api_keys.c.id == bindparam("id")
    ),
    name="get grants of api key",
)
_ROLE = select(custom_roles.c.id, custom_roles.c.display_name, custom_roles.c.grants).where(
    custom_roles.c.tenant_id == TENANT, custom_roles.c.delete_time.is_(None)
)
_ROLES = Statement(_ROLE.where(any_of(custom_roles.c.id, "ids")), name="get roles with names")
_SOME_ROLES = Statement(_ROLE.order_by(custom_roles.c.id).limit(_SCANNED), name="list roles with names")
_GROUP = select(groups.c.id, groups.c.display_name, groups.c.role, groups.c.role_ids).where(
    groups.c.tenant_id == TENANT, groups.c.delete_time.is_(None)
)
_GROUPS = Statement(_GROUP.where(any_of(groups.c.id, "ids")), name="get groups with names")
_SOME_GROUPS = Statement(_GROUP.order_by(groups.c.id).limit(_SCANNED), name="list groups with names")
_OWNERS = Statement(
    select(users.c.id)
    .where(
        users.c.tenant_id == TENANT,
        users.c.role == resources_pb2.ROLE_OWNER,
        users.c.state == resources_pb2.User.STATE_ACTIVE,
        users.c.delete_time.is_(None),
    )
    .order_by(users.c.id)
    .limit(MOST_REMEDIES),
    name="list owners",
)


class PermissionMethods:
    """The methods of PermissionService."""

    def check_permission(
        self, call: Call, request: permission_service_pb2.CheckPermissionRequest
    ) -> permission_service_pb2.CheckPermissionResponse:
        """Whether the caller may."""
        return self._check(call, request, _teams_of(call, [request.owner_id]))

    def batch_check_permissions(
        self, call: Call, request: permission_service_pb2.BatchCheckPermissionsRequest
    ) -> permission_service_pb2.BatchCheckPermissionsResponse:
        """Whether the caller may, for each of several questions."""
        teams = _teams_of(call, [check.owner_id for check in request.checks])
        reply = permission_service_pb2.BatchCheckPermissionsResponse()
        for number, check in enumerate(request.checks):
            with below(f"checks[{number}]"):
                reply.results.append(self._check(call, check, teams))
        return reply

    def explain_permission(
        self, call: Call, request: permission_service_pb2.ExplainPermissionRequest
    ) -> permission_service_pb2.ExplainPermissionResponse:
        """Whether a principal may, by what, and what it would need."""
        entry = _entry(call, request.principal_id)
        me = entry.user_id or request.principal_id
        question = _question(request, me, entry, _teams_of(call, [request.owner_id]))
        answer = decide(question, entry.grants, declared())
        of_user = self._sources(call, me)
        of_key = _source_of_key(call, request.principal_id) if entry.user_id else []
        reply = permission_service_pb2.ExplainPermissionResponse(
            allowed=answer.allowed and entry.active,
            scope=answer.scope,
            active=entry.active,
            sources=granting([*of_key, *of_user], question.permission),
        )
        if entry.active and not answer.allowed:
            held = [(me, _widest(of_user)), *((request.principal_id, key.grants) for key in of_key)]
            reply.missing.extend(missing(question, declared(), held))
            reply.remedies.extend(self._remedies(call, question))
            reply.giver_ids.extend(row[0] for row in call.read(_OWNERS))
        return reply

    @staticmethod
    def _check(
        call: Call, request: permission_service_pb2.CheckPermissionRequest, teams: Mapping[str, str]
    ) -> permission_service_pb2.CheckPermissionResponse:
        if call.entry is None:
            raise Failure("UNAUTHENTICATED")
        return decide(_question(request, call.user_id, call.entry, teams), call.entry.grants, declared())

    @staticmethod
    def _sources(call: Call, user_id: str) -> list[Source]:
        """What a user has grants by: the built-in role, custom ones, and those of groups."""
        rows = call.read(_USER, id=user_id)
        if not rows:
            return []
        role, role_ids, group_ids = rows[0]
        user = resources_pb2.User.FromString(bytes(role_ids) + bytes(group_ids))
        in_groups = call.read(_GROUPS, ids=list(user.group_ids)) if user.group_ids else []
        named = {*user.role_ids, *(each for row in in_groups for each in _roles_in(row[3]))}
        custom = _custom(call.read(_ROLES, ids=sorted(named)) if named else [])
        own = [custom[each] for each in user.role_ids if each in custom]
        return [_built_in(role), *own, *(source for row in in_groups for source in _of_group(row, custom))]

    @staticmethod
    def _remedies(call: Call, question: Question) -> list[permission_service_pb2.GrantSource]:
        """Roles and groups that hold what is missing."""
        least = needed(question, declared())
        custom = _custom(call.read(_SOME_ROLES))
        in_groups = [source for row in call.read(_SOME_GROUPS) for source in _of_group(row, custom)]
        kinds: Sequence[Iterable[Source]] = ([_built_in(role) for role in _BUILT_IN], custom.values(), in_groups)
        return [found for kind in kinds for found in granting(kind, question.permission, least)[:MOST_REMEDIES]]


def _teams_of(call: Call, owners: Iterable[str]) -> Mapping[str, str]:
    """The team of each user named who is in the tenant, by id."""
    named = sorted(set(owners) - {""})
    return {row[0]: row[1] for row in call.read(_TEAMS, ids=named)} if named else {}


def _question(request: Any, me: str, entry: Entry, teams: Mapping[str, str]) -> Question:
    if request.permission not in declared():
        raise Failure("PERMISSION_UNKNOWN", fields={"permission": "is asked for by no method"})
    if request.owner_id and request.owner_id not in teams:
        raise Failure("INVALID_ARGUMENT", fields={"owner_id": "is no user of this tenant"})
    return Question(
        request.permission,
        me,
        entry.team_ids,
        owner=request.owner_id,
        owner_team=teams.get(request.owner_id, ""),
    )


def _entry(call: Call, principal: str) -> Entry:
    try:
        return call.environment.directory.find(call.identity.tenant, principal, fresh=True)
    except Failure as failure:
        if failure.reason != "UNAUTHENTICATED":
            raise
        raise Failure("NOT_FOUND", metadata={"resource": principal}) from None


def _built_in(role: int) -> Source:
    named = permission_service_pb2.GrantSource(role=resources_pb2.Role.ValueType(role))
    return Source(named, dict.fromkeys(permissions_of(role, declared()), SCOPE_ALL))


def _custom(rows: Sequence[Sequence[Any]]) -> dict[str, Source]:
    return {
        role: Source(
            permission_service_pb2.GrantSource(custom_role_id=role, display_name=name),
            all_grants(0, [grants_in(resources_pb2.CustomRole.FromString(bytes(grants)))], declared()),
        )
        for role, name, grants in rows
    }


def _roles_in(kept: bytes) -> Sequence[str]:
    return list(resources_pb2.Group.FromString(bytes(kept)).role_ids)


def _of_group(row: Sequence[Any], custom: Mapping[str, Source]) -> list[Source]:
    """What the members of a group have grants by."""
    group, name, role, role_ids = row
    sources = [_built_in(role or 0), *(custom[each] for each in _roles_in(role_ids) if each in custom)]
    found = []
    for source in sources:
        named = permission_service_pb2.GrantSource()
        named.CopyFrom(source.named)
        named.group_id, named.display_name = group, name
        found.append(Source(named, source.grants))
    return found


def _source_of_key(call: Call, key: str) -> list[Source]:
    rows = call.read(_KEY, id=key)
    return [
        Source(
            permission_service_pb2.GrantSource(api_key_id=key, display_name=name),
            grants_of_key(resources_pb2.ApiKey.FromString(bytes(grants))),
        )
        for name, grants in rows
    ]


def _widest(sources: Iterable[Source]) -> Mapping[str, int]:
    return all_grants(0, [source.grants for source in sources], declared())
