"""Typed Python of rapport.users.v1.ApiKeyService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import api_key_service_pb2
from rapport.users.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class ApiKeyServiceMethods(Protocol):
    """What the service implements of ApiKeyService beyond its standard methods."""

    def create_api_key(self, call: Call, request: api_key_service_pb2.CreateApiKeyRequest) -> api_key_service_pb2.CreateApiKeyResponse: ...

    def rotate_api_key(self, call: Call, request: api_key_service_pb2.RotateApiKeyRequest) -> api_key_service_pb2.RotateApiKeyResponse: ...


class ApiKeyServiceClient:
    """Calls ApiKeyService."""

    AREA = "rapport.users.v1.ApiKeyService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_api_key(self, request: api_key_service_pb2.GetApiKeyRequest, *, timeout: float | None = None) -> resources_pb2.ApiKey:
        """GetApiKey, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ApiKeyService/GetApiKey", request, resources_pb2.ApiKey, timeout)

    def list_api_keys(self, request: api_key_service_pb2.ListApiKeysRequest, *, timeout: float | None = None) -> api_key_service_pb2.ListApiKeysResponse:
        """ListApiKeys, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ApiKeyService/ListApiKeys", request, api_key_service_pb2.ListApiKeysResponse, timeout)

    def create_api_key(self, request: api_key_service_pb2.CreateApiKeyRequest, *, timeout: float | None = None) -> api_key_service_pb2.CreateApiKeyResponse:
        """CreateApiKey, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ApiKeyService/CreateApiKey", request, api_key_service_pb2.CreateApiKeyResponse, timeout)

    def rotate_api_key(self, request: api_key_service_pb2.RotateApiKeyRequest, *, timeout: float | None = None) -> api_key_service_pb2.RotateApiKeyResponse:
        """RotateApiKey, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ApiKeyService/RotateApiKey", request, api_key_service_pb2.RotateApiKeyResponse, timeout)

    def delete_api_key(self, request: api_key_service_pb2.DeleteApiKeyRequest, *, timeout: float | None = None) -> resources_pb2.ApiKey:
        """DeleteApiKey, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ApiKeyService/DeleteApiKey", request, resources_pb2.ApiKey, timeout)
