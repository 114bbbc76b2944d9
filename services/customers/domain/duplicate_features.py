"""What of a contact is compared with others: its values in the form in which the same thing reads the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.customers.domain.keys import email_key, folded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from google.protobuf.struct_pb2 import Value
    from google.type import postal_address_pb2
    from rapport.customers.v1 import resources_pb2

MOST_VALUES = 5
"""E-mail addresses, phone numbers and postal addresses of one contact that are compared, the preferred ones first."""
_MOST_CHARACTERS = 100
_NUMBERED = re.compile(r"^(\d+\w?) (.+)$")


@dataclass(frozen=True, slots=True)
class Place:
    """A postal address in parts; each is empty where it is not known."""

    number: str
    street: str
    premises: str
    locality: str
    postcode: str
    region: str

    @property
    def whole(self) -> str:
        """The address as one text, by which it is counted how many have it; empty where no street is known."""
        if not self.street:
            return ""
        return f"{self.number}|{self.street}|{self.premises}|{self.locality}|{self.postcode}|{self.region}"


@dataclass(frozen=True, slots=True)
class Features:
    """The comparable values of a contact.

    birth: `YYYYMMDD`, `0000` for a year that is not known; empty where nothing is known. phones: in E.164 or, where
    that is not known, their digits. identifying: by the key of a custom field, its value.
    """

    given: str
    family: str
    birth: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    places: tuple[Place, ...]
    identifying: tuple[tuple[str, str], ...]


def features_of(contact: resources_pb2.Contact, identifying: Iterable[str] = ()) -> Features:
    """The values of a contact as its rule left it; `identifying` are the keys of custom fields that tell who it is."""
    day = contact.birth_date
    known = [(key, compact(_text(contact.custom.fields[key]))) for key in identifying if key in contact.custom.fields]
    return Features(
        given=_cut(folded(contact.given_name)),
        family=_cut(folded(contact.family_name)),
        birth=f"{day.year:04}{day.month:02}{day.day:02}" if contact.HasField("birth_date") else "",
        phones=tuple(_distinct(_phones(contact))),
        emails=tuple(_distinct(_emails(contact))),
        places=tuple(map(_place, contact.addresses[:MOST_VALUES])),
        identifying=tuple((key, value) for key, value in known if value),
    )


def compact(text: str) -> str:
    """A text of which case, accents, punctuation and white space are no part."""
    return _cut(folded(text).replace(" ", ""))


def _phones(contact: resources_pb2.Contact) -> Iterable[str]:
    for number, phone in enumerate(contact.phones[:MOST_VALUES]):
        reached = contact.e164_phones[number] if number < len(contact.e164_phones) else ""
        yield reached or re.sub(r"\D", "", phone.number)


def _emails(contact: resources_pb2.Contact) -> Iterable[str]:
    for email in contact.emails[:MOST_VALUES]:
        try:
            yield _cut(email_key(email.address))
        except ValueError:  # an address of a time when another rule held
            continue


def _place(address: postal_address_pb2.PostalAddress) -> Place:
    lines = [line for line in map(folded, address.address_lines) if line]
    numbered = _NUMBERED.match(lines[0]) if lines else None
    if lines and lines[0].isdigit() and len(lines) > 1:  # the number of the house on a line of its own
        number, street, others = lines[0], lines[1], lines[2:]
    elif numbered:
        number, street, others = numbered[1], numbered[2], lines[1:]
    else:
        number, street, others = "", lines[0] if lines else "", lines[1:]
    return Place(
        number=_cut(number),
        street=_cut(street),
        premises=_cut(" ".join(others)),
        locality=_cut(folded(address.locality)),
        postcode=compact(address.postal_code),
        region=compact(address.administrative_area),
    )


def _text(value: Value) -> str:
    kind = value.WhichOneof("kind")
    if kind == "number_value":
        return f"{value.number_value:.15g}"
    return value.string_value if kind == "string_value" else ""


def _cut(text: str) -> str:
    """Comparing takes time that grows with the square of the length."""
    return text[:_MOST_CHARACTERS]


def _distinct(values: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(value for value in values if value)
