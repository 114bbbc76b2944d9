"""Typed Python of rapport.users.v1.UpstreamService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import resources_pb2
from rapport.users.v1 import session_service_pb2
from rapport.users.v1 import upstream_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class UpstreamServiceMethods(Protocol):
    """What the service implements of UpstreamService beyond its standard methods."""

    def find_upstreams(self, call: Call, request: upstream_service_pb2.FindUpstreamsRequest) -> upstream_service_pb2.FindUpstreamsResponse: ...

    def begin_upstream_log_in(self, call: Call, request: upstream_service_pb2.BeginUpstreamLogInRequest) -> upstream_service_pb2.BeginUpstreamLogInResponse: ...

    def log_in_with_upstream(self, call: Call, request: upstream_service_pb2.LogInWithUpstreamRequest) -> session_service_pb2.LogInResponse: ...

    def link_upstream(self, call: Call, request: upstream_service_pb2.LinkUpstreamRequest) -> resources_pb2.UpstreamLink: ...


class UpstreamServiceClient:
    """Calls UpstreamService."""

    AREA = "rapport.users.v1.UpstreamService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def find_upstreams(self, request: upstream_service_pb2.FindUpstreamsRequest, *, timeout: float | None = None) -> upstream_service_pb2.FindUpstreamsResponse:
        """FindUpstreams, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UpstreamService/FindUpstreams", request, upstream_service_pb2.FindUpstreamsResponse, timeout)

    def begin_upstream_log_in(self, request: upstream_service_pb2.BeginUpstreamLogInRequest, *, timeout: float | None = None) -> upstream_service_pb2.BeginUpstreamLogInResponse:
        """BeginUpstreamLogIn, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UpstreamService/BeginUpstreamLogIn", request, upstream_service_pb2.BeginUpstreamLogInResponse, timeout)

    def log_in_with_upstream(self, request: upstream_service_pb2.LogInWithUpstreamRequest, *, timeout: float | None = None) -> session_service_pb2.LogInResponse:
        """LogInWithUpstream, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UpstreamService/LogInWithUpstream", request, session_service_pb2.LogInResponse, timeout)

    def link_upstream(self, request: upstream_service_pb2.LinkUpstreamRequest, *, timeout: float | None = None) -> resources_pb2.UpstreamLink:
        """LinkUpstream, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UpstreamService/LinkUpstream", request, resources_pb2.UpstreamLink, timeout)

    def get_upstream_link(self, request: upstream_service_pb2.GetUpstreamLinkRequest, *, timeout: float | None = None) -> resources_pb2.UpstreamLink:
        """GetUpstreamLink, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UpstreamService/GetUpstreamLink", request, resources_pb2.UpstreamLink, timeout)

    def list_upstream_links(self, request: upstream_service_pb2.ListUpstreamLinksRequest, *, timeout: float | None = None) -> upstream_service_pb2.ListUpstreamLinksResponse:
        """ListUpstreamLinks, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UpstreamService/ListUpstreamLinks", request, upstream_service_pb2.ListUpstreamLinksResponse, timeout)

    def delete_upstream_link(self, request: upstream_service_pb2.DeleteUpstreamLinkRequest, *, timeout: float | None = None) -> resources_pb2.UpstreamLink:
        """DeleteUpstreamLink, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UpstreamService/DeleteUpstreamLink", request, resources_pb2.UpstreamLink, timeout)
