"""Rows of a file to contacts and verdicts: planned over what is there, then written or, in a preview, only told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import protovalidate
from rapport.customers.v1 import resources_pb2
from sqlalchemy import select

from mesh.contract.etags import etag
from mesh.contract.failure import Failure
from mesh.contract.masks import changed_paths
from mesh.resource.csv_files import unguarded
from mesh.resource.mapping import read_columns
from mesh.resource.scopes import EVERYTHING, Breadth
from mesh.resource.writing import blank, decide
from mesh.runtime.validation import validate
from mesh.store.statement import TENANT, Statement, any_of
from services.customers.domain.imports import Placed, column_of, merged, read_contact
from services.customers.domain.texts import tidy
from services.customers.tables import contacts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.resource.csv_files import Row
    from mesh.resource.custom_rows import CustomRows
    from mesh.resource.identity_keys import Key
    from mesh.resource.resource import Resource
    from mesh.resource.writing import Facts
    from mesh.runtime.call import Call, Write

_columns = read_columns(contacts, resources_pb2.Contact)
_BY_EXTERNAL_ID = Statement(
    select(*_columns).where(contacts.c.tenant_id == TENANT, any_of(contacts.c.external_id, "keys")),
    name="contacts by external id",
)
_BY_EMAIL = Statement(
    select(*_columns)
    .where(contacts.c.tenant_id == TENANT, any_of(contacts.c.primary_email, "keys"), contacts.c.delete_time.is_(None))
    .order_by(contacts.c.id.desc()),
    name="contacts by e-mail",
)
_LONGEST = 300
Verdict = resources_pb2.RowVerdict


@dataclass(slots=True)
class ReadRow:
    """A row with its number: the contact that it describes, or why it describes none."""

    number: int
    contact: resources_pb2.Contact | None
    failure: Failure | None


@dataclass(slots=True)
class _Known:
    """A contact as it was (None: a row made it) and as rows leave it."""

    before: resources_pb2.Contact | None
    after: resources_pb2.Contact
    version: int
    reached: bool = True  # whether the caller may write it


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
    """What a chunk's rows make of the contacts that are there. read: the tenant's rows of a statement, now."""

    def __init__(
        self,
        resource: Resource[Any],
        record: resources_pb2.ContactImport,
        columns: Sequence[Placed],
        custom: CustomRows,
        new_id: Callable[[str], str],
        now_us: int,
    ) -> None:
        self._resource, self._record, self._columns = resource, record, columns
        self._new_id, self._now_us = new_id, now_us
        self._by_external: dict[str, _Known] = {}
        self._by_email: dict[str, _Known] = {}
        self._known: dict[str, _Known] = {}
        self._only_owner = ""
        self._custom = custom
        self._keys = resource.keys
        self._taken: dict[tuple[str, str], str] = {}
        self.verdicts: list[resources_pb2.ContactImportRow] = []

    def make(
        self, call: Call, read: Callable[..., Sequence[Sequence[Any]]], rows: Sequence[ReadRow], facts: Facts
    ) -> None:
        """Decide on every row in the order of the file, each on what those before it left."""
        present = [row.contact for row in rows if row.contact is not None and row.failure is None]
        keys = sorted({key for contact in present if (key := tidy(contact.external_id))})
        for row in read(_BY_EXTERNAL_ID, keys=keys) if keys else ():
            self._learn(row)
        if self._record.match_key == resources_pb2.MATCH_KEY_EMAIL:
            addresses = sorted({_address(contact) for contact in present} - {""})
            for row in read(_BY_EMAIL, keys=addresses) if addresses else ():
                self._learn(row)
        self._read_keys(read, present)
        self._narrow(call, read)
        self._read_custom(rows)
        self._custom.learn(read, [row.contact for row in rows if row.contact is not None and row.failure is None])
        for each in rows:
            try:
                self._judge(each, facts)
            except Failure as failure:
                self._refuse(each.number, failure)

    def _read_keys(
        self, read: Callable[..., Sequence[Sequence[Any]]], present: Sequence[resources_pb2.Contact]
    ) -> None:
        """Who has the keys that no second contact may have."""
        single = [key for contact in present for key in self._singles(contact)]
        if self._keys is not None and single:
            held = self._keys.holders(read, single, single=True)
            self._taken = {key: ids[0] for key, ids in held.items()}

    def _singles(self, contact: resources_pb2.Contact) -> list[Key]:
        return [key for key in self._keys.of(contact) if key.single] if self._keys is not None else []

    def _read_custom(self, rows: Sequence[ReadRow]) -> None:
        for row in rows:
            try:
                if row.contact is not None:
                    self._custom.read_texts(row.contact)
            except Failure as failure:
                row.failure = row.failure or failure

    def _learn(self, row: Sequence[Any]) -> None:
        contact = self._resource.build(resources_pb2.Contact, row)
        known = self._known.setdefault(contact.id, _Known(contact, contact, row[0]))
        self._index(known)

    def _narrow(self, call: Call, read: Callable[..., Sequence[Sequence[Any]]]) -> None:
        """Whoever may not write all contacts reaches those in scope, and makes contacts of their own only."""
        sight = self._resource.scopes.writable(call)
        if sight.breadth is Breadth.ALL:
            return
        self._only_owner = call.user_id
        found = read(self._resource.several(sight), ids=list(self._known), **sight.parameters) if self._known else ()
        reached = {row[1] for row in found}
        for identity, known in self._known.items():
            known.reached = identity in reached

    def _index(self, known: _Known) -> None:
        if known.after.external_id:
            self._by_external[known.after.external_id] = known
        if known.after.primary_email and not known.after.HasField("delete_time"):
            # Rows come newest first, so that the oldest contact with an address stays.
            self._by_email[known.after.primary_email] = known

    def _judge(self, row: ReadRow, facts: Facts) -> None:
        if row.failure is not None or row.contact is None:
            raise row.failure or Failure("INVALID_ARGUMENT")
        match = self._match(row.contact)
        if match is None:
            self._create(row, row.contact, facts)
            return
        if match.after.HasField("delete_time"):
            raise Failure("CONTACT_DELETED", fields={"external_id": "is the key of a deleted contact"})
        on_match = self._record.on_match or resources_pb2.ON_MATCH_SKIP
        if on_match == resources_pb2.ON_MATCH_SKIP:
            self._tell(row.number, Verdict.ROW_VERDICT_SKIPPED, match.after.id, reason="MATCHED")
            return
        after = decide(self._resource, match.after, merged(match.after, row.contact, on_match), facts)
        self._check_free(after, match)
        self._custom.take(match.after, after)
        if not changed_paths(match.after, after):
            self._tell(row.number, Verdict.ROW_VERDICT_SKIPPED, after.id, reason="UNCHANGED")
            return
        self._forget(match)
        match.after = after
        self._index(match)
        self._take(after)
        self._tell(row.number, Verdict.ROW_VERDICT_UPDATED, after.id)

    def _create(self, row: ReadRow, contact: resources_pb2.Contact, facts: Facts) -> None:
        new = blank(self._resource, contact, self._new_id(self._resource.contract.prefix), self._now_us)
        after = decide(self._resource, None, new, facts)
        self._check_free(after, None)
        self._custom.take(None, after)
        known = self._known[after.id] = _Known(None, after, 1)
        self._by_email.setdefault(after.primary_email, known)
        self._take(after)
        if after.external_id:
            self._by_external[after.external_id] = known
        self._tell(row.number, Verdict.ROW_VERDICT_CREATED, after.id)

    def _match(self, contact: resources_pb2.Contact) -> _Known | None:
        if self._record.match_key == resources_pb2.MATCH_KEY_EXTERNAL_ID:
            known = self._by_external.get(tidy(contact.external_id)) if contact.external_id else None
            if known is not None and not known.reached:
                raise Failure("ALREADY_EXISTS", fields={"external_id": "is used by another contact"})
            return known
        address = _address(contact)
        if self._record.match_key == resources_pb2.MATCH_KEY_EMAIL and address:
            known = self._by_email.get(address)
            return known if known is not None and known.reached else None
        return None

    def _check_free(self, contact: resources_pb2.Contact, own: _Known | None) -> None:
        kept = own is not None and own.after.owner_id == contact.owner_id
        if self._only_owner and not kept and contact.owner_id != self._only_owner:
            raise Failure("PERMISSION_DENIED", fields={"owner_id": "is not within the caller's scope"})
        holder = self._by_external.get(contact.external_id) if contact.external_id else None
        if holder is not None and holder is not own:
            raise _used("external_id", holder.after.id)
        for key in self._singles(contact):
            if self._taken.get((key.kind, key.value), contact.id) != contact.id:
                raise _used(key.path, self._taken[key.kind, key.value])

    def _take(self, contact: resources_pb2.Contact) -> None:
        self._taken.update({(key.kind, key.value): contact.id for key in self._singles(contact)})

    def _forget(self, known: _Known) -> None:
        for index, key in (
            (self._by_external, known.after.external_id),
            (self._by_email, known.after.primary_email),
        ):
            if index.get(key) is known:
                del index[key]
        for single in self._singles(known.after):
            if self._taken.get((single.kind, single.value)) == known.after.id:
                del self._taken[single.kind, single.value]

    def _refuse(self, number: int, failure: Failure) -> None:
        path, message = next(iter(failure.fields.items()), ("", ""))
        column = column_of(path, self._columns)
        told = {"reason": failure.reason, "column": column, "message": message}
        holder = failure.metadata.get("candidates", "")
        known = self._known.get(holder)
        seen = not self._only_owner or (known is not None and known.reached)
        # Nothing is wrong with the row of somebody who was erased; they are just not brought back.
        left_out = failure.reason == "CONTACT_ERASED"
        verdict = Verdict.ROW_VERDICT_SKIPPED if left_out else Verdict.ROW_VERDICT_FAILED
        self._tell(number, verdict, holder if seen else "", **told)

    def _tell(self, number: int, verdict: int, contact_id: str, **more: str) -> None:
        row = resources_pb2.ContactImportRow(
            import_id=self._record.id,
            number=number,
            verdict=verdict,  # type: ignore[arg-type]  # a number of the enum
            contact_id=contact_id,
            **{name: text[:_LONGEST] for name, text in more.items()},
        )
        self.verdicts.append(row)

    def write_contacts(self, write: Write) -> Sequence[resources_pb2.Contact]:
        """Write the contacts; those that are new."""
        self._check_current(write)
        new = [known.after for known in self._known.values() if known.before is None]
        if new:
            self._resource.insert(write, new)
        for known in self._known.values():
            if known.before is not None:
                self._resource.update(write, "Updated", known.before, known.after, known.version)
        return new

    def _check_current(self, write: Write) -> None:
        """Hold the contacts that rows change as they were read.

        Raises:
            Failure: CONFLICT, where somebody has changed or merged one since; the rows are then looked at again.
        """
        read = {each.before.id: each.version for each in self._known.values() if each.before is not None}
        rows = write.read(self._resource.lock_several(EVERYTHING), ids=sorted(read)) if read else ()
        if {row[1]: row[0] for row in rows} != read:
            raise Failure("CONFLICT")

    def write(self, write: Write, rows: Resource[Any]) -> None:
        """Write the contacts and the verdicts."""
        self.write_contacts(write)
        for verdict in self.verdicts:
            verdict.id = self._new_id("imr")
            verdict.etag = etag(1)
            verdict.create_time.FromMicroseconds(self._now_us)
            verdict.update_time.FromMicroseconds(self._now_us)
        if self.verdicts:
            rows.insert(write, self.verdicts)


def _used(path: str, holder: str) -> Failure:
    """The failure of a row whose value another contact has."""
    fields = {path: "is used by another contact"}
    return Failure("ALREADY_EXISTS", fields=fields, metadata={"candidates": holder})


def _address(contact: resources_pb2.Contact) -> str:
    return contact.emails[0].address.strip().lower() if contact.emails else ""
