from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from rapport.customers.v1 import resources_pb2 as _resources_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DuplicateVerdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DUPLICATE_VERDICT_UNSPECIFIED: _ClassVar[DuplicateVerdict]
    DUPLICATE_VERDICT_FOUND: _ClassVar[DuplicateVerdict]
    DUPLICATE_VERDICT_DISMISSED: _ClassVar[DuplicateVerdict]
    DUPLICATE_VERDICT_BELOW_MIN_SCORE: _ClassVar[DuplicateVerdict]
    DUPLICATE_VERDICT_NO_SHARED_KEY: _ClassVar[DuplicateVerdict]
    DUPLICATE_VERDICT_NOT_COMPARED: _ClassVar[DuplicateVerdict]
DUPLICATE_VERDICT_UNSPECIFIED: DuplicateVerdict
DUPLICATE_VERDICT_FOUND: DuplicateVerdict
DUPLICATE_VERDICT_DISMISSED: DuplicateVerdict
DUPLICATE_VERDICT_BELOW_MIN_SCORE: DuplicateVerdict
DUPLICATE_VERDICT_NO_SHARED_KEY: DuplicateVerdict
DUPLICATE_VERDICT_NOT_COMPARED: DuplicateVerdict

class CreateDuplicateSearchRequest(_message.Message):
    __slots__ = ("duplicate_search", "request_id")
    DUPLICATE_SEARCH_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    duplicate_search: _resources_pb2.DuplicateSearch
    request_id: str
    def __init__(self, duplicate_search: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetDuplicateSearchRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListDuplicateSearchesRequest(_message.Message):
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

class ListDuplicateSearchesResponse(_message.Message):
    __slots__ = ("duplicate_searches", "next_page_token")
    DUPLICATE_SEARCHES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    duplicate_searches: _containers.RepeatedCompositeFieldContainer[_resources_pb2.DuplicateSearch]
    next_page_token: str
    def __init__(self, duplicate_searches: _Optional[_Iterable[_Union[_resources_pb2.DuplicateSearch, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CancelDuplicateSearchRequest(_message.Message):
    __slots__ = ("id", "request_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    request_id: str
    def __init__(self, id: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class ExplainDuplicateRequest(_message.Message):
    __slots__ = ("id", "contact_id", "other_contact_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    OTHER_CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    contact_id: str
    other_contact_id: str
    def __init__(self, id: _Optional[str] = ..., contact_id: _Optional[str] = ..., other_contact_id: _Optional[str] = ...) -> None: ...

class ExplainDuplicateResponse(_message.Message):
    __slots__ = ("verdict", "score", "prior", "evidence", "shared_keys")
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    PRIOR_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    SHARED_KEYS_FIELD_NUMBER: _ClassVar[int]
    verdict: DuplicateVerdict
    score: int
    prior: int
    evidence: _containers.RepeatedCompositeFieldContainer[_resources_pb2.DuplicateEvidence]
    shared_keys: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, verdict: _Optional[_Union[DuplicateVerdict, str]] = ..., score: _Optional[int] = ..., prior: _Optional[int] = ..., evidence: _Optional[_Iterable[_Union[_resources_pb2.DuplicateEvidence, _Mapping]]] = ..., shared_keys: _Optional[_Iterable[str]] = ...) -> None: ...

class GetDuplicatePairRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListDuplicatePairsRequest(_message.Message):
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

class ListDuplicatePairsResponse(_message.Message):
    __slots__ = ("duplicate_pairs", "next_page_token")
    DUPLICATE_PAIRS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    duplicate_pairs: _containers.RepeatedCompositeFieldContainer[_resources_pb2.DuplicatePair]
    next_page_token: str
    def __init__(self, duplicate_pairs: _Optional[_Iterable[_Union[_resources_pb2.DuplicatePair, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DismissDuplicatePairRequest(_message.Message):
    __slots__ = ("id", "request_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    request_id: str
    def __init__(self, id: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class RestoreDuplicatePairRequest(_message.Message):
    __slots__ = ("id", "request_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    request_id: str
    def __init__(self, id: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...
