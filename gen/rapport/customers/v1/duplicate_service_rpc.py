"""Typed Python of rapport.customers.v1.DuplicateService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.customers.v1 import duplicate_service_pb2
from rapport.customers.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class DuplicateServiceMethods(Protocol):
    """What the service implements of DuplicateService beyond its standard methods."""

    def cancel_duplicate_search(self, call: Call, request: duplicate_service_pb2.CancelDuplicateSearchRequest) -> resources_pb2.DuplicateSearch: ...

    def explain_duplicate(self, call: Call, request: duplicate_service_pb2.ExplainDuplicateRequest) -> duplicate_service_pb2.ExplainDuplicateResponse: ...

    def dismiss_duplicate_pair(self, call: Call, request: duplicate_service_pb2.DismissDuplicatePairRequest) -> resources_pb2.DuplicatePair: ...

    def restore_duplicate_pair(self, call: Call, request: duplicate_service_pb2.RestoreDuplicatePairRequest) -> resources_pb2.DuplicatePair: ...


class DuplicateServiceClient:
    """Calls DuplicateService."""

    AREA = "rapport.customers.v1.DuplicateService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create_duplicate_search(self, request: duplicate_service_pb2.CreateDuplicateSearchRequest, *, timeout: float | None = None) -> resources_pb2.DuplicateSearch:
        """CreateDuplicateSearch, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.DuplicateService/CreateDuplicateSearch", request, resources_pb2.DuplicateSearch, timeout)

    def get_duplicate_search(self, request: duplicate_service_pb2.GetDuplicateSearchRequest, *, timeout: float | None = None) -> resources_pb2.DuplicateSearch:
        """GetDuplicateSearch, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.DuplicateService/GetDuplicateSearch", request, resources_pb2.DuplicateSearch, timeout)

    def list_duplicate_searches(self, request: duplicate_service_pb2.ListDuplicateSearchesRequest, *, timeout: float | None = None) -> duplicate_service_pb2.ListDuplicateSearchesResponse:
        """ListDuplicateSearches, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.DuplicateService/ListDuplicateSearches", request, duplicate_service_pb2.ListDuplicateSearchesResponse, timeout)

    def cancel_duplicate_search(self, request: duplicate_service_pb2.CancelDuplicateSearchRequest, *, timeout: float | None = None) -> resources_pb2.DuplicateSearch:
        """CancelDuplicateSearch, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.DuplicateService/CancelDuplicateSearch", request, resources_pb2.DuplicateSearch, timeout)

    def explain_duplicate(self, request: duplicate_service_pb2.ExplainDuplicateRequest, *, timeout: float | None = None) -> duplicate_service_pb2.ExplainDuplicateResponse:
        """ExplainDuplicate, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.DuplicateService/ExplainDuplicate", request, duplicate_service_pb2.ExplainDuplicateResponse, timeout)

    def get_duplicate_pair(self, request: duplicate_service_pb2.GetDuplicatePairRequest, *, timeout: float | None = None) -> resources_pb2.DuplicatePair:
        """GetDuplicatePair, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.DuplicateService/GetDuplicatePair", request, resources_pb2.DuplicatePair, timeout)

    def list_duplicate_pairs(self, request: duplicate_service_pb2.ListDuplicatePairsRequest, *, timeout: float | None = None) -> duplicate_service_pb2.ListDuplicatePairsResponse:
        """ListDuplicatePairs, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.DuplicateService/ListDuplicatePairs", request, duplicate_service_pb2.ListDuplicatePairsResponse, timeout)

    def dismiss_duplicate_pair(self, request: duplicate_service_pb2.DismissDuplicatePairRequest, *, timeout: float | None = None) -> resources_pb2.DuplicatePair:
        """DismissDuplicatePair, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.DuplicateService/DismissDuplicatePair", request, resources_pb2.DuplicatePair, timeout)

    def restore_duplicate_pair(self, request: duplicate_service_pb2.RestoreDuplicatePairRequest, *, timeout: float | None = None) -> resources_pb2.DuplicatePair:
        """RestoreDuplicatePair, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.DuplicateService/RestoreDuplicatePair", request, resources_pb2.DuplicatePair, timeout)
