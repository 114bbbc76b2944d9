"""Typed Python of rapport.customers.v1.TimelineService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.customers.v1 import timeline_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class TimelineServiceMethods(Protocol):
    """What the service implements of TimelineService beyond its standard methods."""

    def list_contact_timeline(self, call: Call, request: timeline_service_pb2.ListContactTimelineRequest) -> timeline_service_pb2.ListContactTimelineResponse: ...

    def list_company_timeline(self, call: Call, request: timeline_service_pb2.ListCompanyTimelineRequest) -> timeline_service_pb2.ListCompanyTimelineResponse: ...


class TimelineServiceClient:
    """Calls TimelineService."""

    AREA = "rapport.customers.v1.TimelineService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list_contact_timeline(self, request: timeline_service_pb2.ListContactTimelineRequest, *, timeout: float | None = None) -> timeline_service_pb2.ListContactTimelineResponse:
        """ListContactTimeline, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.TimelineService/ListContactTimeline", request, timeline_service_pb2.ListContactTimelineResponse, timeout)

    def list_company_timeline(self, request: timeline_service_pb2.ListCompanyTimelineRequest, *, timeout: float | None = None) -> timeline_service_pb2.ListCompanyTimelineResponse:
        """ListCompanyTimeline, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.TimelineService/ListCompanyTimeline", request, timeline_service_pb2.ListCompanyTimelineResponse, timeout)
