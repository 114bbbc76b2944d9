import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from rapport.type.v1 import field_change_pb2 as _field_change_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AuditRecorded(_message.Message):
    __slots__ = ("id", "create_time", "action", "method", "principal_id", "actor_id", "resource", "changed_paths", "request_id", "address", "user_agent", "changes")
    ID_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    USER_AGENT_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    id: str
    create_time: _timestamp_pb2.Timestamp
    action: str
    method: str
    principal_id: str
    actor_id: str
    resource: str
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    request_id: str
    address: str
    user_agent: str
    changes: _containers.RepeatedCompositeFieldContainer[_field_change_pb2.FieldChange]
    def __init__(self, id: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., action: _Optional[str] = ..., method: _Optional[str] = ..., principal_id: _Optional[str] = ..., actor_id: _Optional[str] = ..., resource: _Optional[str] = ..., changed_paths: _Optional[_Iterable[str]] = ..., request_id: _Optional[str] = ..., address: _Optional[str] = ..., user_agent: _Optional[str] = ..., changes: _Optional[_Iterable[_Union[_field_change_pb2.FieldChange, _Mapping]]] = ...) -> None: ...
