"""Who may do what and why: the chain from a permission to the roles and groups that grant it, or what it lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapport.users.v1 import directory_service_pb2, permission_service_pb2

from mesh.contract.rights import SCOPE_ALL, SCOPE_OWN, SCOPE_TEAM, breadth, reaches

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

MOST_REMEDIES = 20
# users.v1.Scope by its number.
scope_of = directory_service_pb2.Scope.ValueType


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a principal may do something, as far as the tenant's data tells.

    me: the user who calls or is behind the key that does. teams: their team and all below. owner: whose the resource
    is; empty: any will do. owner_team: the team that this one is in.
    """

    permission: str
    me: str
    teams: Collection[str] = ()
    owner: str = ""
    owner_team: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Something that holds grants, as an answer names it; its scope is filled in by who answers."""

    named: permission_service_pb2.GrantSource
    grants: Mapping[str, int]


def decide(
    question: Question, grants: Mapping[str, int], declared: Mapping[str, bool]
) -> permission_service_pb2.CheckPermissionResponse:
    """The answer, by the rule of the calls themselves. declared: every permission, and whether it can be partial."""
    scope = breadth(grants, question.permission, declared.__getitem__)
    allowed = bool(scope) and (not question.owner or _reaches(question, scope))
    return permission_service_pb2.CheckPermissionResponse(allowed=allowed, scope=scope_of(scope))


def needed(question: Question, declared: Mapping[str, bool]) -> int:
    """The narrowest scope that would do."""
    if not declared[question.permission]:
        return SCOPE_ALL
    scopes = (SCOPE_OWN, SCOPE_TEAM, SCOPE_ALL)
    return next(scope for scope in scopes if not question.owner or _reaches(question, scope))


def _reaches(question: Question, scope: int) -> bool:
    return reaches(scope, question.me, question.teams, owner=question.owner, owner_team=question.owner_team)


def granting(sources: Iterable[Source], permission: str, least: int = 1) -> list[permission_service_pb2.GrantSource]:
    """Those of the sources that grant a permission with this scope at least, the widest first."""
    found = []
    for source in sources:
        scope = source.grants.get(permission, 0)
        if scope >= least:
            named = permission_service_pb2.GrantSource()
            named.CopyFrom(source.named)
            named.scope = scope_of(scope)
            found.append(named)
    return sorted(found, key=lambda named: -named.scope)


def missing(
    question: Question, declared: Mapping[str, bool], held: Sequence[tuple[str, Mapping[str, int]]]
) -> list[permission_service_pb2.MissingGrant]:
    """What each of these principals, each with its grants, would have to be given besides."""
    least = needed(question, declared)
    return [
        permission_service_pb2.MissingGrant(
            principal_id=principal,
            grant=directory_service_pb2.Grant(permission=question.permission, scope=scope_of(least)),
        )
        for principal, grants in held
        if grants.get(question.permission, 0) < least
    ]
