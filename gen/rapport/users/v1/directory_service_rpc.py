"""Typed Python of rapport.users.v1.DirectoryService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import directory_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class DirectoryServiceMethods(Protocol):
    """What the service implements of DirectoryService beyond its standard methods."""

    def look_up_principal(self, call: Call, request: directory_service_pb2.LookUpPrincipalRequest) -> directory_service_pb2.LookUpPrincipalResponse: ...

    def list_tenants(self, call: Call, request: directory_service_pb2.ListTenantsRequest) -> directory_service_pb2.ListTenantsResponse: ...


class DirectoryServiceClient:
    """Calls DirectoryService."""

    AREA = "rapport.users.v1.DirectoryService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def look_up_principal(self, request: directory_service_pb2.LookUpPrincipalRequest, *, timeout: float | None = None) -> directory_service_pb2.LookUpPrincipalResponse:
        """LookUpPrincipal, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.DirectoryService/LookUpPrincipal", request, directory_service_pb2.LookUpPrincipalResponse, timeout)

    def list_tenants(self, request: directory_service_pb2.ListTenantsRequest, *, timeout: float | None = None) -> directory_service_pb2.ListTenantsResponse:
        """ListTenants, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.DirectoryService/ListTenants", request, directory_service_pb2.ListTenantsResponse, timeout)
