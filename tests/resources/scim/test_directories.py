"""Users and groups as Entra ID and Okta keep them, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
import pytest
from rapport.users.v1 import (
    group_service_pb2,
    resources_pb2,
)

from tests.contract.refusals import refusal_of
from tests.resources.scim.directory import ENTERPRISE, PATCH, directory, logs_in, stored

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh


@pytest.mark.shows("people.scim-entra")
def test_entra_provisions_a_user_changes_and_disables_them(mesh: LocalMesh) -> None:
    owner, entra = directory(mesh, "scim-entra")
    assert entra.found('userName eq "Ada@Corp.onmicrosoft.com"') == []
    made = entra.ask(
        "CreateScimUser",
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
            "externalId": "ada",
            "userName": "Ada@Corp.onmicrosoft.com",
            "active": True,
            "displayName": "Ada Lovelace",
            "emails": [
                {"type": "home", "value": "ada@home.example"},
                {"primary": True, "type": "work", "value": "Ada@corp.example"},
            ],
            "meta": {"resourceType": "User"},
            "name": {"formatted": "Ada Lovelace", "familyName": "Lovelace", "givenName": "Ada"},
            "title": "Countess",
            ENTERPRISE: {"department": "Engines"},
        },
    )
    assert made["emails"] == [{"value": "ada@corp.example", "type": "work"}]
    assert entra.found('userName eq "ADA@corp.onmicrosoft.com"') == [made["id"]]
    assert entra.found('externalId eq "ada"') == [made["id"]]

    entra.patch(
        made,
        {"op": "Replace", "path": "displayName", "value": "Ada King"},
        {"op": "Add", "path": 'emails[type eq "work"].value', "value": "king@corp.example"},
        {"op": "Add", "path": "title", "value": "Dr"},
        {"op": "Add", "path": f"{ENTERPRISE}:department", "value": "Numbers"},
    )
    patched = entra.patch(made, {"op": "replace", "value": {"name.familyName": "King", "active": "False"}})
    assert patched["active"] is False
    kept = stored(mesh, owner, made["id"])
    assert (kept.email, kept.display_name, kept.family_name) == ("king@corp.example", "Ada King", "King")
    assert kept.state == resources_pb2.User.STATE_SUSPENDED
    assert entra.patch(made, {"op": "Replace", "path": "active", "value": "True"})["active"] is True


@pytest.mark.shows("people.scim-okta")
def test_okta_replaces_and_deactivates_and_pushes_groups(mesh: LocalMesh) -> None:
    owner, okta = directory(mesh, "scim-okta")
    clerk = mesh.member(owner, resources_pb2.ROLE_MEMBER)
    (found,) = okta.ask("ListScimUsers", filter=f'userName eq "{clerk.email}"', start_index=1, count=100)["Resources"]
    replaced = {**found, "externalId": "00u1", "name": {"givenName": "Cle", "familyName": "Rk"}}
    del replaced["roles"]
    again = okta.ask("ReplaceScimUser", replaced, id=found["id"])
    assert (again["externalId"], again["roles"]) == ("00u1", [{"value": "member"}]), "roles are kept"

    assert logs_in(mesh, clerk)
    okta.patch(found, {"op": "replace", "value": {"active": False}})
    mesh.deliver()
    assert not logs_in(mesh, clerk), "who is suspended does not sign in"
    assert okta.patch(found, {"op": "replace", "value": {"active": True}})["active"]

    team = okta.ask("CreateScimGroup", {"displayName": "Sales", "externalId": "g", "members": [{"value": clerk.id}]})
    assert [each["value"] for each in team["members"]] == [clerk.id]
    assert okta.ask("GetScimUser", id=clerk.id)["groups"][0]["display"] == "Sales"
    assert okta.found('displayName eq "SALES"', "Groups", excluded_attributes="members") == [team["id"]]
    assert okta.found(f'members[value eq "{clerk.id}"] and id eq "{team["id"]}"', "Groups") == [team["id"]]
    both = okta.patch(team, {"op": "Add", "path": "members", "value": [{"value": owner.id}]})
    assert len(both["members"]) == 2
    one = okta.patch(team, {"op": "Remove", "path": "members", "value": [{"value": owner.id}]})
    assert [each["value"] for each in one["members"]] == [clerk.id]
    assert "members" not in okta.patch(team, {"op": "remove", "path": f'members[value eq "{clerk.id}"]'})
    refilled = okta.patch(team, {"op": "replace", "path": "members", "value": [{"value": owner.id}]})
    assert [each["value"] for each in refilled["members"]] == [owner.id]
    listed = mesh.call(
        "/rapport.users.v1.GroupService/ListGroupMembers",
        group_service_pb2.ListGroupMembersRequest(id=team["id"]),
        token=owner.token,
    )
    assert [each.user_id for each in listed.members] == [owner.id]


def test_who_is_deleted_and_created_again_is_the_same_user_without_what_they_had(mesh: LocalMesh) -> None:
    owner, source = directory(mesh, "scim-again")
    clerk = mesh.member(owner, resources_pb2.ROLE_MEMBER)
    source.patch(source.ask("GetScimUser", id=clerk.id), {"op": "add", "path": "externalId", "value": "x"})
    source.ask("DeleteScimUser", id=clerk.id)
    assert source.fails("GetScimUser", id=clerk.id)[0] == "NOT_FOUND"
    assert source.fails("DeleteScimUser", id=clerk.id)[0] == "NOT_FOUND"
    assert source.found(f'id eq "{clerk.id}"') == []
    assert stored(mesh, owner, clerk.id).HasField("delete_time"), "it can be brought back"
    other = source.user("other@again.example", externalId="x")
    assert other["externalId"] == "x", "what a deleted user was known by is free"

    back = source.user(clerk.email, externalId="y")
    assert back["id"] == clerk.id
    assert "roles" not in back
    mesh.deliver()
    kept = stored(mesh, owner, clerk.id)
    assert not kept.HasField("delete_time")
    assert kept.role == resources_pb2.ROLE_UNSPECIFIED


def test_a_version_guards_what_is_changed(mesh: LocalMesh) -> None:
    owner, source = directory(mesh, "scim-versions")
    made = source.user("v@versions.example")
    team = source.ask("CreateScimGroup", {"displayName": "G"})
    joined = source.patch(team, {"op": "add", "path": "members", "value": [{"value": owner.id}]})
    assert joined["meta"]["version"] != team["meta"]["version"], "who is in a group is part of it"
    renamed = source.patch(made, {"op": "replace", "path": "displayName", "value": "V"})
    for kind, old, new in (("User", made, renamed), ("Group", team, joined)):
        operations = [{"op": "replace", "path": "displayName", "value": "W"}]
        body = {"schemas": [PATCH], "Operations": operations}
        stale = (("if-match", old["meta"]["version"]),)
        for name, sent in ((f"PatchScim{kind}", body), (f"DeleteScim{kind}", None)):
            with pytest.raises(grpc.RpcError) as caught:
                source.ask(name, sent, headers=stale, id=old["id"])
            assert refusal_of(caught.value).reason.endswith("/ETAG_MISMATCH")
        fresh = (("if-match", f'"x", {new["meta"]["version"]}'),)
        again = source.ask(f"PatchScim{kind}", body, headers=fresh, id=old["id"])
        assert again["displayName"] == "W"
        known = (("if-none-match", again["meta"]["version"]),)
        assert source.ask(f"GetScim{kind}", headers=known, id=old["id"]) is None
        source.ask(f"DeleteScim{kind}", headers=(("if-match", "*"),), id=old["id"])
