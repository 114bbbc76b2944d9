"""Keys by which people and companies are recognised, and what two descriptions of one person have in common."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapport.customers.v1 import resources_pb2

from services.customers.domain.contacts import ContactFacts, decide_contact
from services.customers.domain.duplicates import HARD, SOFT, match
from services.customers.domain.keys import domain_key, email_key, host_of, name_key, phone_key
from tests.services.test_contact_rules import FACTS

Contact = resources_pb2.Contact
LABELS = st.from_regex("[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True).filter(lambda label: label[2:4] != "--")


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("Ann@Example.COM", "ann@example.com"),
        ("  ann@example.com\t", "ann@example.com"),
        ("ann+news@example.com", "ann+news@example.com"),
        ("a.n.n@example.com", "a.n.n@example.com"),
        ("ann@Bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@XN--BCHER-KVA.example", "ann@xn--bcher-kva.example"),
        ("ann@faß.example", "ann@xn--fa-hia.example"),
        ("ann@bücher。example", "ann@xn--bcher-kva.example"),
    ],
)
def test_an_address_has_one_key_however_it_is_written(address: str, key: str) -> None:
    assert email_key(address) == key


@pytest.mark.parametrize(
    "address", ["", "ann", "@example.com", "ann@", "ann@-x.example", "ann@a..b", "an n@b.example", "ann@\u0300.example",
                "ann@" + "a" * 64 + ".example", "änn@example.com"],
)  # fmt: skip
def test_what_is_no_address_has_no_key(address: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        email_key(address)


@given(st.from_regex("[a-zA-Z0-9.+_-]{1,20}", fullmatch=True), st.lists(LABELS, min_size=1, max_size=4))
def test_a_key_is_its_own_key_and_knows_no_case(local: str, labels: list[str]) -> None:
    address = f"{local}@{'.'.join(labels)}"
    key = email_key(address)
    assert key == email_key(key) == email_key(address.upper()) == address.lower()


@pytest.mark.parametrize(
    ("number", "region", "key"),
    [
        ("+61 2 9374 4000", "", "+61293744000"),
        ("02 9374 4000", "AU", "+61293744000"),
        ("(02) 9374-4000", "AU", "+61293744000"),
        ("0061 2 9374 4000", "DE", "+61293744000"),
        ("02 9374 4000", "", ""),
        ("030 123456", "DE", "+4930123456"),
        ("415 555 2671", "US", "+14155552671"),
        ("123", "AU", ""),
        ("...", "AU", ""),
    ],
)
def test_a_number_is_dialled_from_anywhere(number: str, region: str, key: str) -> None:
    assert phone_key(number, region) == key


@pytest.mark.parametrize(
    ("text", "host", "registered"),
    [
        ("Acme.CO.UK", "acme.co.uk", "acme.co.uk"),
        ("https://www.acme.co.uk/about?x=1#y", "acme.co.uk", "acme.co.uk"),
        ("http://ann@shop.acme.com:8080", "shop.acme.com", "acme.com"),
        ("bücher.de", "xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("acme.com.", "acme.com", "acme.com"),
        ("gmail.com", "gmail.com", ""),
        ("co.uk", "co.uk", ""),
        ("one.github.io", "one.github.io", "one.github.io"),
    ],
)
def test_a_host_says_who_registered_it(text: str, host: str, registered: str) -> None:
    assert host_of(text) == host
    assert domain_key(host) == registered


@pytest.mark.parametrize("text", ["", "acme", "a b.example", "https://", "-.example", "mailto:x"])
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        host_of(text)


def test_a_name_is_known_without_its_case_accents_and_marks() -> None:
    assert name_key("Zoë-Ann", "O'Day") == name_key(" zoe  ANN", "o day") == "zoe ann o day"
    assert name_key("Zoë", "") == ""


def test_a_tenant_that_moves_does_not_change_whom_it_calls() -> None:
    phones = [resources_pb2.PhoneNumber(number="02 9374 4000")]
    here = ContactFacts(FACTS.caller_id, FACTS.today, "AU")
    kept = decide_contact(None, Contact(phones=phones), here)
    assert list(kept.e164_phones) == ["+61293744000"]
    again = Contact()
    again.CopyFrom(kept)
    again.phones.add(number="030 123456")
    moved = decide_contact(kept, again, ContactFacts(FACTS.caller_id, FACTS.today, "DE"))
    assert list(moved.e164_phones) == ["+61293744000", "+4930123456"]


def described(**fields: Any) -> Any:
    emails = [resources_pb2.EmailAddress(address=a.lstrip("*"), shared=a[0] == "*") for a in fields.pop("emails", ())]
    phones = [resources_pb2.PhoneNumber(number=number) for number in fields.pop("phones", ())]
    facts = ContactFacts(FACTS.caller_id, FACTS.today, "AU")
    return decide_contact(None, Contact(emails=emails, phones=phones, **fields), facts)


ANN = {"given_name": "Ann", "family_name": "Lee"}
BORN = {"birth_date": {"year": 1980, "month": 1, "day": 2}}
CALLED, CALLED_AGAIN = {"phones": ["02 9374 4000"]}, {"phones": ["+61293744000"]}


@pytest.mark.parametrize(
    ("one", "other", "strength"),
    [
        ({"emails": ["a@b.example"]}, {"emails": ["c@b.example", "A@B.example"]}, HARD),
        ({**ANN, "external_id": "7"}, {"given_name": "Bo", "external_id": "7"}, HARD),
        ({"emails": ["*a@b.example"], **ANN}, {"emails": ["a@b.example"], "given_name": "Bo"}, None),
        ({"emails": ["*a@b.example"], **ANN}, {"emails": ["a@b.example"], **ANN}, SOFT),
        ({**ANN, **CALLED}, {"given_name": "ann", "family_name": "LEE", **CALLED_AGAIN}, SOFT),
        ({**ANN, **BORN}, {**ANN, **BORN}, SOFT),
        (ANN, ANN, None),
        ({**ANN, **CALLED}, {"given_name": "Bo", **CALLED}, None),
        ({"given_name": "Ann", "phones": ["123"]}, {"given_name": "Ann", "phones": ["123"]}, None),
    ],
)  # fmt: skip
def test_two_are_one_by_what_they_share(one: dict[str, Any], other: dict[str, Any], strength: int | None) -> None:
    first, second = described(**one), described(**other)
    found = match(first, second)
    assert (found.strength if found else None) == strength
    back = match(second, first)
    assert back == found
