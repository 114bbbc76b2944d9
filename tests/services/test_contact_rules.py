"""The rules of contacts: known answers, and properties of every contact that passes."""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from rapport.customers.v1 import resources_pb2

from mesh.contract.failure import Failure
from mesh.testing.messages import strategy
from services.customers.domain.contacts import ContactFacts, decide_contact, display_name
from services.customers.domain.texts import tidy

Contact = resources_pb2.Contact
FACTS = ContactFacts(caller_id="usr_caller", today=datetime.date(2026, 3, 1))


def decided(**fields: Any) -> Any:
    return decide_contact(None, Contact(**fields), FACTS)


def addresses(*texts: str) -> list[Any]:
    return [resources_pb2.EmailAddress(address=text) for text in texts]


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("", ""),
        ("  ", ""),
        (" Ann ", "Ann"),
        ("Ann\t\n  Lee", "Ann Lee"),
        ("Zoe\u0308", "Zoë"),
        ("\u00a0Ann\u2003Lee\u00a0", "Ann Lee"),
        ("名前", "名前"),
    ],
)
def test_a_text_is_tidied(text: str, tidied: str) -> None:
    assert tidy(text) == tidied


@given(st.text(max_size=40))
def test_a_tidied_text_is_composed_single_spaced_and_stays_so(text: str) -> None:
    tidied = tidy(text)
    assert tidy(tidied) == tidied
    assert unicodedata.is_normalized("NFC", tidied)
    assert not re.search(r"^\s|\s$|\s\s", tidied)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"given_name": "Ann", "family_name": "Lee"}, "Ann Lee"),
        ({"given_name": "Ann"}, "Ann"),
        ({"family_name": "Lee"}, "Lee"),
        ({"emails": addresses("A@b.example")}, "A@b.example"),
        ({"phones": [resources_pb2.PhoneNumber(number="+61  2 99")]}, "+61 2 99"),
        ({"given_name": "Ann", "emails": addresses("a@b.example")}, "Ann"),
        ({"given_name": "  ", "emails": addresses("a@b.example")}, "a@b.example"),
    ],
)
def test_a_contact_is_shown_by_the_best_it_has(fields: dict[str, Any], shown: str) -> None:
    assert decided(**fields).display_name == shown


@pytest.mark.parametrize(
    "fields", [{}, {"given_name": " "}, {"job_title": "Head"}, {"external_id": "7"}, {"display_name": "sent"}]
)
def test_a_contact_that_nobody_finds_again_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(Failure, match="CONTACT_UNIDENTIFIED"):
        decided(**fields)


def test_an_address_stands_once_however_it_is_written() -> None:
    with pytest.raises(Failure) as caught:
        decided(emails=addresses("a@b.example", "c@b.example", " A@B.example "))
    assert caught.value.reason == "EMAIL_REPEATED"
    assert set(caught.value.fields) == {"emails[2].address"}


@pytest.mark.parametrize(
    ("year", "month", "day", "valid"),
    [
        (1980, 2, 29, True),
        (1981, 2, 29, False),
        (0, 2, 29, True),
        (0, 2, 30, False),
        (2026, 3, 1, True),
        (2026, 3, 2, False),
        (0, 12, 31, True),
        (1980, 0, 1, False),
        (1980, 13, 1, False),
        (1980, 1, 0, False),
        (1980, 1, 32, False),
        (-1, 1, 1, False),
        (10_000, 1, 1, False),
        (1, 1, 1, True),
    ],
)
def test_a_day_of_birth_is_a_past_day_of_the_calendar(year: int, month: int, day: int, *, valid: bool) -> None:
    contact = Contact(given_name="Ann")
    contact.birth_date.year, contact.birth_date.month, contact.birth_date.day = year, month, day
    if valid:
        decide_contact(None, contact, FACTS)
        return
    with pytest.raises(Failure) as caught:
        decide_contact(None, contact, FACTS)
    assert caught.value.reason == "BIRTH_DATE_INVALID"
    assert set(caught.value.fields) == {"birth_date"}


def test_a_new_contact_belongs_to_its_maker_and_an_old_one_may_belong_to_nobody() -> None:
    assert decided(given_name="Ann").owner_id == "usr_caller"
    assert decided(given_name="Ann", owner_id="usr_other").owner_id == "usr_other"
    changed = decide_contact(Contact(given_name="Ann"), Contact(given_name="Ann", owner_id=""), FACTS)
    assert changed.owner_id == ""


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(strategy(Contact.DESCRIPTOR, lambda prefix: [], depth=2))
def test_a_contact_that_passes_is_complete_and_passes_again_unchanged(contact: Any) -> None:
    try:
        first = decide_contact(None, contact, FACTS)
    except Failure:
        assume(condition=False)
        raise
    assert first.display_name == display_name(first) != ""
    assert first.primary_email == (first.emails[0].address.strip().lower() if first.emails else "")
    folded = [email.address.lower() for email in first.emails]
    assert len(set(folded)) == len(folded)
    again = Contact()
    again.CopyFrom(first)
    assert decide_contact(first, again, FACTS) == first
