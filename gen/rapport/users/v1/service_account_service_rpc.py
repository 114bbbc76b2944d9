"""Typed Python of rapport.users.v1.ServiceAccountService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import resources_pb2
from rapport.users.v1 import service_account_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class ServiceAccountServiceMethods(Protocol):
    """What the service implements of ServiceAccountService beyond its standard methods."""

    def create_service_account(self, call: Call, request: service_account_service_pb2.CreateServiceAccountRequest) -> resources_pb2.User: ...


class ServiceAccountServiceClient:
    """Calls ServiceAccountService."""

    AREA = "rapport.users.v1.ServiceAccountService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create_service_account(self, request: service_account_service_pb2.CreateServiceAccountRequest, *, timeout: float | None = None) -> resources_pb2.User:
        """CreateServiceAccount, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ServiceAccountService/CreateServiceAccount", request, resources_pb2.User, timeout)
