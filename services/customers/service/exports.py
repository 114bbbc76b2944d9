"""Exports: the job that writes contacts to the parts of a file, and the link that it is downloaded by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import export_service_pb2, resources_pb2

from mesh.contract.failure import below
from mesh.resource.csv_files import UTF_8_MARK, written
from mesh.resource.file_jobs import FileJob, Written
from mesh.resource.jobs import cancel_job, create_job
from mesh.resource.resource import Resource
from services.customers.domain.exports import cells, decide_export
from services.customers.tables import contact_exports

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from google.api import httpbody_pb2

    from mesh.resource.custom import CustomFields
    from mesh.resource.jobs import Chunk
    from mesh.resource.listing import Page
    from mesh.runtime.call import Call
    from mesh.runtime.stream import StreamCall

_PAGE_ROWS = 500
_CHUNK_ROWS = 5_000
_CHUNK_BYTES = 4 << 20


class ExportService:
    """The methods of exports that are no standard ones, and the job."""

    def __init__(self, contacts: Resource[resources_pb2.Contact], fields: CustomFields) -> None:
        self._contacts, self._fields = contacts, fields
        self.exports = Resource(resources_pb2.ContactExport, contact_exports, decide=decide_export)
        self.files = FileJob(
            name="contact-export",
            method="/rapport.customers.v1.ExportService/CreateContactExport",
            resource=self.exports,
            write=self._write,
            folder="exports",
            personal=True,
        )

    def create_contact_export(
        self, call: Call, request: export_service_pb2.CreateContactExportRequest
    ) -> resources_pb2.ContactExport:
        """The export, waiting for its turn."""
        asked = resources_pb2.ContactExport()
        asked.CopyFrom(request.contact_export)
        with below("contact_export"):
            asked = self.exports.decide(None, asked, sorted(self._fields.fields(call)))
            self._page(call, asked, ())
        with call.commit() as commit:
            return commit.reply(create_job(commit, self.files.kind, asked))

    def cancel_contact_export(
        self, call: Call, request: export_service_pb2.CancelContactExportRequest
    ) -> resources_pb2.ContactExport:
        """The export as it ended."""
        with call.commit() as commit:
            after: resources_pb2.ContactExport = cancel_job(commit, self.exports, request.id)
            return commit.reply(after)

    def create_contact_export_link(
        self, call: Call, request: export_service_pb2.CreateContactExportLinkRequest
    ) -> export_service_pb2.CreateContactExportLinkResponse:
        """Where the caller's export can be downloaded for some time."""
        return self.files.link(call, request.id, export_service_pb2.CreateContactExportLinkResponse())

    def download_contact_export(
        self, call: StreamCall, request: export_service_pb2.DownloadContactExportRequest
    ) -> Iterator[httpbody_pb2.HttpBody]:
        """The file."""
        del request
        return self.files.download(call, name=_file_name, content_type=lambda record: "text/csv; charset=utf-8")

    def _page(self, call: Call, record: resources_pb2.ContactExport, after: Sequence[Any]) -> Page:
        """The statement for the next contacts that the creator may both read and export."""
        contacts = self._contacts
        order_by = record.order_by or "id"
        custom = self._fields.query(call, record.filter, order_by)
        return contacts.listing.page(
            record.filter,
            contacts.listing.order(order_by, custom),
            min(contacts.scopes.visible(call), contacts.scopes.writable(call), key=lambda sight: sight.breadth),
            after=after,
            limit=_PAGE_ROWS,
            show_deleted=False,
            custom=custom,
        )

    def _write(self, chunk: Chunk) -> Written:
        """The next contacts, in the order asked for."""
        call, record, contacts = chunk.call, chunk.record, self._contacts
        pieces, size, count = [], 0, 0
        if not chunk.cursor:
            pieces.append((UTF_8_MARK if record.byte_order_mark else b"") + written([record.fields]))
        after = json.loads(chunk.cursor) if chunk.cursor else []
        while True:
            page = self._page(call, record, after)
            rows = call.read(page.statement, **page.parameters)
            found = [contacts.build(resources_pb2.Contact, row[: page.width]) for row in rows]
            self._fields.hide(call, found)
            pieces.append(written([cells(contact, record.fields) for contact in found]))
            size, count = size + len(pieces[-1]), count + len(rows)
            if len(rows) < _PAGE_ROWS:
                return Written(b"".join(pieces), count, b"")
            after = [rows[-1][place] for place in page.key]
            if size >= _CHUNK_BYTES or count >= _CHUNK_ROWS:
                return Written(b"".join(pieces), count, json.dumps(after).encode())


def _file_name(record: resources_pb2.ContactExport) -> str:
    return record.file_name or f"contacts-{record.create_time.ToJsonString()[:10]}.csv"
