"""The rules of teams: a tree of at most ten levels, and no team above itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh.contract.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from rapport.users.v1 import resources_pb2

MAX_DEPTH = 10
# A principal's teams travel in its directory entry: their number must stay small.
MAX_TEAMS = 1_000


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What a decision on a team rests on: the parent of every team there is, and those of the users named who work."""

    parents: Mapping[str, str]
    users: Collection[str]


def decide_team(before: resources_pb2.Team | None, after: resources_pb2.Team, facts: TeamFacts) -> resources_pb2.Team:
    """The team as it will be kept.

    Raises:
        Failure: TEAM_CYCLE, TEAM_TOO_DEEP, TOO_MANY_TEAMS; INVALID_ARGUMENT for a parent or manager that is none.
    """
    if before is not None and before.HasField("delete_time") and after.parent_id not in facts.parents:
        # It comes back, and what it stood below is gone.
        after.ClearField("parent_id")
    if after.manager_id and after.manager_id not in facts.users and (not before or _moved(before, after, "manager_id")):
        raise Failure("INVALID_ARGUMENT", fields={"manager_id": "is no user of this tenant who works"})
    check_tree(before, after, facts.parents)
    return after


def check_tree(before: resources_pb2.Team | None, after: resources_pb2.Team, parents: Mapping[str, str]) -> None:
    """Refuse a place where there is none: what of the rule rests on all teams, whose parents are given.

    Raises:
        Failure: TEAM_CYCLE, TEAM_TOO_DEEP, TOO_MANY_TEAMS; INVALID_ARGUMENT for a parent that is none.
    """
    if after.id not in parents and len(parents) >= MAX_TEAMS:
        raise Failure("TOO_MANY_TEAMS", metadata={"limit": str(MAX_TEAMS)})
    if after.parent_id and (before is None or before.HasField("delete_time") or _moved(before, after, "parent_id")):
        _check_place(after, parents)


def _moved(before: resources_pb2.Team, after: resources_pb2.Team, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _check_place(team: resources_pb2.Team, parents: Mapping[str, str]) -> None:
    if team.parent_id not in parents:
        raise Failure("INVALID_ARGUMENT", fields={"parent_id": "is no team of this tenant"})
    above = _above(parents, team.parent_id)
    if team.id in above:
        raise Failure("TEAM_CYCLE", fields={"parent_id": "stands below the team itself"})
    levels = len(above) + _height({**parents, team.id: team.parent_id}, team.id)
    if levels > MAX_DEPTH:
        raise Failure(
            "TEAM_TOO_DEEP", fields={"parent_id": "has too many teams above it"}, metadata={"limit": str(MAX_DEPTH)}
        )


def _above(parents: Mapping[str, str], start: str) -> list[str]:
    """A team and all that stand above it, from below; each once, also where what is stored were a ring."""
    found: list[str] = []
    while start and start not in found:
        found.append(start)
        start = parents.get(start, "")
    return found


def team_and_below(parents: Mapping[str, str], top: str) -> list[str]:
    """A team and all that stand below it, each once, the team itself first; nothing for a team that is not there."""
    if top not in parents:
        return []
    children: dict[str, list[str]] = {}
    for team, parent in parents.items():
        children.setdefault(parent, []).append(team)
    found, seen = [top], {top}
    for team in found:
        new = [child for child in sorted(children.get(team, ())) if child not in seen]
        seen.update(new)
        found += new
    return found


def _height(parents: Mapping[str, str], top: str) -> int:
    """How many levels a team and those below it make."""
    return max(_above(parents, team).index(top) + 1 for team in team_and_below(parents, top))
