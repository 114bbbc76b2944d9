"""What roles may do: the built-in ones, those a tenant makes for itself, and both together.

Grants are a mapping from a permission to a `users.v1.Scope`. The widest scope wins; nobody grants more than they hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapport.users.v1 import directory_service_pb2, resources_pb2

from mesh.contract.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

# Collections that only owners manage; members may see users and teams, to hand things over to them.
_MANAGEMENT = (
    "users",
    "teams",
    "tenants",
    "custom-roles",
    "groups",
    "invitations",
    "api-keys",
    "publishable-keys",
    "contact-hooks",
    "audit-entries",
    "audit-exports",
    "permissions",
    "security-policies",
    "impersonations",
    "oauth-clients",
    "subject-exports",
    "contact-erasures",
    "identity-providers",
)
_SEEN = frozenset({"users.read", "teams.read"})


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """What a decision on a role rests on.

    declared: every permission there is, and whether it can be held for a part of the data. held: what the caller may.
    """

    declared: Mapping[str, bool]
    held: Mapping[str, int]


def permissions_of(role: int, declared: Collection[str]) -> list[str]:
    """The permissions that a built-in role grants over the whole tenant, of those that exist."""
    if role == resources_pb2.ROLE_OWNER:
        return sorted(declared)
    business = [p for p in declared if p.split(".")[0] not in _MANAGEMENT]
    if role == resources_pb2.ROLE_MEMBER:
        return sorted([*business, *(_SEEN & set(declared))])
    if role == resources_pb2.ROLE_VIEWER:
        return sorted(p for p in business if p.endswith(".read"))
    return []


def union(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Grants together: each permission with its widest scope."""
    widest: dict[str, int] = {}
    for part in parts:
        for permission, scope in part.items():
            widest[permission] = max(scope, widest.get(permission, 0))
    return widest


def all_grants(role: int, custom: Iterable[Mapping[str, int]], declared: Collection[str]) -> dict[str, int]:
    """What a user with a built-in role and these custom ones may do, of the permissions that exist."""
    built_in = dict.fromkeys(permissions_of(role, declared), directory_service_pb2.SCOPE_ALL)
    together = union([built_in, *custom])
    return {permission: together[permission] for permission in sorted(together) if permission in declared}


def check_held(granted: Mapping[str, int], held: Mapping[str, int], field: str) -> None:
    """Refuse to grant what the caller may not do.

    Raises:
        Failure: GRANT_EXCEEDS_OWN with the first permission that is too much.
    """
    for permission in sorted(granted):
        if granted[permission] > held.get(permission, 0):
            raise Failure(
                "GRANT_EXCEEDS_OWN", fields={field: "grants more than you may do"}, metadata={"permission": permission}
            )


def grants_in(role: resources_pb2.CustomRole) -> dict[str, int]:
    """What a custom role grants; a deleted one grants nothing."""
    return {} if role.HasField("delete_time") else union({grant.permission: grant.scope} for grant in role.grants)


def decide_role(
    before: resources_pb2.CustomRole | None, after: resources_pb2.CustomRole, facts: RoleFacts
) -> resources_pb2.CustomRole:
    """The role as it will be kept. Grants that it has already are not asked about again.

    Raises:
        Failure: PERMISSION_UNKNOWN, PERMISSION_REPEATED or GRANT_EXCEEDS_OWN.
    """
    check_grants(after.grants, grants_in(before) if before is not None else {}, grants_in(after), facts)
    return after


def check_grants(
    grants: Iterable[directory_service_pb2.Grant], had: Mapping[str, int], has: Mapping[str, int], facts: RoleFacts
) -> None:
    """Refuse grants of what there is not, of one permission twice, and of more than the caller may do.

    Those in `had` are not asked about again; `has` is what the grants come to.

    Raises:
        Failure: PERMISSION_UNKNOWN, PERMISSION_REPEATED or GRANT_EXCEEDS_OWN.
    """
    seen: set[str] = set()
    for number, grant in enumerate(grants):
        if grant.permission in seen:
            raise Failure("PERMISSION_REPEATED", fields={f"grants[{number}].permission": "stands twice"})
        seen.add(grant.permission)
        if had.get(grant.permission) == grant.scope:
            continue
        if grant.permission not in facts.declared:
            raise Failure("PERMISSION_UNKNOWN", fields={f"grants[{number}].permission": "is asked for by no method"})
        partial = grant.scope != directory_service_pb2.SCOPE_ALL
        if not grant.scope or (partial and not facts.declared[grant.permission]):
            raise Failure("PERMISSION_UNKNOWN", fields={f"grants[{number}].scope": "is none of this permission"})
    wider = {p: scope for p, scope in has.items() if scope > had.get(p, 0)}
    check_held(wider, facts.held, "grants")
