from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class SegmentMembersChanged(_message.Message):
    __slots__ = ("segment_id", "entered_contact_ids", "left_contact_ids")
    SEGMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ENTERED_CONTACT_IDS_FIELD_NUMBER: _ClassVar[int]
    LEFT_CONTACT_IDS_FIELD_NUMBER: _ClassVar[int]
    segment_id: str
    entered_contact_ids: _containers.RepeatedScalarFieldContainer[str]
    left_contact_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, segment_id: _Optional[str] = ..., entered_contact_ids: _Optional[_Iterable[str]] = ..., left_contact_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class SegmentBuildContinued(_message.Message):
    __slots__ = ("segment_id", "generation", "cursor", "forget")
    SEGMENT_ID_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    FORGET_FIELD_NUMBER: _ClassVar[int]
    segment_id: str
    generation: int
    cursor: str
    forget: bool
    def __init__(self, segment_id: _Optional[str] = ..., generation: _Optional[int] = ..., cursor: _Optional[str] = ..., forget: _Optional[bool] = ...) -> None: ...

class CompanySegmentsContinued(_message.Message):
    __slots__ = ("company_id", "changed_paths", "cursor")
    COMPANY_ID_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    company_id: str
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, company_id: _Optional[str] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class SegmentsDue(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
