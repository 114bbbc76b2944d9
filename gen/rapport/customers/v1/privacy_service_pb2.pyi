import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import httpbody_pb2 as _httpbody_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from rapport.customers.v1 import resources_pb2 as _resources_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateSubjectExportRequest(_message.Message):
    __slots__ = ("subject_export", "request_id")
    SUBJECT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    subject_export: _resources_pb2.SubjectExport
    request_id: str
    def __init__(self, subject_export: _Optional[_Union[_resources_pb2.SubjectExport, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetSubjectExportRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListSubjectExportsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "filter", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    filter: str
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListSubjectExportsResponse(_message.Message):
    __slots__ = ("subject_exports", "next_page_token")
    SUBJECT_EXPORTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    subject_exports: _containers.RepeatedCompositeFieldContainer[_resources_pb2.SubjectExport]
    next_page_token: str
    def __init__(self, subject_exports: _Optional[_Iterable[_Union[_resources_pb2.SubjectExport, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CancelSubjectExportRequest(_message.Message):
    __slots__ = ("id", "request_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    request_id: str
    def __init__(self, id: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class CreateSubjectExportLinkRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class CreateSubjectExportLinkResponse(_message.Message):
    __slots__ = ("path", "expire_time")
    PATH_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    path: str
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, path: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class DownloadSubjectExportRequest(_message.Message):
    __slots__ = ("token",)
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    token: str
    def __init__(self, token: _Optional[str] = ...) -> None: ...

class CreateContactErasureRequest(_message.Message):
    __slots__ = ("contact_erasure", "request_id")
    CONTACT_ERASURE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    contact_erasure: _resources_pb2.ContactErasure
    request_id: str
    def __init__(self, contact_erasure: _Optional[_Union[_resources_pb2.ContactErasure, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetContactErasureRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListContactErasuresRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "filter", "order_by")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    filter: str
    order_by: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ..., order_by: _Optional[str] = ...) -> None: ...

class ListContactErasuresResponse(_message.Message):
    __slots__ = ("contact_erasures", "next_page_token")
    CONTACT_ERASURES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contact_erasures: _containers.RepeatedCompositeFieldContainer[_resources_pb2.ContactErasure]
    next_page_token: str
    def __init__(self, contact_erasures: _Optional[_Iterable[_Union[_resources_pb2.ContactErasure, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class VerifyContactErasureRequest(_message.Message):
    __slots__ = ("receipt", "cursor")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    receipt: str
    cursor: str
    def __init__(self, receipt: _Optional[str] = ..., cursor: _Optional[str] = ...) -> None: ...

class VerifyContactErasureResponse(_message.Message):
    __slots__ = ("erased", "remnants", "row_count", "unfinished_services", "next_cursor")
    ERASED_FIELD_NUMBER: _ClassVar[int]
    REMNANTS_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNFINISHED_SERVICES_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    erased: bool
    remnants: _containers.RepeatedCompositeFieldContainer[ErasureRemnant]
    row_count: int
    unfinished_services: _containers.RepeatedScalarFieldContainer[str]
    next_cursor: str
    def __init__(self, erased: _Optional[bool] = ..., remnants: _Optional[_Iterable[_Union[ErasureRemnant, _Mapping]]] = ..., row_count: _Optional[int] = ..., unfinished_services: _Optional[_Iterable[str]] = ..., next_cursor: _Optional[str] = ...) -> None: ...

class ErasureRemnant(_message.Message):
    __slots__ = ("service", "kind", "id")
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    service: str
    kind: str
    id: str
    def __init__(self, service: _Optional[str] = ..., kind: _Optional[str] = ..., id: _Optional[str] = ...) -> None: ...
