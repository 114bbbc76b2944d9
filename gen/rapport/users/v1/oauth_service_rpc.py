"""Typed Python of rapport.users.v1.OAuthService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from google.api import httpbody_pb2
from rapport.users.v1 import oauth_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class OAuthServiceMethods(Protocol):
    """What the service implements of OAuthService beyond its standard methods."""

    def issue_token(self, call: Call, request: oauth_service_pb2.IssueTokenRequest) -> httpbody_pb2.HttpBody: ...


class OAuthServiceClient:
    """Calls OAuthService."""

    AREA = "rapport.users.v1.OAuthService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def issue_token(self, request: oauth_service_pb2.IssueTokenRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """IssueToken, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OAuthService/IssueToken", request, httpbody_pb2.HttpBody, timeout)
