"""Typed Python of rapport.customers.v1.ImportService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from google.api import httpbody_pb2
from rapport.customers.v1 import import_service_pb2
from rapport.customers.v1 import resources_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class ImportServiceMethods(Protocol):
    """What the service implements of ImportService beyond its standard methods."""

    def upload_contact_import_part(self, call: Call, request: import_service_pb2.UploadContactImportPartRequest) -> resources_pb2.ContactImport: ...

    def upload_contact_import_bytes(self, call: Call, request: import_service_pb2.UploadContactImportBytesRequest) -> httpbody_pb2.HttpBody: ...

    def preview_contact_import(self, call: Call, request: import_service_pb2.PreviewContactImportRequest) -> import_service_pb2.PreviewContactImportResponse: ...

    def inspect_contact_import(self, call: Call, request: import_service_pb2.InspectContactImportRequest) -> import_service_pb2.InspectContactImportResponse: ...

    def start_contact_import(self, call: Call, request: import_service_pb2.StartContactImportRequest) -> resources_pb2.ContactImport: ...

    def revert_contact_import(self, call: Call, request: import_service_pb2.RevertContactImportRequest) -> resources_pb2.ContactImport: ...

    def cancel_contact_import(self, call: Call, request: import_service_pb2.CancelContactImportRequest) -> resources_pb2.ContactImport: ...

    def create_refused_rows_link(self, call: Call, request: import_service_pb2.CreateRefusedRowsLinkRequest) -> import_service_pb2.CreateRefusedRowsLinkResponse: ...

    def download_refused_rows(self, call: Call, request: import_service_pb2.DownloadRefusedRowsRequest) -> Iterator[httpbody_pb2.HttpBody]: ...


class ImportServiceClient:
    """Calls ImportService."""

    AREA = "rapport.customers.v1.ImportService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create_contact_import(self, request: import_service_pb2.CreateContactImportRequest, *, timeout: float | None = None) -> resources_pb2.ContactImport:
        """CreateContactImport, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ImportService/CreateContactImport", request, resources_pb2.ContactImport, timeout)

    def get_contact_import(self, request: import_service_pb2.GetContactImportRequest, *, timeout: float | None = None) -> resources_pb2.ContactImport:
        """GetContactImport, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ImportService/GetContactImport", request, resources_pb2.ContactImport, timeout)

    def list_contact_imports(self, request: import_service_pb2.ListContactImportsRequest, *, timeout: float | None = None) -> import_service_pb2.ListContactImportsResponse:
        """ListContactImports, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ImportService/ListContactImports", request, import_service_pb2.ListContactImportsResponse, timeout)

    def update_contact_import(self, request: import_service_pb2.UpdateContactImportRequest, *, timeout: float | None = None) -> resources_pb2.ContactImport:
        """UpdateContactImport, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ImportService/UpdateContactImport", request, resources_pb2.ContactImport, timeout)

    def upload_contact_import_part(self, request: import_service_pb2.UploadContactImportPartRequest, *, timeout: float | None = None) -> resources_pb2.ContactImport:
        """UploadContactImportPart, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ImportService/UploadContactImportPart", request, resources_pb2.ContactImport, timeout)

    def upload_contact_import_bytes(self, request: import_service_pb2.UploadContactImportBytesRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """UploadContactImportBytes, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ImportService/UploadContactImportBytes", request, httpbody_pb2.HttpBody, timeout)

    def preview_contact_import(self, request: import_service_pb2.PreviewContactImportRequest, *, timeout: float | None = None) -> import_service_pb2.PreviewContactImportResponse:
        """PreviewContactImport, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ImportService/PreviewContactImport", request, import_service_pb2.PreviewContactImportResponse, timeout)

    def inspect_contact_import(self, request: import_service_pb2.InspectContactImportRequest, *, timeout: float | None = None) -> import_service_pb2.InspectContactImportResponse:
        """InspectContactImport, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ImportService/InspectContactImport", request, import_service_pb2.InspectContactImportResponse, timeout)

    def start_contact_import(self, request: import_service_pb2.StartContactImportRequest, *, timeout: float | None = None) -> resources_pb2.ContactImport:
        """StartContactImport, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ImportService/StartContactImport", request, resources_pb2.ContactImport, timeout)

    def revert_contact_import(self, request: import_service_pb2.RevertContactImportRequest, *, timeout: float | None = None) -> resources_pb2.ContactImport:
        """RevertContactImport, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ImportService/RevertContactImport", request, resources_pb2.ContactImport, timeout)

    def cancel_contact_import(self, request: import_service_pb2.CancelContactImportRequest, *, timeout: float | None = None) -> resources_pb2.ContactImport:
        """CancelContactImport, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ImportService/CancelContactImport", request, resources_pb2.ContactImport, timeout)

    def list_contact_import_rows(self, request: import_service_pb2.ListContactImportRowsRequest, *, timeout: float | None = None) -> import_service_pb2.ListContactImportRowsResponse:
        """ListContactImportRows, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ImportService/ListContactImportRows", request, import_service_pb2.ListContactImportRowsResponse, timeout)

    def create_refused_rows_link(self, request: import_service_pb2.CreateRefusedRowsLinkRequest, *, timeout: float | None = None) -> import_service_pb2.CreateRefusedRowsLinkResponse:
        """CreateRefusedRowsLink, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ImportService/CreateRefusedRowsLink", request, import_service_pb2.CreateRefusedRowsLinkResponse, timeout)

    def download_refused_rows(self, request: import_service_pb2.DownloadRefusedRowsRequest, *, timeout: float | None = None) -> Iterator[httpbody_pb2.HttpBody]:
        """DownloadRefusedRows, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ImportService/DownloadRefusedRows", request, httpbody_pb2.HttpBody, timeout)
