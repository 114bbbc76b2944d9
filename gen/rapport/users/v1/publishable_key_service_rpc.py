"""Typed Python of rapport.users.v1.PublishableKeyService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import publishable_key_service_pb2
from rapport.users.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class PublishableKeyServiceMethods(Protocol):
    """What the service implements of PublishableKeyService beyond its standard methods."""


class PublishableKeyServiceClient:
    """Calls PublishableKeyService."""

    AREA = "rapport.users.v1.PublishableKeyService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_publishable_key(self, request: publishable_key_service_pb2.GetPublishableKeyRequest, *, timeout: float | None = None) -> resources_pb2.PublishableKey:
        """GetPublishableKey, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PublishableKeyService/GetPublishableKey", request, resources_pb2.PublishableKey, timeout)

    def list_publishable_keys(self, request: publishable_key_service_pb2.ListPublishableKeysRequest, *, timeout: float | None = None) -> publishable_key_service_pb2.ListPublishableKeysResponse:
        """ListPublishableKeys, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PublishableKeyService/ListPublishableKeys", request, publishable_key_service_pb2.ListPublishableKeysResponse, timeout)

    def create_publishable_key(self, request: publishable_key_service_pb2.CreatePublishableKeyRequest, *, timeout: float | None = None) -> resources_pb2.PublishableKey:
        """CreatePublishableKey, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PublishableKeyService/CreatePublishableKey", request, resources_pb2.PublishableKey, timeout)

    def delete_publishable_key(self, request: publishable_key_service_pb2.DeletePublishableKeyRequest, *, timeout: float | None = None) -> resources_pb2.PublishableKey:
        """DeletePublishableKey, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PublishableKeyService/DeletePublishableKey", request, resources_pb2.PublishableKey, timeout)
