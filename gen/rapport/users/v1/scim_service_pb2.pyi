from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import httpbody_pb2 as _httpbody_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetScimServiceProviderConfigRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListScimResourceTypesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetScimResourceTypeRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListScimSchemasRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetScimSchemaRequest(_message.Message):
    __slots__ = ("uri",)
    URI_FIELD_NUMBER: _ClassVar[int]
    uri: str
    def __init__(self, uri: _Optional[str] = ...) -> None: ...

class GetScimMeRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class AnswerScimUnsupportedRequest(_message.Message):
    __slots__ = ("body",)
    BODY_FIELD_NUMBER: _ClassVar[int]
    body: _httpbody_pb2.HttpBody
    def __init__(self, body: _Optional[_Union[_httpbody_pb2.HttpBody, _Mapping]] = ...) -> None: ...

class GetScimUserRequest(_message.Message):
    __slots__ = ("id", "attributes", "excluded_attributes")
    ID_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    EXCLUDED_ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    id: str
    attributes: str
    excluded_attributes: str
    def __init__(self, id: _Optional[str] = ..., attributes: _Optional[str] = ..., excluded_attributes: _Optional[str] = ...) -> None: ...

class ListScimUsersRequest(_message.Message):
    __slots__ = ("filter", "start_index", "count", "sort_by", "sort_order", "attributes", "excluded_attributes")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    START_INDEX_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    SORT_BY_FIELD_NUMBER: _ClassVar[int]
    SORT_ORDER_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    EXCLUDED_ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    filter: str
    start_index: int
    count: int
    sort_by: str
    sort_order: str
    attributes: str
    excluded_attributes: str
    def __init__(self, filter: _Optional[str] = ..., start_index: _Optional[int] = ..., count: _Optional[int] = ..., sort_by: _Optional[str] = ..., sort_order: _Optional[str] = ..., attributes: _Optional[str] = ..., excluded_attributes: _Optional[str] = ...) -> None: ...

class SearchScimUsersRequest(_message.Message):
    __slots__ = ("body",)
    BODY_FIELD_NUMBER: _ClassVar[int]
    body: _httpbody_pb2.HttpBody
    def __init__(self, body: _Optional[_Union[_httpbody_pb2.HttpBody, _Mapping]] = ...) -> None: ...

class CreateScimUserRequest(_message.Message):
    __slots__ = ("body", "attributes", "excluded_attributes")
    BODY_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    EXCLUDED_ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    body: _httpbody_pb2.HttpBody
    attributes: str
    excluded_attributes: str
    def __init__(self, body: _Optional[_Union[_httpbody_pb2.HttpBody, _Mapping]] = ..., attributes: _Optional[str] = ..., excluded_attributes: _Optional[str] = ...) -> None: ...

class ReplaceScimUserRequest(_message.Message):
    __slots__ = ("id", "body", "attributes", "excluded_attributes")
    ID_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    EXCLUDED_ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    id: str
    body: _httpbody_pb2.HttpBody
    attributes: str
    excluded_attributes: str
    def __init__(self, id: _Optional[str] = ..., body: _Optional[_Union[_httpbody_pb2.HttpBody, _Mapping]] = ..., attributes: _Optional[str] = ..., excluded_attributes: _Optional[str] = ...) -> None: ...

class PatchScimUserRequest(_message.Message):
    __slots__ = ("id", "body", "attributes", "excluded_attributes")
    ID_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    EXCLUDED_ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    id: str
    body: _httpbody_pb2.HttpBody
    attributes: str
    excluded_attributes: str
    def __init__(self, id: _Optional[str] = ..., body: _Optional[_Union[_httpbody_pb2.HttpBody, _Mapping]] = ..., attributes: _Optional[str] = ..., excluded_attributes: _Optional[str] = ...) -> None: ...

class DeleteScimUserRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class GetScimGroupRequest(_message.Message):
    __slots__ = ("id", "attributes", "excluded_attributes")
    ID_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    EXCLUDED_ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    id: str
    attributes: str
    excluded_attributes: str
    def __init__(self, id: _Optional[str] = ..., attributes: _Optional[str] = ..., excluded_attributes: _Optional[str] = ...) -> None: ...

class ListScimGroupsRequest(_message.Message):
    __slots__ = ("filter", "start_index", "count", "sort_by", "sort_order", "attributes", "excluded_attributes")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    START_INDEX_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    SORT_BY_FIELD_NUMBER: _ClassVar[int]
    SORT_ORDER_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    EXCLUDED_ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    filter: str
    start_index: int
    count: int
    sort_by: str
    sort_order: str
    attributes: str
    excluded_attributes: str
    def __init__(self, filter: _Optional[str] = ..., start_index: _Optional[int] = ..., count: _Optional[int] = ..., sort_by: _Optional[str] = ..., sort_order: _Optional[str] = ..., attributes: _Optional[str] = ..., excluded_attributes: _Optional[str] = ...) -> None: ...

class SearchScimGroupsRequest(_message.Message):
    __slots__ = ("body",)
    BODY_FIELD_NUMBER: _ClassVar[int]
    body: _httpbody_pb2.HttpBody
    def __init__(self, body: _Optional[_Union[_httpbody_pb2.HttpBody, _Mapping]] = ...) -> None: ...

class CreateScimGroupRequest(_message.Message):
    __slots__ = ("body", "attributes", "excluded_attributes")
    BODY_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    EXCLUDED_ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    body: _httpbody_pb2.HttpBody
    attributes: str
    excluded_attributes: str
    def __init__(self, body: _Optional[_Union[_httpbody_pb2.HttpBody, _Mapping]] = ..., attributes: _Optional[str] = ..., excluded_attributes: _Optional[str] = ...) -> None: ...

class ReplaceScimGroupRequest(_message.Message):
    __slots__ = ("id", "body", "attributes", "excluded_attributes")
    ID_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    EXCLUDED_ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    id: str
    body: _httpbody_pb2.HttpBody
    attributes: str
    excluded_attributes: str
    def __init__(self, id: _Optional[str] = ..., body: _Optional[_Union[_httpbody_pb2.HttpBody, _Mapping]] = ..., attributes: _Optional[str] = ..., excluded_attributes: _Optional[str] = ...) -> None: ...

class PatchScimGroupRequest(_message.Message):
    __slots__ = ("id", "body", "attributes", "excluded_attributes")
    ID_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    EXCLUDED_ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    id: str
    body: _httpbody_pb2.HttpBody
    attributes: str
    excluded_attributes: str
    def __init__(self, id: _Optional[str] = ..., body: _Optional[_Union[_httpbody_pb2.HttpBody, _Mapping]] = ..., attributes: _Optional[str] = ..., excluded_attributes: _Optional[str] = ...) -> None: ...

class DeleteScimGroupRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...
