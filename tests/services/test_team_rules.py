"""The rules of teams and of where users stand in them: a tree without rings, ten levels deep, and no own manager."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapport.users.v1 import resources_pb2

from mesh.contract.failure import Failure
from services.users.domain import teams
from services.users.domain.teams import MAX_DEPTH, MAX_TEAMS, TeamFacts, decide_team, team_and_below
from services.users.domain.users import UserFacts, decide_user

LINE = {f"tem_{n}": f"tem_{n - 1}" if n else "" for n in range(MAX_DEPTH)}


def placed(team: str, parent: str, parents: dict[str, str]) -> resources_pb2.Team:
    """A team that is moved below another."""
    before = resources_pb2.Team(id=team, parent_id=parents.get(team, ""))
    return decide_team(before, resources_pb2.Team(id=team, parent_id=parent), TeamFacts(parents, ()))


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=60))
def test_however_teams_are_moved_they_stay_a_tree_of_ten_levels(moves: list[tuple[int, int]]) -> None:
    parents = {f"tem_{n}": "" for n in range(12)}
    for team, parent in moves:
        with contextlib.suppress(Failure):
            parents[f"tem_{team}"] = placed(f"tem_{team}", f"tem_{parent}", parents).parent_id
    for start in parents:
        steps, team = 0, start
        while team:
            team, steps = parents[team], steps + 1
            assert steps <= MAX_DEPTH
    assert sorted(team for top in parents if not parents[top] for team in team_and_below(parents, top)) == sorted(
        parents
    )


@pytest.mark.parametrize("parent", ["tem_3", "tem_4", f"tem_{MAX_DEPTH - 1}"])
def test_no_team_stands_above_itself(parent: str) -> None:
    with pytest.raises(Failure, match="TEAM_CYCLE"):
        placed("tem_3", parent, LINE)


def test_an_eleventh_level_is_refused_also_by_what_stands_below() -> None:
    with pytest.raises(Failure, match="TEAM_TOO_DEEP"):
        placed("tem_new", f"tem_{MAX_DEPTH - 1}", LINE)
    with pytest.raises(Failure, match="TEAM_TOO_DEEP"):
        placed("tem_0", "tem_top", {**LINE, "tem_top": ""})


def test_a_team_of_nobody_knows_where_is_no_parent() -> None:
    with pytest.raises(Failure) as refused:
        placed("tem_3", "tem_unknown", LINE)
    assert set(refused.value.fields) == {"parent_id"}


def test_a_team_that_comes_back_stands_alone_where_its_parent_is_gone() -> None:
    before = resources_pb2.Team(id="tem_a", parent_id="tem_gone")
    before.delete_time.FromSeconds(1)
    after = resources_pb2.Team(id="tem_a", parent_id="tem_gone")

    assert not decide_team(before, after, TeamFacts({}, ())).HasField("parent_id")


def test_a_tenant_has_a_thousand_teams_and_no_more() -> None:
    parents = {f"tem_{n}": "" for n in range(MAX_TEAMS)}
    with pytest.raises(Failure, match="TOO_MANY_TEAMS"):
        decide_team(None, resources_pb2.Team(id="tem_new"), TeamFacts(parents, ()))


def test_what_is_stored_as_a_ring_is_walked_once() -> None:
    assert team_and_below({"tem_a": "tem_b", "tem_b": "tem_a"}, "tem_a") == ["tem_a", "tem_b"]


def test_a_rule_without_its_ring_check_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teams, "_check_place", lambda team, parents: None)
    assert placed("tem_3", "tem_4", LINE).parent_id == "tem_4"


def test_nobody_reports_to_those_who_report_to_them() -> None:
    before = resources_pb2.User(id="usr_a")
    after = resources_pb2.User(id="usr_a", manager_id="usr_b")

    with pytest.raises(Failure, match="MANAGER_CYCLE"):
        decide_user(before, after, UserFacts(managers=["usr_b", "usr_c", "usr_a"]))
    assert decide_user(before, after, UserFacts(managers=["usr_b", "usr_c"])).manager_id == "usr_b"


@pytest.mark.parametrize("name", ["team_id", "manager_id"])
def test_who_or_what_is_not_there_is_named(name: str) -> None:
    with pytest.raises(Failure) as refused:
        decide_user(resources_pb2.User(id="usr_a"), resources_pb2.User(id="usr_a", **{name: "x"}), UserFacts())
    assert set(refused.value.fields) == {name}
