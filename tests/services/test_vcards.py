"""Cards of address books: what is read of them, and that what is written is read again."""

from __future__ import annotations

from typing import Any

import pytest
from google.type import postal_address_pb2
from hypothesis import given
from hypothesis import strategies as st
from rapport.customers.v1 import resources_pb2

from mesh.contract.failure import Failure
from services.customers.domain.vcards import MOST, read_cards, write_card

NEW = b"""BEGIN:VCARD\r
VERSION:4.0\r
UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1\r
FN:Ann M\xc3\xbcller\r
N:M\xc3\xbcller;Ann;;;\r
EMAIL;TYPE=home:ann@home.example\r
item1.EMAIL;TYPE=work;PREF=1:ann@work.example\r
TEL;VALUE=uri;TYPE="voice,cell":tel:+61-2-9374-4000;ext=5\r
ADR;TYPE=home:;;1 Main St\\, Unit 2;Sydney;NSW;2000;AU\r
BDAY:--0229\r
TITLE:Head\\; of things\r
PHOTO:data:image/gif;base64,R0lGODlhAQABAAAAACw=\r
END:VCARD\r
"""
OLD = b"""BEGIN:VCARD
VERSION:3.0
N:Lee;Bo
FN:Bo Lee
EMAIL;TYPE=INTERNET:bo@home.example
EMAIL;TYPE=INTERNET,WORK,PREF:bo@work.example
TEL;TYPE=CELL:+61 2 9374 4000
BDAY:1980-01-02
NOTE:a long
  folded line
END:VCARD
"""


def test_a_card_of_either_version_is_read() -> None:
    ann, bo = read_cards(b"\xef\xbb\xbf" + NEW + OLD)
    assert (ann.given_name, ann.family_name, ann.job_title) == ("Ann", "M\u00fcller", "Head; of things")
    assert ann.external_id == "urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"
    assert [(e.address, e.label) for e in ann.emails] == [("ann@work.example", "work"), ("ann@home.example", "home")]
    assert [(p.number, p.label) for p in ann.phones] == [("+61-2-9374-4000", "cell")]
    (address,) = ann.addresses
    assert (list(address.address_lines), address.locality, address.region_code) == (
        ["1 Main St, Unit 2"], "Sydney", "AU",
    )  # fmt: skip
    assert (ann.birth_date.year, ann.birth_date.month, ann.birth_date.day) == (0, 2, 29)
    assert [e.address for e in bo.emails] == ["bo@work.example", "bo@home.example"]
    assert (bo.birth_date.year, bo.birth_date.day) == (1980, 2)


@pytest.mark.parametrize(
    "data",
    [b"x", b" ", b"\xff", b"BEGIN:VCARD\nVERSION:3.0\nN:a\n", b"BEGIN:VEVENT\nEND:VEVENT\n", OLD * (MOST + 1),
     b"BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:=C3=\nEND:VCARD\n"],
)  # fmt: skip
def test_what_is_no_file_of_cards_is_refused(data: bytes) -> None:
    with pytest.raises(Failure) as caught:
        read_cards(data)
    assert set(caught.value.fields) == {"content"}


WORDS = st.text(st.characters(categories=["Lu", "Ll", "Nd", "Po"], exclude_characters="\x00"), min_size=1, max_size=20)
LABELS = st.sampled_from(["", "work", "home", "cell"])


@given(
    given_name=WORDS,
    family_name=WORDS,
    job_title=WORDS,
    emails=st.lists(st.tuples(st.emails(), LABELS), max_size=3),
    lines=st.lists(WORDS, min_size=1, max_size=3),
    version=st.sampled_from([0, 1, 2]),
)
def test_what_is_written_is_read_again(
    given_name: str,
    family_name: str,
    job_title: str,
    emails: list[tuple[str, str]],
    lines: list[str],
    version: int,
) -> None:
    contact = resources_pb2.Contact(given_name=given_name, family_name=family_name, job_title=job_title)
    contact.external_id, contact.display_name = "k;1,2", f"{given_name} {family_name}"
    for address, label in emails:
        contact.emails.add(address=address, label=label)
    contact.phones.add(number="+61 2 9374 4000", label="cell")
    contact.addresses.append(postal_address_pb2.PostalAddress(address_lines=lines, locality="Town", region_code="NO"))
    contact.birth_date.month, contact.birth_date.day = 2, 29
    (read,) = read_cards(write_card(contact, version).encode())
    contact.ClearField("display_name")
    assert read == contact


def test_a_card_says_its_version() -> None:
    contact: Any = resources_pb2.Contact(id="con_1", display_name="Ann", given_name="Ann")
    assert "VERSION:4.0" in write_card(contact, 0).splitlines()
    assert "VERSION:3.0" in write_card(contact, 1).splitlines()
    assert "UID:con_1" in write_card(contact, 1).splitlines()
