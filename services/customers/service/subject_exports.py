"""Exports of all that services hold of a person: the job that asks them one by one, and the link to the file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import privacy_service_pb2, resources_pb2

from mesh.resource.file_jobs import FileJob, Written
from mesh.resource.jobs import cancel_job, create_job
from mesh.resource.resource import Resource
from mesh.resource.subject_calls import ask, others
from mesh.resource.writing import unknown
from services.customers.privacy_tables import subject_exports
from services.customers.service.persons import subject_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from google.api import httpbody_pb2
    from rapport.mesh.v1 import subject_pb2

    from mesh.resource.jobs import Chunk
    from mesh.resource.subject_reading import Reading
    from mesh.runtime.call import Call
    from mesh.runtime.stream import StreamCall

_OWN = "customers"
_PART_BYTES = 4 << 20
_PART_PAGES = 50
_KEPT_SECONDS = 24 * 3600


class SubjectExports:
    """The methods of PrivacyService about exports that are no standard ones. reading: of what this service holds."""

    def __init__(self, contacts: Resource[Any], reading: Callable[[], Reading]) -> None:
        self._contacts, self._reading = contacts, reading
        self.exports = Resource(resources_pb2.SubjectExport, subject_exports)
        self.files = FileJob(
            name="subject-export",
            method="/rapport.customers.v1.PrivacyService/CreateSubjectExport",
            resource=self.exports,
            write=self._write,
            personal=True,
            kept_seconds=_KEPT_SECONDS,
        )

    def create_subject_export(
        self, call: Call, request: privacy_service_pb2.CreateSubjectExportRequest
    ) -> resources_pb2.SubjectExport:
        """The export, waiting for its turn."""
        contact = request.subject_export.contact_id
        contact = self._contacts.led(call.read, [contact]).get(contact, contact)
        if not self._contacts.readable(call, [contact]):
            raise unknown(self._contacts, contact)
        asked = resources_pb2.SubjectExport(contact_id=contact)
        with call.commit() as commit:
            return commit.reply(create_job(commit, self.files.kind, asked))

    def cancel_subject_export(
        self, call: Call, request: privacy_service_pb2.CancelSubjectExportRequest
    ) -> resources_pb2.SubjectExport:
        """The export as it ended."""
        with call.commit() as commit:
            after: resources_pb2.SubjectExport = cancel_job(commit, self.exports, request.id)
            return commit.reply(after)

    def create_subject_export_link(
        self, call: Call, request: privacy_service_pb2.CreateSubjectExportLinkRequest
    ) -> privacy_service_pb2.CreateSubjectExportLinkResponse:
        """Where the caller's export can be downloaded for some time."""
        return self.files.link(call, request.id, privacy_service_pb2.CreateSubjectExportLinkResponse())

    def download_subject_export(
        self, call: StreamCall, request: privacy_service_pb2.DownloadSubjectExportRequest
    ) -> Iterator[httpbody_pb2.HttpBody]:
        """The file."""
        del request
        return self.files.download(
            call, name=_file_name, content_type=lambda record: "application/jsonl; charset=utf-8"
        )

    def _write(self, chunk: Chunk) -> Written:
        """The next part: records of one service, page by page."""
        services = [_OWN, *others(_OWN)]
        place, cursor = json.loads(chunk.cursor) if chunk.cursor else (0, "")
        subject = self._subject(chunk)
        pieces, size, count = [], 0, 0
        for _ in range(_PART_PAGES):
            records, cursor = self._page(chunk, services[place], subject, cursor)
            lines = [_line(services[place], record) for record in records]
            pieces += lines
            size, count = size + sum(map(len, lines)), count + len(lines)
            if not cursor:
                place += 1
                if place == len(services):
                    return Written(b"".join(pieces), count, b"")
            if size >= _PART_BYTES:
                break
        return Written(b"".join(pieces), count, json.dumps([place, cursor]).encode())

    def _subject(self, chunk: Chunk) -> subject_pb2.Subject:
        contact = chunk.record.contact_id
        contact = self._contacts.led(chunk.call.read, [contact]).get(contact, contact)
        # What its creator may see is asked at every part, as it can change meanwhile.
        if not self._contacts.readable(chunk.call, [contact]):
            raise unknown(self._contacts, contact)
        return subject_of(chunk.call.read, self._contacts, contact)

    def _page(
        self, chunk: Chunk, service: str, subject: subject_pb2.Subject, cursor: str
    ) -> tuple[Sequence[subject_pb2.SubjectRecord], str]:
        if service == _OWN:
            return self._reading().page(chunk.call, subject, cursor)
        caller = chunk.call.environment.caller
        page = ask(caller, service, "ReadSubject", chunk.tenant, subject=subject, cursor=cursor)
        return page.records, page.next_cursor


def _line(service: str, record: subject_pb2.SubjectRecord) -> bytes:
    told = {"service": service, "kind": record.kind, "record": json.loads(record.json)}
    return (json.dumps(told, ensure_ascii=False) + "\n").encode()


def _file_name(record: resources_pb2.SubjectExport) -> str:
    return f"{record.contact_id}-{record.create_time.ToJsonString()[:10]}.jsonl"
