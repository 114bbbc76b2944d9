"""Typed Python of rapport.users.v1.TeamService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import resources_pb2
from rapport.users.v1 import team_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class TeamServiceMethods(Protocol):
    """What the service implements of TeamService beyond its standard methods."""


class TeamServiceClient:
    """Calls TeamService."""

    AREA = "rapport.users.v1.TeamService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_team(self, request: team_service_pb2.GetTeamRequest, *, timeout: float | None = None) -> resources_pb2.Team:
        """GetTeam, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.TeamService/GetTeam", request, resources_pb2.Team, timeout)

    def list_teams(self, request: team_service_pb2.ListTeamsRequest, *, timeout: float | None = None) -> team_service_pb2.ListTeamsResponse:
        """ListTeams, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.TeamService/ListTeams", request, team_service_pb2.ListTeamsResponse, timeout)

    def batch_get_teams(self, request: team_service_pb2.BatchGetTeamsRequest, *, timeout: float | None = None) -> team_service_pb2.BatchGetTeamsResponse:
        """BatchGetTeams, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.TeamService/BatchGetTeams", request, team_service_pb2.BatchGetTeamsResponse, timeout)

    def create_team(self, request: team_service_pb2.CreateTeamRequest, *, timeout: float | None = None) -> resources_pb2.Team:
        """CreateTeam, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.TeamService/CreateTeam", request, resources_pb2.Team, timeout)

    def update_team(self, request: team_service_pb2.UpdateTeamRequest, *, timeout: float | None = None) -> resources_pb2.Team:
        """UpdateTeam, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.TeamService/UpdateTeam", request, resources_pb2.Team, timeout)

    def delete_team(self, request: team_service_pb2.DeleteTeamRequest, *, timeout: float | None = None) -> resources_pb2.Team:
        """DeleteTeam, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.TeamService/DeleteTeam", request, resources_pb2.Team, timeout)

    def undelete_team(self, request: team_service_pb2.UndeleteTeamRequest, *, timeout: float | None = None) -> resources_pb2.Team:
        """UndeleteTeam, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.TeamService/UndeleteTeam", request, resources_pb2.Team, timeout)
