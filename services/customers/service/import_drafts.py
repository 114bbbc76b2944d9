"""What a validation has made of contacts so far: drafts, which stand in the place of contacts for the rows that follow.

Owns the tables `contact_import_drafts` and `contact_import_marks`, by which drafts are found; they go with the end of
the validation. Marks are all that contacts are matched by, or that one alone may have.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import resources_pb2
from sqlalchemy import bindparam, delete, insert, select

from mesh.resource.custom_index import ABSENT, stored
from mesh.store.statement import TENANT, Statement, any_of, upsert
from mesh.store.tables import TEXT
from services.customers.domain.keys import EMAIL, PHONE, email_key
from services.customers.domain.texts import tidy
from services.customers.import_tables import contact_import_drafts as drafts
from services.customers.import_tables import contact_import_marks as marks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from mesh.resource.custom_rules import Field
    from mesh.runtime.call import Call, Write

    Read = Callable[..., Sequence[Sequence[Any]]]

CHUNK = 2_000
"""Drafts that one transaction removes."""
_d, _m = drafts.c, marks.c
_OF_DRAFTS = (_d.tenant_id == TENANT, _d.import_id == bindparam("of_import", type_=TEXT))
_OF_MARKS = (_m.tenant_id == TENANT, _m.import_id == bindparam("of_import", type_=TEXT))
_FIND = Statement(
    select(_d.contact_id, _d.made, _d.contact).where(*_OF_DRAFTS, any_of(_d.contact_id, "ids")), name="find drafts"
)
_MARKED = Statement(select(_m.contact_id).where(*_OF_MARKS, any_of(_m.mark, "marks")), name="find marked drafts")
_KEEP = upsert(drafts, key=["import_id", "contact_id"], set=["contact"], name="keep draft")
_MARK = Statement(insert(marks), name="mark drafts")
_UNMARK = Statement(delete(marks).where(*_OF_MARKS, any_of(_m.contact_id, "ids")), name="unmark drafts")
_SOME = Statement(select(_d.contact_id).where(*_OF_DRAFTS).limit(CHUNK), name="some drafts")
_DROP = Statement(delete(drafts).where(*_OF_DRAFTS, any_of(_d.contact_id, "ids")), name="drop drafts")
_FORGET = tuple(
    Statement(
        delete(table).where(table.c.tenant_id == TENANT, table.c.contact_id == bindparam("contact", type_=TEXT)),
        name=f"forget contact in {table.name}",
    )
    for table in (drafts, marks)
)


class Drafts:
    """The drafts of one import; `unique` are the fields of the tenant's own that no two contacts have alike."""

    def __init__(self, import_id: str, unique: Sequence[Field]) -> None:
        self._import_id, self._unique = import_id, unique

    def find(
        self, read: Read, ids: Iterable[str], contacts: Iterable[resources_pb2.Contact]
    ) -> list[tuple[resources_pb2.Contact, bool]]:
        """The drafts of these ids, and those that have a mark of these contacts; of each whether it is new."""
        wanted = sorted({mark for contact in contacts for mark in self._marks(contact)})
        found = {row[0] for row in read(_MARKED, of_import=self._import_id, marks=wanted)} if wanted else set()
        asked = sorted({*ids, *found})
        rows = read(_FIND, of_import=self._import_id, ids=asked) if asked else ()
        return [(resources_pb2.Contact.FromString(bytes(row[2])), bool(row[1])) for row in rows]

    def keep(self, write: Write, contacts: Sequence[resources_pb2.Contact], made: Collection[str]) -> None:
        """Keep contacts as rows have left them; `made` are the ids of those that rows have made."""
        if not contacts:
            return
        ids = sorted(contact.id for contact in contacts)
        of = {"import_id": self._import_id}
        write.write(_UNMARK, of_import=self._import_id, ids=ids)
        write.write_many(
            _KEEP,
            [{**of, "contact_id": c.id, "made": c.id in made, "contact": c.SerializeToString()} for c in contacts],
        )
        write.write_many(
            _MARK, [{**of, "mark": mark, "contact_id": c.id} for c in contacts for mark in sorted(self._marks(c))]
        )

    def _marks(self, contact: resources_pb2.Contact) -> Iterator[str]:
        return iter(set(self._all_marks(contact)))

    def _all_marks(self, contact: resources_pb2.Contact) -> Iterator[str]:
        if contact.external_id:
            yield f"external_id:{tidy(contact.external_id)}"
        for email in contact.emails:
            with contextlib.suppress(ValueError):  # its row is refused, or an address of a time when another rule held
                yield f"{EMAIL}:{email_key(email.address)}"
        for number in contact.e164_phones:
            if number:
                yield f"{PHONE}:{number}"
        for field in self._unique:
            value = stored(field, contact.custom)
            if value not in ABSENT:
                yield f"{field.slot}:{value}"


def has_drafts(call: Call, import_id: str) -> bool:
    """Whether there are drafts of an import."""
    return bool(call.read(_SOME, of_import=import_id))


def drop_drafts(write: Write, import_id: str) -> bool:
    """Remove some drafts of an import; whether there may be more."""
    ids = [row[0] for row in write.read(_SOME, of_import=import_id)]
    if ids:
        write.write(_UNMARK, of_import=import_id, ids=ids)
        write.write(_DROP, of_import=import_id, ids=ids)
    return len(ids) == CHUNK


def forget_drafts(write: Write, contact: str) -> None:
    """Remove the drafts of a contact that is gone for good."""
    for statement in _FORGET:
        write.write(statement, contact=contact)
