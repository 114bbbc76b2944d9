from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from rapport.customers.v1 import resources_pb2 as _resources_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FieldChoice(_message.Message):
    __slots__ = ("field", "from_id")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    FROM_ID_FIELD_NUMBER: _ClassVar[int]
    field: str
    from_id: str
    def __init__(self, field: _Optional[str] = ..., from_id: _Optional[str] = ...) -> None: ...

class KeptField(_message.Message):
    __slots__ = ("resource", "path")
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    resource: str
    path: str
    def __init__(self, resource: _Optional[str] = ..., path: _Optional[str] = ...) -> None: ...

class MergeContactsRequest(_message.Message):
    __slots__ = ("id", "other_ids", "choices", "validate_only", "etag", "request_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    OTHER_IDS_FIELD_NUMBER: _ClassVar[int]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    other_ids: _containers.RepeatedScalarFieldContainer[str]
    choices: _containers.RepeatedCompositeFieldContainer[FieldChoice]
    validate_only: bool
    etag: str
    request_id: str
    def __init__(self, id: _Optional[str] = ..., other_ids: _Optional[_Iterable[str]] = ..., choices: _Optional[_Iterable[_Union[FieldChoice, _Mapping]]] = ..., validate_only: _Optional[bool] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class MergeContactsResponse(_message.Message):
    __slots__ = ("contact", "contact_merge")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    CONTACT_MERGE_FIELD_NUMBER: _ClassVar[int]
    contact: _resources_pb2.Contact
    contact_merge: _resources_pb2.ContactMerge
    def __init__(self, contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., contact_merge: _Optional[_Union[_resources_pb2.ContactMerge, _Mapping]] = ...) -> None: ...

class UndoContactMergeRequest(_message.Message):
    __slots__ = ("id", "request_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    request_id: str
    def __init__(self, id: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class UndoContactMergeResponse(_message.Message):
    __slots__ = ("contacts", "kept", "contact_merge")
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    CONTACT_MERGE_FIELD_NUMBER: _ClassVar[int]
    contacts: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Contact]
    kept: _containers.RepeatedCompositeFieldContainer[KeptField]
    contact_merge: _resources_pb2.ContactMerge
    def __init__(self, contacts: _Optional[_Iterable[_Union[_resources_pb2.Contact, _Mapping]]] = ..., kept: _Optional[_Iterable[_Union[KeptField, _Mapping]]] = ..., contact_merge: _Optional[_Union[_resources_pb2.ContactMerge, _Mapping]] = ...) -> None: ...

class GetContactMergeRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListContactMergesRequest(_message.Message):
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

class ListContactMergesResponse(_message.Message):
    __slots__ = ("contact_merges", "next_page_token")
    CONTACT_MERGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contact_merges: _containers.RepeatedCompositeFieldContainer[_resources_pb2.ContactMerge]
    next_page_token: str
    def __init__(self, contact_merges: _Optional[_Iterable[_Union[_resources_pb2.ContactMerge, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class MergeCompaniesRequest(_message.Message):
    __slots__ = ("id", "other_ids", "choices", "validate_only", "etag", "request_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    OTHER_IDS_FIELD_NUMBER: _ClassVar[int]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    other_ids: _containers.RepeatedScalarFieldContainer[str]
    choices: _containers.RepeatedCompositeFieldContainer[FieldChoice]
    validate_only: bool
    etag: str
    request_id: str
    def __init__(self, id: _Optional[str] = ..., other_ids: _Optional[_Iterable[str]] = ..., choices: _Optional[_Iterable[_Union[FieldChoice, _Mapping]]] = ..., validate_only: _Optional[bool] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class MergeCompaniesResponse(_message.Message):
    __slots__ = ("company", "company_merge")
    COMPANY_FIELD_NUMBER: _ClassVar[int]
    COMPANY_MERGE_FIELD_NUMBER: _ClassVar[int]
    company: _resources_pb2.Company
    company_merge: _resources_pb2.CompanyMerge
    def __init__(self, company: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ..., company_merge: _Optional[_Union[_resources_pb2.CompanyMerge, _Mapping]] = ...) -> None: ...

class UndoCompanyMergeRequest(_message.Message):
    __slots__ = ("id", "request_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    request_id: str
    def __init__(self, id: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class UndoCompanyMergeResponse(_message.Message):
    __slots__ = ("companies", "kept", "company_merge")
    COMPANIES_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    COMPANY_MERGE_FIELD_NUMBER: _ClassVar[int]
    companies: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Company]
    kept: _containers.RepeatedCompositeFieldContainer[KeptField]
    company_merge: _resources_pb2.CompanyMerge
    def __init__(self, companies: _Optional[_Iterable[_Union[_resources_pb2.Company, _Mapping]]] = ..., kept: _Optional[_Iterable[_Union[KeptField, _Mapping]]] = ..., company_merge: _Optional[_Union[_resources_pb2.CompanyMerge, _Mapping]] = ...) -> None: ...

class GetCompanyMergeRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListCompanyMergesRequest(_message.Message):
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

class ListCompanyMergesResponse(_message.Message):
    __slots__ = ("company_merges", "next_page_token")
    COMPANY_MERGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    company_merges: _containers.RepeatedCompositeFieldContainer[_resources_pb2.CompanyMerge]
    next_page_token: str
    def __init__(self, company_merges: _Optional[_Iterable[_Union[_resources_pb2.CompanyMerge, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
