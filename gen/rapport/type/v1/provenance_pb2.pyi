import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ProvenanceSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PROVENANCE_SOURCE_UNSPECIFIED: _ClassVar[ProvenanceSource]
    PROVENANCE_SOURCE_PERSON: _ClassVar[ProvenanceSource]
    PROVENANCE_SOURCE_IMPORT: _ClassVar[ProvenanceSource]
    PROVENANCE_SOURCE_MERGE: _ClassVar[ProvenanceSource]
    PROVENANCE_SOURCE_API_CLIENT: _ClassVar[ProvenanceSource]
    PROVENANCE_SOURCE_SERVICE: _ClassVar[ProvenanceSource]
PROVENANCE_SOURCE_UNSPECIFIED: ProvenanceSource
PROVENANCE_SOURCE_PERSON: ProvenanceSource
PROVENANCE_SOURCE_IMPORT: ProvenanceSource
PROVENANCE_SOURCE_MERGE: ProvenanceSource
PROVENANCE_SOURCE_API_CLIENT: ProvenanceSource
PROVENANCE_SOURCE_SERVICE: ProvenanceSource

class FieldProvenance(_message.Message):
    __slots__ = ("path", "source", "actor_id", "through", "time")
    PATH_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    THROUGH_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    path: str
    source: ProvenanceSource
    actor_id: str
    through: str
    time: _timestamp_pb2.Timestamp
    def __init__(self, path: _Optional[str] = ..., source: _Optional[_Union[ProvenanceSource, str]] = ..., actor_id: _Optional[str] = ..., through: _Optional[str] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Provenance(_message.Message):
    __slots__ = ("fields",)
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    fields: _containers.RepeatedCompositeFieldContainer[FieldProvenance]
    def __init__(self, fields: _Optional[_Iterable[_Union[FieldProvenance, _Mapping]]] = ...) -> None: ...
