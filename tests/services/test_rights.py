"""What roles grant: the union with the widest scope, never more than the granter holds, and an owner always stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapport.users.v1 import directory_service_pb2, resources_pb2

from mesh.contract.failure import Failure
from services.users.domain import users
from services.users.domain.roles import RoleFacts, all_grants, check_held, decide_role, union
from services.users.domain.users import UserFacts, decide_user

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN, TEAM, ALL = 1, 2, 3
DECLARED = {"contacts.read": True, "contacts.write": True, "users.read": False, "users.write": False}
GRANTS = st.dictionaries(st.sampled_from(sorted(DECLARED)), st.sampled_from([OWN, TEAM, ALL]))


def role(grants: Mapping[str, int]) -> resources_pb2.CustomRole:
    scope = directory_service_pb2.Scope.ValueType
    return resources_pb2.CustomRole(
        id="rol_a", grants=[directory_service_pb2.Grant(permission=p, scope=scope(s)) for p, s in grants.items()]
    )


@given(st.lists(GRANTS, max_size=5), st.integers(0, 3))
def test_the_widest_scope_of_any_role_wins(parts: list[dict[str, int]], built_in: int) -> None:
    together = all_grants(built_in, parts, DECLARED)
    alone = all_grants(built_in, [], DECLARED)
    for permission in DECLARED:
        widest = max([alone.get(permission, 0), *(part.get(permission, 0) for part in parts)])
        assert together.get(permission, 0) == widest


def test_a_permission_that_no_method_asks_for_is_nobodys() -> None:
    assert "dreams.read" not in all_grants(resources_pb2.ROLE_VIEWER, [{"dreams.read": ALL}], DECLARED)


@given(GRANTS, GRANTS)
def test_nobody_grants_more_than_they_hold(granted: dict[str, int], held: dict[str, int]) -> None:
    if union([granted, held]) == held:
        check_held(granted, held, "grants")
        return
    with pytest.raises(Failure, match="GRANT_EXCEEDS_OWN"):
        check_held(granted, held, "grants")


@pytest.mark.parametrize(
    ("grants", "field"),
    [
        ({"dreams.read": ALL}, "grants[0].permission"),
        ({"contacts.read": 0}, "grants[0].scope"),
        ({"users.read": OWN}, "grants[0].scope"),
    ],
)
def test_a_role_grants_what_there_is(grants: dict[str, int], field: str) -> None:
    with pytest.raises(Failure, match="PERMISSION_UNKNOWN") as refused:
        decide_role(None, role(grants), RoleFacts(DECLARED, dict.fromkeys(DECLARED, ALL)))
    assert set(refused.value.fields) == {field}


def test_what_a_role_has_already_is_not_asked_about_again() -> None:
    before, after = role({"contacts.read": ALL}), role({"contacts.read": ALL})
    after.display_name = "Readers"

    assert decide_role(before, after, RoleFacts(DECLARED, {})) == after


def user(**fields: object) -> resources_pb2.User:
    return resources_pb2.User(id="usr_a", **{"state": resources_pb2.User.STATE_ACTIVE, **fields})  # type: ignore[arg-type]  # the fields of a user


FACTS = UserFacts(
    roles={"rol_a": {"contacts.write": ALL}}, held={"contacts.read": ALL, "users.write": ALL}, declared=DECLARED
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (user(), user(role_ids=["rol_a"])),
        (user(), user(role=resources_pb2.ROLE_OWNER)),
        (
            user(role=resources_pb2.ROLE_OWNER, state=resources_pb2.User.STATE_INACTIVE),
            user(role=resources_pb2.ROLE_OWNER),
        ),
    ],
)
def test_nobody_lifts_a_user_above_themselves(before: resources_pb2.User, after: resources_pb2.User) -> None:
    with pytest.raises(Failure, match="GRANT_EXCEEDS_OWN"):
        decide_user(before, after, FACTS)


def test_a_user_who_has_more_may_be_renamed_by_one_who_has_less() -> None:
    decide_user(user(role=resources_pb2.ROLE_OWNER), user(role=resources_pb2.ROLE_OWNER, display_name="A"), FACTS)


def test_a_rule_that_forgot_rights_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users, "_check_rights", lambda before, after, facts: None)
    assert decide_user(user(), user(role=resources_pb2.ROLE_OWNER), FACTS).role == resources_pb2.ROLE_OWNER
