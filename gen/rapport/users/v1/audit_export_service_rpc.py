"""Typed Python of rapport.users.v1.AuditExportService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from google.api import httpbody_pb2
from rapport.users.v1 import audit_export_service_pb2
from rapport.users.v1 import resources_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class AuditExportServiceMethods(Protocol):
    """What the service implements of AuditExportService beyond its standard methods."""

    def cancel_audit_export(self, call: Call, request: audit_export_service_pb2.CancelAuditExportRequest) -> resources_pb2.AuditExport: ...

    def create_audit_export_link(self, call: Call, request: audit_export_service_pb2.CreateAuditExportLinkRequest) -> audit_export_service_pb2.CreateAuditExportLinkResponse: ...

    def download_audit_export(self, call: Call, request: audit_export_service_pb2.DownloadAuditExportRequest) -> Iterator[httpbody_pb2.HttpBody]: ...


class AuditExportServiceClient:
    """Calls AuditExportService."""

    AREA = "rapport.users.v1.AuditExportService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create_audit_export(self, request: audit_export_service_pb2.CreateAuditExportRequest, *, timeout: float | None = None) -> resources_pb2.AuditExport:
        """CreateAuditExport, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.AuditExportService/CreateAuditExport", request, resources_pb2.AuditExport, timeout)

    def get_audit_export(self, request: audit_export_service_pb2.GetAuditExportRequest, *, timeout: float | None = None) -> resources_pb2.AuditExport:
        """GetAuditExport, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.AuditExportService/GetAuditExport", request, resources_pb2.AuditExport, timeout)

    def list_audit_exports(self, request: audit_export_service_pb2.ListAuditExportsRequest, *, timeout: float | None = None) -> audit_export_service_pb2.ListAuditExportsResponse:
        """ListAuditExports, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.AuditExportService/ListAuditExports", request, audit_export_service_pb2.ListAuditExportsResponse, timeout)

    def cancel_audit_export(self, request: audit_export_service_pb2.CancelAuditExportRequest, *, timeout: float | None = None) -> resources_pb2.AuditExport:
        """CancelAuditExport, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.AuditExportService/CancelAuditExport", request, resources_pb2.AuditExport, timeout)

    def create_audit_export_link(self, request: audit_export_service_pb2.CreateAuditExportLinkRequest, *, timeout: float | None = None) -> audit_export_service_pb2.CreateAuditExportLinkResponse:
        """CreateAuditExportLink, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.AuditExportService/CreateAuditExportLink", request, audit_export_service_pb2.CreateAuditExportLinkResponse, timeout)

    def download_audit_export(self, request: audit_export_service_pb2.DownloadAuditExportRequest, *, timeout: float | None = None) -> Iterator[httpbody_pb2.HttpBody]:
        """DownloadAuditExport, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.users.v1.AuditExportService/DownloadAuditExport", request, httpbody_pb2.HttpBody, timeout)
