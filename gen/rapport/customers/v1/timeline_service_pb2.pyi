import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TimelineKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TIMELINE_KIND_UNSPECIFIED: _ClassVar[TimelineKind]
    TIMELINE_KIND_NOTE: _ClassVar[TimelineKind]
    TIMELINE_KIND_CALL: _ClassVar[TimelineKind]
    TIMELINE_KIND_MEETING: _ClassVar[TimelineKind]
    TIMELINE_KIND_EMAIL: _ClassVar[TimelineKind]
    TIMELINE_KIND_CREATED: _ClassVar[TimelineKind]
    TIMELINE_KIND_CHANGED: _ClassVar[TimelineKind]
    TIMELINE_KIND_DELETED: _ClassVar[TimelineKind]
    TIMELINE_KIND_UNDELETED: _ClassVar[TimelineKind]
    TIMELINE_KIND_MERGED: _ClassVar[TimelineKind]
TIMELINE_KIND_UNSPECIFIED: TimelineKind
TIMELINE_KIND_NOTE: TimelineKind
TIMELINE_KIND_CALL: TimelineKind
TIMELINE_KIND_MEETING: TimelineKind
TIMELINE_KIND_EMAIL: TimelineKind
TIMELINE_KIND_CREATED: TimelineKind
TIMELINE_KIND_CHANGED: TimelineKind
TIMELINE_KIND_DELETED: TimelineKind
TIMELINE_KIND_UNDELETED: TimelineKind
TIMELINE_KIND_MERGED: TimelineKind

class ListContactTimelineRequest(_message.Message):
    __slots__ = ("id", "page_size", "page_token", "kinds")
    ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    id: str
    page_size: int
    page_token: str
    kinds: _containers.RepeatedScalarFieldContainer[TimelineKind]
    def __init__(self, id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., kinds: _Optional[_Iterable[_Union[TimelineKind, str]]] = ...) -> None: ...

class ListContactTimelineResponse(_message.Message):
    __slots__ = ("entries", "next_page_token")
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[TimelineEntry]
    next_page_token: str
    def __init__(self, entries: _Optional[_Iterable[_Union[TimelineEntry, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListCompanyTimelineRequest(_message.Message):
    __slots__ = ("id", "page_size", "page_token", "kinds")
    ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    id: str
    page_size: int
    page_token: str
    kinds: _containers.RepeatedScalarFieldContainer[TimelineKind]
    def __init__(self, id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., kinds: _Optional[_Iterable[_Union[TimelineKind, str]]] = ...) -> None: ...

class ListCompanyTimelineResponse(_message.Message):
    __slots__ = ("entries", "next_page_token")
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[TimelineEntry]
    next_page_token: str
    def __init__(self, entries: _Optional[_Iterable[_Union[TimelineEntry, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class TimelineEntry(_message.Message):
    __slots__ = ("id", "time", "kind", "title", "resource", "actor_id", "changed_paths")
    ID_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    id: str
    time: _timestamp_pb2.Timestamp
    kind: TimelineKind
    title: str
    resource: str
    actor_id: str
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., kind: _Optional[_Union[TimelineKind, str]] = ..., title: _Optional[str] = ..., resource: _Optional[str] = ..., actor_id: _Optional[str] = ..., changed_paths: _Optional[_Iterable[str]] = ...) -> None: ...
