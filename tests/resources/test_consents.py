"""Consents on both engines: kept as they came, counted on the contact, one after the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from services.customers.service import consents as area
from tests.resources.customers_calls import call, outcome, tenant

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

GRANTED = {"decision": "CONSENT_DECISION_GRANTED", "legalBasis": "LEGAL_BASIS_CONSENT", "proof": "ticked the box"}
DENIED = {"decision": "CONSENT_DECISION_DENIED"}


def noted(mesh: LocalMesh, member: Member, contact: str, purpose: str, what: dict[str, str], day: int = 1) -> Any:
    made = {"contactId": contact, "channel": 1, "purpose": purpose, "source": "page", **what}
    made["decideTime"] = f"2026-01-{day:02}T00:00:00Z"
    return call(mesh, member, "CreateConsent", consent=made)


def allowed(mesh: LocalMesh, member: Member, contact: str) -> list[str]:
    return list(call(mesh, member, "GetContact", id=contact).granted_consents)


def check_withdrawal(mesh: LocalMesh) -> None:
    member = tenant(mesh, "consents")
    ann, bob = (call(mesh, member, "CreateContact", contact={"givenName": name}).id for name in ("Ann", "Bob"))
    noted(mesh, member, ann, "news", GRANTED, 2)
    noted(mesh, member, bob, "news", GRANTED, 2)
    noted(mesh, member, ann, "offers", GRANTED, 2)
    assert allowed(mesh, member, ann) == ["email/news", "email/offers"]
    noted(mesh, member, ann, "news", DENIED, 1)
    assert allowed(mesh, member, ann) == ["email/news", "email/offers"], "what came before does not count any more"
    last = noted(mesh, member, ann, "news", DENIED, 2)
    assert allowed(mesh, member, ann) == ["email/offers"], "of two at once the refusal counts"
    told = call(mesh, member, "CheckConsent", id=ann, channel="CONSENT_CHANNEL_EMAIL", purpose="news")
    assert (told.decision, told.consent.id) == (2, last.id)
    assert not call(mesh, member, "CheckConsent", id=ann, channel=2, purpose="news").decision
    found = call(mesh, member, "ListContacts", filter='granted_consents:"email/news"').contacts
    assert [contact.id for contact in found] == [bob]
    history = call(mesh, member, "ListConsents", filter=f'contact_id = "{ann}"', orderBy="decide_time").consents
    assert [each.decision for each in history] == [2, 1, 1, 2]


def test_what_is_withdrawn_is_not_granted_and_stays_told(mesh: LocalMesh) -> None:
    check_withdrawal(mesh)


def test_a_refusal_that_does_not_count_is_noticed(mesh: LocalMesh) -> None:
    """The fault that the test above is there for."""
    unweighed = mock.patch.object(
        area, "granted", lambda history: sorted({f"email/{each.purpose}" for each in history})
    )
    with unweighed, pytest.raises(AssertionError):
        check_withdrawal(mesh)


def test_those_of_one_contact_at_once_all_count(mesh: LocalMesh) -> None:
    member = tenant(mesh, "consents")
    ann = call(mesh, member, "CreateContact", contact={"givenName": "Ann"}).id
    purposes = [f"purpose-{number}" for number in range(6)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda purpose: noted(mesh, member, ann, purpose, GRANTED), purposes))
    assert allowed(mesh, member, ann) == [f"email/{purpose}" for purpose in purposes]


def test_nobody_agrees_for_whom_they_do_not_know(mesh: LocalMesh) -> None:
    member, stranger = tenant(mesh, "consents"), tenant(mesh, "consents")
    ann = call(mesh, member, "CreateContact", contact={"givenName": "Ann"}).id
    made = {"contactId": ann, "channel": 1, "purpose": "news", "source": "page", **GRANTED}
    assert outcome(mesh, stranger, "CreateConsent", consent=made) == "INVALID_ARGUMENT"
    assert outcome(mesh, stranger, "CheckConsent", id=ann, channel=1, purpose="news") == "NOT_FOUND"
    assert outcome(mesh, member, "CreateConsent", consent={**made, "proof": ""}) == "CONSENT_UNFOUNDED"
