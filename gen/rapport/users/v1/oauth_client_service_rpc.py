"""Typed Python of rapport.users.v1.OauthClientService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import oauth_client_service_pb2
from rapport.users.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class OauthClientServiceMethods(Protocol):
    """What the service implements of OauthClientService beyond its standard methods."""

    def create_oauth_client(self, call: Call, request: oauth_client_service_pb2.CreateOauthClientRequest) -> oauth_client_service_pb2.CreateOauthClientResponse: ...

    def rotate_oauth_client(self, call: Call, request: oauth_client_service_pb2.RotateOauthClientRequest) -> oauth_client_service_pb2.RotateOauthClientResponse: ...


class OauthClientServiceClient:
    """Calls OauthClientService."""

    AREA = "rapport.users.v1.OauthClientService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_oauth_client(self, request: oauth_client_service_pb2.GetOauthClientRequest, *, timeout: float | None = None) -> resources_pb2.OauthClient:
        """GetOauthClient, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OauthClientService/GetOauthClient", request, resources_pb2.OauthClient, timeout)

    def list_oauth_clients(self, request: oauth_client_service_pb2.ListOauthClientsRequest, *, timeout: float | None = None) -> oauth_client_service_pb2.ListOauthClientsResponse:
        """ListOauthClients, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OauthClientService/ListOauthClients", request, oauth_client_service_pb2.ListOauthClientsResponse, timeout)

    def create_oauth_client(self, request: oauth_client_service_pb2.CreateOauthClientRequest, *, timeout: float | None = None) -> oauth_client_service_pb2.CreateOauthClientResponse:
        """CreateOauthClient, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OauthClientService/CreateOauthClient", request, oauth_client_service_pb2.CreateOauthClientResponse, timeout)

    def update_oauth_client(self, request: oauth_client_service_pb2.UpdateOauthClientRequest, *, timeout: float | None = None) -> resources_pb2.OauthClient:
        """UpdateOauthClient, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OauthClientService/UpdateOauthClient", request, resources_pb2.OauthClient, timeout)

    def rotate_oauth_client(self, request: oauth_client_service_pb2.RotateOauthClientRequest, *, timeout: float | None = None) -> oauth_client_service_pb2.RotateOauthClientResponse:
        """RotateOauthClient, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OauthClientService/RotateOauthClient", request, oauth_client_service_pb2.RotateOauthClientResponse, timeout)

    def delete_oauth_client(self, request: oauth_client_service_pb2.DeleteOauthClientRequest, *, timeout: float | None = None) -> resources_pb2.OauthClient:
        """DeleteOauthClient, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OauthClientService/DeleteOauthClient", request, resources_pb2.OauthClient, timeout)
