"""Groups: what one may grant, who may let it, and what a user gains by being in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapport.users.v1 import resources_pb2

from mesh.contract.failure import Failure
from services.users.domain.groups import MAX_GROUPS, MAX_MEMBERS, GroupFacts, check_members, decide_group, joined
from services.users.domain.users import UserFacts, decide_user

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN, TEAM, ALL = 1, 2, 3
DECLARED = {"contacts.read": True, "contacts.write": True, "users.read": False, "users.write": False}
GRANTS = st.dictionaries(st.sampled_from(sorted(DECLARED)), st.sampled_from([OWN, TEAM, ALL]))
VIEWER, MEMBER, OWNER = resources_pb2.ROLE_VIEWER, resources_pb2.ROLE_MEMBER, resources_pb2.ROLE_OWNER


def group(*roles: str, role: int = 0, deleted: bool = False) -> resources_pb2.Group:
    made = resources_pb2.Group(id="grp_a", role_ids=roles, role=resources_pb2.Role.ValueType(role))
    if deleted:
        made.delete_time.seconds = 1
    return made


def exceeds(wanted: Mapping[str, int], held: Mapping[str, int]) -> bool:
    return any(scope > held.get(permission, 0) for permission, scope in wanted.items())


@given(first=GRANTS, second=GRANTS, held=GRANTS, deleted=st.booleans())
def test_nobody_gives_a_group_what_they_do_not_hold(
    first: dict[str, int], second: dict[str, int], held: dict[str, int], *, deleted: bool
) -> None:
    """Of a group that works what it has is not asked about again; of one that comes back, all of it is."""
    facts = GroupFacts({"rol_a": first, "rol_b": second}, held, DECLARED)
    wanted = exceeds(second, held) or (deleted and exceeds(first, held))
    if not wanted:
        decide_group(group("rol_a", deleted=deleted), group("rol_a", "rol_b"), facts)
        return
    with pytest.raises(Failure, match="GRANT_EXCEEDS_OWN") as refused:
        decide_group(group("rol_a", deleted=deleted), group("rol_a", "rol_b"), facts)
    assert set(refused.value.fields) == {"role_ids"}


def test_nobody_is_an_owner_by_a_group() -> None:
    with pytest.raises(Failure, match="INVALID_ARGUMENT"):
        decide_group(None, group(role=OWNER), GroupFacts(held=dict.fromkeys(DECLARED, ALL), declared=DECLARED))


def test_a_built_in_role_is_given_by_who_holds_all_of_it() -> None:
    may = GroupFacts(held={"contacts.read": ALL}, declared=DECLARED)
    decide_group(None, group(role=VIEWER), may)
    with pytest.raises(Failure, match="GRANT_EXCEEDS_OWN"):
        decide_group(group(role=VIEWER), group(role=MEMBER), may)


def test_a_role_that_is_none_is_refused_and_one_that_was_deleted_since_is_left_alone() -> None:
    with pytest.raises(Failure, match="INVALID_ARGUMENT"):
        decide_group(None, group("rol_x"), GroupFacts(declared=DECLARED))
    decide_group(group("rol_x"), group("rol_x"), GroupFacts(declared=DECLARED))


def user(*groups: str, state: int = resources_pb2.User.STATE_ACTIVE) -> resources_pb2.User:
    return resources_pb2.User(id="usr_a", group_ids=groups, state=resources_pb2.User.State.ValueType(state))


@given(granted=GRANTS, held=GRANTS, back=st.booleans())
def test_nobody_lifts_a_user_above_themselves_by_a_group(
    granted: dict[str, int], held: dict[str, int], *, back: bool
) -> None:
    """Neither by taking them in, nor by letting one who is in it come back."""
    facts = UserFacts(groups={"grp_a": granted}, held=held, declared=DECLARED)
    before = user("grp_a", state=resources_pb2.User.STATE_INACTIVE) if back else user()
    if not exceeds(granted, held):
        decide_user(before, user("grp_a"), facts)
        return
    with pytest.raises(Failure, match="GRANT_EXCEEDS_OWN"):
        decide_user(before, user("grp_a"), facts)


def test_groups_and_members_are_bounded() -> None:
    check_members(MAX_MEMBERS)
    with pytest.raises(Failure, match="TOO_MANY_MEMBERS"):
        check_members(MAX_MEMBERS + 1)
    names = [f"grp_{number}" for number in range(MAX_GROUPS)]
    with pytest.raises(Failure, match="TOO_MANY_GROUPS"):
        joined(names, "grp_x", names)
    # One that has vanished leaves its place.
    assert joined(names, "grp_x", names[1:]) == [*names[1:], "grp_x"]
