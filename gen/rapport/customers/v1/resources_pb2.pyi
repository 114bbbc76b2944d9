import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
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
    MATCH_KEY_PHONE: _ClassVar[MatchKey]
    MATCH_KEY_ID: _ClassVar[MatchKey]
    MATCH_KEY_CUSTOM_FIELD: _ClassVar[MatchKey]

class DateOrder(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DATE_ORDER_UNSPECIFIED: _ClassVar[DateOrder]
    DATE_ORDER_DAY_MONTH_YEAR: _ClassVar[DateOrder]
    DATE_ORDER_MONTH_DAY_YEAR: _ClassVar[DateOrder]
    DATE_ORDER_YEAR_MONTH_DAY: _ClassVar[DateOrder]

class ImportWork(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    IMPORT_WORK_UNSPECIFIED: _ClassVar[ImportWork]
    IMPORT_WORK_VALIDATION: _ClassVar[ImportWork]
    IMPORT_WORK_IMPORT: _ClassVar[ImportWork]
    IMPORT_WORK_REVERSION: _ClassVar[ImportWork]

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

class RowReversal(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROW_REVERSAL_UNSPECIFIED: _ClassVar[RowReversal]
    ROW_REVERSAL_REMOVED: _ClassVar[RowReversal]
    ROW_REVERSAL_RESTORED: _ClassVar[RowReversal]
    ROW_REVERSAL_KEPT: _ClassVar[RowReversal]

class KeptCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    KEPT_CAUSE_UNSPECIFIED: _ClassVar[KeptCause]
    KEPT_CAUSE_CHANGED: _ClassVar[KeptCause]
    KEPT_CAUSE_GONE: _ClassVar[KeptCause]
    KEPT_CAUSE_NAMED: _ClassVar[KeptCause]
    KEPT_CAUSE_DENIED: _ClassVar[KeptCause]

class RelationKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RELATION_KIND_UNSPECIFIED: _ClassVar[RelationKind]
    RELATION_KIND_EMPLOYMENT: _ClassVar[RelationKind]
    RELATION_KIND_OWNERSHIP: _ClassVar[RelationKind]
    RELATION_KIND_REPORTING: _ClassVar[RelationKind]
    RELATION_KIND_ASSISTANCE: _ClassVar[RelationKind]
    RELATION_KIND_FAMILY: _ClassVar[RelationKind]
    RELATION_KIND_REFERRAL: _ClassVar[RelationKind]
    RELATION_KIND_PARTNERSHIP: _ClassVar[RelationKind]
    RELATION_KIND_SUPPLY: _ClassVar[RelationKind]
    RELATION_KIND_OTHER: _ClassVar[RelationKind]

class InteractionKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INTERACTION_KIND_UNSPECIFIED: _ClassVar[InteractionKind]
    INTERACTION_KIND_NOTE: _ClassVar[InteractionKind]
    INTERACTION_KIND_CALL: _ClassVar[InteractionKind]
    INTERACTION_KIND_MEETING: _ClassVar[InteractionKind]
    INTERACTION_KIND_EMAIL: _ClassVar[InteractionKind]

class ConsentChannel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONSENT_CHANNEL_UNSPECIFIED: _ClassVar[ConsentChannel]
    CONSENT_CHANNEL_EMAIL: _ClassVar[ConsentChannel]
    CONSENT_CHANNEL_SMS: _ClassVar[ConsentChannel]
    CONSENT_CHANNEL_PHONE: _ClassVar[ConsentChannel]
    CONSENT_CHANNEL_POST: _ClassVar[ConsentChannel]
    CONSENT_CHANNEL_PUSH: _ClassVar[ConsentChannel]

class ConsentDecision(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONSENT_DECISION_UNSPECIFIED: _ClassVar[ConsentDecision]
    CONSENT_DECISION_GRANTED: _ClassVar[ConsentDecision]
    CONSENT_DECISION_DENIED: _ClassVar[ConsentDecision]

class LegalBasis(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LEGAL_BASIS_UNSPECIFIED: _ClassVar[LegalBasis]
    LEGAL_BASIS_CONSENT: _ClassVar[LegalBasis]
    LEGAL_BASIS_CONTRACT: _ClassVar[LegalBasis]
    LEGAL_BASIS_LEGAL_OBLIGATION: _ClassVar[LegalBasis]
    LEGAL_BASIS_VITAL_INTERESTS: _ClassVar[LegalBasis]
    LEGAL_BASIS_PUBLIC_TASK: _ClassVar[LegalBasis]
    LEGAL_BASIS_LEGITIMATE_INTERESTS: _ClassVar[LegalBasis]

class SegmentType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEGMENT_TYPE_UNSPECIFIED: _ClassVar[SegmentType]
    SEGMENT_TYPE_DYNAMIC: _ClassVar[SegmentType]
    SEGMENT_TYPE_STATIC: _ClassVar[SegmentType]

class SegmentState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEGMENT_STATE_UNSPECIFIED: _ClassVar[SegmentState]
    SEGMENT_STATE_READY: _ClassVar[SegmentState]
    SEGMENT_STATE_BUILDING: _ClassVar[SegmentState]

class Listed(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LISTED_UNSPECIFIED: _ClassVar[Listed]
    LISTED_CONTACTS: _ClassVar[Listed]
    LISTED_COMPANIES: _ClassVar[Listed]
    LISTED_RELATIONS: _ClassVar[Listed]
    LISTED_INTERACTIONS: _ClassVar[Listed]
    LISTED_TAGS: _ClassVar[Listed]
    LISTED_CONSENTS: _ClassVar[Listed]

class Sharing(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SHARING_UNSPECIFIED: _ClassVar[Sharing]
    SHARING_PRIVATE: _ClassVar[Sharing]
    SHARING_TEAM: _ClassVar[Sharing]
    SHARING_TENANT: _ClassVar[Sharing]

class DuplicateLevel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DUPLICATE_LEVEL_UNSPECIFIED: _ClassVar[DuplicateLevel]
    DUPLICATE_LEVEL_SAME: _ClassVar[DuplicateLevel]
    DUPLICATE_LEVEL_ALIAS: _ClassVar[DuplicateLevel]
    DUPLICATE_LEVEL_TYPO: _ClassVar[DuplicateLevel]
    DUPLICATE_LEVEL_SIMILAR: _ClassVar[DuplicateLevel]
    DUPLICATE_LEVEL_SWAPPED: _ClassVar[DuplicateLevel]
    DUPLICATE_LEVEL_DIFFERENT: _ClassVar[DuplicateLevel]

class DuplicateState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DUPLICATE_STATE_UNSPECIFIED: _ClassVar[DuplicateState]
    DUPLICATE_STATE_OPEN: _ClassVar[DuplicateState]
    DUPLICATE_STATE_DISMISSED: _ClassVar[DuplicateState]
MATCH_KEY_UNSPECIFIED: MatchKey
MATCH_KEY_EXTERNAL_ID: MatchKey
MATCH_KEY_EMAIL: MatchKey
MATCH_KEY_PHONE: MatchKey
MATCH_KEY_ID: MatchKey
MATCH_KEY_CUSTOM_FIELD: MatchKey
DATE_ORDER_UNSPECIFIED: DateOrder
DATE_ORDER_DAY_MONTH_YEAR: DateOrder
DATE_ORDER_MONTH_DAY_YEAR: DateOrder
DATE_ORDER_YEAR_MONTH_DAY: DateOrder
IMPORT_WORK_UNSPECIFIED: ImportWork
IMPORT_WORK_VALIDATION: ImportWork
IMPORT_WORK_IMPORT: ImportWork
IMPORT_WORK_REVERSION: ImportWork
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
ROW_REVERSAL_UNSPECIFIED: RowReversal
ROW_REVERSAL_REMOVED: RowReversal
ROW_REVERSAL_RESTORED: RowReversal
ROW_REVERSAL_KEPT: RowReversal
KEPT_CAUSE_UNSPECIFIED: KeptCause
KEPT_CAUSE_CHANGED: KeptCause
KEPT_CAUSE_GONE: KeptCause
KEPT_CAUSE_NAMED: KeptCause
KEPT_CAUSE_DENIED: KeptCause
RELATION_KIND_UNSPECIFIED: RelationKind
RELATION_KIND_EMPLOYMENT: RelationKind
RELATION_KIND_OWNERSHIP: RelationKind
RELATION_KIND_REPORTING: RelationKind
RELATION_KIND_ASSISTANCE: RelationKind
RELATION_KIND_FAMILY: RelationKind
RELATION_KIND_REFERRAL: RelationKind
RELATION_KIND_PARTNERSHIP: RelationKind
RELATION_KIND_SUPPLY: RelationKind
RELATION_KIND_OTHER: RelationKind
INTERACTION_KIND_UNSPECIFIED: InteractionKind
INTERACTION_KIND_NOTE: InteractionKind
INTERACTION_KIND_CALL: InteractionKind
INTERACTION_KIND_MEETING: InteractionKind
INTERACTION_KIND_EMAIL: InteractionKind
CONSENT_CHANNEL_UNSPECIFIED: ConsentChannel
CONSENT_CHANNEL_EMAIL: ConsentChannel
CONSENT_CHANNEL_SMS: ConsentChannel
CONSENT_CHANNEL_PHONE: ConsentChannel
CONSENT_CHANNEL_POST: ConsentChannel
CONSENT_CHANNEL_PUSH: ConsentChannel
CONSENT_DECISION_UNSPECIFIED: ConsentDecision
CONSENT_DECISION_GRANTED: ConsentDecision
CONSENT_DECISION_DENIED: ConsentDecision
LEGAL_BASIS_UNSPECIFIED: LegalBasis
LEGAL_BASIS_CONSENT: LegalBasis
LEGAL_BASIS_CONTRACT: LegalBasis
LEGAL_BASIS_LEGAL_OBLIGATION: LegalBasis
LEGAL_BASIS_VITAL_INTERESTS: LegalBasis
LEGAL_BASIS_PUBLIC_TASK: LegalBasis
LEGAL_BASIS_LEGITIMATE_INTERESTS: LegalBasis
SEGMENT_TYPE_UNSPECIFIED: SegmentType
SEGMENT_TYPE_DYNAMIC: SegmentType
SEGMENT_TYPE_STATIC: SegmentType
SEGMENT_STATE_UNSPECIFIED: SegmentState
SEGMENT_STATE_READY: SegmentState
SEGMENT_STATE_BUILDING: SegmentState
LISTED_UNSPECIFIED: Listed
LISTED_CONTACTS: Listed
LISTED_COMPANIES: Listed
LISTED_RELATIONS: Listed
LISTED_INTERACTIONS: Listed
LISTED_TAGS: Listed
LISTED_CONSENTS: Listed
SHARING_UNSPECIFIED: Sharing
SHARING_PRIVATE: Sharing
SHARING_TEAM: Sharing
SHARING_TENANT: Sharing
DUPLICATE_LEVEL_UNSPECIFIED: DuplicateLevel
DUPLICATE_LEVEL_SAME: DuplicateLevel
DUPLICATE_LEVEL_ALIAS: DuplicateLevel
DUPLICATE_LEVEL_TYPO: DuplicateLevel
DUPLICATE_LEVEL_SIMILAR: DuplicateLevel
DUPLICATE_LEVEL_SWAPPED: DuplicateLevel
DUPLICATE_LEVEL_DIFFERENT: DuplicateLevel
DUPLICATE_STATE_UNSPECIFIED: DuplicateState
DUPLICATE_STATE_OPEN: DuplicateState
DUPLICATE_STATE_DISMISSED: DuplicateState

class Contact(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "owner_id", "given_name", "family_name", "display_name", "emails", "phones", "addresses", "job_title", "birth_date", "external_id", "primary_email", "owner_name", "custom", "e164_phones", "tag_ids", "last_interaction_time", "granted_consents", "merged_into_id")
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
    E164_PHONES_FIELD_NUMBER: _ClassVar[int]
    TAG_IDS_FIELD_NUMBER: _ClassVar[int]
    LAST_INTERACTION_TIME_FIELD_NUMBER: _ClassVar[int]
    GRANTED_CONSENTS_FIELD_NUMBER: _ClassVar[int]
    MERGED_INTO_ID_FIELD_NUMBER: _ClassVar[int]
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
    e164_phones: _containers.RepeatedScalarFieldContainer[str]
    tag_ids: _containers.RepeatedScalarFieldContainer[str]
    last_interaction_time: _timestamp_pb2.Timestamp
    granted_consents: _containers.RepeatedScalarFieldContainer[str]
    merged_into_id: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., owner_id: _Optional[str] = ..., given_name: _Optional[str] = ..., family_name: _Optional[str] = ..., display_name: _Optional[str] = ..., emails: _Optional[_Iterable[_Union[EmailAddress, _Mapping]]] = ..., phones: _Optional[_Iterable[_Union[PhoneNumber, _Mapping]]] = ..., addresses: _Optional[_Iterable[_Union[_postal_address_pb2.PostalAddress, _Mapping]]] = ..., job_title: _Optional[str] = ..., birth_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., external_id: _Optional[str] = ..., primary_email: _Optional[str] = ..., owner_name: _Optional[str] = ..., custom: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., e164_phones: _Optional[_Iterable[str]] = ..., tag_ids: _Optional[_Iterable[str]] = ..., last_interaction_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., granted_consents: _Optional[_Iterable[str]] = ..., merged_into_id: _Optional[str] = ...) -> None: ...

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
    __slots__ = ("address", "label", "shared")
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    SHARED_FIELD_NUMBER: _ClassVar[int]
    address: str
    label: str
    shared: bool
    def __init__(self, address: _Optional[str] = ..., label: _Optional[str] = ..., shared: _Optional[bool] = ...) -> None: ...

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
    __slots__ = ("id", "etag", "create_time", "update_time", "file_name", "columns", "match_key", "on_match", "encoding", "delimiter", "job", "created_count", "updated_count", "skipped_count", "failed_count", "parts", "creator_id", "match_field", "date_order", "headerless", "work", "removed_count", "restored_count", "kept_count")
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
    MATCH_FIELD_FIELD_NUMBER: _ClassVar[int]
    DATE_ORDER_FIELD_NUMBER: _ClassVar[int]
    HEADERLESS_FIELD_NUMBER: _ClassVar[int]
    WORK_FIELD_NUMBER: _ClassVar[int]
    REMOVED_COUNT_FIELD_NUMBER: _ClassVar[int]
    RESTORED_COUNT_FIELD_NUMBER: _ClassVar[int]
    KEPT_COUNT_FIELD_NUMBER: _ClassVar[int]
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
    match_field: str
    date_order: DateOrder
    headerless: bool
    work: ImportWork
    removed_count: int
    restored_count: int
    kept_count: int
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., file_name: _Optional[str] = ..., columns: _Optional[_Iterable[_Union[ColumnMapping, _Mapping]]] = ..., match_key: _Optional[_Union[MatchKey, str]] = ..., on_match: _Optional[_Union[OnMatch, str]] = ..., encoding: _Optional[_Union[FileEncoding, str]] = ..., delimiter: _Optional[_Union[FileDelimiter, str]] = ..., job: _Optional[_Union[_job_pb2.Job, _Mapping]] = ..., created_count: _Optional[int] = ..., updated_count: _Optional[int] = ..., skipped_count: _Optional[int] = ..., failed_count: _Optional[int] = ..., parts: _Optional[_Iterable[_Union[FilePart, _Mapping]]] = ..., creator_id: _Optional[str] = ..., match_field: _Optional[str] = ..., date_order: _Optional[_Union[DateOrder, str]] = ..., headerless: _Optional[bool] = ..., work: _Optional[_Union[ImportWork, str]] = ..., removed_count: _Optional[int] = ..., restored_count: _Optional[int] = ..., kept_count: _Optional[int] = ...) -> None: ...

class ContactImportRow(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "import_id", "number", "verdict", "reason", "column", "message", "contact_id", "reversal", "kept_paths", "kept_cause")
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
    REVERSAL_FIELD_NUMBER: _ClassVar[int]
    KEPT_PATHS_FIELD_NUMBER: _ClassVar[int]
    KEPT_CAUSE_FIELD_NUMBER: _ClassVar[int]
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
    reversal: RowReversal
    kept_paths: _containers.RepeatedScalarFieldContainer[str]
    kept_cause: KeptCause
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., import_id: _Optional[str] = ..., number: _Optional[int] = ..., verdict: _Optional[_Union[RowVerdict, str]] = ..., reason: _Optional[str] = ..., column: _Optional[str] = ..., message: _Optional[str] = ..., contact_id: _Optional[str] = ..., reversal: _Optional[_Union[RowReversal, str]] = ..., kept_paths: _Optional[_Iterable[str]] = ..., kept_cause: _Optional[_Union[KeptCause, str]] = ...) -> None: ...

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

class Company(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "owner_id", "display_name", "legal_name", "domains", "phones", "addresses", "parent_id", "external_id", "description", "primary_domain", "owner_name", "custom", "e164_phones", "tag_ids", "last_interaction_time", "merged_into_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    LEGAL_NAME_FIELD_NUMBER: _ClassVar[int]
    DOMAINS_FIELD_NUMBER: _ClassVar[int]
    PHONES_FIELD_NUMBER: _ClassVar[int]
    ADDRESSES_FIELD_NUMBER: _ClassVar[int]
    PARENT_ID_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_ID_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    PRIMARY_DOMAIN_FIELD_NUMBER: _ClassVar[int]
    OWNER_NAME_FIELD_NUMBER: _ClassVar[int]
    CUSTOM_FIELD_NUMBER: _ClassVar[int]
    E164_PHONES_FIELD_NUMBER: _ClassVar[int]
    TAG_IDS_FIELD_NUMBER: _ClassVar[int]
    LAST_INTERACTION_TIME_FIELD_NUMBER: _ClassVar[int]
    MERGED_INTO_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    owner_id: str
    display_name: str
    legal_name: str
    domains: _containers.RepeatedCompositeFieldContainer[CompanyDomain]
    phones: _containers.RepeatedCompositeFieldContainer[PhoneNumber]
    addresses: _containers.RepeatedCompositeFieldContainer[_postal_address_pb2.PostalAddress]
    parent_id: str
    external_id: str
    description: str
    primary_domain: str
    owner_name: str
    custom: _struct_pb2.Struct
    e164_phones: _containers.RepeatedScalarFieldContainer[str]
    tag_ids: _containers.RepeatedScalarFieldContainer[str]
    last_interaction_time: _timestamp_pb2.Timestamp
    merged_into_id: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., owner_id: _Optional[str] = ..., display_name: _Optional[str] = ..., legal_name: _Optional[str] = ..., domains: _Optional[_Iterable[_Union[CompanyDomain, _Mapping]]] = ..., phones: _Optional[_Iterable[_Union[PhoneNumber, _Mapping]]] = ..., addresses: _Optional[_Iterable[_Union[_postal_address_pb2.PostalAddress, _Mapping]]] = ..., parent_id: _Optional[str] = ..., external_id: _Optional[str] = ..., description: _Optional[str] = ..., primary_domain: _Optional[str] = ..., owner_name: _Optional[str] = ..., custom: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., e164_phones: _Optional[_Iterable[str]] = ..., tag_ids: _Optional[_Iterable[str]] = ..., last_interaction_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., merged_into_id: _Optional[str] = ...) -> None: ...

class CompanyDomain(_message.Message):
    __slots__ = ("host", "shared")
    HOST_FIELD_NUMBER: _ClassVar[int]
    SHARED_FIELD_NUMBER: _ClassVar[int]
    host: str
    shared: bool
    def __init__(self, host: _Optional[str] = ..., shared: _Optional[bool] = ...) -> None: ...

class CompanyField(_message.Message):
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

class Relation(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "from_contact_id", "from_company_id", "to_contact_id", "to_company_id", "kind", "label", "inverse_label", "title", "start_date", "end_date")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    FROM_CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_COMPANY_ID_FIELD_NUMBER: _ClassVar[int]
    TO_CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    TO_COMPANY_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    INVERSE_LABEL_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    from_contact_id: str
    from_company_id: str
    to_contact_id: str
    to_company_id: str
    kind: RelationKind
    label: str
    inverse_label: str
    title: str
    start_date: _date_pb2.Date
    end_date: _date_pb2.Date
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., from_contact_id: _Optional[str] = ..., from_company_id: _Optional[str] = ..., to_contact_id: _Optional[str] = ..., to_company_id: _Optional[str] = ..., kind: _Optional[_Union[RelationKind, str]] = ..., label: _Optional[str] = ..., inverse_label: _Optional[str] = ..., title: _Optional[str] = ..., start_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., end_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ...) -> None: ...

class Interaction(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "author_id", "kind", "occur_time", "duration", "subject", "body", "contact_ids", "company_ids", "author_name")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    OCCUR_TIME_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    CONTACT_IDS_FIELD_NUMBER: _ClassVar[int]
    COMPANY_IDS_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_NAME_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    author_id: str
    kind: InteractionKind
    occur_time: _timestamp_pb2.Timestamp
    duration: _duration_pb2.Duration
    subject: str
    body: str
    contact_ids: _containers.RepeatedScalarFieldContainer[str]
    company_ids: _containers.RepeatedScalarFieldContainer[str]
    author_name: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., author_id: _Optional[str] = ..., kind: _Optional[_Union[InteractionKind, str]] = ..., occur_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., subject: _Optional[str] = ..., body: _Optional[str] = ..., contact_ids: _Optional[_Iterable[str]] = ..., company_ids: _Optional[_Iterable[str]] = ..., author_name: _Optional[str] = ...) -> None: ...

class Tag(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "display_name", "color", "folded_name", "merged_into_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    COLOR_FIELD_NUMBER: _ClassVar[int]
    FOLDED_NAME_FIELD_NUMBER: _ClassVar[int]
    MERGED_INTO_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    display_name: str
    color: str
    folded_name: str
    merged_into_id: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., display_name: _Optional[str] = ..., color: _Optional[str] = ..., folded_name: _Optional[str] = ..., merged_into_id: _Optional[str] = ...) -> None: ...

class Consent(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "contact_id", "channel", "purpose", "decision", "legal_basis", "source", "proof", "decide_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    PROOF_FIELD_NUMBER: _ClassVar[int]
    DECIDE_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    contact_id: str
    channel: ConsentChannel
    purpose: str
    decision: ConsentDecision
    legal_basis: LegalBasis
    source: str
    proof: str
    decide_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., contact_id: _Optional[str] = ..., channel: _Optional[_Union[ConsentChannel, str]] = ..., purpose: _Optional[str] = ..., decision: _Optional[_Union[ConsentDecision, str]] = ..., legal_basis: _Optional[_Union[LegalBasis, str]] = ..., source: _Optional[str] = ..., proof: _Optional[str] = ..., decide_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Segment(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "owner_id", "display_name", "description", "type", "filter", "sharing", "state", "build_time", "generation")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    SHARING_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    BUILD_TIME_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    owner_id: str
    display_name: str
    description: str
    type: SegmentType
    filter: str
    sharing: Sharing
    state: SegmentState
    build_time: _timestamp_pb2.Timestamp
    generation: int
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., owner_id: _Optional[str] = ..., display_name: _Optional[str] = ..., description: _Optional[str] = ..., type: _Optional[_Union[SegmentType, str]] = ..., filter: _Optional[str] = ..., sharing: _Optional[_Union[Sharing, str]] = ..., state: _Optional[_Union[SegmentState, str]] = ..., build_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., generation: _Optional[int] = ...) -> None: ...

class SavedView(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "owner_id", "display_name", "resource", "filter", "order_by", "columns", "sharing")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    SHARING_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    owner_id: str
    display_name: str
    resource: Listed
    filter: str
    order_by: str
    columns: _containers.RepeatedScalarFieldContainer[str]
    sharing: Sharing
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., owner_id: _Optional[str] = ..., display_name: _Optional[str] = ..., resource: _Optional[_Union[Listed, str]] = ..., filter: _Optional[str] = ..., order_by: _Optional[str] = ..., columns: _Optional[_Iterable[str]] = ..., sharing: _Optional[_Union[Sharing, str]] = ...) -> None: ...

class DuplicateSearch(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "identifying_fields", "min_score", "job", "contact_count", "compared_count", "pair_count", "truncated", "creator_id", "filter", "display_name")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    IDENTIFYING_FIELDS_FIELD_NUMBER: _ClassVar[int]
    MIN_SCORE_FIELD_NUMBER: _ClassVar[int]
    JOB_FIELD_NUMBER: _ClassVar[int]
    CONTACT_COUNT_FIELD_NUMBER: _ClassVar[int]
    COMPARED_COUNT_FIELD_NUMBER: _ClassVar[int]
    PAIR_COUNT_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    CREATOR_ID_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    identifying_fields: _containers.RepeatedScalarFieldContainer[str]
    min_score: int
    job: _job_pb2.Job
    contact_count: int
    compared_count: int
    pair_count: int
    truncated: bool
    creator_id: str
    filter: str
    display_name: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., identifying_fields: _Optional[_Iterable[str]] = ..., min_score: _Optional[int] = ..., job: _Optional[_Union[_job_pb2.Job, _Mapping]] = ..., contact_count: _Optional[int] = ..., compared_count: _Optional[int] = ..., pair_count: _Optional[int] = ..., truncated: _Optional[bool] = ..., creator_id: _Optional[str] = ..., filter: _Optional[str] = ..., display_name: _Optional[str] = ...) -> None: ...

class DuplicateEvidence(_message.Message):
    __slots__ = ("field", "level", "weight", "value", "other_value")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    OTHER_VALUE_FIELD_NUMBER: _ClassVar[int]
    field: str
    level: DuplicateLevel
    weight: int
    value: str
    other_value: str
    def __init__(self, field: _Optional[str] = ..., level: _Optional[_Union[DuplicateLevel, str]] = ..., weight: _Optional[int] = ..., value: _Optional[str] = ..., other_value: _Optional[str] = ...) -> None: ...

class DuplicatePair(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "search_id", "contact_id", "other_contact_id", "score", "state", "evidence")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    SEARCH_ID_FIELD_NUMBER: _ClassVar[int]
    CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    OTHER_CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    search_id: str
    contact_id: str
    other_contact_id: str
    score: int
    state: DuplicateState
    evidence: _containers.RepeatedCompositeFieldContainer[DuplicateEvidence]
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., search_id: _Optional[str] = ..., contact_id: _Optional[str] = ..., other_contact_id: _Optional[str] = ..., score: _Optional[int] = ..., state: _Optional[_Union[DuplicateState, str]] = ..., evidence: _Optional[_Iterable[_Union[DuplicateEvidence, _Mapping]]] = ...) -> None: ...

class ContactMerge(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "survivor_id", "merged_ids", "merger_id", "changed_paths", "expire_time", "undo_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    SURVIVOR_ID_FIELD_NUMBER: _ClassVar[int]
    MERGED_IDS_FIELD_NUMBER: _ClassVar[int]
    MERGER_ID_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    UNDO_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    survivor_id: str
    merged_ids: _containers.RepeatedScalarFieldContainer[str]
    merger_id: str
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    expire_time: _timestamp_pb2.Timestamp
    undo_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., survivor_id: _Optional[str] = ..., merged_ids: _Optional[_Iterable[str]] = ..., merger_id: _Optional[str] = ..., changed_paths: _Optional[_Iterable[str]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., undo_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CompanyMerge(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "survivor_id", "merged_ids", "merger_id", "changed_paths", "expire_time", "undo_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    SURVIVOR_ID_FIELD_NUMBER: _ClassVar[int]
    MERGED_IDS_FIELD_NUMBER: _ClassVar[int]
    MERGER_ID_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    UNDO_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    survivor_id: str
    merged_ids: _containers.RepeatedScalarFieldContainer[str]
    merger_id: str
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    expire_time: _timestamp_pb2.Timestamp
    undo_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., survivor_id: _Optional[str] = ..., merged_ids: _Optional[_Iterable[str]] = ..., merger_id: _Optional[str] = ..., changed_paths: _Optional[_Iterable[str]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., undo_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SubjectExport(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "contact_id", "job", "size", "expire_time", "creator_id", "parts")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    JOB_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATOR_ID_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    contact_id: str
    job: _job_pb2.Job
    size: int
    expire_time: _timestamp_pb2.Timestamp
    creator_id: str
    parts: _containers.RepeatedCompositeFieldContainer[FilePart]
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., contact_id: _Optional[str] = ..., job: _Optional[_Union[_job_pb2.Job, _Mapping]] = ..., size: _Optional[int] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., creator_id: _Optional[str] = ..., parts: _Optional[_Iterable[_Union[FilePart, _Mapping]]] = ...) -> None: ...

class ErasedCount(_message.Message):
    __slots__ = ("service", "kind", "count")
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    service: str
    kind: str
    count: int
    def __init__(self, service: _Optional[str] = ..., kind: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...

class ContactErasure(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "contact_id", "job", "counts", "receipt", "creator_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    JOB_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    CREATOR_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    contact_id: str
    job: _job_pb2.Job
    counts: _containers.RepeatedCompositeFieldContainer[ErasedCount]
    receipt: str
    creator_id: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., contact_id: _Optional[str] = ..., job: _Optional[_Union[_job_pb2.Job, _Mapping]] = ..., counts: _Optional[_Iterable[_Union[ErasedCount, _Mapping]]] = ..., receipt: _Optional[str] = ..., creator_id: _Optional[str] = ...) -> None: ...
