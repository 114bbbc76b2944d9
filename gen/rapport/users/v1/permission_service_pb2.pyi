from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from rapport.users.v1 import directory_service_pb2 as _directory_service_pb2
from rapport.users.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CheckPermissionRequest(_message.Message):
    __slots__ = ("permission", "owner_id")
    PERMISSION_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    permission: str
    owner_id: str
    def __init__(self, permission: _Optional[str] = ..., owner_id: _Optional[str] = ...) -> None: ...

class CheckPermissionResponse(_message.Message):
    __slots__ = ("allowed", "scope")
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    allowed: bool
    scope: _directory_service_pb2.Scope
    def __init__(self, allowed: _Optional[bool] = ..., scope: _Optional[_Union[_directory_service_pb2.Scope, str]] = ...) -> None: ...

class BatchCheckPermissionsRequest(_message.Message):
    __slots__ = ("checks",)
    CHECKS_FIELD_NUMBER: _ClassVar[int]
    checks: _containers.RepeatedCompositeFieldContainer[CheckPermissionRequest]
    def __init__(self, checks: _Optional[_Iterable[_Union[CheckPermissionRequest, _Mapping]]] = ...) -> None: ...

class BatchCheckPermissionsResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[CheckPermissionResponse]
    def __init__(self, results: _Optional[_Iterable[_Union[CheckPermissionResponse, _Mapping]]] = ...) -> None: ...

class ExplainPermissionRequest(_message.Message):
    __slots__ = ("principal_id", "permission", "owner_id")
    PRINCIPAL_ID_FIELD_NUMBER: _ClassVar[int]
    PERMISSION_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    principal_id: str
    permission: str
    owner_id: str
    def __init__(self, principal_id: _Optional[str] = ..., permission: _Optional[str] = ..., owner_id: _Optional[str] = ...) -> None: ...

class ExplainPermissionResponse(_message.Message):
    __slots__ = ("allowed", "scope", "active", "sources", "missing", "remedies", "giver_ids")
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    REMEDIES_FIELD_NUMBER: _ClassVar[int]
    GIVER_IDS_FIELD_NUMBER: _ClassVar[int]
    allowed: bool
    scope: _directory_service_pb2.Scope
    active: bool
    sources: _containers.RepeatedCompositeFieldContainer[GrantSource]
    missing: _containers.RepeatedCompositeFieldContainer[MissingGrant]
    remedies: _containers.RepeatedCompositeFieldContainer[GrantSource]
    giver_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, allowed: _Optional[bool] = ..., scope: _Optional[_Union[_directory_service_pb2.Scope, str]] = ..., active: _Optional[bool] = ..., sources: _Optional[_Iterable[_Union[GrantSource, _Mapping]]] = ..., missing: _Optional[_Iterable[_Union[MissingGrant, _Mapping]]] = ..., remedies: _Optional[_Iterable[_Union[GrantSource, _Mapping]]] = ..., giver_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class GrantSource(_message.Message):
    __slots__ = ("role", "custom_role_id", "group_id", "api_key_id", "display_name", "scope")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    CUSTOM_ROLE_ID_FIELD_NUMBER: _ClassVar[int]
    GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    API_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    role: _resources_pb2.Role
    custom_role_id: str
    group_id: str
    api_key_id: str
    display_name: str
    scope: _directory_service_pb2.Scope
    def __init__(self, role: _Optional[_Union[_resources_pb2.Role, str]] = ..., custom_role_id: _Optional[str] = ..., group_id: _Optional[str] = ..., api_key_id: _Optional[str] = ..., display_name: _Optional[str] = ..., scope: _Optional[_Union[_directory_service_pb2.Scope, str]] = ...) -> None: ...

class MissingGrant(_message.Message):
    __slots__ = ("principal_id", "grant")
    PRINCIPAL_ID_FIELD_NUMBER: _ClassVar[int]
    GRANT_FIELD_NUMBER: _ClassVar[int]
    principal_id: str
    grant: _directory_service_pb2.Grant
    def __init__(self, principal_id: _Optional[str] = ..., grant: _Optional[_Union[_directory_service_pb2.Grant, _Mapping]] = ...) -> None: ...
