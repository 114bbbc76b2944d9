"""Typed Python of rapport.users.v1.AuditService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import audit_service_pb2
from rapport.users.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class AuditServiceMethods(Protocol):
    """What the service implements of AuditService beyond its standard methods."""

    def verify_audit_chain(self, call: Call, request: audit_service_pb2.VerifyAuditChainRequest) -> audit_service_pb2.VerifyAuditChainResponse: ...


class AuditServiceClient:
    """Calls AuditService."""

    AREA = "rapport.users.v1.AuditService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_audit_entry(self, request: audit_service_pb2.GetAuditEntryRequest, *, timeout: float | None = None) -> resources_pb2.AuditEntry:
        """GetAuditEntry, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.AuditService/GetAuditEntry", request, resources_pb2.AuditEntry, timeout)

    def list_audit_entries(self, request: audit_service_pb2.ListAuditEntriesRequest, *, timeout: float | None = None) -> audit_service_pb2.ListAuditEntriesResponse:
        """ListAuditEntries, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.AuditService/ListAuditEntries", request, audit_service_pb2.ListAuditEntriesResponse, timeout)

    def verify_audit_chain(self, request: audit_service_pb2.VerifyAuditChainRequest, *, timeout: float | None = None) -> audit_service_pb2.VerifyAuditChainResponse:
        """VerifyAuditChain, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.AuditService/VerifyAuditChain", request, audit_service_pb2.VerifyAuditChainResponse, timeout)
