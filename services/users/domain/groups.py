"""The rules of groups: what they may grant, and how many users are in one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2

from mesh.contract.failure import Failure
from services.users.domain.roles import all_grants, check_held

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

MAX_MEMBERS = 1_000
# A user's groups are looked up with every directory entry of theirs: their number must stay small.
MAX_GROUPS = 50


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What a decision on a group rests on.

    roles: what each of the custom roles named grants, of those that exist. held: what the caller may do. declared:
    every permission there is.
    """

    roles: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    declared: Collection[str] = ()


def decide_group(
    before: resources_pb2.Group | None, after: resources_pb2.Group, facts: GroupFacts
) -> resources_pb2.Group:
    """The group as it will be kept. What its members gain, the caller must have, also where it has none yet.

    Raises:
        Failure: GRANT_EXCEEDS_OWN; INVALID_ARGUMENT for a role that is none, and for that of owners, who must be known
            by their own.
    """
    had = before if before is not None and not before.HasField("delete_time") else resources_pb2.Group()
    if after.role == resources_pb2.ROLE_OWNER:
        raise Failure("INVALID_ARGUMENT", fields={"role": "makes owners, which a group cannot"})
    named = set(after.role_ids) - set(before.role_ids if before is not None else ())
    if named - set(facts.roles):
        raise Failure("INVALID_ARGUMENT", fields={"role_ids": "names a role that this tenant does not have"})
    gained = [facts.roles[role] for role in sorted(set(after.role_ids) - set(had.role_ids)) if role in facts.roles]
    built_in = after.role if after.role != had.role else resources_pb2.ROLE_UNSPECIFIED
    check_held(all_grants(built_in, gained, facts.declared), facts.held, "role_ids" if gained else "role")
    return after


def check_members(count: int) -> None:
    """Refuse more members than a group may have.

    Raises:
        Failure: TOO_MANY_MEMBERS.
    """
    if count > MAX_MEMBERS:
        raise Failure("TOO_MANY_MEMBERS", metadata={"limit": str(MAX_MEMBERS)})


def joined(groups: Sequence[str], group: str, there: Iterable[str]) -> list[str]:
    """A user's groups and one more, without those that have vanished since; `there`: those that have not.

    Raises:
        Failure: TOO_MANY_GROUPS.
    """
    left = [each for each in groups if each in set(there)]
    if len(left) >= MAX_GROUPS:
        raise Failure("TOO_MANY_GROUPS", metadata={"limit": str(MAX_GROUPS)})
    return [*left, group]
