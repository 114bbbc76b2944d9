from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from rapport.users.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateServiceAccountRequest(_message.Message):
    __slots__ = ("display_name", "role", "role_ids", "team_id", "request_id")
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    ROLE_IDS_FIELD_NUMBER: _ClassVar[int]
    TEAM_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    display_name: str
    role: _resources_pb2.Role
    role_ids: _containers.RepeatedScalarFieldContainer[str]
    team_id: str
    request_id: str
    def __init__(self, display_name: _Optional[str] = ..., role: _Optional[_Union[_resources_pb2.Role, str]] = ..., role_ids: _Optional[_Iterable[str]] = ..., team_id: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...
