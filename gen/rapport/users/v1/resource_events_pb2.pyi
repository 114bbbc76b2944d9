from rapport.users.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class UserCreated(_message.Message):
    __slots__ = ("user", "changed_paths", "previous")
    USER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    user: _resources_pb2.User
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.User
    def __init__(self, user: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.User, _Mapping]] = ...) -> None: ...

class UserUpdated(_message.Message):
    __slots__ = ("user", "changed_paths", "previous")
    USER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    user: _resources_pb2.User
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.User
    def __init__(self, user: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.User, _Mapping]] = ...) -> None: ...

class UserDeleted(_message.Message):
    __slots__ = ("user", "changed_paths", "previous")
    USER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    user: _resources_pb2.User
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.User
    def __init__(self, user: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.User, _Mapping]] = ...) -> None: ...

class UserUndeleted(_message.Message):
    __slots__ = ("user", "changed_paths", "previous")
    USER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    user: _resources_pb2.User
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.User
    def __init__(self, user: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.User, _Mapping]] = ...) -> None: ...
