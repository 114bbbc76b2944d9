"""Typed Python of rapport.users.v1.UserService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import resources_pb2
from rapport.users.v1 import user_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class UserServiceMethods(Protocol):
    """What the service implements of UserService beyond its standard methods."""

    def get_current_user(self, call: Call, request: user_service_pb2.GetCurrentUserRequest) -> resources_pb2.User: ...

    def set_user_role(self, call: Call, request: user_service_pb2.SetUserRoleRequest) -> resources_pb2.User: ...

    def deactivate_user(self, call: Call, request: user_service_pb2.DeactivateUserRequest) -> resources_pb2.User: ...

    def suspend_user(self, call: Call, request: user_service_pb2.SuspendUserRequest) -> resources_pb2.User: ...

    def reactivate_user(self, call: Call, request: user_service_pb2.ReactivateUserRequest) -> resources_pb2.User: ...


class UserServiceClient:
    """Calls UserService."""

    AREA = "rapport.users.v1.UserService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_current_user(self, request: user_service_pb2.GetCurrentUserRequest, *, timeout: float | None = None) -> resources_pb2.User:
        """GetCurrentUser, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UserService/GetCurrentUser", request, resources_pb2.User, timeout)

    def get_user(self, request: user_service_pb2.GetUserRequest, *, timeout: float | None = None) -> resources_pb2.User:
        """GetUser, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UserService/GetUser", request, resources_pb2.User, timeout)

    def list_users(self, request: user_service_pb2.ListUsersRequest, *, timeout: float | None = None) -> user_service_pb2.ListUsersResponse:
        """ListUsers, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UserService/ListUsers", request, user_service_pb2.ListUsersResponse, timeout)

    def batch_get_users(self, request: user_service_pb2.BatchGetUsersRequest, *, timeout: float | None = None) -> user_service_pb2.BatchGetUsersResponse:
        """BatchGetUsers, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UserService/BatchGetUsers", request, user_service_pb2.BatchGetUsersResponse, timeout)

    def update_user(self, request: user_service_pb2.UpdateUserRequest, *, timeout: float | None = None) -> resources_pb2.User:
        """UpdateUser, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UserService/UpdateUser", request, resources_pb2.User, timeout)

    def set_user_role(self, request: user_service_pb2.SetUserRoleRequest, *, timeout: float | None = None) -> resources_pb2.User:
        """SetUserRole, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UserService/SetUserRole", request, resources_pb2.User, timeout)

    def deactivate_user(self, request: user_service_pb2.DeactivateUserRequest, *, timeout: float | None = None) -> resources_pb2.User:
        """DeactivateUser, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UserService/DeactivateUser", request, resources_pb2.User, timeout)

    def suspend_user(self, request: user_service_pb2.SuspendUserRequest, *, timeout: float | None = None) -> resources_pb2.User:
        """SuspendUser, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UserService/SuspendUser", request, resources_pb2.User, timeout)

    def reactivate_user(self, request: user_service_pb2.ReactivateUserRequest, *, timeout: float | None = None) -> resources_pb2.User:
        """ReactivateUser, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UserService/ReactivateUser", request, resources_pb2.User, timeout)

    def delete_user(self, request: user_service_pb2.DeleteUserRequest, *, timeout: float | None = None) -> resources_pb2.User:
        """DeleteUser, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UserService/DeleteUser", request, resources_pb2.User, timeout)

    def undelete_user(self, request: user_service_pb2.UndeleteUserRequest, *, timeout: float | None = None) -> resources_pb2.User:
        """UndeleteUser, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.UserService/UndeleteUser", request, resources_pb2.User, timeout)
