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
    roles and groups: what each of the custom roles and groups named grants, of those that exist. held: what the caller
    may do. declared: every permission there is.
    """

    teams: Collection[str] = ()
    managers: Collection[str] = ()
    roles: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    declared: Collection[str] = ()


def works(user: resources_pb2.User) -> bool:
    """Whether a user may work."""
    return user.state == resources_pb2.User.STATE_ACTIVE and not user.HasField("delete_time")


def is_program(user: resources_pb2.User) -> bool:
    """Whether a user is a service account."""
    return user.kind == resources_pb2.User.KIND_PROGRAM


def is_person(user: resources_pb2.User) -> bool:
    """Whether a user is somebody who signs in."""
    return not is_program(user)


def signs_in(user: resources_pb2.User) -> bool:
    """Whether a user may sign in."""
    return works(user) and is_person(user)


def owns(user: resources_pb2.User) -> bool:
    """Whether a user is an owner of the tenant who may work."""
    return works(user) and user.role == resources_pb2.ROLE_OWNER


def check_ownership(user_id: str, caller_id: str, *, others: bool) -> None:
    """Whether a user who is an owner may cease to be one; `others`: whether there are owners besides.

    Raises:
        Failure: LAST_OWNER; SELF_DEMOTION for the caller's own, which somebody else has to agree to.
    """
    if not others:
        raise Failure("LAST_OWNER")
    if user_id == caller_id:
        raise Failure("SELF_DEMOTION")


def decide_user(before: resources_pb2.User | None, after: resources_pb2.User, facts: UserFacts) -> resources_pb2.User:
    """The user as they will be kept.

    Raises:
        Failure: MANAGER_CYCLE or GRANT_EXCEEDS_OWN; INVALID_ARGUMENT for a team, a manager or a role that is none, and
            for a service account that would be an owner.
    """
    if after.team_id and (before is None or before.team_id != after.team_id) and after.team_id not in facts.teams:
        raise Failure("INVALID_ARGUMENT", fields={"team_id": "is no team of this tenant"})
    if after.manager_id and (before is None or before.manager_id != after.manager_id):
        if after.manager_id not in facts.managers:
            raise Failure("INVALID_ARGUMENT", fields={"manager_id": "is no user of this tenant who works"})
        if after.id in facts.managers:
            raise Failure("MANAGER_CYCLE", fields={"manager_id": "reports to this user"})
    if is_program(after) and after.role == resources_pb2.ROLE_OWNER:
        raise Failure("INVALID_ARGUMENT", fields={"role": "makes an owner, which a program cannot be"})
    _check_rights(before, after, facts)
    return after


def _check_rights(before: resources_pb2.User | None, after: resources_pb2.User, facts: UserFacts) -> None:
    """What a user gains, the caller must have: by a role, by a group, or by coming back."""
    had = before if before is not None and works(before) else resources_pb2.User()
    # Named again is not given again, also where such a role has been deleted since.
    named = set(after.role_ids) - set(before.role_ids if before is not None else ())
    if named - set(facts.roles):
        raise Failure("INVALID_ARGUMENT", fields={"role_ids": "names a role that this tenant does not have"})
    roles = [facts.roles[role] for role in sorted(set(after.role_ids) - set(had.role_ids)) if role in facts.roles]
    groups = [facts.groups[each] for each in sorted(set(after.group_ids) - set(had.group_ids)) if each in facts.groups]
    if works(after):
        built_in = after.role if after.role != had.role else resources_pb2.ROLE_UNSPECIFIED
        field_at_fault = "role_ids" if roles else "group_ids" if groups else "role"
        check_held(all_grants(built_in, [*roles, *groups], facts.declared), facts.held, field_at_fault)
