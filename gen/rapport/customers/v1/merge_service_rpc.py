"""Typed Python of rapport.customers.v1.MergeService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.customers.v1 import merge_service_pb2
from rapport.customers.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class MergeServiceMethods(Protocol):
    """What the service implements of MergeService beyond its standard methods."""

    def merge_contacts(self, call: Call, request: merge_service_pb2.MergeContactsRequest) -> merge_service_pb2.MergeContactsResponse: ...

    def undo_contact_merge(self, call: Call, request: merge_service_pb2.UndoContactMergeRequest) -> merge_service_pb2.UndoContactMergeResponse: ...


class MergeServiceClient:
    """Calls MergeService."""

    AREA = "rapport.customers.v1.MergeService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def merge_contacts(self, request: merge_service_pb2.MergeContactsRequest, *, timeout: float | None = None) -> merge_service_pb2.MergeContactsResponse:
        """MergeContacts, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.MergeService/MergeContacts", request, merge_service_pb2.MergeContactsResponse, timeout)

    def undo_contact_merge(self, request: merge_service_pb2.UndoContactMergeRequest, *, timeout: float | None = None) -> merge_service_pb2.UndoContactMergeResponse:
        """UndoContactMerge, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.MergeService/UndoContactMerge", request, merge_service_pb2.UndoContactMergeResponse, timeout)

    def get_contact_merge(self, request: merge_service_pb2.GetContactMergeRequest, *, timeout: float | None = None) -> resources_pb2.ContactMerge:
        """GetContactMerge, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.MergeService/GetContactMerge", request, resources_pb2.ContactMerge, timeout)

    def list_contact_merges(self, request: merge_service_pb2.ListContactMergesRequest, *, timeout: float | None = None) -> merge_service_pb2.ListContactMergesResponse:
        """ListContactMerges, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.MergeService/ListContactMerges", request, merge_service_pb2.ListContactMergesResponse, timeout)
