"""Saved views on both engines: looked at when they are saved, seen by whom they are shared with, changed by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from rapport.users.v1 import resources_pb2 as users_pb2
from rapport.users.v1 import team_service_pb2, user_service_pb2

from mesh.resource import scopes
from tests.resources.customers_calls import call, outcome, tenant

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

SHARED = "SHARING_"


def saved(mesh: LocalMesh, member: Member, **fields: Any) -> Any:
    return call(
        mesh, member, "CreateSavedView", savedView={"displayName": "View", "resource": "LISTED_CONTACTS", **fields}
    )


def seen(mesh: LocalMesh, member: Member) -> set[str]:
    return {each.display_name for each in call(mesh, member, "ListSavedViews").saved_views}


def in_team(mesh: LocalMesh, owner: Member, team: str) -> Member:
    member = mesh.member(owner, users_pb2.ROLE_MEMBER)
    change = user_service_pb2.UpdateUserRequest(user=users_pb2.User(id=member.id, team_id=team))
    mesh.call("/rapport.users.v1.UserService/UpdateUser", change, token=owner.token)
    return member


def check_sharing(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "views")
    teams = []
    for name in ("North", "South"):
        request = team_service_pb2.CreateTeamRequest(team=users_pb2.Team(display_name=name))
        teams.append(mesh.call("/rapport.users.v1.TeamService/CreateTeam", request, token=owner.token).id)
    ann, ben, cem = (in_team(mesh, owner, team) for team in (teams[0], teams[0], teams[1]))
    mesh.deliver()
    views = {
        name: saved(mesh, ann, displayName=name, sharing=f"{SHARED}{name}") for name in ("PRIVATE", "TEAM", "TENANT")
    }
    assert seen(mesh, ann) == {"PRIVATE", "TEAM", "TENANT"}
    assert seen(mesh, ben) == {"TEAM", "TENANT"}
    assert seen(mesh, cem) == seen(mesh, owner) == {"TENANT"}, "not even who may do everything sees what is private"
    assert outcome(mesh, owner, "GetSavedView", id=views["PRIVATE"].id) == "NOT_FOUND"
    for name, due in (("TENANT", "PERMISSION_DENIED"), ("PRIVATE", "NOT_FOUND")):
        change = {"id": views[name].id, "displayName": "Mine"}
        assert outcome(mesh, ben, "UpdateSavedView", savedView=change) == due
    assert outcome(mesh, ben, "DeleteSavedView", id=views["TEAM"].id) == "PERMISSION_DENIED"
    assert outcome(mesh, ann, "DeleteSavedView", id=views["TEAM"].id) == "OK"


def test_a_view_is_seen_by_whom_it_is_shared_with_and_changed_by_its_owner(mesh: LocalMesh) -> None:
    check_sharing(mesh)


def test_a_private_view_that_others_see_is_noticed(mesh: LocalMesh) -> None:
    """The fault that the test above is there for."""
    everything = mock.patch.object(scopes.Scopes, "visible", return_value=scopes.EVERYTHING)
    with everything, pytest.raises(AssertionError):
        check_sharing(mesh)


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"filter": 'family_name = "Lee" AND tag_ids:"tag_x"', "orderBy": "family_name desc"}, "OK"),
        ({"filter": "nobody = 1"}, "INVALID_ARGUMENT"),
        ({"filter": 'custom.missing = "x"'}, "INVALID_ARGUMENT"),
        ({"orderBy": "job_title"}, "INVALID_ARGUMENT"),
        ({"columns": ["display_name", "owner_name"]}, "OK"),
        ({"columns": ["nobody"]}, "INVALID_ARGUMENT"),
        ({"columns": ["display_name", "display_name"]}, "INVALID_ARGUMENT"),
        ({"displayName": " "}, "VIEW_UNNAMED"),
        ({"resource": "LISTED_COMPANIES", "filter": 'primary_domain = "x.example"'}, "OK"),
        ({"resource": "LISTED_CONTACTS", "filter": 'primary_domain = "x.example"'}, "INVALID_ARGUMENT"),
    ],
)
def test_a_view_is_looked_at_when_it_is_saved(mesh: LocalMesh, fields: dict[str, Any], due: str) -> None:
    member = tenant(mesh, "views")
    made = {"displayName": "View", "resource": "LISTED_CONTACTS", **fields}
    assert outcome(mesh, member, "CreateSavedView", savedView=made) == due
    view = saved(mesh, member, resource=made["resource"])
    change = {"id": view.id, **{name: value for name, value in fields.items() if name != "resource"}}
    assert outcome(mesh, member, "UpdateSavedView", savedView=change) == due
