"""Rows of a file to contacts and verdicts: planned over what is there, then written or, in a preview, only told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import protovalidate
from rapport.customers.v1 import resources_pb2

from mesh.contract.etags import etag
from mesh.contract.failure import Failure
from mesh.contract.masks import changed_paths
from mesh.resource.csv_files import unguarded
from mesh.resource.scopes import EVERYTHING
from mesh.resource.writing import blank, decide
from mesh.runtime.validation import validate
from services.customers.domain.imports import Placed, column_of, merged, read_contact
from services.customers.service.import_changes import Change, note_changes
from services.customers.service.import_known import KnownContacts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.resource.csv_files import Row
    from mesh.resource.custom_rows import CustomRows
    from mesh.resource.resource import Resource
    from mesh.resource.writing import Facts
    from mesh.runtime.call import Call, Write
    from services.customers.service.import_drafts import Drafts

_LONGEST = 300
Verdict = resources_pb2.RowVerdict


@dataclass(slots=True)
class ReadRow:
    """A row with its number: the contact that it describes, or why it describes none."""

    number: int
    contact: resources_pb2.Contact | None
    failure: Failure | None


class RowReader:
    """Reads rows by the rules of the contract; everything that needs no write happens here, before it."""

    def __init__(self, resource: Resource[Any]) -> None:
        self._resource = resource
        self._validator = protovalidate.Validator()

    def read(self, rows: Sequence[Row], columns: Sequence[Placed], width: int, first: int) -> list[ReadRow]:
        """The rows, numbered from `first`; `width` is how many columns the header has."""
        found = []
        for number, row in enumerate(rows, first):
            try:
                found.append(ReadRow(number, self._contact(row, columns, width), None))
            except Failure as failure:
                found.append(ReadRow(number, None, failure))
        return found

    def _contact(self, row: Row, columns: Sequence[Placed], width: int) -> resources_pb2.Contact:
        if row.fault:
            raise Failure(row.fault)
        if any(cell.strip() for cell in row.cells[width:]):
            raise Failure("ROW_RAGGED")
        contact = read_contact([unguarded(cell) for cell in row.cells], columns)
        validate(self._validator, contact)
        return contact


class RowPlan:
    """What a chunk's rows make of the contacts that are there. read: the tenant's rows of a statement, now.

    drafts: of a validation what its rows have made of contacts so far; without, contacts are written.
    """

    def __init__(
        self,
        resource: Resource[Any],
        record: resources_pb2.ContactImport,
        columns: Sequence[Placed],
        custom: CustomRows,
        new_id: Callable[[str], str],
        now_us: int,
        drafts: Drafts | None = None,
    ) -> None:
        self._resource, self._record, self._columns = resource, record, columns
        self._new_id, self._now_us = new_id, now_us
        self._custom, self._drafts = custom, drafts
        self._known = KnownContacts(resource, record, custom, drafts)
        self.verdicts: list[resources_pb2.ContactImportRow] = []
        self.changes: list[Change] = []

    def make(
        self, call: Call, read: Callable[..., Sequence[Sequence[Any]]], rows: Sequence[ReadRow], facts: Facts
    ) -> None:
        """Decide on every row in the order of the file, each on what those before it left."""
        self._read_custom(rows)
        present = [row.contact for row in rows if row.contact is not None and row.failure is None]
        self._known.learn(call, read, present, facts.own.region_code)
        for each in rows:
            try:
                self._judge(each, facts)
            except Failure as failure:
                self._refuse(each.number, failure)

    def _read_custom(self, rows: Sequence[ReadRow]) -> None:
        for row in rows:
            try:
                if row.contact is not None:
                    self._custom.read_texts(row.contact)
            except Failure as failure:
                row.failure = row.failure or failure

    def _judge(self, row: ReadRow, facts: Facts) -> None:
        if row.failure is not None or row.contact is None:
            raise row.failure or Failure("INVALID_ARGUMENT")
        match = self._known.match(row.contact)
        if match is None:
            self._create(row, row.contact, facts)
            return
        if match.after.HasField("delete_time"):
            raise Failure("CONTACT_DELETED", fields={self._known.path: "is the key of a deleted contact"})
        on_match = self._record.on_match or resources_pb2.ON_MATCH_SKIP
        if on_match == resources_pb2.ON_MATCH_SKIP:
            self._tell(row.number, Verdict.ROW_VERDICT_SKIPPED, match.after.id, reason="MATCHED")
            return
        after = decide(self._resource, match.after, merged(match.after, row.contact, on_match), facts)
        self._known.check_free(after, match)
        self._custom.take(match.after, after)
        if not changed_paths(match.after, after):
            self._tell(row.number, Verdict.ROW_VERDICT_SKIPPED, after.id, reason="UNCHANGED")
            return
        self.changes.append(Change(row.number, match.after, after))
        self._known.change(match, after)
        self._tell(row.number, Verdict.ROW_VERDICT_UPDATED, after.id)

    def _create(self, row: ReadRow, contact: resources_pb2.Contact, facts: Facts) -> None:
        new = blank(self._resource, contact, self._new_id(self._resource.contract.prefix), self._now_us)
        after = decide(self._resource, None, new, facts)
        self._known.check_free(after, None)
        self._custom.take(None, after)
        self._known.add(after)
        self.changes.append(Change(row.number, None, after))
        self._tell(row.number, Verdict.ROW_VERDICT_CREATED, after.id)

    def _refuse(self, number: int, failure: Failure) -> None:
        path, message = next(iter(failure.fields.items()), ("", ""))
        column = column_of(path, self._columns)
        told = {"reason": failure.reason, "column": column, "message": message}
        holder = failure.metadata.get("candidates", "")
        # Nothing is wrong with the row of somebody who was erased; they are just not brought back.
        left_out = failure.reason == "CONTACT_ERASED"
        verdict = Verdict.ROW_VERDICT_SKIPPED if left_out else Verdict.ROW_VERDICT_FAILED
        self._tell(number, verdict, holder if self._known.sees(holder) else "", **told)

    def _tell(self, number: int, verdict: int, contact_id: str, **more: str) -> None:
        row = resources_pb2.ContactImportRow(
            import_id=self._record.id,
            number=number,
            verdict=verdict,  # type: ignore[arg-type]  # a number of the enum
            contact_id="" if self._drafts is not None and contact_id in self._known.made else contact_id,
            **{name: text[:_LONGEST] for name, text in more.items()},
        )
        self.verdicts.append(row)

    def write_contacts(self, write: Write) -> Sequence[resources_pb2.Contact]:
        """Write the contacts; those that are new."""
        self._check_current(write)
        known = self._known.all.values()
        new = [each.after for each in known if each.before is None]
        if new:
            self._resource.insert(write, new)
        for each in known:
            if each.before is not None:
                self._resource.update(write, "Updated", each.before, each.after, each.version)
        return new

    def _check_current(self, write: Write) -> None:
        """Hold the contacts that rows change as they were read.

        Raises:
            Failure: CONFLICT, where somebody has changed or merged one since; the rows are then looked at again.
        """
        read = {each.before.id: each.version for each in self._known.all.values() if each.before is not None}
        rows = write.read(self._resource.lock_several(EVERYTHING), ids=sorted(read)) if read else ()
        if {row[1]: row[0] for row in rows} != read:
            raise Failure("CONFLICT")

    def write(self, write: Write, rows: Resource[Any]) -> None:
        """Write the contacts, or their drafts, the verdicts, and what it takes to revert."""
        if self._drafts is not None:
            changed = [each.after for each in self._known.all.values() if each.changed]
            self._drafts.keep(write, changed, self._known.made)
        else:
            self.write_contacts(write)
        for verdict in self.verdicts:
            verdict.id = self._new_id("imr")
            verdict.etag = etag(1)
            verdict.create_time.FromMicroseconds(self._now_us)
            verdict.update_time.FromMicroseconds(self._now_us)
        if self.verdicts:
            rows.insert(write, self.verdicts)
        if self._drafts is None:
            note_changes(write, self._record.id, self.changes, {told.number: told.id for told in self.verdicts})
