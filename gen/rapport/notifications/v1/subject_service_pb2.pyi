from buf.validate import validate_pb2 as _validate_pb2
from rapport.mesh.v1 import subject_pb2 as _subject_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReadSubjectRequest(_message.Message):
    __slots__ = ("subject", "cursor")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    subject: _subject_pb2.Subject
    cursor: str
    def __init__(self, subject: _Optional[_Union[_subject_pb2.Subject, _Mapping]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadSubjectResponse(_message.Message):
    __slots__ = ("records", "next_cursor")
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    records: _containers.RepeatedCompositeFieldContainer[_subject_pb2.SubjectRecord]
    next_cursor: str
    def __init__(self, records: _Optional[_Iterable[_Union[_subject_pb2.SubjectRecord, _Mapping]]] = ..., next_cursor: _Optional[str] = ...) -> None: ...

class EraseSubjectRequest(_message.Message):
    __slots__ = ("subject", "erasure_id")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    ERASURE_ID_FIELD_NUMBER: _ClassVar[int]
    subject: _subject_pb2.Subject
    erasure_id: str
    def __init__(self, subject: _Optional[_Union[_subject_pb2.Subject, _Mapping]] = ..., erasure_id: _Optional[str] = ...) -> None: ...

class EraseSubjectResponse(_message.Message):
    __slots__ = ("counts", "done")
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    counts: _containers.RepeatedCompositeFieldContainer[_subject_pb2.SubjectCount]
    done: bool
    def __init__(self, counts: _Optional[_Iterable[_Union[_subject_pb2.SubjectCount, _Mapping]]] = ..., done: _Optional[bool] = ...) -> None: ...

class FindSubjectRequest(_message.Message):
    __slots__ = ("digests", "cursor")
    DIGESTS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    digests: _subject_pb2.SubjectDigests
    cursor: str
    def __init__(self, digests: _Optional[_Union[_subject_pb2.SubjectDigests, _Mapping]] = ..., cursor: _Optional[str] = ...) -> None: ...

class FindSubjectResponse(_message.Message):
    __slots__ = ("names", "row_count", "next_cursor")
    NAMES_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    names: _containers.RepeatedScalarFieldContainer[str]
    row_count: int
    next_cursor: str
    def __init__(self, names: _Optional[_Iterable[str]] = ..., row_count: _Optional[int] = ..., next_cursor: _Optional[str] = ...) -> None: ...
