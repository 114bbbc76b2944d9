"""Typed Python of rapport.customers.v1.ExportService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from google.api import httpbody_pb2
from rapport.customers.v1 import export_service_pb2
from rapport.customers.v1 import resources_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class ExportServiceMethods(Protocol):
    """What the service implements of ExportService beyond its standard methods."""

    def cancel_contact_export(self, call: Call, request: export_service_pb2.CancelContactExportRequest) -> resources_pb2.ContactExport: ...

    def create_contact_export_link(self, call: Call, request: export_service_pb2.CreateContactExportLinkRequest) -> export_service_pb2.CreateContactExportLinkResponse: ...

    def download_contact_export(self, call: Call, request: export_service_pb2.DownloadContactExportRequest) -> Iterator[httpbody_pb2.HttpBody]: ...


class ExportServiceClient:
    """Calls ExportService."""

    AREA = "rapport.customers.v1.ExportService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create_contact_export(self, request: export_service_pb2.CreateContactExportRequest, *, timeout: float | None = None) -> resources_pb2.ContactExport:
        """CreateContactExport, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ExportService/CreateContactExport", request, resources_pb2.ContactExport, timeout)

    def get_contact_export(self, request: export_service_pb2.GetContactExportRequest, *, timeout: float | None = None) -> resources_pb2.ContactExport:
        """GetContactExport, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ExportService/GetContactExport", request, resources_pb2.ContactExport, timeout)

    def list_contact_exports(self, request: export_service_pb2.ListContactExportsRequest, *, timeout: float | None = None) -> export_service_pb2.ListContactExportsResponse:
        """ListContactExports, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ExportService/ListContactExports", request, export_service_pb2.ListContactExportsResponse, timeout)

    def cancel_contact_export(self, request: export_service_pb2.CancelContactExportRequest, *, timeout: float | None = None) -> resources_pb2.ContactExport:
        """CancelContactExport, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ExportService/CancelContactExport", request, resources_pb2.ContactExport, timeout)

    def create_contact_export_link(self, request: export_service_pb2.CreateContactExportLinkRequest, *, timeout: float | None = None) -> export_service_pb2.CreateContactExportLinkResponse:
        """CreateContactExportLink, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ExportService/CreateContactExportLink", request, export_service_pb2.CreateContactExportLinkResponse, timeout)

    def download_contact_export(self, request: export_service_pb2.DownloadContactExportRequest, *, timeout: float | None = None) -> Iterator[httpbody_pb2.HttpBody]:
        """DownloadContactExport, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ExportService/DownloadContactExport", request, httpbody_pb2.HttpBody, timeout)
