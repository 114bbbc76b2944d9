"""Typed Python of rapport.users.v1.IdentityProviderService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import identity_provider_service_pb2
from rapport.users.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class IdentityProviderServiceMethods(Protocol):
    """What the service implements of IdentityProviderService beyond its standard methods."""

    def set_identity_provider_secret(self, call: Call, request: identity_provider_service_pb2.SetIdentityProviderSecretRequest) -> resources_pb2.IdentityProvider: ...


class IdentityProviderServiceClient:
    """Calls IdentityProviderService."""

    AREA = "rapport.users.v1.IdentityProviderService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_identity_provider(self, request: identity_provider_service_pb2.GetIdentityProviderRequest, *, timeout: float | None = None) -> resources_pb2.IdentityProvider:
        """GetIdentityProvider, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.IdentityProviderService/GetIdentityProvider", request, resources_pb2.IdentityProvider, timeout)

    def list_identity_providers(self, request: identity_provider_service_pb2.ListIdentityProvidersRequest, *, timeout: float | None = None) -> identity_provider_service_pb2.ListIdentityProvidersResponse:
        """ListIdentityProviders, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.IdentityProviderService/ListIdentityProviders", request, identity_provider_service_pb2.ListIdentityProvidersResponse, timeout)

    def create_identity_provider(self, request: identity_provider_service_pb2.CreateIdentityProviderRequest, *, timeout: float | None = None) -> resources_pb2.IdentityProvider:
        """CreateIdentityProvider, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.IdentityProviderService/CreateIdentityProvider", request, resources_pb2.IdentityProvider, timeout)

    def update_identity_provider(self, request: identity_provider_service_pb2.UpdateIdentityProviderRequest, *, timeout: float | None = None) -> resources_pb2.IdentityProvider:
        """UpdateIdentityProvider, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.IdentityProviderService/UpdateIdentityProvider", request, resources_pb2.IdentityProvider, timeout)

    def set_identity_provider_secret(self, request: identity_provider_service_pb2.SetIdentityProviderSecretRequest, *, timeout: float | None = None) -> resources_pb2.IdentityProvider:
        """SetIdentityProviderSecret, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.IdentityProviderService/SetIdentityProviderSecret", request, resources_pb2.IdentityProvider, timeout)

    def delete_identity_provider(self, request: identity_provider_service_pb2.DeleteIdentityProviderRequest, *, timeout: float | None = None) -> resources_pb2.IdentityProvider:
        """DeleteIdentityProvider, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.IdentityProviderService/DeleteIdentityProvider", request, resources_pb2.IdentityProvider, timeout)
