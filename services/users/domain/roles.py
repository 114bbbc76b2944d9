"""What the built-in roles may do, in terms of the permissions that contracts declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2

if TYPE_CHECKING:
    from collections.abc import Collection

# Collections that only owners manage; members may see users, to hand things over to them.
_MANAGEMENT = ("users", "audit-entries")


def permissions_of(role: int, declared: Collection[str]) -> list[str]:
    """The permissions that a role grants over the whole tenant, of those that exist."""
    if role == resources_pb2.ROLE_OWNER:
        return sorted(declared)
    business = [p for p in declared if p.split(".")[0] not in _MANAGEMENT]
    if role == resources_pb2.ROLE_MEMBER:
        return sorted([*business, *({"users.read"} & set(declared))])
    if role == resources_pb2.ROLE_VIEWER:
        return sorted(p for p in business if p.endswith(".read"))
    return []
