"""AuditExportService: the job that writes audit entries to a file, and the link that it is downloaded by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rapport.users.v1 import audit_export_service_pb2, resources_pb2

from mesh.contract.failure import below
from mesh.resource.csv_files import written
from mesh.resource.file_jobs import FileJob, Written
from mesh.resource.jobs import cancel_job, create_job
from mesh.resource.resource import Resource
from services.users.domain.audit_files import COLUMNS, cells, line
from services.users.tables import audit_exports

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from google.api import httpbody_pb2

    from mesh.resource.jobs import Chunk
    from mesh.resource.listing import Page
    from mesh.runtime.call import Call
    from mesh.runtime.stream import StreamCall

_PAGE_ROWS = 500
_CHUNK_ROWS = 10_000
_CSV = resources_pb2.AuditExport.FORMAT_CSV


class AuditExportMethods:
    """The methods of AuditExportService that are no standard ones, and the job."""

    def __init__(self, entry: Resource[resources_pb2.AuditEntry]) -> None:
        self._entry = entry
        self.exports = Resource(resources_pb2.AuditExport, audit_exports)
        self.files = FileJob(
            name="audit-export",
            method="/rapport.users.v1.AuditExportService/CreateAuditExport",
            resource=self.exports,
            write=self._write,
        )

    def create_audit_export(
        self, call: Call, request: audit_export_service_pb2.CreateAuditExportRequest
    ) -> resources_pb2.AuditExport:
        """The export, waiting for its turn."""
        sent = request.audit_export
        asked = resources_pb2.AuditExport(
            file_name=sent.file_name.strip(), filter=sent.filter, format=sent.format or _CSV
        )
        with below("audit_export"):
            self._page(call, asked, ())
        with call.commit() as commit:
            return commit.reply(create_job(commit, self.files.kind, asked))

    def cancel_audit_export(
        self, call: Call, request: audit_export_service_pb2.CancelAuditExportRequest
    ) -> resources_pb2.AuditExport:
        """The export as it ended."""
        with call.commit() as commit:
            after: resources_pb2.AuditExport = cancel_job(commit, self.exports, request.id)
            return commit.reply(after)

    def create_audit_export_link(
        self, call: Call, request: audit_export_service_pb2.CreateAuditExportLinkRequest
    ) -> audit_export_service_pb2.CreateAuditExportLinkResponse:
        """Where the caller's export can be downloaded for some time."""
        return self.files.link(call, request.id, audit_export_service_pb2.CreateAuditExportLinkResponse())

    def download_audit_export(
        self, call: StreamCall, request: audit_export_service_pb2.DownloadAuditExportRequest
    ) -> Iterator[httpbody_pb2.HttpBody]:
        """The file."""
        del request
        return self.files.download(call, name=_file_name, content_type=_content_type)

    def _write(self, chunk: Chunk) -> Written:
        """The next entries, in the order of the chain."""
        record, csv = chunk.record, chunk.record.format == _CSV
        pieces = [written([COLUMNS])] if csv and not chunk.cursor else []
        after: Sequence[Any] = json.loads(chunk.cursor) if chunk.cursor else ()
        count = 0
        while True:
            page = self._page(chunk.call, record, after)
            rows = chunk.call.read(page.statement, **page.parameters)
            entries = [self._entry.build(resources_pb2.AuditEntry, row[: page.width]) for row in rows]
            pieces.append(written([cells(each) for each in entries]) if csv else b"".join(map(line, entries)))
            count += len(rows)
            if len(rows) < _PAGE_ROWS:
                return Written(b"".join(pieces), count, b"")
            after = [rows[-1][place] for place in page.key]
            if count >= _CHUNK_ROWS:
                return Written(b"".join(pieces), count, json.dumps(after).encode())

    def _page(self, call: Call, record: resources_pb2.AuditExport, after: Sequence[Any]) -> Page:
        listing = self._entry.listing
        return listing.page(
            record.filter,
            listing.order("position"),
            self._entry.scopes.writable(call),
            after=after,
            limit=_PAGE_ROWS,
            show_deleted=False,
        )


def _file_name(record: resources_pb2.AuditExport) -> str:
    ending = "csv" if record.format == _CSV else "jsonl"
    return record.file_name or f"audit-{record.create_time.ToJsonString()[:10]}.{ending}"


def _content_type(record: resources_pb2.AuditExport) -> str:
    return "text/csv; charset=utf-8" if record.format == _CSV else "application/x-ndjson"
