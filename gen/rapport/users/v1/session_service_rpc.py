"""Typed Python of rapport.users.v1.SessionService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import resources_pb2
from rapport.users.v1 import session_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class SessionServiceMethods(Protocol):
    """What the service implements of SessionService beyond its standard methods."""

    def log_in(self, call: Call, request: session_service_pb2.LogInRequest) -> session_service_pb2.LogInResponse: ...

    def complete_log_in(self, call: Call, request: session_service_pb2.CompleteLogInRequest) -> session_service_pb2.LogInResponse: ...

    def refresh_session(self, call: Call, request: session_service_pb2.RefreshSessionRequest) -> session_service_pb2.RefreshSessionResponse: ...

    def verify_session(self, call: Call, request: session_service_pb2.VerifySessionRequest) -> session_service_pb2.VerifySessionResponse: ...

    def end_other_sessions(self, call: Call, request: session_service_pb2.EndOtherSessionsRequest) -> session_service_pb2.EndOtherSessionsResponse: ...

    def end_all_sessions(self, call: Call, request: session_service_pb2.EndAllSessionsRequest) -> session_service_pb2.EndAllSessionsResponse: ...

    def get_jwks(self, call: Call, request: session_service_pb2.GetJwksRequest) -> session_service_pb2.GetJwksResponse: ...


class SessionServiceClient:
    """Calls SessionService."""

    AREA = "rapport.users.v1.SessionService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def log_in(self, request: session_service_pb2.LogInRequest, *, timeout: float | None = None) -> session_service_pb2.LogInResponse:
        """LogIn, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.SessionService/LogIn", request, session_service_pb2.LogInResponse, timeout)

    def complete_log_in(self, request: session_service_pb2.CompleteLogInRequest, *, timeout: float | None = None) -> session_service_pb2.LogInResponse:
        """CompleteLogIn, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.SessionService/CompleteLogIn", request, session_service_pb2.LogInResponse, timeout)

    def refresh_session(self, request: session_service_pb2.RefreshSessionRequest, *, timeout: float | None = None) -> session_service_pb2.RefreshSessionResponse:
        """RefreshSession, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.SessionService/RefreshSession", request, session_service_pb2.RefreshSessionResponse, timeout)

    def verify_session(self, request: session_service_pb2.VerifySessionRequest, *, timeout: float | None = None) -> session_service_pb2.VerifySessionResponse:
        """VerifySession, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.SessionService/VerifySession", request, session_service_pb2.VerifySessionResponse, timeout)

    def get_session(self, request: session_service_pb2.GetSessionRequest, *, timeout: float | None = None) -> resources_pb2.Session:
        """GetSession, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.SessionService/GetSession", request, resources_pb2.Session, timeout)

    def list_sessions(self, request: session_service_pb2.ListSessionsRequest, *, timeout: float | None = None) -> session_service_pb2.ListSessionsResponse:
        """ListSessions, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.SessionService/ListSessions", request, session_service_pb2.ListSessionsResponse, timeout)

    def delete_session(self, request: session_service_pb2.DeleteSessionRequest, *, timeout: float | None = None) -> resources_pb2.Session:
        """DeleteSession, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.SessionService/DeleteSession", request, resources_pb2.Session, timeout)

    def end_other_sessions(self, request: session_service_pb2.EndOtherSessionsRequest, *, timeout: float | None = None) -> session_service_pb2.EndOtherSessionsResponse:
        """EndOtherSessions, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.SessionService/EndOtherSessions", request, session_service_pb2.EndOtherSessionsResponse, timeout)

    def end_all_sessions(self, request: session_service_pb2.EndAllSessionsRequest, *, timeout: float | None = None) -> session_service_pb2.EndAllSessionsResponse:
        """EndAllSessions, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.SessionService/EndAllSessions", request, session_service_pb2.EndAllSessionsResponse, timeout)

    def get_jwks(self, request: session_service_pb2.GetJwksRequest, *, timeout: float | None = None) -> session_service_pb2.GetJwksResponse:
        """GetJwks, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.SessionService/GetJwks", request, session_service_pb2.GetJwksResponse, timeout)
