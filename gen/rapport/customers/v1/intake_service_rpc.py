"""Typed Python of rapport.customers.v1.IntakeService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from google.api import httpbody_pb2
from rapport.customers.v1 import intake_service_pb2
from rapport.customers.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class IntakeServiceMethods(Protocol):
    """What the service implements of IntakeService beyond its standard methods."""

    def create_contact_hook(self, call: Call, request: intake_service_pb2.CreateContactHookRequest) -> intake_service_pb2.CreateContactHookResponse: ...

    def receive_contact_hook(self, call: Call, request: intake_service_pb2.ReceiveContactHookRequest) -> httpbody_pb2.HttpBody: ...

    def submit_contact(self, call: Call, request: intake_service_pb2.SubmitContactRequest) -> intake_service_pb2.SubmitContactResponse: ...


class IntakeServiceClient:
    """Calls IntakeService."""

    AREA = "rapport.customers.v1.IntakeService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_contact_hook(self, request: intake_service_pb2.GetContactHookRequest, *, timeout: float | None = None) -> resources_pb2.ContactHook:
        """GetContactHook, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.IntakeService/GetContactHook", request, resources_pb2.ContactHook, timeout)

    def list_contact_hooks(self, request: intake_service_pb2.ListContactHooksRequest, *, timeout: float | None = None) -> intake_service_pb2.ListContactHooksResponse:
        """ListContactHooks, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.IntakeService/ListContactHooks", request, intake_service_pb2.ListContactHooksResponse, timeout)

    def create_contact_hook(self, request: intake_service_pb2.CreateContactHookRequest, *, timeout: float | None = None) -> intake_service_pb2.CreateContactHookResponse:
        """CreateContactHook, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.IntakeService/CreateContactHook", request, intake_service_pb2.CreateContactHookResponse, timeout)

    def delete_contact_hook(self, request: intake_service_pb2.DeleteContactHookRequest, *, timeout: float | None = None) -> resources_pb2.ContactHook:
        """DeleteContactHook, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.IntakeService/DeleteContactHook", request, resources_pb2.ContactHook, timeout)

    def receive_contact_hook(self, request: intake_service_pb2.ReceiveContactHookRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """ReceiveContactHook, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.IntakeService/ReceiveContactHook", request, httpbody_pb2.HttpBody, timeout)

    def submit_contact(self, request: intake_service_pb2.SubmitContactRequest, *, timeout: float | None = None) -> intake_service_pb2.SubmitContactResponse:
        """SubmitContact, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.IntakeService/SubmitContact", request, intake_service_pb2.SubmitContactResponse, timeout)
