"""Contacts that the rows of a file may be about or in the way of: as they are, and as the rows above leave them."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import resources_pb2
from sqlalchemy import select

from mesh.contract.failure import Failure
from mesh.resource.identity_keys import Key
from mesh.resource.scopes import Breadth
from mesh.store.statement import TENANT, Statement, any_of
from services.customers.domain.imports import CUSTOM, match_path
from services.customers.domain.keys import EMAIL, PHONE, email_key, phone_key
from services.customers.domain.texts import tidy
from services.customers.tables import contacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mesh.resource.custom_rows import CustomRows
    from mesh.resource.identity_keys import IdentityKeys
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call
    from services.customers.service.import_drafts import Drafts

    Read = Callable[..., Sequence[Sequence[Any]]]

# So many holders of keys a look-up gives at most.
_MOST_HOLDERS = 1000
_EXTERNAL = "external_id"
_BY_EXTERNAL_ID = Statement(
    select(contacts.c.external_id, contacts.c.id).where(
        contacts.c.tenant_id == TENANT, any_of(contacts.c.external_id, "keys")
    ),
    name="contacts by external id",
)


@dataclass(slots=True)
class Known:
    """A contact as it was (None: a row made it) and as rows leave it."""

    before: resources_pb2.Contact | None
    after: resources_pb2.Contact
    version: int
    changed: bool = False  # whether a row of this chunk has written it


class KnownContacts:
    """The contacts that a chunk's rows meet, by what they are matched by and by what one alone may have."""

    def __init__(
        self,
        resource: Resource[Any],
        record: resources_pb2.ContactImport,
        custom: CustomRows,
        drafts: Drafts | None = None,
    ) -> None:
        assert resource.keys is not None
        self._resource, self._custom, self._drafts = resource, custom, drafts
        self._keys: IdentityKeys[Any] = resource.keys
        self._key, self._field = record.match_key, record.match_field.removeprefix(CUSTOM)
        self._taken: dict[tuple[str, str], str] = {}
        self._matched: dict[str, list[str]] = {}
        self._into: Mapping[str, str] = {}
        self.path = match_path(record)
        """The field that rows are matched by."""
        self._only_owner = ""
        self._reached: set[str] = set()
        self.made: set[str] = set()
        self.all: dict[str, Known] = {}

    # ---- what is there

    def learn(self, call: Call, read: Read, rows: Sequence[resources_pb2.Contact], region_code: str) -> None:
        """Find out who has what these rows say, and whom the caller may write."""
        if self._key == resources_pb2.MATCH_KEY_PHONE:
            for row in rows:
                # As the rule will derive them.
                del row.e164_phones[:]
                row.e164_phones.extend(phone_key(tidy(phone.number), region_code) for phone in row.phones)
        external = sorted({key for row in rows if (key := tidy(row.external_id))})
        held = {(_EXTERNAL, key): i for key, i in read(_BY_EXTERNAL_ID, keys=external)} if external else {}
        alone = self._keys.holders(read, [key for row in rows for key in self._singles(row)], single=True)
        self._custom.learn(read, rows)
        self._taken = {**held, **{key: ids[0] for key, ids in alone.items()}}
        wanted = sorted(self._candidates(read, rows))
        for found in read(self._resource.by_ids, ids=wanted) if wanted else ():
            contact = self._resource.build(resources_pb2.Contact, found)
            self._index(self.all.setdefault(contact.id, Known(contact, contact, found[0])))
        self._into = self._resource.led(read, [i for i in wanted if i not in self.all])
        if self._drafts is not None:
            ids = {*self.all, *self._taken.values(), *self._custom.holding()}
            for draft, made in self._drafts.find(read, ids, rows):
                self._stand(draft, made=made)
        self._narrow(call, read)

    def _candidates(self, read: Read, rows: Sequence[resources_pb2.Contact]) -> set[str]:
        """Ids of the contacts that rows may be about."""
        if self._key == resources_pb2.MATCH_KEY_ID:
            return {row.id for row in rows if row.id}
        if self._key == resources_pb2.MATCH_KEY_CUSTOM_FIELD:
            return {self._custom.holder(self._field, row) for row in rows} - {""}
        values = {value for row in rows if (value := self._value(row))}
        if self._key == resources_pb2.MATCH_KEY_EXTERNAL_ID:
            return {self._taken[_EXTERNAL, value] for value in values if (_EXTERNAL, value) in self._taken}
        kind = {resources_pb2.MATCH_KEY_EMAIL: EMAIL, resources_pb2.MATCH_KEY_PHONE: PHONE}.get(self._key, "")
        return self._holding(read, kind, values) if kind else set()

    def _holding(self, read: Read, kind: str, values: set[str]) -> set[str]:
        """Who has one of these keys: all of them where it is few, and so many of each that it is seen to be several."""
        asked = [Key(kind, value, single=False, path="") for value in sorted(values)]
        held = self._keys.holders(read, asked)
        if sum(map(len, held.values())) >= _MOST_HOLDERS:
            held = {(kind, key.value): self._keys.holders(read, [key]).get((kind, key.value), ()) for key in asked}
        alone = {self._taken[kind, value] for value in values if (kind, value) in self._taken}
        return alone | {identity for ids in held.values() for identity in ids[:2]}

    def _stand(self, draft: resources_pb2.Contact, *, made: bool) -> None:
        """Let a draft stand in the place of the contact that it is of."""
        old = self.all.get(draft.id)
        if old is not None:
            self._forget(old)
        self._taken = {key: identity for key, identity in self._taken.items() if identity != draft.id}
        self._custom.stand(draft)
        if made:
            self.made.add(draft.id)
        known = self.all[draft.id] = Known(old.before if old else None, draft, 0)
        self._index(known)

    def _narrow(self, call: Call, read: Read) -> None:
        """Whoever may not write all contacts reaches those in scope, and makes contacts of their own only."""
        sight = self._resource.scopes.writable(call)
        if sight.breadth is Breadth.ALL:
            return
        self._only_owner = call.user_id
        ids = sorted({*self.all, *self._taken.values(), *self._into.values()})
        found = read(self._resource.several(sight), ids=ids, **sight.parameters) if ids else ()
        self._reached = {row[1] for row in found} | self.made

    def sees(self, identity: str) -> bool:
        """Whether the caller may know of a contact."""
        return not self._only_owner or identity in self._reached

    # ---- what rows are about

    def _value(self, row: resources_pb2.Contact) -> str:
        """What a row is matched by; empty where it has nothing."""
        if self._key == resources_pb2.MATCH_KEY_EMAIL and row.emails:
            with contextlib.suppress(ValueError):
                return email_key(row.emails[0].address)
        if self._key == resources_pb2.MATCH_KEY_PHONE and row.e164_phones:
            return str(row.e164_phones[0])
        return tidy(row.external_id) if self._key == resources_pb2.MATCH_KEY_EXTERNAL_ID else ""

    def match(self, row: resources_pb2.Contact) -> Known | None:
        """The contact that a row is about, if any.

        Raises:
            Failure: MATCH_AMBIGUOUS; of a row that names an id, NOT_FOUND or MERGED.
        """
        if self._key == resources_pb2.MATCH_KEY_ID:
            return self._named(row.id) if row.id else None
        if self._key == resources_pb2.MATCH_KEY_CUSTOM_FIELD:
            known = self.all.get(self._custom.holder(self._field, row))
            return known if known is not None and self.sees(known.after.id) else None
        value = self._value(row)
        ids = [identity for identity in self._matched.get(value, ()) if self.sees(identity)] if value else []
        own = self._taken.get((EMAIL, value)) if self._key == resources_pb2.MATCH_KEY_EMAIL else None
        if own in ids:
            return self.all[own]
        if len(ids) > 1:
            raise Failure("MATCH_AMBIGUOUS", fields={self.path: "is of several contacts"})
        return self.all[ids[0]] if ids else None

    def _named(self, identity: str) -> Known:
        known, into = self.all.get(identity), self._into.get(identity, "")
        if known is not None and self.sees(identity):
            return known
        if into and self.sees(into):
            fields = {"id": "has become part of another contact"}
            raise Failure("MERGED", fields=fields, metadata={"candidates": into})
        raise Failure("NOT_FOUND", fields={"id": "is the id of no contact"})

    def check_free(self, contact: resources_pb2.Contact, own: Known | None) -> None:
        """Refuse what another contact has and one alone may have, and owners who are not the caller's to choose.

        Raises:
            Failure: PERMISSION_DENIED, ALREADY_EXISTS with the holder.
        """
        kept = own is not None and own.after.owner_id == contact.owner_id
        if self._only_owner and not kept and contact.owner_id != self._only_owner:
            raise Failure("PERMISSION_DENIED", fields={"owner_id": "is not within the caller's scope"})
        for path, key in self._alone(contact):
            holder = self._taken.get(key, contact.id)
            if holder != contact.id:
                fields = {path: "is used by another contact"}
                raise Failure("ALREADY_EXISTS", fields=fields, metadata={"candidates": holder})

    # ---- what rows leave

    def change(self, known: Known, after: resources_pb2.Contact) -> None:
        """A row leaves a contact so."""
        self._forget(known)
        known.after, known.changed = after, True
        self._index(known)

    def add(self, made: resources_pb2.Contact) -> None:
        """A row has made a contact."""
        known = self.all[made.id] = Known(None, made, 1, changed=True)
        self.made.add(made.id)
        self._reached.add(made.id)
        self._index(known)

    def _singles(self, contact: resources_pb2.Contact) -> list[Key]:
        return [key for key in self._keys.of(contact) if key.single]

    def _alone(self, contact: resources_pb2.Contact) -> Iterator[tuple[str, tuple[str, str]]]:
        """What a contact has that one alone may have, each with its path."""
        if contact.external_id:
            yield _EXTERNAL, (_EXTERNAL, contact.external_id)
        if not contact.HasField("delete_time"):
            yield from ((key.path, (key.kind, key.value)) for key in self._singles(contact))

    def _values(self, contact: resources_pb2.Contact) -> set[str]:
        """All that a contact may be matched by."""
        found: set[str] = set()
        if self._key == resources_pb2.MATCH_KEY_EXTERNAL_ID:
            found = {contact.external_id}
        elif self._key == resources_pb2.MATCH_KEY_PHONE:
            found = set(contact.e164_phones)
        elif self._key == resources_pb2.MATCH_KEY_EMAIL:
            found = {key.value for key in self._keys.of(contact) if key.kind == EMAIL}
        return found - {""}

    def _index(self, known: Known) -> None:
        for value in self._values(known.after):
            held = self._matched.setdefault(value, [])
            if known.after.id not in held:
                held.append(known.after.id)
        for _, key in self._alone(known.after):
            self._taken.setdefault(key, known.after.id)

    def _forget(self, known: Known) -> None:
        identity = known.after.id
        for value in self._values(known.after):
            self._matched[value] = [each for each in self._matched.get(value, ()) if each != identity]
        for _, key in self._alone(known.after):
            if self._taken.get(key) == identity:
                del self._taken[key]
