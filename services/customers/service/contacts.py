"""Contacts: standard methods over the rules of their area."""

from __future__ import annotations

import contextlib
import datetime
import zoneinfo
from typing import TYPE_CHECKING

from rapport.customers.v1 import resources_pb2

from mesh.resource.custom import CustomFields
from mesh.resource.identity_keys import IdentityKeys, Key
from mesh.resource.resource import Resource
from services.customers.domain.contacts import ContactFacts, decide_contact
from services.customers.domain.keys import EMAIL, NAME, PHONE, email_key, name_key
from services.customers.service.duplicate_rows import forget_duplicates
from services.customers.service.erased_addresses import erased_among, note_insisted
from services.customers.service.import_changes import forget_changes
from services.customers.service.import_drafts import forget_drafts
from services.customers.service.segment_members import forget_contact
from services.customers.service.timeline import forget_timeline
from services.customers.tables import contact_fields as definitions
from services.customers.tables import contacts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from mesh.resource.merges import Merges
    from mesh.runtime.call import View, Write


def contact_resource(
    fields: CustomFields, merges: Merges[resources_pb2.ContactMerge]
) -> Resource[resources_pb2.Contact]:
    """Contacts, as the standard methods know them."""

    def forget(write: Write, contact: str) -> None:
        for each in (forget_timeline, forget_duplicates, forget_contact, forget_changes, forget_drafts, merges.forget):
            each(write, contact)

    return Resource(
        resources_pb2.Contact,
        contacts,
        decide=decide_contact,
        gather=gather_contact,
        custom=fields,
        settle=note_insisted,
        forget=forget,
        keys=IdentityKeys(resources_pb2.Contact, keys_of, lists=["granted_consents"], barred=_erased),
    )


def contact_fields(release: Callable[[Write, str], None]) -> CustomFields:
    """The fields that tenants add to contacts; `release` refuses to let go of one that is in use."""
    return CustomFields(resources_pb2.Contact, contacts, resources_pb2.ContactField, definitions, release=release)


def gather_contact(view: View, sent: Sequence[resources_pb2.Contact]) -> ContactFacts:
    """Who asks, what day it is, and where; which of the addresses are of somebody who was erased."""
    region = view.entry.region_code if view.entry is not None else ""
    erased = erased_among(view, [email.address for each in sent for email in each.emails])
    return ContactFacts(caller_id=view.user_id, today=_today(view), region_code=region, erased=erased)


def keys_of(contact: resources_pb2.Contact) -> Iterator[Key]:
    """What a contact is recognised by: its addresses, and its numbers and its name to be compared with."""
    for number, email in enumerate(contact.emails):
        with contextlib.suppress(ValueError):  # an address of a time when another rule held
            yield Key(EMAIL, email_key(email.address), not email.shared, f"emails[{number}].address")
    for number, phone in enumerate(contact.e164_phones):
        if phone:
            yield Key(PHONE, phone, single=False, path=f"phones[{number}].number")
    name = name_key(contact.given_name, contact.family_name)
    if name:
        yield Key(NAME, name, single=False, path="family_name")


def _erased(write: Write, keys: Collection[Key]) -> list[Key]:
    """The addresses of those who were erased."""
    found = erased_among(write, [key.value for key in keys if key.kind == EMAIL])
    return [key for key in keys if key.kind == EMAIL and key.value in found]


def facts_at(now_us: int) -> ContactFacts:
    """The facts of what a service does by itself at a time in microseconds since 1970."""
    return ContactFacts(caller_id="", today=_day(now_us, ""))


def _today(view: View) -> datetime.date:
    return _day(view.environment.clock.now_us(), view.entry.time_zone if view.entry is not None else "")


def _day(now_us: int, time_zone: str) -> datetime.date:
    """The day in a zone; for a service, which has none, the last one that has begun anywhere on earth."""
    now = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(microseconds=now_us)
    if not time_zone:
        return (now + datetime.timedelta(hours=14)).date()
    return now.astimezone(zoneinfo.ZoneInfo(time_zone)).date()
