"""Typed Python of rapport.users.v1.SessionService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import session_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class SessionServiceMethods(Protocol):
    """What the service implements of SessionService beyond its standard methods."""

    def log_in(self, call: Call, request: session_service_pb2.LogInRequest) -> session_service_pb2.LogInResponse: ...

    def get_jwks(self, call: Call, request: session_service_pb2.GetJwksRequest) -> session_service_pb2.GetJwksResponse: ...


class SessionServiceClient:
    """Calls SessionService."""

    AREA = "rapport.users.v1.SessionService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def log_in(self, request: session_service_pb2.LogInRequest, *, timeout: float | None = None) -> session_service_pb2.LogInResponse:
        """LogIn, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.SessionService/LogIn", request, session_service_pb2.LogInResponse, timeout)

    def get_jwks(self, request: session_service_pb2.GetJwksRequest, *, timeout: float | None = None) -> session_service_pb2.GetJwksResponse:
        """GetJwks, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.SessionService/GetJwks", request, session_service_pb2.GetJwksResponse, timeout)
