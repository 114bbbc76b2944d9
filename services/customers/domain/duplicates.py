"""The rules by which two descriptions may be of one person: what is the same in both, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapport.customers.v1 import contact_service_pb2

from services.customers.domain.keys import email_key, name_key

if TYPE_CHECKING:
    from rapport.customers.v1 import resources_pb2

SOFT, HARD = contact_service_pb2.DUPLICATE_STRENGTH_SOFT, contact_service_pb2.DUPLICATE_STRENGTH_HARD


@dataclass(frozen=True, slots=True)
class Match:
    """How sure it is that two are one, as a `DuplicateStrength`, and what is the same in both."""

    strength: int
    matched: tuple[str, ...]


def match(one: resources_pb2.Contact, other: resources_pb2.Contact) -> Match | None:
    """What makes two contacts, both as their rule leaves them, one person; None where nothing does.

    An address that belongs to one alone, or the key in another system, leaves no doubt. A name is borne by many: it
    counts together with a phone number, the day of birth or an address that is shared.
    """
    addresses, others = _addresses(one), _addresses(other)
    both = addresses.keys() & others.keys()
    alone = any(not addresses[key] and not others[key] for key in both)
    name = name_key(one.given_name, one.family_name)
    same = {
        "external_id": bool(one.external_id) and one.external_id == other.external_id,
        "emails": bool(both),
        "phones": bool((set(one.e164_phones) & set(other.e164_phones)) - {""}),
        "name": bool(name) and name == name_key(other.given_name, other.family_name),
        "birth_date": one.HasField("birth_date") and one.birth_date == other.birth_date,
    }
    matched = tuple(name for name, holds in same.items() if holds)
    if same["external_id"] or alone:
        return Match(HARD, matched)
    return Match(SOFT, matched) if same["name"] and len(matched) > 1 else None


def _addresses(contact: resources_pb2.Contact) -> dict[str, bool]:
    """By the keys of its addresses, whether others have them too."""
    return {email_key(email.address): email.shared for email in contact.emails}
