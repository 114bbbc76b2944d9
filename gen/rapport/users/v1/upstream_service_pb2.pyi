from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from rapport.users.v1 import resources_pb2 as _resources_pb2
from rapport.users.v1 import session_service_pb2 as _session_service_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FindUpstreamsRequest(_message.Message):
    __slots__ = ("tenant",)
    TENANT_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    def __init__(self, tenant: _Optional[str] = ...) -> None: ...

class FindUpstreamsResponse(_message.Message):
    __slots__ = ("upstreams",)
    UPSTREAMS_FIELD_NUMBER: _ClassVar[int]
    upstreams: _containers.RepeatedCompositeFieldContainer[Upstream]
    def __init__(self, upstreams: _Optional[_Iterable[_Union[Upstream, _Mapping]]] = ...) -> None: ...

class Upstream(_message.Message):
    __slots__ = ("identity_provider_id", "display_name")
    IDENTITY_PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    identity_provider_id: str
    display_name: str
    def __init__(self, identity_provider_id: _Optional[str] = ..., display_name: _Optional[str] = ...) -> None: ...

class BeginUpstreamLogInRequest(_message.Message):
    __slots__ = ("tenant", "identity_provider_id", "redirect_uri", "again")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    REDIRECT_URI_FIELD_NUMBER: _ClassVar[int]
    AGAIN_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    identity_provider_id: str
    redirect_uri: str
    again: bool
    def __init__(self, tenant: _Optional[str] = ..., identity_provider_id: _Optional[str] = ..., redirect_uri: _Optional[str] = ..., again: _Optional[bool] = ...) -> None: ...

class BeginUpstreamLogInResponse(_message.Message):
    __slots__ = ("authorization_uri", "login_token")
    AUTHORIZATION_URI_FIELD_NUMBER: _ClassVar[int]
    LOGIN_TOKEN_FIELD_NUMBER: _ClassVar[int]
    authorization_uri: str
    login_token: str
    def __init__(self, authorization_uri: _Optional[str] = ..., login_token: _Optional[str] = ...) -> None: ...

class LogInWithUpstreamRequest(_message.Message):
    __slots__ = ("answer",)
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    answer: UpstreamAnswer
    def __init__(self, answer: _Optional[_Union[UpstreamAnswer, _Mapping]] = ...) -> None: ...

class UpstreamAnswer(_message.Message):
    __slots__ = ("login_token", "state", "code", "iss", "error", "identity_provider_id")
    LOGIN_TOKEN_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    ISS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    login_token: str
    state: str
    code: str
    iss: str
    error: str
    identity_provider_id: str
    def __init__(self, login_token: _Optional[str] = ..., state: _Optional[str] = ..., code: _Optional[str] = ..., iss: _Optional[str] = ..., error: _Optional[str] = ..., identity_provider_id: _Optional[str] = ...) -> None: ...

class LinkUpstreamRequest(_message.Message):
    __slots__ = ("link_token",)
    LINK_TOKEN_FIELD_NUMBER: _ClassVar[int]
    link_token: str
    def __init__(self, link_token: _Optional[str] = ...) -> None: ...

class GetUpstreamLinkRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListUpstreamLinksRequest(_message.Message):
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

class ListUpstreamLinksResponse(_message.Message):
    __slots__ = ("upstream_links", "next_page_token")
    UPSTREAM_LINKS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    upstream_links: _containers.RepeatedCompositeFieldContainer[_resources_pb2.UpstreamLink]
    next_page_token: str
    def __init__(self, upstream_links: _Optional[_Iterable[_Union[_resources_pb2.UpstreamLink, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeleteUpstreamLinkRequest(_message.Message):
    __slots__ = ("id", "etag", "request_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    request_id: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...
