"""Typed Python of rapport.users.v1.ImpersonationService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import impersonation_service_pb2
from rapport.users.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class ImpersonationServiceMethods(Protocol):
    """What the service implements of ImpersonationService beyond its standard methods."""

    def create_impersonation(self, call: Call, request: impersonation_service_pb2.CreateImpersonationRequest) -> impersonation_service_pb2.CreateImpersonationResponse: ...

    def end_impersonation(self, call: Call, request: impersonation_service_pb2.EndImpersonationRequest) -> resources_pb2.Impersonation: ...


class ImpersonationServiceClient:
    """Calls ImpersonationService."""

    AREA = "rapport.users.v1.ImpersonationService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create_impersonation(self, request: impersonation_service_pb2.CreateImpersonationRequest, *, timeout: float | None = None) -> impersonation_service_pb2.CreateImpersonationResponse:
        """CreateImpersonation, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ImpersonationService/CreateImpersonation", request, impersonation_service_pb2.CreateImpersonationResponse, timeout)

    def get_impersonation(self, request: impersonation_service_pb2.GetImpersonationRequest, *, timeout: float | None = None) -> resources_pb2.Impersonation:
        """GetImpersonation, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ImpersonationService/GetImpersonation", request, resources_pb2.Impersonation, timeout)

    def list_impersonations(self, request: impersonation_service_pb2.ListImpersonationsRequest, *, timeout: float | None = None) -> impersonation_service_pb2.ListImpersonationsResponse:
        """ListImpersonations, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ImpersonationService/ListImpersonations", request, impersonation_service_pb2.ListImpersonationsResponse, timeout)

    def end_impersonation(self, request: impersonation_service_pb2.EndImpersonationRequest, *, timeout: float | None = None) -> resources_pb2.Impersonation:
        """EndImpersonation, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ImpersonationService/EndImpersonation", request, resources_pb2.Impersonation, timeout)
