"""The rules of contacts: pure functions of what is given."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh.contract.failure import Failure, invalid
from services.customers.domain.keys import email_key
from services.customers.domain.phones import derive_phones
from services.customers.domain.texts import tidy_fields

if TYPE_CHECKING:
    from google.type import date_pb2
    from rapport.customers.v1 import resources_pb2

# A leap year, to check a day of birth whose year is not known.
_ANY_YEAR = 2000


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What a decision on a contact rests on: who asks, what day it is there, and where numbers without `+` are dialled.

    region_code: a country as in `AU`, or empty where none is known. erased: keys of addresses of those who were erased.
    """

    caller_id: str
    today: datetime.date
    region_code: str = ""
    erased: frozenset[str] = frozenset()


def decide_contact(
    before: resources_pb2.Contact | None, after: resources_pb2.Contact, facts: ContactFacts
) -> resources_pb2.Contact:
    """The contact as it will be kept: tidied, checked, and with its derived fields.

    Raises:
        Failure: CONTACT_UNIDENTIFIED, EMAIL_REPEATED or BIRTH_DATE_INVALID; INVALID_ARGUMENT for what is no address;
            CONTACT_ERASED for a new address of somebody who was erased.
    """
    tidy_fields(after, "given_name", "family_name", "job_title", "external_id")
    if before is None and not after.owner_id:
        after.owner_id = facts.caller_id
    derive_phones(before, after, facts.region_code)
    _check_emails(after)
    _check_erased(before, after, facts.erased)
    if after.HasField("birth_date"):
        _check_birth_date(after.birth_date, facts.today)
    after.primary_email = after.emails[0].address.lower() if after.emails else ""
    after.display_name = display_name(after)
    if not after.display_name:
        raise Failure("CONTACT_UNIDENTIFIED", fields={"": "needs a name, an e-mail address or a phone number"})
    return after


def display_name(contact: resources_pb2.Contact) -> str:
    """What lists show."""
    full = f"{contact.given_name} {contact.family_name}".strip()
    if full:
        return full
    if contact.emails:
        return str(contact.emails[0].address)
    return str(contact.phones[0].number) if contact.phones else ""


def _check_emails(contact: resources_pb2.Contact) -> None:
    seen: set[str] = set()
    for number, email in enumerate(contact.emails):
        email.address = email.address.strip()
        try:
            key = email_key(email.address)
        except ValueError:
            raise invalid(f"emails[{number}].address", "must be a valid email address") from None
        if key in seen:
            raise Failure("EMAIL_REPEATED", fields={f"emails[{number}].address": "stands twice"})
        seen.add(key)


def _check_erased(before: resources_pb2.Contact | None, after: resources_pb2.Contact, erased: frozenset[str]) -> None:
    known = {email.address for email in before.emails} if before is not None else set()
    for number, email in enumerate(after.emails):
        if email.address not in known and erased and email_key(email.address) in erased:
            raise Failure("CONTACT_ERASED", fields={f"emails[{number}].address": "is of somebody who was erased"})


def _check_birth_date(date: date_pb2.Date, today: datetime.date) -> None:
    try:
        day = datetime.date(date.year or _ANY_YEAR, date.month, date.day)
    except ValueError:
        raise Failure("BIRTH_DATE_INVALID", fields={"birth_date": "is no day of the calendar"}) from None
    if date.year and day > today:
        raise Failure("BIRTH_DATE_INVALID", fields={"birth_date": "lies in the future"})
