"""Typed Python of rapport.customers.v1.SegmentService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.customers.v1 import resources_pb2
from rapport.customers.v1 import segment_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class SegmentServiceMethods(Protocol):
    """What the service implements of SegmentService beyond its standard methods."""

    def rebuild_segment(self, call: Call, request: segment_service_pb2.RebuildSegmentRequest) -> resources_pb2.Segment: ...

    def preview_segment(self, call: Call, request: segment_service_pb2.PreviewSegmentRequest) -> segment_service_pb2.PreviewSegmentResponse: ...

    def list_segment_members(self, call: Call, request: segment_service_pb2.ListSegmentMembersRequest) -> segment_service_pb2.ListSegmentMembersResponse: ...

    def count_segment_members(self, call: Call, request: segment_service_pb2.CountSegmentMembersRequest) -> segment_service_pb2.CountSegmentMembersResponse: ...

    def add_segment_members(self, call: Call, request: segment_service_pb2.AddSegmentMembersRequest) -> resources_pb2.Segment: ...

    def remove_segment_members(self, call: Call, request: segment_service_pb2.RemoveSegmentMembersRequest) -> resources_pb2.Segment: ...

    def reset_segment_members(self, call: Call, request: segment_service_pb2.ResetSegmentMembersRequest) -> resources_pb2.Segment: ...

    def explain_segment_membership(self, call: Call, request: segment_service_pb2.ExplainSegmentMembershipRequest) -> segment_service_pb2.ExplainSegmentMembershipResponse: ...

    def list_contact_segments(self, call: Call, request: segment_service_pb2.ListContactSegmentsRequest) -> segment_service_pb2.ListContactSegmentsResponse: ...


class SegmentServiceClient:
    """Calls SegmentService."""

    AREA = "rapport.customers.v1.SegmentService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_segment(self, request: segment_service_pb2.GetSegmentRequest, *, timeout: float | None = None) -> resources_pb2.Segment:
        """GetSegment, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SegmentService/GetSegment", request, resources_pb2.Segment, timeout)

    def list_segments(self, request: segment_service_pb2.ListSegmentsRequest, *, timeout: float | None = None) -> segment_service_pb2.ListSegmentsResponse:
        """ListSegments, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SegmentService/ListSegments", request, segment_service_pb2.ListSegmentsResponse, timeout)

    def batch_get_segments(self, request: segment_service_pb2.BatchGetSegmentsRequest, *, timeout: float | None = None) -> segment_service_pb2.BatchGetSegmentsResponse:
        """BatchGetSegments, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SegmentService/BatchGetSegments", request, segment_service_pb2.BatchGetSegmentsResponse, timeout)

    def create_segment(self, request: segment_service_pb2.CreateSegmentRequest, *, timeout: float | None = None) -> resources_pb2.Segment:
        """CreateSegment, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SegmentService/CreateSegment", request, resources_pb2.Segment, timeout)

    def update_segment(self, request: segment_service_pb2.UpdateSegmentRequest, *, timeout: float | None = None) -> resources_pb2.Segment:
        """UpdateSegment, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SegmentService/UpdateSegment", request, resources_pb2.Segment, timeout)

    def delete_segment(self, request: segment_service_pb2.DeleteSegmentRequest, *, timeout: float | None = None) -> resources_pb2.Segment:
        """DeleteSegment, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SegmentService/DeleteSegment", request, resources_pb2.Segment, timeout)

    def undelete_segment(self, request: segment_service_pb2.UndeleteSegmentRequest, *, timeout: float | None = None) -> resources_pb2.Segment:
        """UndeleteSegment, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SegmentService/UndeleteSegment", request, resources_pb2.Segment, timeout)

    def rebuild_segment(self, request: segment_service_pb2.RebuildSegmentRequest, *, timeout: float | None = None) -> resources_pb2.Segment:
        """RebuildSegment, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SegmentService/RebuildSegment", request, resources_pb2.Segment, timeout)

    def preview_segment(self, request: segment_service_pb2.PreviewSegmentRequest, *, timeout: float | None = None) -> segment_service_pb2.PreviewSegmentResponse:
        """PreviewSegment, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SegmentService/PreviewSegment", request, segment_service_pb2.PreviewSegmentResponse, timeout)

    def list_segment_members(self, request: segment_service_pb2.ListSegmentMembersRequest, *, timeout: float | None = None) -> segment_service_pb2.ListSegmentMembersResponse:
        """ListSegmentMembers, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SegmentService/ListSegmentMembers", request, segment_service_pb2.ListSegmentMembersResponse, timeout)

    def count_segment_members(self, request: segment_service_pb2.CountSegmentMembersRequest, *, timeout: float | None = None) -> segment_service_pb2.CountSegmentMembersResponse:
        """CountSegmentMembers, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SegmentService/CountSegmentMembers", request, segment_service_pb2.CountSegmentMembersResponse, timeout)

    def add_segment_members(self, request: segment_service_pb2.AddSegmentMembersRequest, *, timeout: float | None = None) -> resources_pb2.Segment:
        """AddSegmentMembers, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SegmentService/AddSegmentMembers", request, resources_pb2.Segment, timeout)

    def remove_segment_members(self, request: segment_service_pb2.RemoveSegmentMembersRequest, *, timeout: float | None = None) -> resources_pb2.Segment:
        """RemoveSegmentMembers, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SegmentService/RemoveSegmentMembers", request, resources_pb2.Segment, timeout)

    def reset_segment_members(self, request: segment_service_pb2.ResetSegmentMembersRequest, *, timeout: float | None = None) -> resources_pb2.Segment:
        """ResetSegmentMembers, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SegmentService/ResetSegmentMembers", request, resources_pb2.Segment, timeout)

    def explain_segment_membership(self, request: segment_service_pb2.ExplainSegmentMembershipRequest, *, timeout: float | None = None) -> segment_service_pb2.ExplainSegmentMembershipResponse:
        """ExplainSegmentMembership, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SegmentService/ExplainSegmentMembership", request, segment_service_pb2.ExplainSegmentMembershipResponse, timeout)

    def list_contact_segments(self, request: segment_service_pb2.ListContactSegmentsRequest, *, timeout: float | None = None) -> segment_service_pb2.ListContactSegmentsResponse:
        """ListContactSegments, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.SegmentService/ListContactSegments", request, segment_service_pb2.ListContactSegmentsResponse, timeout)
