"""What imports have done to contacts, row by row, and how it is taken back.

Owns the table `contact_import_changes`. It holds personal data as it was before an import; it goes when the import was
reverted, with the contact, or 30 days after the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import resources_pb2
from sqlalchemy import BigInteger, bindparam, delete, insert, select

from mesh.contract.failure import Failure
from mesh.contract.masks import changed_paths
from mesh.contract.references import references_of
from mesh.resource.holding import holding
from mesh.resource.identity_keys import Key
from mesh.resource.meanwhile import catch_up
from mesh.resource.scopes import EVERYTHING
from mesh.resource.taking_back import TakingBack, unmake
from mesh.store.statement import TENANT, Statement, any_of
from mesh.store.tables import TEXT
from services.customers.import_tables import contact_import_changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Write

CHUNK = 100
"""Changes that one transaction takes back."""
FORGOTTEN = 5_000
_c = contact_import_changes.c
_OF_IMPORT = (_c.tenant_id == TENANT, _c.import_id == bindparam("of_import", type_=TEXT))
_NOTE = Statement(insert(contact_import_changes), name="note import changes")
_LAST = Statement(
    select(_c.number, _c.row_id, _c.contact_id, _c.made, _c.before, _c.after)
    .where(*_OF_IMPORT)
    .order_by(_c.number.desc())
    .limit(bindparam("limit", type_=BigInteger)),
    name="last import changes",
)
_MADE = Statement(
    select(_c.contact_id).where(*_OF_IMPORT, any_of(_c.contact_id, "ids"), _c.made), name="contacts made by import"
)
_SOME = Statement(select(_c.number).where(*_OF_IMPORT).limit(FORGOTTEN), name="some import changes")
_DROP = Statement(delete(contact_import_changes).where(*_OF_IMPORT, any_of(_c.number, "numbers")), name="drop changes")
_FORGET = Statement(
    delete(contact_import_changes).where(_c.tenant_id == TENANT, _c.contact_id == bindparam("contact", type_=TEXT)),
    name="forget import changes",
)
Reversal, Cause = resources_pb2.RowReversal, resources_pb2.KeptCause
Contact = resources_pb2.Contact


@dataclass(frozen=True, slots=True)
class Change:
    """What a row has done to a contact: how it was, unless the row made it, and how the row left it."""

    number: int
    before: Contact | None
    after: Contact


@dataclass(frozen=True, slots=True)
class Reverted:
    """What became of a row's change: the id of the row, what was done, and the paths that stay as they are.

    cause: why the contact stays as it is, where it does.
    """

    row_id: str
    reversal: resources_pb2.RowReversal
    kept: Sequence[str] = ()
    cause: resources_pb2.KeptCause = Cause.KEPT_CAUSE_UNSPECIFIED


def note_changes(write: Write, import_id: str, changes: Sequence[Change], rows: Mapping[int, str]) -> None:
    """Keep what rows have done, by the ids of the rows."""
    write.write_many(
        _NOTE,
        [
            {
                "import_id": import_id,
                "number": change.number,
                "row_id": rows[change.number],
                "contact_id": change.after.id,
                "made": change.before is None,
                "before": change.before.SerializeToString() if change.before is not None else b"",
                "after": change.after.SerializeToString(),
            }
            for change in changes
        ],
    )


def forget_changes(write: Write, contact: str) -> None:
    """Remove what imports have done to a contact that is gone for good."""
    write.write(_FORGET, contact=contact)


def drop_changes(write: Write, import_id: str) -> bool:
    """Remove some of what an import has done; whether there may be more."""
    numbers = [row[0] for row in write.read(_SOME, of_import=import_id)]
    if numbers:
        write.write(_DROP, of_import=import_id, numbers=numbers)
    return len(numbers) == FORGOTTEN


class Reversion:
    """Takes back what an import has done to contacts; `referring` are the resources that name some."""

    def __init__(self, contacts: Resource[Contact], referring: Sequence[Resource[Any]]) -> None:
        self._contacts = contacts
        self._taking = TakingBack(contacts)
        # Follows from other fields or from every write.
        self._derived = contacts.contract.output_only | {"etag"}
        kind = contacts.contract.type
        fields = [(r, field) for r in referring for field in references_of(r.contract) if field.target == kind]
        self._repeated = [(r.keys, field.name) for r, field in fields if field.repeated and r.keys is not None]
        self._single = [holding(r, field) for r, field in fields if not field.repeated]

    def revert(
        self, write: Write, call: Call, record: resources_pb2.ContactImport, own: Any
    ) -> tuple[list[Reverted], bool]:
        """Take back the last of what is left, the latest first, as far as the caller may; whether there is more.

        `own` are the facts of the contacts' rule.
        """
        resource = self._contacts
        rows = write.read(_LAST, of_import=record.id, limit=CHUNK)
        ids = sorted({row[2] for row in rows})
        made = {row[0] for row in write.read(_MADE, of_import=record.id, ids=ids)} if ids else set()
        # In the order of ids, as everybody locks several.
        there = {row[1] for row in write.read(resource.lock_several(EVERYTHING), ids=ids)} if ids else set()
        may = {verb: self._reached(write, call, verb, ids) for verb in ("write", "delete")}
        since_us = record.create_time.ToMicroseconds()
        found, write.inherited = [], True
        for _, row_id, contact, first, was, left in rows:
            before = Contact.FromString(bytes(was)) if not first else None
            after = Contact.FromString(bytes(left))
            for each in (before, after):
                if each is not None:
                    catch_up(write, resource.contract, each, since_us)
            if contact not in there:
                found.append(_kept(row_id, Cause.KEPT_CAUSE_GONE))
            elif before is None or contact in made:
                found.append(self._unmake(write, row_id, before, after, may["delete"], own))
            else:
                found.append(self._restore(write, row_id, before, after, may["write"], own))
        write.inherited = False
        if rows:
            write.write(_DROP, of_import=record.id, numbers=[row[0] for row in rows])
        return found, len(rows) == CHUNK

    def _reached(self, write: Write, call: Call, verb: str, ids: Sequence[str]) -> set[str]:
        sight = self._contacts.scopes.reaching(call, f"contacts.{verb}")
        rows = write.read(self._contacts.several(sight), ids=list(ids), **sight.parameters) if ids else ()
        return {row[1] for row in rows}

    def _unmake(
        self, write: Write, row_id: str, before: Contact | None, after: Contact, may: set[str], own: Any
    ) -> Reverted:
        """Remove a contact that the import made, unless anybody has done anything with it since; then all of it stays.

        What later rows have done to it, whose turn is first, is taken back on the way there.
        """
        resource = self._contacts
        rows = write.read(resource.locked, id=after.id)
        now = resource.build(Contact, rows[0]) if rows else after
        touched = [path for path in changed_paths(after, now) if path not in self._derived]
        if not rows or now.HasField("delete_time"):
            return _kept(row_id, Cause.KEPT_CAUSE_GONE, touched)
        if after.id not in may:
            return _kept(row_id, Cause.KEPT_CAUSE_DENIED, touched)
        if touched:
            return _kept(row_id, Cause.KEPT_CAUSE_CHANGED, touched)
        if self._is_used(write, after.id):
            return _kept(row_id, Cause.KEPT_CAUSE_NAMED)
        if before is not None:
            return self._restore(write, row_id, before, after, may, own)
        unmake(write, resource, now, rows[0][0])
        return Reverted(row_id, Reversal.ROW_REVERSAL_REMOVED)

    def _is_used(self, write: Write, contact: str) -> bool:
        if self._contacts.inside(write.read, contact):
            return True
        if any(write.read(each, held=contact, after="", limit=1) for each in self._single):
            return True
        return any(
            keys.holders(write.read, [Key(name, contact, single=False, path="")]) for keys, name in self._repeated
        )

    def _restore(self, write: Write, row_id: str, before: Contact, after: Contact, may: set[str], own: Any) -> Reverted:
        """Give a contact back what it had, but for what was changed since, and for what its rule forbids by now."""
        rows = write.read(self._contacts.locked, id=after.id)
        changed = [path for path in changed_paths(before, after) if path not in self._derived]
        if not rows or rows[0][self._contacts.deleted] is not None:
            return _kept(row_id, Cause.KEPT_CAUSE_GONE, changed)
        if after.id not in may:
            return _kept(row_id, Cause.KEPT_CAUSE_DENIED, changed)
        stays: set[str] = set()
        while True:
            try:
                kept, _ = self._taking.take_back(write, rows[0], before, after, own, but=stays)
            except Failure as failure:
                fields = {_top(path) for path in changed} - stays
                if not fields:
                    return _kept(row_id, Cause.KEPT_CAUSE_CHANGED, changed)
                stays |= (fields & {_top(path) for path in failure.fields}) or fields
                continue
            whole = {_top(path) for path in changed} <= {_top(path) for path in kept}
            if whole and kept:
                return _kept(row_id, Cause.KEPT_CAUSE_CHANGED, kept)
            return Reverted(row_id, Reversal.ROW_REVERSAL_RESTORED, kept)


def _kept(row_id: str, cause: resources_pb2.KeptCause, paths: Sequence[str] = ()) -> Reverted:
    return Reverted(row_id, Reversal.ROW_REVERSAL_KEPT, paths, cause)


def _top(path: str) -> str:
    """The field of a contact that a path is in; of the tenant's own fields all of them together."""
    return path.partition(".")[0].partition("[")[0]
