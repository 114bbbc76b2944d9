"""Typed Python of rapport.users.v1.ScimService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from google.api import httpbody_pb2
from rapport.users.v1 import scim_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class ScimServiceMethods(Protocol):
    """What the service implements of ScimService beyond its standard methods."""

    def get_scim_service_provider_config(self, call: Call, request: scim_service_pb2.GetScimServiceProviderConfigRequest) -> httpbody_pb2.HttpBody: ...

    def list_scim_resource_types(self, call: Call, request: scim_service_pb2.ListScimResourceTypesRequest) -> httpbody_pb2.HttpBody: ...

    def get_scim_resource_type(self, call: Call, request: scim_service_pb2.GetScimResourceTypeRequest) -> httpbody_pb2.HttpBody: ...

    def list_scim_schemas(self, call: Call, request: scim_service_pb2.ListScimSchemasRequest) -> httpbody_pb2.HttpBody: ...

    def get_scim_schema(self, call: Call, request: scim_service_pb2.GetScimSchemaRequest) -> httpbody_pb2.HttpBody: ...

    def get_scim_me(self, call: Call, request: scim_service_pb2.GetScimMeRequest) -> httpbody_pb2.HttpBody: ...

    def answer_scim_unsupported(self, call: Call, request: scim_service_pb2.AnswerScimUnsupportedRequest) -> httpbody_pb2.HttpBody: ...

    def get_scim_user(self, call: Call, request: scim_service_pb2.GetScimUserRequest) -> httpbody_pb2.HttpBody: ...

    def list_scim_users(self, call: Call, request: scim_service_pb2.ListScimUsersRequest) -> httpbody_pb2.HttpBody: ...

    def search_scim_users(self, call: Call, request: scim_service_pb2.SearchScimUsersRequest) -> httpbody_pb2.HttpBody: ...

    def create_scim_user(self, call: Call, request: scim_service_pb2.CreateScimUserRequest) -> httpbody_pb2.HttpBody: ...

    def replace_scim_user(self, call: Call, request: scim_service_pb2.ReplaceScimUserRequest) -> httpbody_pb2.HttpBody: ...

    def patch_scim_user(self, call: Call, request: scim_service_pb2.PatchScimUserRequest) -> httpbody_pb2.HttpBody: ...

    def delete_scim_user(self, call: Call, request: scim_service_pb2.DeleteScimUserRequest) -> httpbody_pb2.HttpBody: ...

    def get_scim_group(self, call: Call, request: scim_service_pb2.GetScimGroupRequest) -> httpbody_pb2.HttpBody: ...

    def list_scim_groups(self, call: Call, request: scim_service_pb2.ListScimGroupsRequest) -> httpbody_pb2.HttpBody: ...

    def search_scim_groups(self, call: Call, request: scim_service_pb2.SearchScimGroupsRequest) -> httpbody_pb2.HttpBody: ...

    def create_scim_group(self, call: Call, request: scim_service_pb2.CreateScimGroupRequest) -> httpbody_pb2.HttpBody: ...

    def replace_scim_group(self, call: Call, request: scim_service_pb2.ReplaceScimGroupRequest) -> httpbody_pb2.HttpBody: ...

    def patch_scim_group(self, call: Call, request: scim_service_pb2.PatchScimGroupRequest) -> httpbody_pb2.HttpBody: ...

    def delete_scim_group(self, call: Call, request: scim_service_pb2.DeleteScimGroupRequest) -> httpbody_pb2.HttpBody: ...


class ScimServiceClient:
    """Calls ScimService."""

    AREA = "rapport.users.v1.ScimService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_scim_service_provider_config(self, request: scim_service_pb2.GetScimServiceProviderConfigRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """GetScimServiceProviderConfig, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/GetScimServiceProviderConfig", request, httpbody_pb2.HttpBody, timeout)

    def list_scim_resource_types(self, request: scim_service_pb2.ListScimResourceTypesRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """ListScimResourceTypes, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/ListScimResourceTypes", request, httpbody_pb2.HttpBody, timeout)

    def get_scim_resource_type(self, request: scim_service_pb2.GetScimResourceTypeRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """GetScimResourceType, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/GetScimResourceType", request, httpbody_pb2.HttpBody, timeout)

    def list_scim_schemas(self, request: scim_service_pb2.ListScimSchemasRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """ListScimSchemas, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/ListScimSchemas", request, httpbody_pb2.HttpBody, timeout)

    def get_scim_schema(self, request: scim_service_pb2.GetScimSchemaRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """GetScimSchema, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/GetScimSchema", request, httpbody_pb2.HttpBody, timeout)

    def get_scim_me(self, request: scim_service_pb2.GetScimMeRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """GetScimMe, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/GetScimMe", request, httpbody_pb2.HttpBody, timeout)

    def answer_scim_unsupported(self, request: scim_service_pb2.AnswerScimUnsupportedRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """AnswerScimUnsupported, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/AnswerScimUnsupported", request, httpbody_pb2.HttpBody, timeout)

    def get_scim_user(self, request: scim_service_pb2.GetScimUserRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """GetScimUser, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/GetScimUser", request, httpbody_pb2.HttpBody, timeout)

    def list_scim_users(self, request: scim_service_pb2.ListScimUsersRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """ListScimUsers, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/ListScimUsers", request, httpbody_pb2.HttpBody, timeout)

    def search_scim_users(self, request: scim_service_pb2.SearchScimUsersRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """SearchScimUsers, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/SearchScimUsers", request, httpbody_pb2.HttpBody, timeout)

    def create_scim_user(self, request: scim_service_pb2.CreateScimUserRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """CreateScimUser, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/CreateScimUser", request, httpbody_pb2.HttpBody, timeout)

    def replace_scim_user(self, request: scim_service_pb2.ReplaceScimUserRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """ReplaceScimUser, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/ReplaceScimUser", request, httpbody_pb2.HttpBody, timeout)

    def patch_scim_user(self, request: scim_service_pb2.PatchScimUserRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """PatchScimUser, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/PatchScimUser", request, httpbody_pb2.HttpBody, timeout)

    def delete_scim_user(self, request: scim_service_pb2.DeleteScimUserRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """DeleteScimUser, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/DeleteScimUser", request, httpbody_pb2.HttpBody, timeout)

    def get_scim_group(self, request: scim_service_pb2.GetScimGroupRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """GetScimGroup, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/GetScimGroup", request, httpbody_pb2.HttpBody, timeout)

    def list_scim_groups(self, request: scim_service_pb2.ListScimGroupsRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """ListScimGroups, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/ListScimGroups", request, httpbody_pb2.HttpBody, timeout)

    def search_scim_groups(self, request: scim_service_pb2.SearchScimGroupsRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """SearchScimGroups, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/SearchScimGroups", request, httpbody_pb2.HttpBody, timeout)

    def create_scim_group(self, request: scim_service_pb2.CreateScimGroupRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """CreateScimGroup, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/CreateScimGroup", request, httpbody_pb2.HttpBody, timeout)

    def replace_scim_group(self, request: scim_service_pb2.ReplaceScimGroupRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """ReplaceScimGroup, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/ReplaceScimGroup", request, httpbody_pb2.HttpBody, timeout)

    def patch_scim_group(self, request: scim_service_pb2.PatchScimGroupRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """PatchScimGroup, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/PatchScimGroup", request, httpbody_pb2.HttpBody, timeout)

    def delete_scim_group(self, request: scim_service_pb2.DeleteScimGroupRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """DeleteScimGroup, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ScimService/DeleteScimGroup", request, httpbody_pb2.HttpBody, timeout)
