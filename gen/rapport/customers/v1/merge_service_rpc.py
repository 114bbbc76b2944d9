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

    def merge_companies(self, call: Call, request: merge_service_pb2.MergeCompaniesRequest) -> merge_service_pb2.MergeCompaniesResponse: ...

    def undo_company_merge(self, call: Call, request: merge_service_pb2.UndoCompanyMergeRequest) -> merge_service_pb2.UndoCompanyMergeResponse: ...


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

    def merge_companies(self, request: merge_service_pb2.MergeCompaniesRequest, *, timeout: float | None = None) -> merge_service_pb2.MergeCompaniesResponse:
        """MergeCompanies, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.MergeService/MergeCompanies", request, merge_service_pb2.MergeCompaniesResponse, timeout)

    def undo_company_merge(self, request: merge_service_pb2.UndoCompanyMergeRequest, *, timeout: float | None = None) -> merge_service_pb2.UndoCompanyMergeResponse:
        """UndoCompanyMerge, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.MergeService/UndoCompanyMerge", request, merge_service_pb2.UndoCompanyMergeResponse, timeout)

    def get_company_merge(self, request: merge_service_pb2.GetCompanyMergeRequest, *, timeout: float | None = None) -> resources_pb2.CompanyMerge:
        """GetCompanyMerge, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.MergeService/GetCompanyMerge", request, resources_pb2.CompanyMerge, timeout)

    def list_company_merges(self, request: merge_service_pb2.ListCompanyMergesRequest, *, timeout: float | None = None) -> merge_service_pb2.ListCompanyMergesResponse:
        """ListCompanyMerges, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.MergeService/ListCompanyMerges", request, merge_service_pb2.ListCompanyMergesResponse, timeout)
