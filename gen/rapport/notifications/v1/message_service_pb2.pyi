from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from rapport.notifications.v1 import resources_pb2 as _resources_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SendMessageRequest(_message.Message):
    __slots__ = ("request_id", "template", "recipient", "locale", "data", "link_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    LINK_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    template: str
    recipient: Recipient
    locale: str
    data: _containers.RepeatedCompositeFieldContainer[Datum]
    link_id: str
    def __init__(self, request_id: _Optional[str] = ..., template: _Optional[str] = ..., recipient: _Optional[_Union[Recipient, _Mapping]] = ..., locale: _Optional[str] = ..., data: _Optional[_Iterable[_Union[Datum, _Mapping]]] = ..., link_id: _Optional[str] = ...) -> None: ...

class Recipient(_message.Message):
    __slots__ = ("email", "display_name")
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    email: str
    display_name: str
    def __init__(self, email: _Optional[str] = ..., display_name: _Optional[str] = ...) -> None: ...

class Datum(_message.Message):
    __slots__ = ("name", "value")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: str
    def __init__(self, name: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...

class GetMessageRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListMessagesRequest(_message.Message):
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

class ListMessagesResponse(_message.Message):
    __slots__ = ("messages", "next_page_token")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Message]
    next_page_token: str
    def __init__(self, messages: _Optional[_Iterable[_Union[_resources_pb2.Message, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class SettleMessageRequest(_message.Message):
    __slots__ = ("id", "etag", "request_id", "outcome")
    class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        OUTCOME_UNSPECIFIED: _ClassVar[SettleMessageRequest.Outcome]
        OUTCOME_SENT: _ClassVar[SettleMessageRequest.Outcome]
        OUTCOME_FAILED: _ClassVar[SettleMessageRequest.Outcome]
        OUTCOME_SEND_AGAIN: _ClassVar[SettleMessageRequest.Outcome]
    OUTCOME_UNSPECIFIED: SettleMessageRequest.Outcome
    OUTCOME_SENT: SettleMessageRequest.Outcome
    OUTCOME_FAILED: SettleMessageRequest.Outcome
    OUTCOME_SEND_AGAIN: SettleMessageRequest.Outcome
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    request_id: str
    outcome: SettleMessageRequest.Outcome
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ..., outcome: _Optional[_Union[SettleMessageRequest.Outcome, str]] = ...) -> None: ...
