"""Typed Python of rapport.customers.v1.PrivacyService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from google.api import httpbody_pb2
from rapport.customers.v1 import privacy_service_pb2
from rapport.customers.v1 import resources_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class PrivacyServiceMethods(Protocol):
    """What the service implements of PrivacyService beyond its standard methods."""

    def cancel_subject_export(self, call: Call, request: privacy_service_pb2.CancelSubjectExportRequest) -> resources_pb2.SubjectExport: ...

    def create_subject_export_link(self, call: Call, request: privacy_service_pb2.CreateSubjectExportLinkRequest) -> privacy_service_pb2.CreateSubjectExportLinkResponse: ...

    def download_subject_export(self, call: Call, request: privacy_service_pb2.DownloadSubjectExportRequest) -> Iterator[httpbody_pb2.HttpBody]: ...

    def verify_contact_erasure(self, call: Call, request: privacy_service_pb2.VerifyContactErasureRequest) -> privacy_service_pb2.VerifyContactErasureResponse: ...


class PrivacyServiceClient:
    """Calls PrivacyService."""

    AREA = "rapport.customers.v1.PrivacyService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create_subject_export(self, request: privacy_service_pb2.CreateSubjectExportRequest, *, timeout: float | None = None) -> resources_pb2.SubjectExport:
        """CreateSubjectExport, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.PrivacyService/CreateSubjectExport", request, resources_pb2.SubjectExport, timeout)

    def get_subject_export(self, request: privacy_service_pb2.GetSubjectExportRequest, *, timeout: float | None = None) -> resources_pb2.SubjectExport:
        """GetSubjectExport, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.PrivacyService/GetSubjectExport", request, resources_pb2.SubjectExport, timeout)

    def list_subject_exports(self, request: privacy_service_pb2.ListSubjectExportsRequest, *, timeout: float | None = None) -> privacy_service_pb2.ListSubjectExportsResponse:
        """ListSubjectExports, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.PrivacyService/ListSubjectExports", request, privacy_service_pb2.ListSubjectExportsResponse, timeout)

    def cancel_subject_export(self, request: privacy_service_pb2.CancelSubjectExportRequest, *, timeout: float | None = None) -> resources_pb2.SubjectExport:
        """CancelSubjectExport, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.PrivacyService/CancelSubjectExport", request, resources_pb2.SubjectExport, timeout)

    def create_subject_export_link(self, request: privacy_service_pb2.CreateSubjectExportLinkRequest, *, timeout: float | None = None) -> privacy_service_pb2.CreateSubjectExportLinkResponse:
        """CreateSubjectExportLink, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.PrivacyService/CreateSubjectExportLink", request, privacy_service_pb2.CreateSubjectExportLinkResponse, timeout)

    def download_subject_export(self, request: privacy_service_pb2.DownloadSubjectExportRequest, *, timeout: float | None = None) -> Iterator[httpbody_pb2.HttpBody]:
        """DownloadSubjectExport, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.PrivacyService/DownloadSubjectExport", request, httpbody_pb2.HttpBody, timeout)

    def create_contact_erasure(self, request: privacy_service_pb2.CreateContactErasureRequest, *, timeout: float | None = None) -> resources_pb2.ContactErasure:
        """CreateContactErasure, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.PrivacyService/CreateContactErasure", request, resources_pb2.ContactErasure, timeout)

    def get_contact_erasure(self, request: privacy_service_pb2.GetContactErasureRequest, *, timeout: float | None = None) -> resources_pb2.ContactErasure:
        """GetContactErasure, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.PrivacyService/GetContactErasure", request, resources_pb2.ContactErasure, timeout)

    def list_contact_erasures(self, request: privacy_service_pb2.ListContactErasuresRequest, *, timeout: float | None = None) -> privacy_service_pb2.ListContactErasuresResponse:
        """ListContactErasures, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.PrivacyService/ListContactErasures", request, privacy_service_pb2.ListContactErasuresResponse, timeout)

    def verify_contact_erasure(self, request: privacy_service_pb2.VerifyContactErasureRequest, *, timeout: float | None = None) -> privacy_service_pb2.VerifyContactErasureResponse:
        """VerifyContactErasure, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.PrivacyService/VerifyContactErasure", request, privacy_service_pb2.VerifyContactErasureResponse, timeout)
