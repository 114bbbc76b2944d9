"""Who a contact is to all services: its ids, and the addresses and numbers that are the person's alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import resources_pb2
from rapport.mesh.v1 import references_pb2, subject_pb2
from sqlalchemy import select

from mesh.store.statement import TENANT, Statement, any_of
from services.customers.service.contacts import keys_of
from services.customers.tables import contact_merges

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.resource.resource import Resource

    Read = Callable[..., Sequence[Sequence[Any]]]

_RECORDS = Statement(
    select(contact_merges.c.record).where(
        contact_merges.c.tenant_id == TENANT, any_of(contact_merges.c.survivor_id, "ids")
    ),
    name="records of merges",
)


def versions_of(read: Read, contacts: Resource[Any], ids: Sequence[str]) -> list[resources_pb2.Contact]:
    """The contact, and what is kept of those that became part of it, and of itself before that."""
    rows = read(contacts.by_ids, ids=list(ids))
    found = [contacts.build(resources_pb2.Contact, row) for row in rows]
    for (data,) in read(_RECORDS, ids=list(ids)):
        record = references_pb2.MergeRecord.FromString(bytes(data))
        kept = [*(part.resource for part in record.parts), record.before]
        found += [resources_pb2.Contact.FromString(each) for each in kept]
    return [each for each in found if each.id in set(ids)]


def subject_of(read: Read, contacts: Resource[Any], contact: str) -> subject_pb2.Subject:
    """The person of a contact that has become part of no other."""
    ids = [contact, *contacts.inside(read, contact)]
    versions = versions_of(read, contacts, ids)
    assert contacts.keys is not None
    keys = [key for each in versions for key in keys_of(each)]
    others = {pair for pair, holders in contacts.keys.holders(read, keys).items() if set(holders) - set(ids)}
    emails: dict[str, None] = {}
    phones: dict[str, None] = {}
    for each in versions:
        by_path = {key.path: key for key in keys_of(each)}
        for number, email in enumerate(each.emails):
            key = by_path.get(f"emails[{number}].address")
            if key is None or (key.kind, key.value) not in others:
                emails.update(dict.fromkeys((email.address, email.address.lower(), key.value if key else "")))
        for number, phone in enumerate(each.phones):
            key = by_path.get(f"phones[{number}].number")
            if key is None or (key.kind, key.value) not in others:
                phones.update(dict.fromkeys((phone.number, key.value if key else "")))
    emails.pop("", None)
    phones.pop("", None)
    return subject_pb2.Subject(ids=ids, emails=list(emails), phones=list(phones))
