"""Contacts as cards of address books: vCard 3.0 (RFC 2426) and 4.0 (RFC 6350), read and written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import vobject
from rapport.customers.v1 import resources_pb2, vcard_service_pb2

from mesh.contract.failure import invalid

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 100
"""Cards in one file."""
_DAY = re.compile(r"(\d{4}|--)-?(\d{2})-?(\d{2})(?:T.*)?")
# What a type says of every address or number, and not what it is for.
_PLAIN = frozenset({"internet", "pref", "voice", "x400"})
_UNDIALLED = re.compile(r"[^+0-9 ()./-]")


def read_cards(data: bytes) -> list[resources_pb2.Contact]:
    """The contacts that a file describes, as their rule is still to pass them.

    Raises:
        Failure: INVALID_ARGUMENT on `content`, where it is no such file, or holds too many cards.
    """
    try:
        cards = list(vobject.readComponents(data.decode("utf-8-sig")))
        found = [_contact(card) for card in cards if card.name == "VCARD"]
    except (vobject.base.VObjectError, ValueError, AttributeError, IndexError, TypeError):
        raise invalid("content", "is no file of vCards in UTF-8") from None
    if not found or len(found) != len(cards):
        raise invalid("content", "holds no vCard, or something else beside them")
    if len(found) > MOST:
        raise invalid("content", f"holds more than {MOST} vCards")
    return found


def _contact(card: Any) -> resources_pb2.Contact:
    contact = resources_pb2.Contact()
    parts = card.contents
    if "n" in parts:
        name = parts["n"][0].value
        _put(contact, "given_name", " ".join(_texts([name.given, name.additional])))
        _put(contact, "family_name", " ".join(_texts([name.family])))
    if not contact.given_name and not contact.family_name:
        _put(contact, "family_name", _first(parts, "fn"))
    _put(contact, "job_title", _first(parts, "title"))
    _put(contact, "external_id", _first(parts, "uid"))
    for each in _preferred(parts.get("email", ())):
        address = each.value.removeprefix("mailto:").strip()
        if address:
            contact.emails.add(address=address, label=_label(each))
    for each in _preferred(parts.get("tel", ())):
        number = _UNDIALLED.sub("", each.value.removeprefix("tel:").partition(";")[0]).strip()
        if number:
            contact.phones.add(number=number, label=_label(each))
    for each in _preferred(parts.get("adr", ())):
        _read_address(contact, each.value)
    match = _DAY.fullmatch(_first(parts, "bday"))
    if match:
        year = 0 if match[1] == "--" else int(match[1])
        contact.birth_date.year, contact.birth_date.month, contact.birth_date.day = year, int(match[2]), int(match[3])
    return contact


def _put(contact: resources_pb2.Contact, name: str, value: str) -> None:
    if value:
        setattr(contact, name, value)


def _first(parts: Any, name: str) -> str:
    return str(parts[name][0].value).strip() if name in parts else ""


def _texts(values: Iterable[Any]) -> list[str]:
    """Texts in parts of a value, each of which may be one or a list."""
    found = [text for value in values for text in (value if isinstance(value, list) else [value])]
    return [str(text).strip() for text in found if str(text).strip()]


def _types(each: Any) -> list[str]:
    return [kind.strip().lower() for value in each.params.get("TYPE", ()) for kind in value.split(",")]


def _label(each: Any) -> str:
    return next((kind for kind in _types(each) if kind not in _PLAIN), "")[:40]


def _preferred(many: Iterable[Any]) -> list[Any]:
    """The preferred ones first: in 4.0 they have a number, in 3.0 the type `pref`."""

    def rank(each: Any) -> int:
        number = next(iter(each.params.get("PREF", ())), "")
        return int(number) if number.isdecimal() else 1 if "pref" in _types(each) else 101

    return sorted(many, key=rank)


def _read_address(contact: resources_pb2.Contact, value: Any) -> None:
    lines = _texts([value.box, value.extended, value.street])
    made = contact.addresses.add(address_lines=[line for text in lines for line in text.splitlines() if line])
    made.locality, made.administrative_area = " ".join(_texts([value.city])), " ".join(_texts([value.region]))
    made.postal_code, country = " ".join(_texts([value.code])), " ".join(_texts([value.country]))
    if re.fullmatch("[A-Z]{2}", country):
        made.region_code = country
    elif country:
        made.address_lines.append(country)


def write_card(contact: resources_pb2.Contact, version: int) -> str:
    """The card of a contact; `version` is a `VcardVersion`."""
    new = version != vcard_service_pb2.VCARD_VERSION_3_0
    card = vobject.vCard()
    card.add("version").value = "4.0" if new else "3.0"
    card.add("fn").value = contact.display_name
    card.add("n").value = vobject.vcard.Name(family=contact.family_name, given=contact.given_name)
    for name, value in (("title", contact.job_title), ("uid", contact.external_id or contact.id)):
        if value:
            card.add(name).value = value
    for number, email in enumerate(contact.emails):
        _add(card, "email", email.address, email.label, first=number == 0, new=new)
    for number, phone in enumerate(contact.phones):
        _add(card, "tel", phone.number, phone.label, first=number == 0, new=new)
    for address in contact.addresses:
        _write_address(card, address)
    if contact.HasField("birth_date"):
        day = contact.birth_date
        known = f"{day.year:04}-{day.month:02}-{day.day:02}"
        card.add("bday").value = known if day.year else f"--{day.month:02}{day.day:02}"
    return str(card.serialize())


def _add(card: Any, name: str, value: str, label: str, *, first: bool, new: bool) -> None:
    """An address or a number; the first one is the preferred one."""
    line = card.add(name)
    line.value = value
    kind = re.sub(r"[^\w-]", "", label)
    kinds = [kind] if kind else []
    if first and new:
        line.params["PREF"] = ["1"]
    elif first:
        kinds.append("pref")
    if kinds:
        line.params["TYPE"] = kinds


def _write_address(card: Any, address: Any) -> None:
    card.add("adr").value = vobject.vcard.Address(
        street="\n".join(address.address_lines),
        city=address.locality,
        region=address.administrative_area,
        code=address.postal_code,
        country=address.region_code,
    )
