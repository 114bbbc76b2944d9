"""The rules of users: where they stand in the tenant, what they may do, and who takes over from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2

from mesh.contract.failure import Failure
from services.users.domain.roles import all_grants, check_held

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@dataclass(frozen=True, slots=True)
class UserFacts:
    """What a decision on a user rests on.

    teams: those of the teams named that exist. managers: the manager named, if that is a user who works, and all above.
    roles: what each of the custom roles named grants, of those that exist. held: what the caller may do. declared:
    every permission there is.
    """

    teams: Collection[str] = ()
    managers: Collection[str] = ()
    roles: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    declared: Collection[str] = ()


def works(user: resources_pb2.User) -> bool:
    """Whether a user may work."""
    return user.state == resources_pb2.User.STATE_ACTIVE and not user.HasField("delete_time")


def owns(user: resources_pb2.User) -> bool:
    """Whether a user is an owner of the tenant who may work."""
    return works(user) and user.role == resources_pb2.ROLE_OWNER


def decide_user(before: resources_pb2.User | None, after: resources_pb2.User, facts: UserFacts) -> resources_pb2.User:
    """The user as they will be kept.

    Raises:
        Failure: MANAGER_CYCLE or GRANT_EXCEEDS_OWN; INVALID_ARGUMENT for a team, a manager or a role that is none.
    """
    if after.team_id and (before is None or before.team_id != after.team_id) and after.team_id not in facts.teams:
        raise Failure("INVALID_ARGUMENT", fields={"team_id": "is no team of this tenant"})
    if after.manager_id and (before is None or before.manager_id != after.manager_id):
        if after.manager_id not in facts.managers:
            raise Failure("INVALID_ARGUMENT", fields={"manager_id": "is no user of this tenant who works"})
        if after.id in facts.managers:
            raise Failure("MANAGER_CYCLE", fields={"manager_id": "reports to this user"})
    _check_rights(before, after, facts)
    return after


def _check_rights(before: resources_pb2.User | None, after: resources_pb2.User, facts: UserFacts) -> None:
    """What a user gains, the caller must have: by a role, or by coming back."""
    had = before if before is not None and works(before) else resources_pb2.User()
    # Named again is not given again, also where such a role has been deleted since.
    named = set(after.role_ids) - set(before.role_ids if before is not None else ())
    if named - set(facts.roles):
        raise Failure("INVALID_ARGUMENT", fields={"role_ids": "names a role that this tenant does not have"})
    gained = [facts.roles[role] for role in sorted(set(after.role_ids) - set(had.role_ids)) if role in facts.roles]
    if works(after):
        built_in = after.role if after.role != had.role else resources_pb2.ROLE_UNSPECIFIED
        check_held(all_grants(built_in, gained, facts.declared), facts.held, "role_ids" if gained else "role")
