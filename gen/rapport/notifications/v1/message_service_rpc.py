"""Typed Python of rapport.notifications.v1.MessageService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.notifications.v1 import message_service_pb2
from rapport.notifications.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class MessageServiceMethods(Protocol):
    """What the service implements of MessageService beyond its standard methods."""

    def send_message(self, call: Call, request: message_service_pb2.SendMessageRequest) -> resources_pb2.Message: ...

    def settle_message(self, call: Call, request: message_service_pb2.SettleMessageRequest) -> resources_pb2.Message: ...


class MessageServiceClient:
    """Calls MessageService."""

    AREA = "rapport.notifications.v1.MessageService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def send_message(self, request: message_service_pb2.SendMessageRequest, *, timeout: float | None = None) -> resources_pb2.Message:
        """SendMessage, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.notifications.v1.MessageService/SendMessage", request, resources_pb2.Message, timeout)

    def get_message(self, request: message_service_pb2.GetMessageRequest, *, timeout: float | None = None) -> resources_pb2.Message:
        """GetMessage, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.notifications.v1.MessageService/GetMessage", request, resources_pb2.Message, timeout)

    def list_messages(self, request: message_service_pb2.ListMessagesRequest, *, timeout: float | None = None) -> message_service_pb2.ListMessagesResponse:
        """ListMessages, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.notifications.v1.MessageService/ListMessages", request, message_service_pb2.ListMessagesResponse, timeout)

    def settle_message(self, request: message_service_pb2.SettleMessageRequest, *, timeout: float | None = None) -> resources_pb2.Message:
        """SettleMessage, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.notifications.v1.MessageService/SettleMessage", request, resources_pb2.Message, timeout)
