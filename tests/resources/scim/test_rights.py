"""What a directory may not do: the rules are those of users and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rapport.users.v1 import (
    directory_service_pb2,
    group_service_pb2,
    resources_pb2,
    security_policy_service_pb2,
    user_service_pb2,
)

from tests.resources.scim.directory import PATCH, Directory, directory
from tests.resources.test_groups import role
from tests.resources.test_service_accounts import key, program, token

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh


def test_names_addresses_and_keys_are_each_ones_own(mesh: LocalMesh) -> None:
    owner, source = directory(mesh, "scim-unique")
    source.user("a@unique.example", externalId="1", emails=[{"value": "b@unique.example"}])
    for name, more in (
        ("a@unique.example", {"emails": [{"value": "c@unique.example"}]}),
        ("d@unique.example", {"emails": [{"value": "b@unique.example"}]}),
        ("d@unique.example", {"externalId": "1"}),
        (owner.email, {"emails": [{"value": "e@unique.example"}]}),
        (owner.email, {}),
    ):
        assert source.fails("CreateScimUser", {"userName": name, **more})[0] == "ALREADY_EXISTS", (name, more)
    source.ask("CreateScimGroup", {"displayName": "G", "externalId": "1"})
    assert source.fails("CreateScimGroup", {"displayName": "H", "externalId": "1"})[0] == "ALREADY_EXISTS"
    stranger = directory(mesh, "scim-unique-2")[1]
    stranger.user("a@unique.example", externalId="1")


@pytest.mark.shows("people.scim-rights")
def test_a_directory_gives_nobody_more_than_its_key_may(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("scim-rights")
    account = program(mesh, mesh.member(owner, resources_pb2.ROLE_OWNER), role=resources_pb2.ROLE_MEMBER)
    whole = Directory(mesh, owner.token)
    users = [f"{each}.{verb}" for each in ("users", "groups") for verb in ("read", "write", "delete")]
    made = role(mesh, owner, **{each.replace(".", "__"): directory_service_pb2.SCOPE_ALL for each in users})
    update = user_service_pb2.UpdateUserRequest(user={"id": account.id, "role_ids": [made]})
    mesh.call("/rapport.users.v1.UserService/UpdateUser", update, token=owner.token)
    mesh.deliver()
    narrow = Directory(mesh, token(mesh, key(mesh, owner, account.id, *users).secret))

    plain = narrow.user("plain@rights.example")
    assert narrow.patch(plain, {"op": "replace", "path": "displayName", "value": "P"})["displayName"] == "P"
    for name in ("member", "owner"):
        sent = {"userName": f"{name}@rights.example", "roles": [{"value": name}]}
        assert narrow.fails("CreateScimUser", sent)[0] == "GRANT_EXCEEDS_OWN"
    strong = whole.ask("CreateScimGroup", {"displayName": "Strong"})
    lift = group_service_pb2.UpdateGroupRequest(group={"id": strong["id"], "role": resources_pb2.ROLE_MEMBER})
    mesh.call("/rapport.users.v1.GroupService/UpdateGroup", lift, token=owner.token)
    join = {"schemas": [PATCH], "Operations": [{"op": "add", "path": "members", "value": [{"value": plain["id"]}]}]}
    assert narrow.fails("PatchScimGroup", join, id=strong["id"])[0] == "GRANT_EXCEEDS_OWN"
    # Who reads an owner's mail becomes the owner.
    move = {"op": "replace", "path": "emails", "value": [{"value": "e@vil.test"}]}
    moved = {"schemas": [PATCH], "Operations": [move]}
    assert narrow.fails("PatchScimUser", moved, id=owner.id)[0] == "GRANT_EXCEEDS_OWN"
    assert narrow.fails("PatchScimUser", moved, id=account.id)[0] == "NOT_FOUND", "programs are none of its business"
    assert whole.patch(plain, {"op": "add", "path": "roles", "value": [{"value": "member"}]})["roles"]

    off = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "active", "value": False}]}
    boss = mesh.sign_up("scim-last-owner")
    assert Directory(mesh, boss.token).fails("PatchScimUser", off, id=boss.id)[0] == "LAST_OWNER"
    assert Directory(mesh, boss.token).fails("DeleteScimUser", id=boss.id)[0] == "LAST_OWNER"
    assert Directory(mesh, boss.token).fails("PatchScimUser", off, id=owner.id)[0] == "NOT_FOUND"


def test_addresses_are_of_the_domains_that_the_tenant_has(mesh: LocalMesh) -> None:
    owner, source = directory(mesh, "scim-domains")
    made = source.user("in@domains.example")
    policy = security_policy_service_pb2.SecurityPolicy(invitation_domains=["domains.example"])
    request = security_policy_service_pb2.UpdateSecurityPolicyRequest(security_policy=policy)
    mesh.call("/rapport.users.v1.SecurityPolicyService/UpdateSecurityPolicy", request, token=owner.token)
    assert source.fails("CreateScimUser", {"userName": "a@else.example"})[0] == "EMAIL_DOMAIN_REFUSED"
    sent = {"userName": "in@else.example", "emails": [{"value": "in@else.example"}]}
    assert source.fails("ReplaceScimUser", sent, id=made["id"])[0] == "EMAIL_DOMAIN_REFUSED"
