import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import httpbody_pb2 as _httpbody_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from rapport.customers.v1 import resources_pb2 as _resources_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateContactImportRequest(_message.Message):
    __slots__ = ("contact_import", "request_id")
    CONTACT_IMPORT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    contact_import: _resources_pb2.ContactImport
    request_id: str
    def __init__(self, contact_import: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetContactImportRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListContactImportsRequest(_message.Message):
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

class ListContactImportsResponse(_message.Message):
    __slots__ = ("contact_imports", "next_page_token")
    CONTACT_IMPORTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contact_imports: _containers.RepeatedCompositeFieldContainer[_resources_pb2.ContactImport]
    next_page_token: str
    def __init__(self, contact_imports: _Optional[_Iterable[_Union[_resources_pb2.ContactImport, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UploadContactImportPartRequest(_message.Message):
    __slots__ = ("id", "part_number", "content", "request_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    PART_NUMBER_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    part_number: int
    content: bytes
    request_id: str
    def __init__(self, id: _Optional[str] = ..., part_number: _Optional[int] = ..., content: _Optional[bytes] = ..., request_id: _Optional[str] = ...) -> None: ...

class UploadContactImportBytesRequest(_message.Message):
    __slots__ = ("id", "part_number", "body")
    ID_FIELD_NUMBER: _ClassVar[int]
    PART_NUMBER_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    id: str
    part_number: int
    body: _httpbody_pb2.HttpBody
    def __init__(self, id: _Optional[str] = ..., part_number: _Optional[int] = ..., body: _Optional[_Union[_httpbody_pb2.HttpBody, _Mapping]] = ...) -> None: ...

class UpdateContactImportRequest(_message.Message):
    __slots__ = ("contact_import", "update_mask", "request_id")
    CONTACT_IMPORT_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    contact_import: _resources_pb2.ContactImport
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    def __init__(self, contact_import: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class InspectContactImportRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ColumnSuggestion(_message.Message):
    __slots__ = ("column", "samples", "field", "confidence", "date_order")
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    DATE_ORDER_FIELD_NUMBER: _ClassVar[int]
    column: str
    samples: _containers.RepeatedScalarFieldContainer[str]
    field: str
    confidence: int
    date_order: _resources_pb2.DateOrder
    def __init__(self, column: _Optional[str] = ..., samples: _Optional[_Iterable[str]] = ..., field: _Optional[str] = ..., confidence: _Optional[int] = ..., date_order: _Optional[_Union[_resources_pb2.DateOrder, str]] = ...) -> None: ...

class InspectContactImportResponse(_message.Message):
    __slots__ = ("columns", "encoding", "delimiter", "headerless")
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    ENCODING_FIELD_NUMBER: _ClassVar[int]
    DELIMITER_FIELD_NUMBER: _ClassVar[int]
    HEADERLESS_FIELD_NUMBER: _ClassVar[int]
    columns: _containers.RepeatedCompositeFieldContainer[ColumnSuggestion]
    encoding: _resources_pb2.FileEncoding
    delimiter: _resources_pb2.FileDelimiter
    headerless: bool
    def __init__(self, columns: _Optional[_Iterable[_Union[ColumnSuggestion, _Mapping]]] = ..., encoding: _Optional[_Union[_resources_pb2.FileEncoding, str]] = ..., delimiter: _Optional[_Union[_resources_pb2.FileDelimiter, str]] = ..., headerless: _Optional[bool] = ...) -> None: ...

class PreviewContactImportRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class PreviewContactImportResponse(_message.Message):
    __slots__ = ("contact_import_rows", "column_names", "delimiter")
    CONTACT_IMPORT_ROWS_FIELD_NUMBER: _ClassVar[int]
    COLUMN_NAMES_FIELD_NUMBER: _ClassVar[int]
    DELIMITER_FIELD_NUMBER: _ClassVar[int]
    contact_import_rows: _containers.RepeatedCompositeFieldContainer[_resources_pb2.ContactImportRow]
    column_names: _containers.RepeatedScalarFieldContainer[str]
    delimiter: _resources_pb2.FileDelimiter
    def __init__(self, contact_import_rows: _Optional[_Iterable[_Union[_resources_pb2.ContactImportRow, _Mapping]]] = ..., column_names: _Optional[_Iterable[str]] = ..., delimiter: _Optional[_Union[_resources_pb2.FileDelimiter, str]] = ...) -> None: ...

class StartContactImportRequest(_message.Message):
    __slots__ = ("id", "request_id", "validate_only")
    ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    id: str
    request_id: str
    validate_only: bool
    def __init__(self, id: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class RevertContactImportRequest(_message.Message):
    __slots__ = ("id", "request_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    request_id: str
    def __init__(self, id: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class CreateRefusedRowsLinkRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class CreateRefusedRowsLinkResponse(_message.Message):
    __slots__ = ("path", "expire_time")
    PATH_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    path: str
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, path: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class DownloadRefusedRowsRequest(_message.Message):
    __slots__ = ("token",)
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    token: str
    def __init__(self, token: _Optional[str] = ...) -> None: ...

class CancelContactImportRequest(_message.Message):
    __slots__ = ("id", "request_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    request_id: str
    def __init__(self, id: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class ListContactImportRowsRequest(_message.Message):
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

class ListContactImportRowsResponse(_message.Message):
    __slots__ = ("contact_import_rows", "next_page_token")
    CONTACT_IMPORT_ROWS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contact_import_rows: _containers.RepeatedCompositeFieldContainer[_resources_pb2.ContactImportRow]
    next_page_token: str
    def __init__(self, contact_import_rows: _Optional[_Iterable[_Union[_resources_pb2.ContactImportRow, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
