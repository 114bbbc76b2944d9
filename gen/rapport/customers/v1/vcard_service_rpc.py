"""Typed Python of rapport.customers.v1.VcardService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from google.api import httpbody_pb2
from rapport.customers.v1 import vcard_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class VcardServiceMethods(Protocol):
    """What the service implements of VcardService beyond its standard methods."""

    def export_vcards(self, call: Call, request: vcard_service_pb2.ExportVcardsRequest) -> httpbody_pb2.HttpBody: ...

    def import_vcards(self, call: Call, request: vcard_service_pb2.ImportVcardsRequest) -> vcard_service_pb2.ImportVcardsResponse: ...


class VcardServiceClient:
    """Calls VcardService."""

    AREA = "rapport.customers.v1.VcardService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def export_vcards(self, request: vcard_service_pb2.ExportVcardsRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """ExportVcards, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.VcardService/ExportVcards", request, httpbody_pb2.HttpBody, timeout)

    def import_vcards(self, request: vcard_service_pb2.ImportVcardsRequest, *, timeout: float | None = None) -> vcard_service_pb2.ImportVcardsResponse:
        """ImportVcards, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.VcardService/ImportVcards", request, vcard_service_pb2.ImportVcardsResponse, timeout)
