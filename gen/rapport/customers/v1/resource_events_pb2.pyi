from rapport.customers.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ContactCreated(_message.Message):
    __slots__ = ("contact", "changed_paths", "previous")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact: _resources_pb2.Contact
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Contact
    def __init__(self, contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ...) -> None: ...

class ContactUpdated(_message.Message):
    __slots__ = ("contact", "changed_paths", "previous")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact: _resources_pb2.Contact
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Contact
    def __init__(self, contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ...) -> None: ...

class ContactDeleted(_message.Message):
    __slots__ = ("contact", "changed_paths", "previous")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact: _resources_pb2.Contact
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Contact
    def __init__(self, contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ...) -> None: ...

class ContactUndeleted(_message.Message):
    __slots__ = ("contact", "changed_paths", "previous")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact: _resources_pb2.Contact
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Contact
    def __init__(self, contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ...) -> None: ...
