"""Imports: a described file, its parts in blobs, and the methods that start and tell of the work on it."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
from typing import TYPE_CHECKING

from google.api import httpbody_pb2
from google.protobuf import json_format
from rapport.customers.v1 import import_service_pb2, resources_pb2

from mesh.contract.failure import Failure, invalid
from mesh.resource.file_parts import part_key
from mesh.resource.jobs import cancel_job, keep_record, locked_record, put_off, set_back, start_job
from mesh.resource.resource import Resource
from mesh.resource.writing import unknown
from mesh.store.blobs import BlobNotFound
from services.customers.domain.imports import (
    CUSTOM,
    KEPT_SECONDS,
    ImportFacts,
    check_startable,
    decide_import,
    decide_part,
    decide_row,
    is_described,
    is_revertible,
)
from services.customers.import_tables import contact_import_rows, contact_imports
from services.customers.service.import_changes import Reversion
from services.customers.service.import_files import DELIMITERS, ImportFile, expected, folder
from services.customers.service.import_head import inspect
from services.customers.service.import_refused import refused_file, refused_link, refused_name
from services.customers.service.import_work import COUNTS, ImportWork

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from mesh.resource.custom import CustomFields
    from mesh.runtime.call import Call, Commit, View
    from mesh.runtime.stream import StreamCall

_PREVIEW_ROWS = 100
_VALIDATION, _IMPORT = resources_pb2.IMPORT_WORK_VALIDATION, resources_pb2.IMPORT_WORK_IMPORT
_REVERSION = resources_pb2.IMPORT_WORK_REVERSION


class ImportService:
    """The methods of imports that are no standard ones, and the jobs; `referring` are resources that name contacts."""

    def __init__(
        self, contacts: Resource[resources_pb2.Contact], fields: CustomFields, referring: Sequence[Resource[Any]]
    ) -> None:
        self._fields = fields
        self.imports = Resource(
            resources_pb2.ContactImport, contact_imports, decide=decide_import, gather=self._import_facts
        )
        self.rows = Resource(resources_pb2.ContactImportRow, contact_import_rows, decide=decide_row)
        self._work = ImportWork(contacts, fields, self.imports, self.rows, Reversion(contacts, referring))
        self._refused = refused_link(self.imports)
        self.jobs = [self._work.upload, self._work.validation, self._work.work, self._work.reversion]

    # ---- the file

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
        _described(self._find(call, identity))
        call.environment.blobs.put(call.identity.tenant, part_key(folder(identity), part), content)
        return part

    def _placed(self, commit: Commit, identity: str, part: resources_pb2.FilePart) -> resources_pb2.ContactImport:
        before, version = self._locked(commit, identity)
        _described(before)
        after = _copy(before)
        decide_part(after, part.number, part.size, part.digest)
        # Without a start nothing would ever clear it away.
        put_off(commit, self._work.upload.name, identity, KEPT_SECONDS)
        keep_record(commit, self.imports, before, after, version)
        commit.audit(f"contact-imports/{identity}")
        return after

    def inspect_contact_import(
        self, call: Call, request: import_service_pb2.InspectContactImportRequest
    ) -> import_service_pb2.InspectContactImportResponse:
        """What the head of the file shows."""
        record = self._find(call, request.id)
        if not record.parts:
            return import_service_pb2.InspectContactImportResponse()
        region = call.entry.region_code if call.entry is not None else ""
        with _readable():
            return inspect(self._file(call, record), record, self._fields.names(call), region)

    # ---- the work

    def start_contact_import(
        self, call: Call, request: import_service_pb2.StartContactImportRequest
    ) -> resources_pb2.ContactImport:
        """The import, waiting for its turn."""
        kind = self._work.validation if request.validate_only else self._work.work
        with call.commit() as commit:
            before, version = self._locked(commit, request.id)
            _described(before)
            check_startable(before)
            after = _copy(before)
            set_back(commit, after)
            after.work = _VALIDATION if request.validate_only else _IMPORT
            for name in COUNTS.values():
                after.ClearField(name)
            after.job.total = sum(part.size for part in after.parts)
            return self._started(commit, kind.name, before, after, version)

    def revert_contact_import(
        self, call: Call, request: import_service_pb2.RevertContactImportRequest
    ) -> resources_pb2.ContactImport:
        """The import, waiting for its turn to be taken back."""
        with call.commit() as commit:
            before, version = self._locked(commit, request.id)
            if not is_revertible(before, commit.now_us):
                raise Failure("REVERSION_UNAVAILABLE")
            after = _copy(before)
            set_back(commit, after)
            after.work = _REVERSION
            after.job.done = after.removed_count + after.restored_count + after.kept_count
            after.job.total = after.created_count + after.updated_count
            return self._started(commit, self._work.reversion.name, before, after, version)

    def _started(
        self,
        commit: Commit,
        kind: str,
        before: resources_pb2.ContactImport,
        after: resources_pb2.ContactImport,
        version: int,
    ) -> resources_pb2.ContactImport:
        start_job(commit, kind, after)
        keep_record(commit, self.imports, before, after, version)
        commit.audit(f"contact-imports/{after.id}")
        return commit.reply(after)

    def cancel_contact_import(
        self, call: Call, request: import_service_pb2.CancelContactImportRequest
    ) -> resources_pb2.ContactImport:
        """The import as it ended."""
        # What was written until then can be reverted, what was refused be told, what was validated be imported.
        with call.commit() as commit:
            after: resources_pb2.ContactImport = cancel_job(commit, self.imports, request.id, kept_seconds=KEPT_SECONDS)
            return commit.reply(after)

    def preview_contact_import(
        self, call: Call, request: import_service_pb2.PreviewContactImportRequest
    ) -> import_service_pb2.PreviewContactImportResponse:
        """The verdicts that the first rows would get."""
        record = self._find(call, request.id)
        reply = import_service_pb2.PreviewContactImportResponse()
        if not record.parts:
            return reply
        file = self._file(call, record)
        with _readable():
            place = self._work.begin(call, file, record)
            read = list(itertools.islice(file.rows(place), _PREVIEW_ROWS))
        plan = self._work.plan(call, record, place, call.environment.clock.now_us())
        ready, facts = self._work.ready(call, read, place)
        plan.make(call, call.read, ready, facts)
        for verdict in plan.verdicts:
            if verdict.verdict == resources_pb2.ROW_VERDICT_CREATED:
                verdict.contact_id = ""
        reply.contact_import_rows.extend(plan.verdicts)
        reply.column_names.extend(place.header)
        reply.delimiter = next(number for number, text in DELIMITERS.items() if text == place.delimiter)
        return reply

    # ---- what was refused

    def create_refused_rows_link(
        self, call: Call, request: import_service_pb2.CreateRefusedRowsLinkRequest
    ) -> import_service_pb2.CreateRefusedRowsLinkResponse:
        """Where the refused rows can be downloaded for some time."""
        return self._refused.link(call, request.id, import_service_pb2.CreateRefusedRowsLinkResponse())

    def download_refused_rows(
        self, call: StreamCall, request: import_service_pb2.DownloadRefusedRowsRequest
    ) -> Iterator[httpbody_pb2.HttpBody]:
        """The file."""
        del request
        record = self._refused.record(call)
        file = self._file(call, record)
        try:
            place = self._work.begin(call, file, record)
        except (Failure, BlobNotFound):
            # What has no rows has none that were refused.
            raise Failure("ROWS_UNAVAILABLE") from None
        self._refused.answer(call, refused_name(record))
        yield from refused_file(call, record, file, place)

    # ---- what they share

    def _locked(self, commit: Commit, identity: str) -> tuple[resources_pb2.ContactImport, int]:
        return locked_record(commit, self.imports, identity, self.imports.visible(commit.call))

    def _find(self, call: Call, identity: str) -> resources_pb2.ContactImport:
        sight = self.imports.visible(call)
        found = call.read(self.imports.one(sight), id=identity, **sight.parameters)
        if not found:
            raise unknown(self.imports, identity)
        record: resources_pb2.ContactImport = self.imports.build(resources_pb2.ContactImport, found[0])
        return record

    def _import_facts(self, view: View, sent: Sequence[resources_pb2.ContactImport]) -> ImportFacts:
        """Who asks, and the tenant's own fields, where an import names any."""
        named = any(each.match_field or any(m.field.startswith(CUSTOM) for m in each.columns) for each in sent)
        fields = self._fields.fields(view) if named else {}
        return ImportFacts(view.identity.principal, {key: field.unique for key, field in fields.items()})

    @staticmethod
    def _file(call: Call, record: resources_pb2.ContactImport) -> ImportFile:
        return ImportFile(call.environment.blobs, call.identity.tenant, record)


@contextlib.contextmanager
def _readable() -> Iterator[None]:
    """Tell what is wrong with a file that cannot be read."""
    try:
        with expected():
            yield
    except Failure as failure:
        raise Failure("FILE_UNREADABLE", fields=failure.fields, metadata={"cause": failure.reason}) from None


def _described(record: resources_pb2.ContactImport) -> None:
    if not is_described(record):
        raise Failure("JOB_STARTED")


def _copy(record: resources_pb2.ContactImport) -> resources_pb2.ContactImport:
    after = resources_pb2.ContactImport()
    after.CopyFrom(record)
    return after
