"""Typed Python of rapport.customers.v1.ContactService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.customers.v1 import contact_service_pb2
from rapport.customers.v1 import resources_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class ContactServiceMethods(Protocol):
    """What the service implements of ContactService beyond its standard methods."""

    def get_contact_provenance(self, call: Call, request: contact_service_pb2.GetContactProvenanceRequest) -> contact_service_pb2.GetContactProvenanceResponse: ...

    def watch_contacts(self, call: Call, request: contact_service_pb2.WatchContactsRequest) -> Iterator[contact_service_pb2.WatchContactsResponse]: ...

    def check_duplicate_contacts(self, call: Call, request: contact_service_pb2.CheckDuplicateContactsRequest) -> contact_service_pb2.CheckDuplicateContactsResponse: ...


class ContactServiceClient:
    """Calls ContactService."""

    AREA = "rapport.customers.v1.ContactService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_contact(self, request: contact_service_pb2.GetContactRequest, *, timeout: float | None = None) -> resources_pb2.Contact:
        """GetContact, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactService/GetContact", request, resources_pb2.Contact, timeout)

    def list_contacts(self, request: contact_service_pb2.ListContactsRequest, *, timeout: float | None = None) -> contact_service_pb2.ListContactsResponse:
        """ListContacts, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactService/ListContacts", request, contact_service_pb2.ListContactsResponse, timeout)

    def batch_get_contacts(self, request: contact_service_pb2.BatchGetContactsRequest, *, timeout: float | None = None) -> contact_service_pb2.BatchGetContactsResponse:
        """BatchGetContacts, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactService/BatchGetContacts", request, contact_service_pb2.BatchGetContactsResponse, timeout)

    def count_contacts(self, request: contact_service_pb2.CountContactsRequest, *, timeout: float | None = None) -> contact_service_pb2.CountContactsResponse:
        """CountContacts, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactService/CountContacts", request, contact_service_pb2.CountContactsResponse, timeout)

    def get_contact_provenance(self, request: contact_service_pb2.GetContactProvenanceRequest, *, timeout: float | None = None) -> contact_service_pb2.GetContactProvenanceResponse:
        """GetContactProvenance, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactService/GetContactProvenance", request, contact_service_pb2.GetContactProvenanceResponse, timeout)

    def watch_contacts(self, request: contact_service_pb2.WatchContactsRequest, *, timeout: float | None = None) -> Iterator[contact_service_pb2.WatchContactsResponse]:
        """WatchContacts, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ContactService/WatchContacts", request, contact_service_pb2.WatchContactsResponse, timeout)

    def check_duplicate_contacts(self, request: contact_service_pb2.CheckDuplicateContactsRequest, *, timeout: float | None = None) -> contact_service_pb2.CheckDuplicateContactsResponse:
        """CheckDuplicateContacts, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactService/CheckDuplicateContacts", request, contact_service_pb2.CheckDuplicateContactsResponse, timeout)

    def create_contact(self, request: contact_service_pb2.CreateContactRequest, *, timeout: float | None = None) -> resources_pb2.Contact:
        """CreateContact, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactService/CreateContact", request, resources_pb2.Contact, timeout)

    def batch_create_contacts(self, request: contact_service_pb2.BatchCreateContactsRequest, *, timeout: float | None = None) -> contact_service_pb2.BatchCreateContactsResponse:
        """BatchCreateContacts, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactService/BatchCreateContacts", request, contact_service_pb2.BatchCreateContactsResponse, timeout)

    def update_contact(self, request: contact_service_pb2.UpdateContactRequest, *, timeout: float | None = None) -> resources_pb2.Contact:
        """UpdateContact, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactService/UpdateContact", request, resources_pb2.Contact, timeout)

    def batch_update_contacts(self, request: contact_service_pb2.BatchUpdateContactsRequest, *, timeout: float | None = None) -> contact_service_pb2.BatchUpdateContactsResponse:
        """BatchUpdateContacts, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactService/BatchUpdateContacts", request, contact_service_pb2.BatchUpdateContactsResponse, timeout)

    def delete_contact(self, request: contact_service_pb2.DeleteContactRequest, *, timeout: float | None = None) -> resources_pb2.Contact:
        """DeleteContact, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactService/DeleteContact", request, resources_pb2.Contact, timeout)

    def undelete_contact(self, request: contact_service_pb2.UndeleteContactRequest, *, timeout: float | None = None) -> resources_pb2.Contact:
        """UndeleteContact, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ContactService/UndeleteContact", request, resources_pb2.Contact, timeout)
