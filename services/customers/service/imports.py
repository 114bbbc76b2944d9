"""Imports: a described file, its parts in blobs, and the job that turns its rows into contacts."""

from __future__ import annotations

import hashlib
import itertools
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from google.api import httpbody_pb2
from google.protobuf import json_format
from rapport.customers.v1 import import_service_pb2, resources_pb2
from rapport.type.v1 import job_pb2

from mesh.contract.failure import Failure, invalid
from mesh.resource.csv_files import UTF_8_MARK, UTF_16_MARKS, Dialect, Row, delimiter_of, rows
from mesh.resource.jobs import Chunk, JobKind, cancel_job, keep_record, locked_record, start_job
from mesh.resource.resource import Resource
from mesh.resource.writing import gather
from services.customers.domain.imports import (
    CUSTOM,
    ImportFacts,
    Placed,
    decide_import,
    decide_part,
    decide_row,
    placed,
)
from services.customers.service.import_rows import ReadRow, RowPlan, RowReader
from services.customers.tables import contact_import_rows, contact_imports

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mesh.resource.custom import CustomFields
    from mesh.resource.custom_rows import CustomRows
    from mesh.resource.writing import Facts
    from mesh.runtime.call import Call, Commit, View
    from mesh.runtime.environment import Environment
    from mesh.store.blobs import Blobs

_CHUNK_ROWS = 250
_CHUNK_BYTES = 8 << 20
_PREVIEW_ROWS = 100
_DELIMITERS = {
    resources_pb2.FILE_DELIMITER_COMMA: ",",
    resources_pb2.FILE_DELIMITER_SEMICOLON: ";",
    resources_pb2.FILE_DELIMITER_TAB: "\t",
}
_ENCODINGS = {
    resources_pb2.FILE_ENCODING_UTF_8: "utf-8",
    resources_pb2.FILE_ENCODING_WINDOWS_1252: "windows-1252",
}
_COUNTS = {
    resources_pb2.ROW_VERDICT_CREATED: "created_count",
    resources_pb2.ROW_VERDICT_UPDATED: "updated_count",
    resources_pb2.ROW_VERDICT_SKIPPED: "skipped_count",
    resources_pb2.ROW_VERDICT_FAILED: "failed_count",
}


@dataclass(slots=True)
class _Place:
    """Where an import goes on: behind which row and byte, and how the file is read."""

    offset: int
    number: int
    delimiter: str
    encoding: str
    header: list[str]
    columns: list[Placed]

    def dump(self) -> bytes:
        """The cursor of the job."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def load(cls, cursor: bytes) -> _Place:
        """The place of a cursor."""
        held = json.loads(cursor)
        held["columns"] = [Placed(**column) for column in held["columns"]]
        return cls(**held)


class _File:
    """The parts of an import, read as one file."""

    def __init__(self, blobs: Blobs, tenant: str, record: resources_pb2.ContactImport) -> None:
        self._blobs, self._tenant = blobs, tenant
        sizes = itertools.accumulate((part.size for part in record.parts), initial=0)
        self._parts = [(start, part.size, part_key(record.id, part)) for start, part in zip(sizes, record.parts)]  # noqa: B905
        self.size = sum(part.size for part in record.parts)

    def read(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes; nothing behind the end."""
        for start, size, key in self._parts:
            if start <= offset < start + size:
                return self._blobs.part(self._tenant, key, offset - start, length)
        return b""


def part_key(identity: str, part: resources_pb2.FilePart) -> str:
    """Where a part's bytes are: a part that is replaced never changes the bytes of one that is being read."""
    return f"imports/{identity}/{part.number:07}-{part.digest[:16]}"


class ImportService:
    """The methods of imports that are no standard ones, and the job."""

    def __init__(self, contacts: Resource[resources_pb2.Contact], fields: CustomFields) -> None:
        self._contacts = contacts
        self._fields = fields
        self.imports = Resource(
            resources_pb2.ContactImport, contact_imports, decide=decide_import, gather=self._import_facts
        )
        self.rows = Resource(resources_pb2.ContactImportRow, contact_import_rows, decide=decide_row)
        self.job = JobKind(
            name="contact-import",
            method="/rapport.customers.v1.ImportService/StartContactImport",
            resource=self.imports,
            step=self._step,
            clear=_clear,
        )
        self._reader = RowReader(contacts)

    def upload_contact_import_part(
        self, call: Call, request: import_service_pb2.UploadContactImportPartRequest
    ) -> resources_pb2.ContactImport:
        """The import with the part in its place."""
        part = self._stored(call, request.id, request.part_number, request.content)
        with call.commit() as commit:
            return commit.reply(self._placed(commit, request.id, part))

    def upload_contact_import_bytes(
        self, call: Call, request: import_service_pb2.UploadContactImportBytesRequest
    ) -> httpbody_pb2.HttpBody:
        """The import with the part in its place, as JSON."""
        if not request.body.data:
            raise invalid("body", "is empty")
        part = self._stored(call, request.id, request.part_number, request.body.data)
        with call.commit() as commit:
            after = self._placed(commit, request.id, part)
            told = json_format.MessageToJson(after, always_print_fields_with_no_presence=True).encode()
            return commit.reply(httpbody_pb2.HttpBody(content_type="application/json", data=told))

    def _stored(self, call: Call, identity: str, number: int, content: bytes) -> resources_pb2.FilePart:
        """A part whose bytes are where the import will look for them."""
        digest = hashlib.sha256(content).hexdigest()
        part = resources_pb2.FilePart(number=number, size=len(content), digest=digest)
        self._described(self._find(call, identity))
        call.environment.blobs.put(call.identity.tenant, part_key(identity, part), content)
        return part

    def _placed(self, commit: Commit, identity: str, part: resources_pb2.FilePart) -> resources_pb2.ContactImport:
        before, version = self._locked(commit, identity)
        self._described(before)
        after = _copy(before)
        decide_part(after, part.number, part.size, part.digest)
        keep_record(commit, self.imports, before, after, version)
        commit.audit(f"contact-imports/{identity}")
        return after

    def _locked(self, commit: Commit, identity: str) -> tuple[resources_pb2.ContactImport, int]:
        return locked_record(commit, self.imports, identity, self.imports.visible(commit.call))

    def start_contact_import(
        self, call: Call, request: import_service_pb2.StartContactImportRequest
    ) -> resources_pb2.ContactImport:
        """The import, waiting for its turn."""
        with call.commit() as commit:
            before, version = self._locked(commit, request.id)
            after = _copy(before)
            after.job.total = sum(part.size for part in after.parts)
            start_job(commit, self.job.name, after)
            keep_record(commit, self.imports, before, after, version)
            commit.audit(f"contact-imports/{request.id}")
            return commit.reply(after)

    def cancel_contact_import(
        self, call: Call, request: import_service_pb2.CancelContactImportRequest
    ) -> resources_pb2.ContactImport:
        """The import as it ended."""
        with call.commit() as commit:
            after: resources_pb2.ContactImport = cancel_job(commit, self.imports, request.id)
            return commit.reply(after)

    def preview_contact_import(
        self, call: Call, request: import_service_pb2.PreviewContactImportRequest
    ) -> import_service_pb2.PreviewContactImportResponse:
        """The verdicts that the first rows would get."""
        record = self._find(call, request.id)
        reply = import_service_pb2.PreviewContactImportResponse()
        if not record.parts:
            return reply
        file = _File(call.environment.blobs, call.identity.tenant, record)
        try:
            place = _begin(file, record)
        except Failure as failure:
            raise Failure("FILE_UNREADABLE", fields=failure.fields, metadata={"cause": failure.reason}) from None
        read = list(itertools.islice(_rows(file, place), _PREVIEW_ROWS))
        plan = self._plan(call, record, place, self._fields.rows(call), _now(call))
        ready = self._reader.read(read, place.columns, len(place.header), 1)
        plan.make(call, call.read, ready, self._facts(call, ready))
        for verdict in plan.verdicts:
            if verdict.verdict == resources_pb2.ROW_VERDICT_CREATED:
                verdict.contact_id = ""
        reply.contact_import_rows.extend(plan.verdicts)
        reply.column_names.extend(place.header)
        reply.delimiter = next(number for number, text in _DELIMITERS.items() if text == place.delimiter)
        return reply

    def _step(self, chunk: Chunk) -> None:
        """One chunk of rows: read and checked, then decided and written with the verdicts and the place behind them."""
        call, record = chunk.call, chunk.record
        file = _File(call.environment.blobs, chunk.tenant, record)
        place = _Place.load(chunk.cursor) if chunk.cursor else _begin(file, record)
        read: list[Row] = []
        for row in _rows(file, place):
            read.append(row)
            if len(read) >= _CHUNK_ROWS or row.end - place.offset > _CHUNK_BYTES:
                break
        ready: Sequence[ReadRow] = self._reader.read(read, place.columns, len(place.header), place.number + 1)
        facts = self._facts(call, ready)
        with chunk.commit() as write:
            write.through = f"{self.imports.contract.collection}/{record.id}"
            if read:
                plan = self._plan(call, record, place, self._fields.rows(write), write.now_us)
                plan.make(call, write.read, ready, facts)
                plan.write(write, self.rows)
                for verdict in plan.verdicts:
                    name = _COUNTS[verdict.verdict]
                    setattr(write.record, name, getattr(write.record, name) + 1)
                place.offset, place.number = read[-1].end, place.number + len(read)
                write.record.job.done = place.offset
                write.go_on(place.dump())
            else:
                write.record.job.done = file.size
                write.end()

    def _plan(
        self, call: Call, record: resources_pb2.ContactImport, place: _Place, custom: CustomRows, now_us: int
    ) -> RowPlan:
        return RowPlan(self._contacts, record, place.columns, custom, call.environment.ids.new, now_us)

    def _import_facts(self, view: View, sent: Sequence[resources_pb2.ContactImport]) -> ImportFacts:
        """Who asks, and the keys of the tenant's own fields, where an import names any."""
        named = any(mapping.field.startswith(CUSTOM) for each in sent for mapping in each.columns)
        return ImportFacts(view.identity.principal, self._fields.fields(view) if named else ())

    def _facts(self, call: Call, ready: Sequence[ReadRow]) -> Facts:
        return gather(call, self._contacts, [row.contact for row in ready if row.contact is not None])

    def _find(self, call: Call, identity: str) -> resources_pb2.ContactImport:
        sight = self.imports.visible(call)
        found = call.read(self.imports.one(sight), id=identity, **sight.parameters)
        if not found:
            raise Failure("NOT_FOUND", metadata={"resource": f"contact-imports/{identity}"})
        record: resources_pb2.ContactImport = self.imports.build(resources_pb2.ContactImport, found[0])
        return record

    @staticmethod
    def _described(record: resources_pb2.ContactImport) -> None:
        if record.job.state not in (job_pb2.JOB_STATE_UNSPECIFIED, job_pb2.JOB_STATE_CREATED):
            raise Failure("JOB_STARTED")


def _begin(file: _File, record: resources_pb2.ContactImport) -> _Place:
    """The place of the first row, from what the import says and what the file shows.

    Raises:
        Failure: FILE_EMPTY, ENCODING_UNSUPPORTED, COLUMN_UNKNOWN, or the fault of the header.
    """
    mark = file.read(0, len(UTF_8_MARK))
    if mark.startswith(UTF_16_MARKS):
        raise Failure("ENCODING_UNSUPPORTED")
    start = len(UTF_8_MARK) if mark == UTF_8_MARK else 0
    encoding = _ENCODINGS.get(record.encoding, "")
    if start and encoding == "windows-1252":
        encoding = ""  # the mark says otherwise; lines that are no UTF-8 are read as Windows-1252 all the same
    first = next(rows(file.read, start, Dialect("\0", encoding)), None)
    if first is None:
        raise Failure("FILE_EMPTY")
    if first.fault:
        raise Failure(first.fault)
    delimiter = _DELIMITERS.get(record.delimiter) or delimiter_of("".join(first.cells))
    header = next(rows(file.read, start, Dialect(delimiter, encoding)))
    if header.fault:
        raise Failure(header.fault)
    return _Place(header.end, 0, delimiter, encoding, list(header.cells), placed(header.cells, record.columns))


def _rows(file: _File, place: _Place) -> Iterator[Row]:
    return rows(file.read, place.offset, Dialect(place.delimiter, place.encoding))


def _clear(environment: Environment, tenant: str, identity: str) -> None:
    environment.blobs.delete(tenant, f"imports/{identity}")


def _copy(record: resources_pb2.ContactImport) -> resources_pb2.ContactImport:
    after = resources_pb2.ContactImport()
    after.CopyFrom(record)
    return after


def _now(call: Call) -> int:
    return call.environment.clock.now_us()
