"""What is told of rights: the same that calls are decided by, shown by doing both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapport.customers.v1 import contact_service_pb2
from rapport.users.v1 import (
    api_key_service_pb2,
    custom_role_service_pb2,
    directory_service_pb2,
    permission_service_pb2,
    resources_pb2,
    team_service_pb2,
    user_service_pb2,
)

from services.users.domain import permissions as rules
from tests.resources.test_groups import add, group, reason, role

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

PERMISSIONS = "/rapport.users.v1.PermissionService/"
USERS = "/rapport.users.v1.UserService/"
CONTACTS = "/rapport.customers.v1.ContactService/"
OWN, TEAM, ALL = 1, 2, 3
NOBODY = resources_pb2.ROLE_UNSPECIFIED
READ, WRITE = "contacts.read", "contacts.write"
GRANTS = st.dictionaries(st.sampled_from([READ, WRITE]), st.sampled_from([OWN, TEAM, ALL]))


@dataclass(frozen=True, slots=True)
class Company:
    """A tenant with a team and one below it, somebody whose rights change, and contacts of people here and there."""

    mesh: LocalMesh
    owner: Member
    ada: Member
    roles: tuple[str, str]
    contacts: dict[str, str]

    def give(self, *grants: dict[str, int]) -> None:
        """Let Ada's two roles, her own and her group's, grant this."""
        for of, given_now in zip(self.roles, grants, strict=True):
            changed = resources_pb2.CustomRole(id=of)
            for permission, scope in given_now.items():
                changed.grants.add(permission=permission, scope=directory_service_pb2.Scope.ValueType(scope))
            request = custom_role_service_pb2.UpdateCustomRoleRequest(custom_role=changed)
            request.update_mask.paths.append("grants")
            path = "/rapport.users.v1.CustomRoleService/UpdateCustomRole"
            self.mesh.call(path, request, token=self.owner.token)
        self.mesh.deliver()

    def may(self, permission: str, of: str = "") -> bool:
        request = permission_service_pb2.CheckPermissionRequest(permission=permission, owner_id=of)
        return bool(self.mesh.call(f"{PERMISSIONS}CheckPermission", request, token=self.ada.token).allowed)

    def explain(self, permission: str, of: str = "", principal: str = "") -> Any:
        request = permission_service_pb2.ExplainPermissionRequest(
            principal_id=principal or self.ada.id, permission=permission, owner_id=of
        )
        return self.mesh.call(f"{PERMISSIONS}ExplainPermission", request, token=self.owner.token)

    def does(self, method: str, request: Any) -> bool:
        try:
            self.mesh.call(f"{CONTACTS}{method}", request, token=self.ada.token)
        except grpc.RpcError as error:
            if error.code() not in (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.PERMISSION_DENIED):
                raise
            return False
        return True


def company(mesh: LocalMesh, slug: str) -> Company:
    owner = mesh.sign_up(slug)
    people = [mesh.member(owner, NOBODY) for _ in range(4)]
    ada = people[0]
    above = _team(mesh, owner, "")
    for person, team in zip(people, (above, above, _team(mesh, owner, above), _team(mesh, owner, "")), strict=True):
        user = resources_pb2.User(id=person.id, team_id=team)
        mesh.call(f"{USERS}UpdateUser", user_service_pb2.UpdateUserRequest(user=user), token=owner.token)
    roles = (role(mesh, owner), role(mesh, owner))
    add(mesh, owner, group(mesh, owner, roles[1]), ada.id)
    user = resources_pb2.User(id=ada.id, role_ids=[roles[0]])
    mesh.call(f"{USERS}UpdateUser", user_service_pb2.UpdateUserRequest(user=user), token=owner.token)
    mesh.deliver()
    contacts = {}
    for person in [owner, *people]:
        request = contact_service_pb2.CreateContactRequest(contact={"family_name": "Of", "owner_id": person.id})
        contacts[person.id] = mesh.call(f"{CONTACTS}CreateContact", request, token=owner.token).id
    return Company(mesh, owner, ada, roles, contacts)


def _team(mesh: LocalMesh, owner: Member, above: str) -> str:
    request = team_service_pb2.CreateTeamRequest(team={"display_name": "team", "parent_id": above})
    return str(mesh.call("/rapport.users.v1.TeamService/CreateTeam", request, token=owner.token).id)


@pytest.fixture(scope="module")
def acme(mesh: LocalMesh) -> Company:
    return company(mesh, "rights-acme")


def check_same(acme: Company, own: dict[str, int], of_group: dict[str, int]) -> None:
    """Whatever Ada is granted, she may do just what she is told that she may."""
    acme.give(own, of_group)
    listed = acme.does("ListContacts", contact_service_pb2.ListContactsRequest())
    assert acme.may(READ) == listed
    for owner, contact in acme.contacts.items():
        reads = acme.may(READ, owner)
        assert reads == acme.does("GetContact", contact_service_pb2.GetContactRequest(id=contact))
        changed = contact_service_pb2.UpdateContactRequest(contact={"id": contact, "job_title": "told"})
        writes = acme.may(WRITE, owner)
        assert (writes and reads) == acme.does("UpdateContact", changed)
        explained = acme.explain(WRITE, owner)
        assert explained.allowed == writes
        assert explained.scope == max([0, *(source.scope for source in explained.sources)])
        assert bool(explained.missing) == (not writes)


@settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(own=GRANTS, of_group=GRANTS)
def test_what_is_told_of_rights_is_what_calls_are_decided_by(
    acme: Company, own: dict[str, int], of_group: dict[str, int]
) -> None:
    check_same(acme, own, of_group)


def test_what_is_missing_is_what_helps(acme: Company) -> None:
    """Who is given what an explanation names may do it then, and with the next narrower scope may not."""
    for owner in acme.contacts:
        acme.give({}, {})
        (lack,) = acme.explain(READ, owner).missing
        assert (lack.principal_id, lack.grant.permission) == (acme.ada.id, READ)
        acme.give({READ: lack.grant.scope}, {})
        assert acme.may(READ, owner)
        if lack.grant.scope > OWN:
            acme.give({READ: lack.grant.scope - 1}, {})
            assert not acme.may(READ, owner)


def test_an_explanation_that_decided_by_itself_would_be_noticed(acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "reaches", lambda scope, me, teams, *, owner, owner_team: True)
    with pytest.raises(AssertionError):
        check_same(acme, {READ: OWN, WRITE: OWN}, {})


def test_the_chain_names_roles_groups_and_who_could_help(acme: Company) -> None:
    acme.give({READ: OWN}, {READ: TEAM})
    explained = acme.explain(READ)
    by_group, own = explained.sources
    assert (by_group.scope, by_group.custom_role_id, by_group.display_name) == (TEAM, acme.roles[1], "crew")
    assert by_group.group_id
    assert (own.scope, own.custom_role_id, own.group_id, own.display_name) == (OWN, acme.roles[0], "", "role")
    assert (explained.allowed, explained.scope, list(explained.giver_ids)) == (True, TEAM, [])

    lacking = acme.explain("users.write")
    assert [(m.principal_id, m.grant.permission, m.grant.scope) for m in lacking.missing] == [
        (acme.ada.id, "users.write", ALL)
    ]
    assert {source.role for source in lacking.remedies} == {resources_pb2.ROLE_OWNER}
    assert list(lacking.giver_ids) == [acme.owner.id]


def test_of_a_key_both_halves_are_told(acme: Company) -> None:
    key = resources_pb2.ApiKey(display_name="sync", grants=[directory_service_pb2.Grant(permission=READ, scope=OWN)])
    request = api_key_service_pb2.CreateApiKeyRequest(api_key=key)
    made = acme.mesh.call("/rapport.users.v1.ApiKeyService/CreateApiKey", request, token=acme.owner.token)
    keyed = made.api_key.id
    explained = acme.explain(READ, principal=keyed)
    assert (explained.allowed, explained.scope) == (True, OWN)
    assert {(source.role, source.api_key_id) for source in explained.sources} == {
        (resources_pb2.ROLE_OWNER, ""),
        (NOBODY, keyed),
    }
    assert [lack.principal_id for lack in acme.explain(WRITE, principal=keyed).missing] == [keyed]


def test_who_may_not_work_is_told_so_and_no_grant_is_missed(acme: Company) -> None:
    gone = acme.mesh.member(acme.owner, resources_pb2.ROLE_MEMBER)
    end = user_service_pb2.DeactivateUserRequest(id=gone.id)
    acme.mesh.call(f"{USERS}DeactivateUser", end, token=acme.owner.token)
    explained = acme.explain(READ, principal=gone.id)
    assert (explained.allowed, explained.active, list(explained.missing)) == (False, False, [])


def test_explaining_others_needs_a_permission_and_a_question_that_makes_sense(acme: Company) -> None:
    request = permission_service_pb2.ExplainPermissionRequest(principal_id=acme.owner.id, permission=READ)
    asked = lambda: acme.mesh.call(f"{PERMISSIONS}ExplainPermission", request, token=acme.ada.token)  # noqa: E731
    assert reason(asked) == "PERMISSION_DENIED"
    assert reason(lambda: acme.may("contacts.dream")) == "PERMISSION_UNKNOWN"
    stranger = acme.mesh.sign_up(f"rights-{acme.owner.id[-6:].lower()}")
    assert reason(lambda: acme.may(READ, stranger.id)) == "INVALID_ARGUMENT"
    assert reason(lambda: acme.explain(READ, principal=stranger.id)) == "NOT_FOUND"


def test_several_questions_are_answered_in_their_order(acme: Company) -> None:
    acme.give({READ: OWN}, {})
    asked = [
        {"permission": READ},
        {"permission": WRITE},
        {"permission": READ, "owner_id": acme.owner.id},
        {"permission": READ, "owner_id": acme.ada.id},
    ]
    request = permission_service_pb2.BatchCheckPermissionsRequest(checks=asked)
    reply = acme.mesh.call(f"{PERMISSIONS}BatchCheckPermissions", request, token=acme.ada.token)
    assert [(each.allowed, each.scope) for each in reply.results] == [
        (True, OWN),
        (False, 0),
        (False, OWN),
        (True, OWN),
    ]
    request.checks[2].permission = "contacts.dream"
    with pytest.raises(grpc.RpcError):
        acme.mesh.call(f"{PERMISSIONS}BatchCheckPermissions", request, token=acme.ada.token)
