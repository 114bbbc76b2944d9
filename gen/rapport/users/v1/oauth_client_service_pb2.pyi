import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from rapport.users.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateOauthClientRequest(_message.Message):
    __slots__ = ("oauth_client",)
    OAUTH_CLIENT_FIELD_NUMBER: _ClassVar[int]
    oauth_client: _resources_pb2.OauthClient
    def __init__(self, oauth_client: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ...) -> None: ...

class CreateOauthClientResponse(_message.Message):
    __slots__ = ("oauth_client", "secret")
    OAUTH_CLIENT_FIELD_NUMBER: _ClassVar[int]
    SECRET_FIELD_NUMBER: _ClassVar[int]
    oauth_client: _resources_pb2.OauthClient
    secret: str
    def __init__(self, oauth_client: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ..., secret: _Optional[str] = ...) -> None: ...

class UpdateOauthClientRequest(_message.Message):
    __slots__ = ("oauth_client", "update_mask", "request_id")
    OAUTH_CLIENT_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    oauth_client: _resources_pb2.OauthClient
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    def __init__(self, oauth_client: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class RotateOauthClientRequest(_message.Message):
    __slots__ = ("id", "etag", "overlap")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    overlap: _duration_pb2.Duration
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., overlap: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class RotateOauthClientResponse(_message.Message):
    __slots__ = ("oauth_client", "secret")
    OAUTH_CLIENT_FIELD_NUMBER: _ClassVar[int]
    SECRET_FIELD_NUMBER: _ClassVar[int]
    oauth_client: _resources_pb2.OauthClient
    secret: str
    def __init__(self, oauth_client: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ..., secret: _Optional[str] = ...) -> None: ...

class GetOauthClientRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListOauthClientsRequest(_message.Message):
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

class ListOauthClientsResponse(_message.Message):
    __slots__ = ("oauth_clients", "next_page_token")
    OAUTH_CLIENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    oauth_clients: _containers.RepeatedCompositeFieldContainer[_resources_pb2.OauthClient]
    next_page_token: str
    def __init__(self, oauth_clients: _Optional[_Iterable[_Union[_resources_pb2.OauthClient, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeleteOauthClientRequest(_message.Message):
    __slots__ = ("id", "etag", "request_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    request_id: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...
