"""Teams stay a tree, whoever moves them at the same time; on each engine."""

from __future__ import annotations

import importlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
from rapport.users.v1 import resources_pb2, team_service_pb2

from mesh.resource import standard
from services.users.domain.teams import MAX_DEPTH
from services.users.service.teams import read_parents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.testing.local import LocalMesh, Member

TEAMS = "/rapport.users.v1.TeamService/"
_PAIRS = 6
_SECONDS = 5.0


def team(mesh: LocalMesh, member: Member, name: str, parent: str = "") -> str:
    request = team_service_pb2.CreateTeamRequest(team=resources_pb2.Team(display_name=name, parent_id=parent))
    return str(mesh.call(f"{TEAMS}CreateTeam", request, token=member.token).id)


def outcome(mesh: LocalMesh, member: Member, name: str, request: Any) -> str:
    try:
        mesh.call(f"{TEAMS}{name}", request, token=member.token)
    except grpc.RpcError as error:
        return str(error.code().name)  # type: ignore[attr-defined]  # grpc is untyped
    return "OK"


def placed(team_id: str, parent: str) -> tuple[str, Any]:
    change = resources_pb2.Team(id=team_id, parent_id=parent)
    return "UpdateTeam", team_service_pb2.UpdateTeamRequest(team=change)


def at_once(mesh: LocalMesh, member: Member, *asked: tuple[str, Any]) -> Sequence[str]:
    """How requests end that all have looked at the teams before the first one writes."""
    both = threading.Barrier(len(asked))
    gather = standard.gather

    def together(*arguments: Any) -> Any:
        found = gather(*arguments)
        both.wait(_SECONDS)
        return found

    with mock.patch.object(standard, "gather", together), ThreadPoolExecutor(len(asked)) as pool:
        return sorted(pool.map(lambda each: outcome(mesh, member, *each), asked))


def rings(mesh: LocalMesh, member: Member) -> list[str]:
    """The teams from which no way leads to the top."""
    parents = read_parents(mesh.host("users").store, member.tenant, _SECONDS)

    def above(start: str) -> str:
        for _ in range(MAX_DEPTH):
            start = parents[start] if start else ""
        return start

    return [each for each in parents if above(each)]


def swapped(mesh: LocalMesh, member: Member, pairs: int) -> list[Sequence[str]]:
    """How it ends to move each of two teams below the other one, for so many pairs."""
    ended = []
    for number in range(pairs):
        one, other = team(mesh, member, f"One {number}"), team(mesh, member, f"Other {number}")
        ended.append(at_once(mesh, member, placed(one, other), placed(other, one)))
    return ended


def test_of_two_teams_that_are_moved_below_each_other_at_once_one_stays(mesh: LocalMesh) -> None:
    member = mesh.sign_up("no-rings")
    assert swapped(mesh, member, _PAIRS) == [["INVALID_ARGUMENT", "OK"]] * _PAIRS
    assert rings(mesh, member) == []


def test_a_ring_is_found_where_writes_do_not_look_at_the_tree_again(mesh: LocalMesh) -> None:
    """The fault that the test above is there for."""
    member = mesh.sign_up("rings")
    with mock.patch.object(importlib.import_module("services.users.service.teams"), "check_tree"):
        swapped(mesh, member, 1)
    assert len(rings(mesh, member)) == 2


def test_a_team_is_made_below_another_one_or_that_is_deleted(mesh: LocalMesh) -> None:
    member = mesh.sign_up("no-orphans")
    for number in range(3):
        parent = team(mesh, member, f"Parent {number}")
        child = resources_pb2.Team(display_name=f"Child {number}", parent_id=parent)
        with ThreadPoolExecutor(2) as pool:
            made = pool.submit(outcome, mesh, member, "CreateTeam", team_service_pb2.CreateTeamRequest(team=child))
            gone = pool.submit(outcome, mesh, member, "DeleteTeam", team_service_pb2.DeleteTeamRequest(id=parent))
        assert [made.result(), gone.result()].count("OK") == 1
    parents = read_parents(mesh.host("users").store, member.tenant, _SECONDS)
    assert all(parent in parents for parent in parents.values() if parent)
