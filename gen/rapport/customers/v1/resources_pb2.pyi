import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from google.type import postal_address_pb2 as _postal_address_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from rapport.type.v1 import custom_field_pb2 as _custom_field_pb2
from rapport.type.v1 import job_pb2 as _job_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MatchKey(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MATCH_KEY_UNSPECIFIED: _ClassVar[MatchKey]
    MATCH_KEY_EXTERNAL_ID: _ClassVar[MatchKey]
    MATCH_KEY_EMAIL: _ClassVar[MatchKey]

class OnMatch(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ON_MATCH_UNSPECIFIED: _ClassVar[OnMatch]
    ON_MATCH_SKIP: _ClassVar[OnMatch]
    ON_MATCH_OVERWRITE: _ClassVar[OnMatch]
    ON_MATCH_FILL_EMPTY: _ClassVar[OnMatch]

class FileEncoding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FILE_ENCODING_UNSPECIFIED: _ClassVar[FileEncoding]
    FILE_ENCODING_UTF_8: _ClassVar[FileEncoding]
    FILE_ENCODING_WINDOWS_1252: _ClassVar[FileEncoding]

class FileDelimiter(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FILE_DELIMITER_UNSPECIFIED: _ClassVar[FileDelimiter]
    FILE_DELIMITER_COMMA: _ClassVar[FileDelimiter]
    FILE_DELIMITER_SEMICOLON: _ClassVar[FileDelimiter]
    FILE_DELIMITER_TAB: _ClassVar[FileDelimiter]

class RowVerdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROW_VERDICT_UNSPECIFIED: _ClassVar[RowVerdict]
    ROW_VERDICT_CREATED: _ClassVar[RowVerdict]
    ROW_VERDICT_UPDATED: _ClassVar[RowVerdict]
    ROW_VERDICT_SKIPPED: _ClassVar[RowVerdict]
    ROW_VERDICT_FAILED: _ClassVar[RowVerdict]
MATCH_KEY_UNSPECIFIED: MatchKey
MATCH_KEY_EXTERNAL_ID: MatchKey
MATCH_KEY_EMAIL: MatchKey
ON_MATCH_UNSPECIFIED: OnMatch
ON_MATCH_SKIP: OnMatch
ON_MATCH_OVERWRITE: OnMatch
ON_MATCH_FILL_EMPTY: OnMatch
FILE_ENCODING_UNSPECIFIED: FileEncoding
FILE_ENCODING_UTF_8: FileEncoding
FILE_ENCODING_WINDOWS_1252: FileEncoding
FILE_DELIMITER_UNSPECIFIED: FileDelimiter
FILE_DELIMITER_COMMA: FileDelimiter
FILE_DELIMITER_SEMICOLON: FileDelimiter
FILE_DELIMITER_TAB: FileDelimiter
ROW_VERDICT_UNSPECIFIED: RowVerdict
ROW_VERDICT_CREATED: RowVerdict
ROW_VERDICT_UPDATED: RowVerdict
ROW_VERDICT_SKIPPED: RowVerdict
ROW_VERDICT_FAILED: RowVerdict

class Contact(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "owner_id", "given_name", "family_name", "display_name", "emails", "phones", "addresses", "job_title", "birth_date", "external_id", "primary_email", "owner_name", "custom")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    GIVEN_NAME_FIELD_NUMBER: _ClassVar[int]
    FAMILY_NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    EMAILS_FIELD_NUMBER: _ClassVar[int]
    PHONES_FIELD_NUMBER: _ClassVar[int]
    ADDRESSES_FIELD_NUMBER: _ClassVar[int]
    JOB_TITLE_FIELD_NUMBER: _ClassVar[int]
    BIRTH_DATE_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_ID_FIELD_NUMBER: _ClassVar[int]
    PRIMARY_EMAIL_FIELD_NUMBER: _ClassVar[int]
    OWNER_NAME_FIELD_NUMBER: _ClassVar[int]
    CUSTOM_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    owner_id: str
    given_name: str
    family_name: str
    display_name: str
    emails: _containers.RepeatedCompositeFieldContainer[EmailAddress]
    phones: _containers.RepeatedCompositeFieldContainer[PhoneNumber]
    addresses: _containers.RepeatedCompositeFieldContainer[_postal_address_pb2.PostalAddress]
    job_title: str
    birth_date: _date_pb2.Date
    external_id: str
    primary_email: str
    owner_name: str
    custom: _struct_pb2.Struct
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., owner_id: _Optional[str] = ..., given_name: _Optional[str] = ..., family_name: _Optional[str] = ..., display_name: _Optional[str] = ..., emails: _Optional[_Iterable[_Union[EmailAddress, _Mapping]]] = ..., phones: _Optional[_Iterable[_Union[PhoneNumber, _Mapping]]] = ..., addresses: _Optional[_Iterable[_Union[_postal_address_pb2.PostalAddress, _Mapping]]] = ..., job_title: _Optional[str] = ..., birth_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., external_id: _Optional[str] = ..., primary_email: _Optional[str] = ..., owner_name: _Optional[str] = ..., custom: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class ContactField(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "key", "display_name", "type", "choices", "required", "filterable", "unique", "personal", "state", "generation")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_FIELD_NUMBER: _ClassVar[int]
    FILTERABLE_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_FIELD_NUMBER: _ClassVar[int]
    PERSONAL_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    key: str
    display_name: str
    type: _custom_field_pb2.FieldType
    choices: _containers.RepeatedCompositeFieldContainer[_custom_field_pb2.FieldChoice]
    required: bool
    filterable: bool
    unique: bool
    personal: bool
    state: _custom_field_pb2.FieldState
    generation: int
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., key: _Optional[str] = ..., display_name: _Optional[str] = ..., type: _Optional[_Union[_custom_field_pb2.FieldType, str]] = ..., choices: _Optional[_Iterable[_Union[_custom_field_pb2.FieldChoice, _Mapping]]] = ..., required: _Optional[bool] = ..., filterable: _Optional[bool] = ..., unique: _Optional[bool] = ..., personal: _Optional[bool] = ..., state: _Optional[_Union[_custom_field_pb2.FieldState, str]] = ..., generation: _Optional[int] = ...) -> None: ...

class EmailAddress(_message.Message):
    __slots__ = ("address", "label")
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    address: str
    label: str
    def __init__(self, address: _Optional[str] = ..., label: _Optional[str] = ...) -> None: ...

class PhoneNumber(_message.Message):
    __slots__ = ("number", "label")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    number: str
    label: str
    def __init__(self, number: _Optional[str] = ..., label: _Optional[str] = ...) -> None: ...

class ColumnMapping(_message.Message):
    __slots__ = ("column", "field")
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    column: str
    field: str
    def __init__(self, column: _Optional[str] = ..., field: _Optional[str] = ...) -> None: ...

class FilePart(_message.Message):
    __slots__ = ("number", "size", "digest")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    number: int
    size: int
    digest: str
    def __init__(self, number: _Optional[int] = ..., size: _Optional[int] = ..., digest: _Optional[str] = ...) -> None: ...

class ContactImport(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "file_name", "columns", "match_key", "on_match", "encoding", "delimiter", "job", "created_count", "updated_count", "skipped_count", "failed_count", "parts", "creator_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    MATCH_KEY_FIELD_NUMBER: _ClassVar[int]
    ON_MATCH_FIELD_NUMBER: _ClassVar[int]
    ENCODING_FIELD_NUMBER: _ClassVar[int]
    DELIMITER_FIELD_NUMBER: _ClassVar[int]
    JOB_FIELD_NUMBER: _ClassVar[int]
    CREATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILED_COUNT_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    CREATOR_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    file_name: str
    columns: _containers.RepeatedCompositeFieldContainer[ColumnMapping]
    match_key: MatchKey
    on_match: OnMatch
    encoding: FileEncoding
    delimiter: FileDelimiter
    job: _job_pb2.Job
    created_count: int
    updated_count: int
    skipped_count: int
    failed_count: int
    parts: _containers.RepeatedCompositeFieldContainer[FilePart]
    creator_id: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., file_name: _Optional[str] = ..., columns: _Optional[_Iterable[_Union[ColumnMapping, _Mapping]]] = ..., match_key: _Optional[_Union[MatchKey, str]] = ..., on_match: _Optional[_Union[OnMatch, str]] = ..., encoding: _Optional[_Union[FileEncoding, str]] = ..., delimiter: _Optional[_Union[FileDelimiter, str]] = ..., job: _Optional[_Union[_job_pb2.Job, _Mapping]] = ..., created_count: _Optional[int] = ..., updated_count: _Optional[int] = ..., skipped_count: _Optional[int] = ..., failed_count: _Optional[int] = ..., parts: _Optional[_Iterable[_Union[FilePart, _Mapping]]] = ..., creator_id: _Optional[str] = ...) -> None: ...

class ContactImportRow(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "import_id", "number", "verdict", "reason", "column", "message", "contact_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    IMPORT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    import_id: str
    number: int
    verdict: RowVerdict
    reason: str
    column: str
    message: str
    contact_id: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., import_id: _Optional[str] = ..., number: _Optional[int] = ..., verdict: _Optional[_Union[RowVerdict, str]] = ..., reason: _Optional[str] = ..., column: _Optional[str] = ..., message: _Optional[str] = ..., contact_id: _Optional[str] = ...) -> None: ...

class ContactExport(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "filter", "order_by", "fields", "byte_order_mark", "job", "size", "expire_time", "creator_id", "file_name", "parts")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    BYTE_ORDER_MARK_FIELD_NUMBER: _ClassVar[int]
    JOB_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATOR_ID_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    filter: str
    order_by: str
    fields: _containers.RepeatedScalarFieldContainer[str]
    byte_order_mark: bool
    job: _job_pb2.Job
    size: int
    expire_time: _timestamp_pb2.Timestamp
    creator_id: str
    file_name: str
    parts: _containers.RepeatedCompositeFieldContainer[FilePart]
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., filter: _Optional[str] = ..., order_by: _Optional[str] = ..., fields: _Optional[_Iterable[str]] = ..., byte_order_mark: _Optional[bool] = ..., job: _Optional[_Union[_job_pb2.Job, _Mapping]] = ..., size: _Optional[int] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., creator_id: _Optional[str] = ..., file_name: _Optional[str] = ..., parts: _Optional[_Iterable[_Union[FilePart, _Mapping]]] = ...) -> None: ...

class ContactHook(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "display_name")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    display_name: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., display_name: _Optional[str] = ...) -> None: ...
