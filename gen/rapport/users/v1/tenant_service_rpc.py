"""Typed Python of rapport.users.v1.TenantService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import resources_pb2
from rapport.users.v1 import tenant_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class TenantServiceMethods(Protocol):
    """What the service implements of TenantService beyond its standard methods."""

    def sign_up(self, call: Call, request: tenant_service_pb2.SignUpRequest) -> tenant_service_pb2.SignUpResponse: ...

    def get_current_tenant(self, call: Call, request: tenant_service_pb2.GetCurrentTenantRequest) -> resources_pb2.Tenant: ...

    def update_tenant(self, call: Call, request: tenant_service_pb2.UpdateTenantRequest) -> resources_pb2.Tenant: ...


class TenantServiceClient:
    """Calls TenantService."""

    AREA = "rapport.users.v1.TenantService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def sign_up(self, request: tenant_service_pb2.SignUpRequest, *, timeout: float | None = None) -> tenant_service_pb2.SignUpResponse:
        """SignUp, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.TenantService/SignUp", request, tenant_service_pb2.SignUpResponse, timeout)

    def get_current_tenant(self, request: tenant_service_pb2.GetCurrentTenantRequest, *, timeout: float | None = None) -> resources_pb2.Tenant:
        """GetCurrentTenant, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.TenantService/GetCurrentTenant", request, resources_pb2.Tenant, timeout)

    def update_tenant(self, request: tenant_service_pb2.UpdateTenantRequest, *, timeout: float | None = None) -> resources_pb2.Tenant:
        """UpdateTenant, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.TenantService/UpdateTenant", request, resources_pb2.Tenant, timeout)
