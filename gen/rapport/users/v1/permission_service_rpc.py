"""Typed Python of rapport.users.v1.PermissionService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import permission_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class PermissionServiceMethods(Protocol):
    """What the service implements of PermissionService beyond its standard methods."""

    def check_permission(self, call: Call, request: permission_service_pb2.CheckPermissionRequest) -> permission_service_pb2.CheckPermissionResponse: ...

    def batch_check_permissions(self, call: Call, request: permission_service_pb2.BatchCheckPermissionsRequest) -> permission_service_pb2.BatchCheckPermissionsResponse: ...

    def explain_permission(self, call: Call, request: permission_service_pb2.ExplainPermissionRequest) -> permission_service_pb2.ExplainPermissionResponse: ...


class PermissionServiceClient:
    """Calls PermissionService."""

    AREA = "rapport.users.v1.PermissionService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def check_permission(self, request: permission_service_pb2.CheckPermissionRequest, *, timeout: float | None = None) -> permission_service_pb2.CheckPermissionResponse:
        """CheckPermission, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PermissionService/CheckPermission", request, permission_service_pb2.CheckPermissionResponse, timeout)

    def batch_check_permissions(self, request: permission_service_pb2.BatchCheckPermissionsRequest, *, timeout: float | None = None) -> permission_service_pb2.BatchCheckPermissionsResponse:
        """BatchCheckPermissions, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PermissionService/BatchCheckPermissions", request, permission_service_pb2.BatchCheckPermissionsResponse, timeout)

    def explain_permission(self, request: permission_service_pb2.ExplainPermissionRequest, *, timeout: float | None = None) -> permission_service_pb2.ExplainPermissionResponse:
        """ExplainPermission, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PermissionService/ExplainPermission", request, permission_service_pb2.ExplainPermissionResponse, timeout)
