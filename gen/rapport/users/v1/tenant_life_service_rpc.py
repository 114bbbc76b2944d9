"""Typed Python of rapport.users.v1.TenantLifeService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import resources_pb2
from rapport.users.v1 import tenant_life_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class TenantLifeServiceMethods(Protocol):
    """What the service implements of TenantLifeService beyond its standard methods."""

    def delete_tenant(self, call: Call, request: tenant_life_service_pb2.DeleteTenantRequest) -> resources_pb2.Tenant: ...

    def undelete_tenant(self, call: Call, request: tenant_life_service_pb2.UndeleteTenantRequest) -> resources_pb2.Tenant: ...

    def suspend_tenant(self, call: Call, request: tenant_life_service_pb2.SuspendTenantRequest) -> resources_pb2.Tenant: ...

    def resume_tenant(self, call: Call, request: tenant_life_service_pb2.ResumeTenantRequest) -> resources_pb2.Tenant: ...


class TenantLifeServiceClient:
    """Calls TenantLifeService."""

    AREA = "rapport.users.v1.TenantLifeService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def delete_tenant(self, request: tenant_life_service_pb2.DeleteTenantRequest, *, timeout: float | None = None) -> resources_pb2.Tenant:
        """DeleteTenant, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.TenantLifeService/DeleteTenant", request, resources_pb2.Tenant, timeout)

    def undelete_tenant(self, request: tenant_life_service_pb2.UndeleteTenantRequest, *, timeout: float | None = None) -> resources_pb2.Tenant:
        """UndeleteTenant, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.TenantLifeService/UndeleteTenant", request, resources_pb2.Tenant, timeout)

    def suspend_tenant(self, request: tenant_life_service_pb2.SuspendTenantRequest, *, timeout: float | None = None) -> resources_pb2.Tenant:
        """SuspendTenant, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.TenantLifeService/SuspendTenant", request, resources_pb2.Tenant, timeout)

    def resume_tenant(self, request: tenant_life_service_pb2.ResumeTenantRequest, *, timeout: float | None = None) -> resources_pb2.Tenant:
        """ResumeTenant, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.TenantLifeService/ResumeTenant", request, resources_pb2.Tenant, timeout)
