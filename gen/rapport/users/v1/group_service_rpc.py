"""Typed Python of rapport.users.v1.GroupService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import group_service_pb2
from rapport.users.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class GroupServiceMethods(Protocol):
    """What the service implements of GroupService beyond its standard methods."""

    def list_group_members(self, call: Call, request: group_service_pb2.ListGroupMembersRequest) -> group_service_pb2.ListGroupMembersResponse: ...

    def add_group_members(self, call: Call, request: group_service_pb2.AddGroupMembersRequest) -> resources_pb2.Group: ...

    def remove_group_members(self, call: Call, request: group_service_pb2.RemoveGroupMembersRequest) -> resources_pb2.Group: ...


class GroupServiceClient:
    """Calls GroupService."""

    AREA = "rapport.users.v1.GroupService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_group(self, request: group_service_pb2.GetGroupRequest, *, timeout: float | None = None) -> resources_pb2.Group:
        """GetGroup, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.GroupService/GetGroup", request, resources_pb2.Group, timeout)

    def list_groups(self, request: group_service_pb2.ListGroupsRequest, *, timeout: float | None = None) -> group_service_pb2.ListGroupsResponse:
        """ListGroups, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.GroupService/ListGroups", request, group_service_pb2.ListGroupsResponse, timeout)

    def batch_get_groups(self, request: group_service_pb2.BatchGetGroupsRequest, *, timeout: float | None = None) -> group_service_pb2.BatchGetGroupsResponse:
        """BatchGetGroups, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.GroupService/BatchGetGroups", request, group_service_pb2.BatchGetGroupsResponse, timeout)

    def create_group(self, request: group_service_pb2.CreateGroupRequest, *, timeout: float | None = None) -> resources_pb2.Group:
        """CreateGroup, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.GroupService/CreateGroup", request, resources_pb2.Group, timeout)

    def update_group(self, request: group_service_pb2.UpdateGroupRequest, *, timeout: float | None = None) -> resources_pb2.Group:
        """UpdateGroup, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.GroupService/UpdateGroup", request, resources_pb2.Group, timeout)

    def delete_group(self, request: group_service_pb2.DeleteGroupRequest, *, timeout: float | None = None) -> resources_pb2.Group:
        """DeleteGroup, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.GroupService/DeleteGroup", request, resources_pb2.Group, timeout)

    def undelete_group(self, request: group_service_pb2.UndeleteGroupRequest, *, timeout: float | None = None) -> resources_pb2.Group:
        """UndeleteGroup, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.GroupService/UndeleteGroup", request, resources_pb2.Group, timeout)

    def list_group_members(self, request: group_service_pb2.ListGroupMembersRequest, *, timeout: float | None = None) -> group_service_pb2.ListGroupMembersResponse:
        """ListGroupMembers, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.GroupService/ListGroupMembers", request, group_service_pb2.ListGroupMembersResponse, timeout)

    def add_group_members(self, request: group_service_pb2.AddGroupMembersRequest, *, timeout: float | None = None) -> resources_pb2.Group:
        """AddGroupMembers, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.GroupService/AddGroupMembers", request, resources_pb2.Group, timeout)

    def remove_group_members(self, request: group_service_pb2.RemoveGroupMembersRequest, *, timeout: float | None = None) -> resources_pb2.Group:
        """RemoveGroupMembers, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.GroupService/RemoveGroupMembers", request, resources_pb2.Group, timeout)
