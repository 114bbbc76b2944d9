from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import httpbody_pb2 as _httpbody_pb2
from rapport.customers.v1 import resources_pb2 as _resources_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class VcardVersion(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VCARD_VERSION_UNSPECIFIED: _ClassVar[VcardVersion]
    VCARD_VERSION_3_0: _ClassVar[VcardVersion]
    VCARD_VERSION_4_0: _ClassVar[VcardVersion]
VCARD_VERSION_UNSPECIFIED: VcardVersion
VCARD_VERSION_3_0: VcardVersion
VCARD_VERSION_4_0: VcardVersion

class ExportVcardsRequest(_message.Message):
    __slots__ = ("ids", "version")
    IDS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ids: _containers.RepeatedScalarFieldContainer[str]
    version: VcardVersion
    def __init__(self, ids: _Optional[_Iterable[str]] = ..., version: _Optional[_Union[VcardVersion, str]] = ...) -> None: ...

class ImportVcardsRequest(_message.Message):
    __slots__ = ("content", "request_id")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    request_id: str
    def __init__(self, content: _Optional[bytes] = ..., request_id: _Optional[str] = ...) -> None: ...

class ImportVcardsResponse(_message.Message):
    __slots__ = ("outcomes",)
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    outcomes: _containers.RepeatedCompositeFieldContainer[VcardOutcome]
    def __init__(self, outcomes: _Optional[_Iterable[_Union[VcardOutcome, _Mapping]]] = ...) -> None: ...

class VcardOutcome(_message.Message):
    __slots__ = ("number", "verdict", "reason", "message", "contact_id")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    number: int
    verdict: _resources_pb2.RowVerdict
    reason: str
    message: str
    contact_id: str
    def __init__(self, number: _Optional[int] = ..., verdict: _Optional[_Union[_resources_pb2.RowVerdict, str]] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ..., contact_id: _Optional[str] = ...) -> None: ...
