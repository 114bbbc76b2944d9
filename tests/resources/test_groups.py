"""Groups: their members may do what their roles grant, from the next call on and no longer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from rapport.customers.v1 import contact_service_pb2
from rapport.users.v1 import (
    api_key_service_pb2,
    custom_role_service_pb2,
    directory_service_pb2,
    group_service_pb2,
    resources_pb2,
    user_service_pb2,
)

from services.users.service.groups import GroupMethods
from tests.contract.refusals import refusal_of
from tests.resources.conftest import refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.testing.local import LocalMesh, Member

GROUPS = "/rapport.users.v1.GroupService/"
USERS = "/rapport.users.v1.UserService/"
KEYS = "/rapport.users.v1.ApiKeyService/"
CONTACTS = "/rapport.customers.v1.ContactService/"
ALL, OWN = directory_service_pb2.SCOPE_ALL, directory_service_pb2.SCOPE_OWN
NOBODY = resources_pb2.ROLE_UNSPECIFIED


def role(mesh: LocalMesh, by: Member, **grants: int) -> str:
    made = resources_pb2.CustomRole(display_name="role")
    for permission, scope in grants.items():
        made.grants.add(permission=permission.replace("__", "."), scope=directory_service_pb2.Scope.ValueType(scope))
    request = custom_role_service_pb2.CreateCustomRoleRequest(custom_role=made)
    return str(mesh.call("/rapport.users.v1.CustomRoleService/CreateCustomRole", request, token=by.token).id)


def group(mesh: LocalMesh, by: Member, *roles: str, built_in: int = NOBODY) -> str:
    made = resources_pb2.Group(display_name="crew", role_ids=roles, role=resources_pb2.Role.ValueType(built_in))
    request = group_service_pb2.CreateGroupRequest(group=made)
    return str(mesh.call(f"{GROUPS}CreateGroup", request, token=by.token).id)


def add(mesh: LocalMesh, by: Member, into: str, *users: str) -> Any:
    request = group_service_pb2.AddGroupMembersRequest(id=into, user_ids=users)
    added = mesh.call(f"{GROUPS}AddGroupMembers", request, token=by.token)
    mesh.deliver()
    return added


def remove(mesh: LocalMesh, by: Member, from_: str, *users: str) -> None:
    request = group_service_pb2.RemoveGroupMembersRequest(id=from_, user_ids=users)
    mesh.call(f"{GROUPS}RemoveGroupMembers", request, token=by.token)
    mesh.deliver()


def members(mesh: LocalMesh, by: Member, of: str) -> list[str]:
    request = group_service_pb2.ListGroupMembersRequest(id=of)
    return [each.user_id for each in mesh.call(f"{GROUPS}ListGroupMembers", request, token=by.token).members]


def groups_of(mesh: LocalMesh, by: Member, user: str) -> list[str]:
    got = mesh.call(f"{USERS}GetUser", user_service_pb2.GetUserRequest(id=user), token=by.token)
    return list(got.group_ids)


def listing(mesh: LocalMesh, by: Member | str) -> Callable[[], Any]:
    token = by if isinstance(by, str) else by.token
    return lambda: mesh.call(f"{CONTACTS}ListContacts", contact_service_pb2.ListContactsRequest(), token=token)


def reason(call: Callable[[], Any]) -> str:
    with pytest.raises(grpc.RpcError) as caught:
        call()
    return refusal_of(caught.value).reason.rpartition("/")[2]


def test_a_member_may_what_any_of_the_groups_roles_grants_and_no_longer(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("groups-grant")
    ada = mesh.member(owner, NOBODY)
    crew = group(mesh, owner, role(mesh, owner, contacts__write=ALL), built_in=resources_pb2.ROLE_VIEWER)
    assert refused(listing(mesh, ada)) is grpc.StatusCode.PERMISSION_DENIED

    add(mesh, owner, crew, ada.id, ada.id)
    add(mesh, owner, crew, ada.id)

    listing(mesh, ada)()
    create = contact_service_pb2.CreateContactRequest(contact={"family_name": "Grouped"})
    mesh.call(f"{CONTACTS}CreateContact", create, token=ada.token)
    assert members(mesh, owner, crew) == [ada.id]
    assert groups_of(mesh, owner, ada.id) == [crew]

    remove(mesh, owner, crew, ada.id)
    assert refused(listing(mesh, ada)) is grpc.StatusCode.PERMISSION_DENIED
    assert (members(mesh, owner, crew), groups_of(mesh, owner, ada.id)) == ([], [])


def test_a_change_of_the_group_reaches_its_members(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("groups-change")
    ada = mesh.member(owner, NOBODY)
    crew = group(mesh, owner)
    add(mesh, owner, crew, ada.id)
    changed = resources_pb2.Group(id=crew, role_ids=[role(mesh, owner, contacts__read=ALL)])

    mesh.call(f"{GROUPS}UpdateGroup", group_service_pb2.UpdateGroupRequest(group=changed), token=owner.token)
    mesh.deliver()
    listing(mesh, ada)()

    mesh.call(f"{GROUPS}DeleteGroup", group_service_pb2.DeleteGroupRequest(id=crew), token=owner.token)
    mesh.deliver()
    assert refused(listing(mesh, ada)) is grpc.StatusCode.PERMISSION_DENIED
    assert reason(lambda: add(mesh, owner, crew, owner.id)) == "NOT_FOUND"

    mesh.call(f"{GROUPS}UndeleteGroup", group_service_pb2.UndeleteGroupRequest(id=crew), token=owner.token)
    mesh.deliver()
    listing(mesh, ada)()


def test_a_group_that_vanishes_takes_its_members_along(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("groups-purged")
    crew = group(mesh, owner)
    add(mesh, owner, crew, owner.id)
    mesh.call(f"{GROUPS}DeleteGroup", group_service_pb2.DeleteGroupRequest(id=crew), token=owner.token)
    mesh.clock.advance(timedelta(days=31))
    mesh.deliver()
    kept = [row for row in mesh.dump("users")["group_members"] if crew in row]
    assert kept == []
    # What a user names still takes up none of their places.
    other = group(mesh, owner)
    add(mesh, owner, other, owner.id)
    assert groups_of(mesh, owner, owner.id) == [other]


def test_nobody_gives_by_a_group_what_they_do_not_hold(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("groups-exceed")
    ada, bob = mesh.member(owner, NOBODY), mesh.member(owner, NOBODY)
    manager = role(mesh, owner, groups__read=ALL, groups__write=ALL, groups__delete=ALL, users__write=ALL)
    wide = role(mesh, owner, contacts__delete=ALL)
    strong = group(mesh, owner, wide)
    managers = group(mesh, owner, manager)
    add(mesh, owner, managers, ada.id)

    assert reason(lambda: add(mesh, ada, strong, ada.id)) == "GRANT_EXCEEDS_OWN", "she lets herself in"
    assert reason(lambda: group(mesh, ada, wide)) == "GRANT_EXCEEDS_OWN"
    assert reason(lambda: group(mesh, ada, built_in=resources_pb2.ROLE_MEMBER)) == "GRANT_EXCEEDS_OWN"
    own = group(mesh, ada)
    widened = group_service_pb2.UpdateGroupRequest(group={"id": own, "role_ids": [wide]})
    assert reason(lambda: mesh.call(f"{GROUPS}UpdateGroup", widened, token=ada.token)) == "GRANT_EXCEEDS_OWN"
    mesh.call(f"{GROUPS}DeleteGroup", group_service_pb2.DeleteGroupRequest(id=strong), token=owner.token)
    back = group_service_pb2.UndeleteGroupRequest(id=strong)
    assert reason(lambda: mesh.call(f"{GROUPS}UndeleteGroup", back, token=ada.token)) == "GRANT_EXCEEDS_OWN"
    mesh.call(f"{GROUPS}UndeleteGroup", back, token=owner.token)
    # Nor does she let somebody come back who is in a group that may more than she.
    add(mesh, owner, strong, bob.id)
    end = user_service_pb2.DeactivateUserRequest(id=bob.id)
    mesh.call(f"{USERS}DeactivateUser", end, token=ada.token)
    again = user_service_pb2.ReactivateUserRequest(id=bob.id)
    assert reason(lambda: mesh.call(f"{USERS}ReactivateUser", again, token=ada.token)) == "GRANT_EXCEEDS_OWN"
    # What she holds she may give on.
    add(mesh, ada, managers, owner.id)


def test_a_key_is_bound_by_what_its_user_may_by_groups(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("groups-keys")
    ada = mesh.member(owner, NOBODY)
    crew = group(mesh, owner, role(mesh, owner, contacts__read=ALL))
    keys = role(mesh, owner, **{"api-keys__write": ALL})
    add(mesh, owner, group(mesh, owner, keys), ada.id)
    add(mesh, owner, crew, ada.id)
    key = resources_pb2.ApiKey(grants=[directory_service_pb2.Grant(permission="contacts.read", scope=ALL)])
    made = mesh.call(f"{KEYS}CreateApiKey", api_key_service_pb2.CreateApiKeyRequest(api_key=key), token=ada.token)
    exchange = mesh.service("users").exchange
    assert exchange is not None
    held = exchange(made.secret)
    assert held is not None
    listing(mesh, held)()

    remove(mesh, owner, crew, ada.id)
    assert refused(listing(mesh, held)) is grpc.StatusCode.PERMISSION_DENIED


def test_who_is_deleted_leaves_their_groups(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("groups-left")
    ada = mesh.member(owner, NOBODY)
    crew = group(mesh, owner)
    add(mesh, owner, crew, ada.id)
    mesh.call(f"{USERS}DeleteUser", user_service_pb2.DeleteUserRequest(id=ada.id), token=owner.token)
    assert members(mesh, owner, crew) == []
    assert refused(lambda: add(mesh, owner, crew, ada.id)) is grpc.StatusCode.INVALID_ARGUMENT
    mesh.call(f"{USERS}UndeleteUser", user_service_pb2.UndeleteUserRequest(id=ada.id), token=owner.token)
    assert groups_of(mesh, owner, ada.id) == []


def test_members_are_bounded_and_all_of_a_call_or_none_are_taken(
    mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.users.domain import groups as rules

    monkeypatch.setattr(rules, "MAX_MEMBERS", 2)
    owner = mesh.sign_up("groups-many")
    users = [owner.id, *(mesh.member(owner, NOBODY).id for _ in range(2))]
    crew = group(mesh, owner)
    assert reason(lambda: add(mesh, owner, crew, *users)) == "TOO_MANY_MEMBERS"
    assert members(mesh, owner, crew) == []
    add(mesh, owner, crew, *users[:2])
    assert sorted(members(mesh, owner, crew)) == sorted(users[:2])
    monkeypatch.setattr(rules, "MAX_GROUPS", 1)
    assert reason(lambda: add(mesh, owner, group(mesh, owner), owner.id)) == "TOO_MANY_GROUPS"


def test_members_come_in_pages(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("groups-pages")
    users = sorted([owner.id, *(mesh.member(owner, NOBODY).id for _ in range(4))])
    crew = group(mesh, owner)
    add(mesh, owner, crew, *users)
    request, found = group_service_pb2.ListGroupMembersRequest(id=crew, page_size=2), []
    while True:
        page = mesh.call(f"{GROUPS}ListGroupMembers", request, token=owner.token)
        found += [each.user_id for each in page.members]
        request.page_token = page.next_page_token
        if not request.page_token:
            break
    assert found == users
    stranger = mesh.sign_up("groups-stranger")
    assert reason(lambda: members(mesh, stranger, crew)) == "NOT_FOUND"


def test_a_method_that_forgot_to_ask_would_be_noticed(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GroupMethods.add_group_members.__globals__, "check_held", lambda granted, held, field: None)
    monkeypatch.setattr("services.users.domain.users.check_held", lambda granted, held, field: None)
    owner = mesh.sign_up("groups-planted")
    ada = mesh.member(owner, NOBODY)
    manager = role(mesh, owner, groups__read=ALL, groups__write=ALL)
    strong = group(mesh, owner, role(mesh, owner, contacts__delete=ALL))
    add(mesh, owner, group(mesh, owner, manager), ada.id)
    with pytest.raises(pytest.fail.Exception):
        reason(lambda: add(mesh, ada, strong, ada.id))
