"""The jobs of imports: a validation, the import itself, and its reversion, chunk by chunk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import resources_pb2
from rapport.type.v1 import custom_field_pb2, job_pb2
from sqlalchemy import bindparam, delete, select

from mesh.resource.jobs import Chunk, JobKind
from mesh.resource.scopes import EVERYTHING
from mesh.resource.writing import gather
from mesh.runtime.call import Write
from mesh.store.statement import TENANT, Statement, any_of
from mesh.store.tables import TEXT
from services.customers.domain.imports import BIRTH_DATE, CUSTOM, KEPT_SECONDS
from services.customers.import_tables import contact_import_rows
from services.customers.service.import_changes import Reversion, drop_changes
from services.customers.service.import_drafts import Drafts, drop_drafts, has_drafts
from services.customers.service.import_files import ImportFile, Place, begin, expected, folder
from services.customers.service.import_rows import ReadRow, RowPlan, RowReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mesh.resource.csv_files import Row
    from mesh.resource.custom import CustomFields
    from mesh.resource.custom_rules import Field
    from mesh.resource.jobs import ChunkCommit
    from mesh.resource.resource import Resource
    from mesh.resource.writing import Facts
    from mesh.runtime.call import Call
    from mesh.runtime.environment import Environment

_CHUNK_ROWS = 250
_CHUNK_BYTES = 8 << 20
_CLEARED_ROWS = 5_000
_CLEARING_SECONDS = 10.0
_SERVICE = "/rapport.customers.v1.ImportService/"
_r = contact_import_rows.c
_OF_IMPORT = (_r.tenant_id == TENANT, _r.import_id == bindparam("of_import", type_=TEXT))
_SOME_ROWS = Statement(select(_r.id).where(*_OF_IMPORT).limit(_CLEARED_ROWS), name="some import rows")
_DROP_ROWS = Statement(delete(contact_import_rows).where(*_OF_IMPORT, any_of(_r.id, "ids")), name="drop import rows")
COUNTS = {
    resources_pb2.ROW_VERDICT_CREATED: "created_count",
    resources_pb2.ROW_VERDICT_UPDATED: "updated_count",
    resources_pb2.ROW_VERDICT_SKIPPED: "skipped_count",
    resources_pb2.ROW_VERDICT_FAILED: "failed_count",
}
_REVERSALS = {
    resources_pb2.ROW_REVERSAL_REMOVED: "removed_count",
    resources_pb2.ROW_REVERSAL_RESTORED: "restored_count",
    resources_pb2.ROW_REVERSAL_KEPT: "kept_count",
}


class ImportWork:
    """What the jobs of imports do to contacts."""

    def __init__(
        self,
        contacts: Resource[resources_pb2.Contact],
        fields: CustomFields,
        imports: Resource[resources_pb2.ContactImport],
        rows: Resource[resources_pb2.ContactImportRow],
        reversion: Reversion,
    ) -> None:
        self._contacts, self._fields = contacts, fields
        self._imports, self._rows, self._reversion = imports, rows, reversion
        self._reader = RowReader(contacts)
        started = f"{_SERVICE}StartContactImport"
        self.validation = JobKind("contact-import-validation", started, imports, self._validate, _clear, KEPT_SECONDS)
        self.work = JobKind("contact-import", started, imports, self._import, _clear, KEPT_SECONDS)
        self.upload = JobKind("contact-import-upload", started, imports, _give_up, _clear)
        reverted = f"{_SERVICE}RevertContactImport"
        self.reversion = JobKind("contact-import-reversion", reverted, imports, self._revert, _clear, KEPT_SECONDS)

    def begin(self, call: Call, file: ImportFile, record: resources_pb2.ContactImport) -> Place:
        """The place of the first row; raises as import_files.begin() does."""
        days = {f"{CUSTOM}{key}" for key, field in self._custom(call, record).items() if is_date(field)}
        return begin(file, record, {BIRTH_DATE, *days})

    def _custom(self, call: Call, record: resources_pb2.ContactImport) -> Mapping[str, Field]:
        named = any(mapping.field.startswith(CUSTOM) for mapping in record.columns)
        return self._fields.fields(call) if named else {}

    def plan(
        self, reader: Any, record: resources_pb2.ContactImport, place: Place, now_us: int, drafts: Drafts | None = None
    ) -> RowPlan:
        """What rows make of contacts; `reader` is the call or the write that they are planned in."""
        custom, new_id = self._fields.rows(reader), reader.environment.ids.new
        return RowPlan(self._contacts, record, place.columns, custom, new_id, now_us, drafts)

    def ready(self, call: Call, read: Sequence[Row], place: Place) -> tuple[Sequence[ReadRow], Facts]:
        """The rows as contacts, with the facts for writing them."""
        found = self._reader.read(read, place.columns, len(place.header), place.number + 1)
        return found, gather(call, self._contacts, [row.contact for row in found if row.contact is not None])

    def _validate(self, chunk: Chunk) -> None:
        self._step(chunk, self._drafts)

    def _import(self, chunk: Chunk) -> None:
        self._step(chunk, lambda write: None)

    def _drafts(self, write: ChunkCommit) -> Drafts:
        unique = [field for field in self._fields.fixed(write).values() if field.unique]
        return Drafts(write.record.id, unique)

    def _step(self, chunk: Chunk, drafts: Callable[[ChunkCommit], Drafts | None]) -> None:
        """One chunk of rows: read and checked, then decided and written with the verdicts and the place behind them."""
        call, record = chunk.call, chunk.record
        if not chunk.cursor and _is_left(call, record.id):
            with chunk.commit() as write:
                _drop_earlier(write)
                write.go_on(b"")
            return
        file = ImportFile(call.environment.blobs, chunk.tenant, record)
        with expected():
            place = Place.load(chunk.cursor) if chunk.cursor else self.begin(call, file, record)
            read = _some(file.rows(place), place)
        ready, facts = self.ready(call, read, place)
        with chunk.commit() as write:
            write.through = f"{self._imports.contract.collection}/{record.id}"
            if read:
                plan = self.plan(write, record, place, write.now_us, drafts(write))
                plan.make(call, write.read, ready, facts)
                plan.write(write, self._rows)
                for verdict in plan.verdicts:
                    _count(write.record, COUNTS[verdict.verdict])
                place.offset, place.number = read[-1].end, place.number + len(read)
                write.record.job.done = place.offset
                write.go_on(place.dump())
            elif drop_drafts(write, record.id):
                write.go_on(place.dump())
            else:
                write.record.job.done = file.size
                write.end()

    def _revert(self, chunk: Chunk) -> None:
        """One chunk of what is left to be taken back, the latest first."""
        own = self._contacts.gather(chunk.call, [])
        with chunk.commit() as write:
            write.through = f"{self._imports.contract.collection}/{chunk.id}"
            reverted, more = self._reversion.revert(write, chunk.call, write.record, own)
            ids = sorted(each.row_id for each in reverted)
            told = {row[1]: row for row in write.read(self._rows.lock_several(EVERYTHING), ids=ids)} if ids else {}
            for each in reverted:
                _count(write.record, _REVERSALS[each.reversal])
                if each.row_id in told:
                    before, after = (self._rows.build(resources_pb2.ContactImportRow, told[each.row_id]) for _ in "ba")
                    after.reversal, after.kept_cause = each.reversal, each.cause
                    after.kept_paths.extend(each.kept)
                    self._rows.update(write, "Updated", before, after, told[each.row_id][0])
            write.record.job.done += len(reverted)
            if more:
                write.go_on(b"")
            else:
                write.end()


def _give_up(chunk: Chunk) -> None:
    """End an import that has had its file for long and was not started."""
    with chunk.commit() as write:
        write.end(job_pb2.JOB_STATE_CANCELLED)


def is_date(field: Field) -> bool:
    """Whether the values of a tenant's own field are days."""
    return field.type == custom_field_pb2.FIELD_TYPE_DATE


def _some(rows: Iterator[Row], place: Place) -> list[Row]:
    """The rows of one chunk."""
    read: list[Row] = []
    for row in rows:
        read.append(row)
        if len(read) >= _CHUNK_ROWS or row.end - place.offset > _CHUNK_BYTES:
            break
    return read


def _count(record: resources_pb2.ContactImport, name: str) -> None:
    setattr(record, name, getattr(record, name) + 1)


def _is_left(call: Call, identity: str) -> bool:
    """Whether there is anything of an earlier validation."""
    return bool(call.read(_SOME_ROWS, of_import=identity)) or has_drafts(call, identity)


def _drop_earlier(write: ChunkCommit) -> None:
    """Remove some of what an earlier validation has left."""
    ids = [row[0] for row in write.read(_SOME_ROWS, of_import=write.record.id)]
    if ids:
        write.write(_DROP_ROWS, of_import=write.record.id, ids=ids)
    drop_drafts(write, write.record.id)


def _clear(environment: Environment, tenant: str, identity: str) -> None:
    """Remove the file of an import, and what it would have taken to revert it."""
    environment.blobs.delete(tenant, folder(identity))
    # Those of a validation that did not come to its end.
    _in_turns(environment, tenant, lambda write: drop_drafts(write, identity))
    _in_turns(environment, tenant, lambda write: drop_changes(write, identity))


def _in_turns(environment: Environment, tenant: str, some: Callable[[Write], bool]) -> None:
    more = True
    while more:
        with environment.store.transaction(tenant=tenant, timeout=_CLEARING_SECONDS) as transaction:
            more = some(Write.of_service(environment, transaction, tenant))
