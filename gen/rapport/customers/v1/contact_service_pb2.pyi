from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.type import date_pb2 as _date_pb2
from rapport.customers.v1 import resources_pb2 as _resources_pb2
from rapport.mesh.v1 import changes_pb2 as _changes_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from rapport.type.v1 import provenance_pb2 as _provenance_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DuplicateStrength(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DUPLICATE_STRENGTH_UNSPECIFIED: _ClassVar[DuplicateStrength]
    DUPLICATE_STRENGTH_SOFT: _ClassVar[DuplicateStrength]
    DUPLICATE_STRENGTH_HARD: _ClassVar[DuplicateStrength]
DUPLICATE_STRENGTH_UNSPECIFIED: DuplicateStrength
DUPLICATE_STRENGTH_SOFT: DuplicateStrength
DUPLICATE_STRENGTH_HARD: DuplicateStrength

class GetContactRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListContactsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "filter", "order_by", "show_deleted")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    SHOW_DELETED_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    filter: str
    order_by: str
    show_deleted: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ..., order_by: _Optional[str] = ..., show_deleted: _Optional[bool] = ...) -> None: ...

class ListContactsResponse(_message.Message):
    __slots__ = ("contacts", "next_page_token")
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contacts: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Contact]
    next_page_token: str
    def __init__(self, contacts: _Optional[_Iterable[_Union[_resources_pb2.Contact, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class WatchContactsRequest(_message.Message):
    __slots__ = ("cursor", "filter")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    filter: str
    def __init__(self, cursor: _Optional[str] = ..., filter: _Optional[str] = ...) -> None: ...

class WatchContactsResponse(_message.Message):
    __slots__ = ("kind", "contact", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    contact: _resources_pb2.Contact
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class BatchGetContactsRequest(_message.Message):
    __slots__ = ("ids",)
    IDS_FIELD_NUMBER: _ClassVar[int]
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, ids: _Optional[_Iterable[str]] = ...) -> None: ...

class BatchGetContactsResponse(_message.Message):
    __slots__ = ("contacts",)
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    contacts: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Contact]
    def __init__(self, contacts: _Optional[_Iterable[_Union[_resources_pb2.Contact, _Mapping]]] = ...) -> None: ...

class CountContactsRequest(_message.Message):
    __slots__ = ("filter", "show_deleted")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    SHOW_DELETED_FIELD_NUMBER: _ClassVar[int]
    filter: str
    show_deleted: bool
    def __init__(self, filter: _Optional[str] = ..., show_deleted: _Optional[bool] = ...) -> None: ...

class CountContactsResponse(_message.Message):
    __slots__ = ("count", "capped")
    COUNT_FIELD_NUMBER: _ClassVar[int]
    CAPPED_FIELD_NUMBER: _ClassVar[int]
    count: int
    capped: bool
    def __init__(self, count: _Optional[int] = ..., capped: _Optional[bool] = ...) -> None: ...

class CheckDuplicateContactsRequest(_message.Message):
    __slots__ = ("given_name", "family_name", "emails", "phones", "birth_date", "external_id")
    GIVEN_NAME_FIELD_NUMBER: _ClassVar[int]
    FAMILY_NAME_FIELD_NUMBER: _ClassVar[int]
    EMAILS_FIELD_NUMBER: _ClassVar[int]
    PHONES_FIELD_NUMBER: _ClassVar[int]
    BIRTH_DATE_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_ID_FIELD_NUMBER: _ClassVar[int]
    given_name: str
    family_name: str
    emails: _containers.RepeatedCompositeFieldContainer[_resources_pb2.EmailAddress]
    phones: _containers.RepeatedCompositeFieldContainer[_resources_pb2.PhoneNumber]
    birth_date: _date_pb2.Date
    external_id: str
    def __init__(self, given_name: _Optional[str] = ..., family_name: _Optional[str] = ..., emails: _Optional[_Iterable[_Union[_resources_pb2.EmailAddress, _Mapping]]] = ..., phones: _Optional[_Iterable[_Union[_resources_pb2.PhoneNumber, _Mapping]]] = ..., birth_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., external_id: _Optional[str] = ...) -> None: ...

class CheckDuplicateContactsResponse(_message.Message):
    __slots__ = ("duplicates",)
    DUPLICATES_FIELD_NUMBER: _ClassVar[int]
    duplicates: _containers.RepeatedCompositeFieldContainer[DuplicateContact]
    def __init__(self, duplicates: _Optional[_Iterable[_Union[DuplicateContact, _Mapping]]] = ...) -> None: ...

class DuplicateContact(_message.Message):
    __slots__ = ("contact", "strength", "matched")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    STRENGTH_FIELD_NUMBER: _ClassVar[int]
    MATCHED_FIELD_NUMBER: _ClassVar[int]
    contact: _resources_pb2.Contact
    strength: DuplicateStrength
    matched: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., strength: _Optional[_Union[DuplicateStrength, str]] = ..., matched: _Optional[_Iterable[str]] = ...) -> None: ...

class GetContactProvenanceRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class GetContactProvenanceResponse(_message.Message):
    __slots__ = ("fields",)
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    fields: _containers.RepeatedCompositeFieldContainer[_provenance_pb2.FieldProvenance]
    def __init__(self, fields: _Optional[_Iterable[_Union[_provenance_pb2.FieldProvenance, _Mapping]]] = ...) -> None: ...

class CreateContactRequest(_message.Message):
    __slots__ = ("contact", "request_id", "allow_erased")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ALLOW_ERASED_FIELD_NUMBER: _ClassVar[int]
    contact: _resources_pb2.Contact
    request_id: str
    allow_erased: bool
    def __init__(self, contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., request_id: _Optional[str] = ..., allow_erased: _Optional[bool] = ...) -> None: ...

class BatchCreateContactsRequest(_message.Message):
    __slots__ = ("contacts", "request_id", "allow_erased")
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ALLOW_ERASED_FIELD_NUMBER: _ClassVar[int]
    contacts: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Contact]
    request_id: str
    allow_erased: bool
    def __init__(self, contacts: _Optional[_Iterable[_Union[_resources_pb2.Contact, _Mapping]]] = ..., request_id: _Optional[str] = ..., allow_erased: _Optional[bool] = ...) -> None: ...

class BatchCreateContactsResponse(_message.Message):
    __slots__ = ("contacts",)
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    contacts: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Contact]
    def __init__(self, contacts: _Optional[_Iterable[_Union[_resources_pb2.Contact, _Mapping]]] = ...) -> None: ...

class UpdateContactRequest(_message.Message):
    __slots__ = ("contact", "update_mask", "request_id", "allow_erased")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ALLOW_ERASED_FIELD_NUMBER: _ClassVar[int]
    contact: _resources_pb2.Contact
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    allow_erased: bool
    def __init__(self, contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ..., allow_erased: _Optional[bool] = ...) -> None: ...

class BatchUpdateContactsRequest(_message.Message):
    __slots__ = ("requests", "request_id", "allow_erased")
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ALLOW_ERASED_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[UpdateContactRequest]
    request_id: str
    allow_erased: bool
    def __init__(self, requests: _Optional[_Iterable[_Union[UpdateContactRequest, _Mapping]]] = ..., request_id: _Optional[str] = ..., allow_erased: _Optional[bool] = ...) -> None: ...

class BatchUpdateContactsResponse(_message.Message):
    __slots__ = ("contacts",)
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    contacts: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Contact]
    def __init__(self, contacts: _Optional[_Iterable[_Union[_resources_pb2.Contact, _Mapping]]] = ...) -> None: ...

class DeleteContactRequest(_message.Message):
    __slots__ = ("id", "etag", "request_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    request_id: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class UndeleteContactRequest(_message.Message):
    __slots__ = ("id", "etag", "request_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    request_id: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...
