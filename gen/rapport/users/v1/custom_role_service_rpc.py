"""Typed Python of rapport.users.v1.CustomRoleService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import custom_role_service_pb2
from rapport.users.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class CustomRoleServiceMethods(Protocol):
    """What the service implements of CustomRoleService beyond its standard methods."""


class CustomRoleServiceClient:
    """Calls CustomRoleService."""

    AREA = "rapport.users.v1.CustomRoleService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_custom_role(self, request: custom_role_service_pb2.GetCustomRoleRequest, *, timeout: float | None = None) -> resources_pb2.CustomRole:
        """GetCustomRole, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.CustomRoleService/GetCustomRole", request, resources_pb2.CustomRole, timeout)

    def list_custom_roles(self, request: custom_role_service_pb2.ListCustomRolesRequest, *, timeout: float | None = None) -> custom_role_service_pb2.ListCustomRolesResponse:
        """ListCustomRoles, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.CustomRoleService/ListCustomRoles", request, custom_role_service_pb2.ListCustomRolesResponse, timeout)

    def batch_get_custom_roles(self, request: custom_role_service_pb2.BatchGetCustomRolesRequest, *, timeout: float | None = None) -> custom_role_service_pb2.BatchGetCustomRolesResponse:
        """BatchGetCustomRoles, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.CustomRoleService/BatchGetCustomRoles", request, custom_role_service_pb2.BatchGetCustomRolesResponse, timeout)

    def create_custom_role(self, request: custom_role_service_pb2.CreateCustomRoleRequest, *, timeout: float | None = None) -> resources_pb2.CustomRole:
        """CreateCustomRole, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.CustomRoleService/CreateCustomRole", request, resources_pb2.CustomRole, timeout)

    def update_custom_role(self, request: custom_role_service_pb2.UpdateCustomRoleRequest, *, timeout: float | None = None) -> resources_pb2.CustomRole:
        """UpdateCustomRole, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.CustomRoleService/UpdateCustomRole", request, resources_pb2.CustomRole, timeout)

    def delete_custom_role(self, request: custom_role_service_pb2.DeleteCustomRoleRequest, *, timeout: float | None = None) -> resources_pb2.CustomRole:
        """DeleteCustomRole, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.CustomRoleService/DeleteCustomRole", request, resources_pb2.CustomRole, timeout)

    def undelete_custom_role(self, request: custom_role_service_pb2.UndeleteCustomRoleRequest, *, timeout: float | None = None) -> resources_pb2.CustomRole:
        """UndeleteCustomRole, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.CustomRoleService/UndeleteCustomRole", request, resources_pb2.CustomRole, timeout)
