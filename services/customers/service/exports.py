"""Exports: the job that writes contacts to the parts of a file, and the link that it is downloaded by."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from google.api import httpbody_pb2
from rapport.customers.v1 import export_service_pb2, resources_pb2
from rapport.type.v1 import job_pb2

from mesh.contract.etags import etag
from mesh.contract.failure import Failure
from mesh.resource.csv_files import UTF_8_MARK, written
from mesh.resource.jobs import Chunk, JobKind, TakenAway, cancel_job, start_job
from mesh.resource.resource import Resource
from mesh.store.blobs import BlobNotFound
from services.customers.domain.exports import cells, decide_export
from services.customers.domain.imports import decide_part
from services.customers.tables import contact_exports

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mesh.resource.custom import CustomFields
    from mesh.resource.listing import Page
    from mesh.runtime.call import Call
    from mesh.runtime.environment import Environment
    from mesh.runtime.stream import StreamCall

KIND = "contact-exports.download"
KEPT_SECONDS = 7 * 24 * 3600
_LINK_SECONDS = 600
_PAGE_ROWS = 500
_CHUNK_ROWS = 5_000
_CHUNK_BYTES = 4 << 20


class ExportService:
    """The methods of exports that are no standard ones, and the job."""

    def __init__(self, contacts: Resource[resources_pb2.Contact], fields: CustomFields) -> None:
        self._contacts, self._fields = contacts, fields
        self.exports = Resource(resources_pb2.ContactExport, contact_exports, decide=decide_export)
        self.job = JobKind(
            name="contact-export",
            method="/rapport.customers.v1.ExportService/CreateContactExport",
            resource=self.exports,
            step=self._step,
            clear=_clear,
            kept_seconds=KEPT_SECONDS,
        )

    def create_contact_export(
        self, call: Call, request: export_service_pb2.CreateContactExportRequest
    ) -> resources_pb2.ContactExport:
        """The export, waiting for its turn."""
        sent, ids = request.contact_export, call.environment.ids
        asked = resources_pb2.ContactExport(
            id=ids.new(self.exports.contract.prefix),
            etag=etag(1),
            file_name=sent.file_name,
            filter=sent.filter,
            order_by=sent.order_by,
            fields=sent.fields,
            byte_order_mark=sent.byte_order_mark,
            creator_id=call.identity.principal,
        )
        try:
            record = self.exports.decide(None, asked, sorted(self._fields.fields(call)))
            self._page(call, record, ())
        except Failure as failure:
            fields = {f"contact_export.{path}": text for path, text in failure.fields.items()}
            raise Failure(failure.reason, fields=fields, metadata=failure.metadata) from None
        with call.commit() as commit:
            record.create_time.FromMicroseconds(commit.now_us)
            record.update_time.FromMicroseconds(commit.now_us)
            start_job(commit, self.job.name, record)
            self.exports.insert(commit, [record])
            commit.audit(f"contact-exports/{record.id}")
            return commit.reply(record)

    def cancel_contact_export(
        self, call: Call, request: export_service_pb2.CancelContactExportRequest
    ) -> resources_pb2.ContactExport:
        """The export as it ended."""
        with call.commit() as commit:
            after: resources_pb2.ContactExport = cancel_job(commit, self.exports, request.id)
            commit.audit(f"contact-exports/{request.id}")
            return commit.reply(after)

    def create_contact_export_link(
        self, call: Call, request: export_service_pb2.CreateContactExportLinkRequest
    ) -> export_service_pb2.CreateContactExportLinkResponse:
        """Where the caller's export can be downloaded for some time."""
        sight = self.exports.visible(call)
        rows = call.read(self.exports.one(sight), id=request.id, **sight.parameters)
        if not rows:
            raise Failure("NOT_FOUND", metadata={"resource": f"contact-exports/{request.id}"})
        record = self.exports.build(resources_pb2.ContactExport, rows[0])
        if record.creator_id != call.identity.principal:
            # What is in the file is what its creator may read; that may be more than the caller may.
            raise Failure("PERMISSION_DENIED")
        with call.commit() as commit:
            _check_available(record, commit.now_us)
            expires_us = commit.now_us + _LINK_SECONDS * 1_000_000
            capabilities = call.environment.capabilities
            token = capabilities.mint(KIND, commit.tenant, record.id, expires_us=expires_us, single_use=False)
            reply = export_service_pb2.CreateContactExportLinkResponse(
                path=f"/v1/contact-exports:download?token={token}"
            )
            reply.expire_time.FromMicroseconds(expires_us)
            commit.audit(f"contact-exports/{record.id}")
            return commit.reply(reply)

    def download_contact_export(
        self, call: StreamCall, request: export_service_pb2.DownloadContactExportRequest
    ) -> Iterator[httpbody_pb2.HttpBody]:
        """The file, in pieces of about a megabyte."""
        del request
        tenant, identity = call.identity.tenant, call.capability.subject if call.capability else ""
        rows = call.read(self.exports.by_id, id=identity)
        if not rows:
            raise Failure("EXPORT_UNAVAILABLE")
        record = self.exports.build(resources_pb2.ContactExport, rows[0])
        if not call.environment.directory.find(tenant, record.creator_id).active:
            raise Failure("CAPABILITY_INVALID")
        _check_available(record, call.environment.clock.now_us())
        name = record.file_name or f"contacts-{record.create_time.ToJsonString()[:10]}.csv"
        attachment = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        call.answer(200, {"content-disposition": attachment, "cache-control": "no-store"})
        try:
            for part in record.parts:
                for piece in call.environment.blobs.stream(tenant, _key(record.id, part)):
                    yield httpbody_pb2.HttpBody(content_type="text/csv; charset=utf-8", data=piece)
        except BlobNotFound:
            raise Failure("EXPORT_UNAVAILABLE") from None

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

    def _step(self, chunk: Chunk) -> None:
        """One part of the file, kept before the record that names it."""
        record, blobs = chunk.record, chunk.call.environment.blobs
        content, count, cursor = self._part(chunk)
        part = resources_pb2.FilePart(
            number=len(record.parts) + 1, size=len(content), digest=hashlib.sha256(content).hexdigest()
        )
        key = _key(record.id, part)
        blobs.put(chunk.tenant, key, content)
        try:
            with chunk.commit() as write:
                after = write.record
                decide_part(after, part.number, part.size, part.digest)
                after.size += part.size
                after.job.done += count
                if cursor:
                    write.go_on(cursor)
                else:
                    after.job.total = after.job.done
                    after.expire_time.FromMicroseconds(write.now_us + KEPT_SECONDS * 1_000_000)
                    write.end()
        except TakenAway:
            blobs.delete(chunk.tenant, key)
            raise

    def _part(self, chunk: Chunk) -> tuple[bytes, int, bytes]:
        """The bytes of the next part, how many contacts they are, and where another one begins, if there is one."""
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
                return b"".join(pieces), count, b""
            after = [rows[-1][place] for place in page.key]
            if size >= _CHUNK_BYTES or count >= _CHUNK_ROWS:
                return b"".join(pieces), count, json.dumps(after).encode()


def _key(identity: str, part: resources_pb2.FilePart) -> str:
    """Where a part's bytes are: two turns of the same part that differ do not meet."""
    return f"exports/{identity}/{part.number:07}-{part.digest[:16]}"


def _check_available(record: resources_pb2.ContactExport, now_us: int) -> None:
    done = record.job.state == job_pb2.JOB_STATE_SUCCEEDED
    if not done or record.expire_time.ToMicroseconds() <= now_us:
        raise Failure("EXPORT_UNAVAILABLE")


def _clear(environment: Environment, tenant: str, identity: str) -> None:
    environment.blobs.delete(tenant, f"exports/{identity}")
