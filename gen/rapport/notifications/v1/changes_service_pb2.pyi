from buf.validate import validate_pb2 as _validate_pb2
from rapport.mesh.v1 import changes_pb2 as _changes_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from rapport.notifications.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReadMessageChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class MessageChange(_message.Message):
    __slots__ = ("kind", "message", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    message: _resources_pb2.Message
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., message: _Optional[_Union[_resources_pb2.Message, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...
