from rapport.notifications.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MessageCreated(_message.Message):
    __slots__ = ("message", "changed_paths", "previous", "inherited")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    message: _resources_pb2.Message
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Message
    inherited: bool
    def __init__(self, message: _Optional[_Union[_resources_pb2.Message, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Message, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class MessageUpdated(_message.Message):
    __slots__ = ("message", "changed_paths", "previous", "inherited")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    message: _resources_pb2.Message
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Message
    inherited: bool
    def __init__(self, message: _Optional[_Union[_resources_pb2.Message, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Message, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class MessageDeleted(_message.Message):
    __slots__ = ("message", "changed_paths", "previous", "inherited")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    message: _resources_pb2.Message
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Message
    inherited: bool
    def __init__(self, message: _Optional[_Union[_resources_pb2.Message, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Message, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class MessageUndeleted(_message.Message):
    __slots__ = ("message", "changed_paths", "previous", "inherited")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    message: _resources_pb2.Message
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Message
    inherited: bool
    def __init__(self, message: _Optional[_Union[_resources_pb2.Message, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Message, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...
