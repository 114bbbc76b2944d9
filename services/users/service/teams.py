"""TeamService: the facts of its rules, and deletion, which moves or is prevented by what a team holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from mesh.contract.failure import Failure, invalid
from mesh.resource.writing import Facts, change, delete, locked
from mesh.store.statement import TENANT, Statement, any_of
from services.users.domain.teams import MAX_TEAMS, TeamFacts, check_tree
from services.users.domain.users import UserFacts
from services.users.service.people import working
from services.users.tables import teams, tenants, users

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rapport.users.v1 import resources_pb2, team_service_pb2

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit, View, Write
    from mesh.store.store import Store

# Deletion moves them in one transaction.
MAX_MOVED = 500

_LIVE = (teams.c.tenant_id == TENANT, teams.c.delete_time.is_(None))
_PARENTS = Statement(select(teams.c.id, teams.c.parent_id).where(*_LIVE).limit(MAX_TEAMS + 1), name="list team parents")
_TURN = Statement(select(tenants.c.id).where(tenants.c.id == bindparam("of")).with_for_update(), name="lock tenant")
_EXISTING = Statement(select(teams.c.id).where(*_LIVE, any_of(teams.c.id, "ids")), name="list existing teams")
_CHILDREN = Statement(
    select(teams.c.id).where(*_LIVE, teams.c.parent_id == bindparam("id")).order_by(teams.c.id).limit(MAX_MOVED + 1),
    name="list teams below",
)
_MEMBERS = Statement(
    select(users.c.id)
    .where(users.c.tenant_id == TENANT, users.c.team_id == bindparam("id"), users.c.delete_time.is_(None))
    .order_by(users.c.id)
    .limit(MAX_MOVED + 1),
    name="list team members",
)


def read_parents(store: Store, tenant: str, timeout: float) -> Mapping[str, str]:
    """The parent of every team of a tenant, by id; timeout in seconds."""
    return {row[0]: row[1] for row in store.read(_PARENTS, tenant=tenant, timeout=timeout)}


def existing_teams(view: View, ids: Iterable[str]) -> frozenset[str]:
    """Those of the teams named that there are."""
    named = sorted(set(ids) - {""})
    return frozenset(row[0] for row in view.read(_EXISTING, ids=named)) if named else frozenset()


def gather_team(view: View, sent: Sequence[resources_pb2.Team]) -> TeamFacts:
    """The tree of teams, and which of the managers named work."""
    parents = read_parents(view.environment.store, view.identity.tenant, view.remaining())
    return TeamFacts(parents=parents, users=working(view, [team.manager_id for team in sent]))


def take_turn(write: Write) -> None:
    """Wait until no other write changes a team of the tenant; two at once could each take half a ring for a tree."""
    if take_turn not in write.known:
        write.known[take_turn] = write.read(_TURN, of=write.tenant)


def keep_tree(write: Write, before: resources_pb2.Team | None, after: resources_pb2.Team) -> None:
    """Refuse what the teams as they are now leave no place for.

    Raises:
        Failure: as the rule.
    """
    take_turn(write)
    if keep_tree not in write.known:
        write.known[keep_tree] = dict(write.read(_PARENTS))
    parents = write.known[keep_tree]
    if after.HasField("delete_time"):
        parents.pop(after.id, None)
        return
    check_tree(before, after, parents)
    parents[after.id] = after.parent_id


class TeamMethods:
    """The methods of TeamService that are more than the standard ones."""

    def __init__(self, team: Resource[resources_pb2.Team], user: Resource[resources_pb2.User]) -> None:
        self._team = team
        self._user = user

    def delete_team(self, call: Call, request: team_service_pb2.DeleteTeamRequest) -> resources_pb2.Team:
        """The team marked as deleted; deleting it again changes nothing."""
        target = request.move_to_id
        parents = read_parents(call.environment.store, call.identity.tenant, call.remaining())
        if target and target not in parents:
            raise invalid("move_to_id", "is no team of this tenant")
        users_of = UserFacts(teams={target})
        with call.commit() as commit:
            deleted = delete(commit, self._team, request.id, request.etag)
            self._move(commit, request.id, target, (users_of, TeamFacts(parents=parents, users=())))
            return commit.reply(deleted)

    def _move(self, commit: Commit, team_id: str, target: str, facts: tuple[UserFacts, TeamFacts]) -> None:
        """Give what a team holds to another one."""
        members = [row[0] for row in commit.read(_MEMBERS, id=team_id)]
        children = [row[0] for row in commit.read(_CHILDREN, id=team_id)]
        if not members and not children:
            return
        if target in ("", team_id) or len(members) + len(children) > MAX_MOVED:
            counts = {"members": str(len(members)), "teams": str(len(children)), "limit": str(MAX_MOVED)}
            raise Failure("TEAM_NOT_EMPTY", metadata=counts)
        try:
            for user_id in members:
                row = locked(commit, self._user, user_id)
                change(commit, self._user, row, lambda user: setattr(user, "team_id", target), Facts({}, facts[0]))
            for child_id in children:
                row = locked(commit, self._team, child_id)
                change(commit, self._team, row, lambda team: setattr(team, "parent_id", target), Facts({}, facts[1]))
        except Failure as failure:
            text = next(iter(failure.fields.values()), "cannot take them")
            raise Failure(failure.reason, fields={"move_to_id": text}, metadata=failure.metadata) from None
