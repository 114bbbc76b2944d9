"""SubjectService, as every service serves it, by what its contract and tables declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.mesh.v1 import subject_pb2

from mesh.contract.traces import Tracer
from mesh.resource.subject_erasing import Erasing
from mesh.resource.subject_finding import Finding
from mesh.resource.subject_reading import Reading

if TYPE_CHECKING:
    from mesh.contract.method import MethodContract
    from mesh.runtime.call import Call
    from mesh.runtime.service import Service

AREA = "SubjectService"


class SubjectMethods:
    """The methods of a service's SubjectService; `methods` are their contracts, by name."""

    def __init__(self, service: Service, methods: dict[str, MethodContract]) -> None:
        self._replies = {name: method.reply for name, method in methods.items()}
        self._reading, self._erasing, self._finding = Reading(service), Erasing(service), Finding(service)

    def read_subject(self, call: Call, request: Any) -> Any:
        """A page of what is held of a person."""
        records, cursor = self._reading.page(call, request.subject, request.cursor)
        return self._replies["ReadSubject"](records=records, next_cursor=cursor)

    def erase_subject(self, call: Call, request: Any) -> Any:
        """A batch of an erasure."""
        batch, reply = self._erasing.find(call, request.subject, request.erasure_id), self._replies["EraseSubject"]
        with call.commit() as commit:
            if batch:
                self._erasing.erase(commit, batch, request.erasure_id)
            counts = self._erasing.counts(commit, request.erasure_id)
            told = [subject_pb2.SubjectCount(kind=kind, count=count) for kind, count in counts]
            return commit.reply(reply(counts=told, done=not batch))

    def find_subject(self, call: Call, request: Any) -> Any:
        """A batch of a search."""
        tracer = Tracer(request.digests.digest_key, request.digests.digests)
        names, rows, cursor = self._finding.batch(call, tracer, request.cursor)
        return self._replies["FindSubject"](names=names, row_count=rows, next_cursor=cursor)
