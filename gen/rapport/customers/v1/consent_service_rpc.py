"""Typed Python of rapport.customers.v1.ConsentService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.customers.v1 import consent_service_pb2
from rapport.customers.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class ConsentServiceMethods(Protocol):
    """What the service implements of ConsentService beyond its standard methods."""

    def check_consent(self, call: Call, request: consent_service_pb2.CheckConsentRequest) -> consent_service_pb2.CheckConsentResponse: ...


class ConsentServiceClient:
    """Calls ConsentService."""

    AREA = "rapport.customers.v1.ConsentService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_consent(self, request: consent_service_pb2.GetConsentRequest, *, timeout: float | None = None) -> resources_pb2.Consent:
        """GetConsent, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ConsentService/GetConsent", request, resources_pb2.Consent, timeout)

    def list_consents(self, request: consent_service_pb2.ListConsentsRequest, *, timeout: float | None = None) -> consent_service_pb2.ListConsentsResponse:
        """ListConsents, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ConsentService/ListConsents", request, consent_service_pb2.ListConsentsResponse, timeout)

    def batch_get_consents(self, request: consent_service_pb2.BatchGetConsentsRequest, *, timeout: float | None = None) -> consent_service_pb2.BatchGetConsentsResponse:
        """BatchGetConsents, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ConsentService/BatchGetConsents", request, consent_service_pb2.BatchGetConsentsResponse, timeout)

    def create_consent(self, request: consent_service_pb2.CreateConsentRequest, *, timeout: float | None = None) -> resources_pb2.Consent:
        """CreateConsent, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ConsentService/CreateConsent", request, resources_pb2.Consent, timeout)

    def check_consent(self, request: consent_service_pb2.CheckConsentRequest, *, timeout: float | None = None) -> consent_service_pb2.CheckConsentResponse:
        """CheckConsent, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.ConsentService/CheckConsent", request, consent_service_pb2.CheckConsentResponse, timeout)
