"""Typed Python of rapport.customers.v1.ContactFieldService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.customers.v1 import contact_field_service_pb2
from rapport.customers.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class ContactFieldServiceMethods(Protocol):
    """What the service implements of ContactFieldService beyond its standard methods."""


class ContactFieldServiceClient:
    """Calls ContactFieldService."""

    AREA = "rapport.customers.v1.ContactFieldService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_contact_field(self, request: contact_field_service_pb2.GetContactFieldRequest, *, timeout: float | None = None) -> resources_pb2.ContactField:
        """GetContactField, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactFieldService/GetContactField", request, resources_pb2.ContactField, timeout)

    def list_contact_fields(self, request: contact_field_service_pb2.ListContactFieldsRequest, *, timeout: float | None = None) -> contact_field_service_pb2.ListContactFieldsResponse:
        """ListContactFields, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactFieldService/ListContactFields", request, contact_field_service_pb2.ListContactFieldsResponse, timeout)

    def batch_get_contact_fields(self, request: contact_field_service_pb2.BatchGetContactFieldsRequest, *, timeout: float | None = None) -> contact_field_service_pb2.BatchGetContactFieldsResponse:
        """BatchGetContactFields, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactFieldService/BatchGetContactFields", request, contact_field_service_pb2.BatchGetContactFieldsResponse, timeout)

    def create_contact_field(self, request: contact_field_service_pb2.CreateContactFieldRequest, *, timeout: float | None = None) -> resources_pb2.ContactField:
        """CreateContactField, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactFieldService/CreateContactField", request, resources_pb2.ContactField, timeout)

    def update_contact_field(self, request: contact_field_service_pb2.UpdateContactFieldRequest, *, timeout: float | None = None) -> resources_pb2.ContactField:
        """UpdateContactField, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactFieldService/UpdateContactField", request, resources_pb2.ContactField, timeout)

    def delete_contact_field(self, request: contact_field_service_pb2.DeleteContactFieldRequest, *, timeout: float | None = None) -> resources_pb2.ContactField:
        """DeleteContactField, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactFieldService/DeleteContactField", request, resources_pb2.ContactField, timeout)

    def undelete_contact_field(self, request: contact_field_service_pb2.UndeleteContactFieldRequest, *, timeout: float | None = None) -> resources_pb2.ContactField:
        """UndeleteContactField, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactFieldService/UndeleteContactField", request, resources_pb2.ContactField, timeout)
