"""Typed Python of rapport.notifications.v1.SubjectService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.notifications.v1 import subject_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class SubjectServiceMethods(Protocol):
    """What the service implements of SubjectService beyond its standard methods."""

    def read_subject(self, call: Call, request: subject_service_pb2.ReadSubjectRequest) -> subject_service_pb2.ReadSubjectResponse: ...

    def erase_subject(self, call: Call, request: subject_service_pb2.EraseSubjectRequest) -> subject_service_pb2.EraseSubjectResponse: ...

    def find_subject(self, call: Call, request: subject_service_pb2.FindSubjectRequest) -> subject_service_pb2.FindSubjectResponse: ...


class SubjectServiceClient:
    """Calls SubjectService."""

    AREA = "rapport.notifications.v1.SubjectService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def read_subject(self, request: subject_service_pb2.ReadSubjectRequest, *, timeout: float | None = None) -> subject_service_pb2.ReadSubjectResponse:
        """ReadSubject, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.notifications.v1.SubjectService/ReadSubject", request, subject_service_pb2.ReadSubjectResponse, timeout)

    def erase_subject(self, request: subject_service_pb2.EraseSubjectRequest, *, timeout: float | None = None) -> subject_service_pb2.EraseSubjectResponse:
        """EraseSubject, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.notifications.v1.SubjectService/EraseSubject", request, subject_service_pb2.EraseSubjectResponse, timeout)

    def find_subject(self, request: subject_service_pb2.FindSubjectRequest, *, timeout: float | None = None) -> subject_service_pb2.FindSubjectResponse:
        """FindSubject, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.notifications.v1.SubjectService/FindSubject", request, subject_service_pb2.FindSubjectResponse, timeout)
