"""A contact names its owner, who is a user of another service: shown, searched, followed, and never made up.

What a list of such contacts costs, at most five statements whatever the page, is shown in tests/resources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mesh.testing.company import found, reason
from mesh.testing.eventually import eventually
from mesh.testing.outage import instance_of, kept_down
from mesh.testing.planted import planted
from mesh.testing.running import running_mesh

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mesh.testing.company import Company, Person
    from mesh.testing.running import RunningMesh

NOBODY = f"usr_{1:026}"
_SECONDS = 10.0
_UNTITLED = """
from sqlalchemy import literal
title_columns = lambda table, contract: {name: literal("", type_=TEXT) for name, _ in titles_of(contract)}
"""
_CLINGING = """
_every = _concerns
_concerns = lambda field, kind, reason: reason != references_pb2.MOVE_REASON_DELETE and _every(field, kind, reason)
"""


def made(company: Company, name: str, owner: str) -> str:
    """A new contact with an owner; its id."""
    return str(company.owner.ask("POST", "/v1/contacts", {"familyName": name, "ownerId": owner})["id"])


def owners(company: Company, condition: str = "") -> dict[str, tuple[str, str]]:
    """By family name of the contacts that a filter lets through, their owner's id and name, as a list has them."""
    contacts = company.owner.ask("GET", f"/v1/contacts?{httpx.QueryParams({'filter': condition})}")["contacts"]
    return {each["familyName"]: (each.get("ownerId", ""), each.get("ownerName", "")) for each in contacts}


def shown(company: Company, expected: dict[str, tuple[str, str]], of: str, condition: str = "") -> None:
    """Soon a list has exactly these owners."""
    eventually(lambda: owners(company, condition) == expected, within=_SECONDS, of=of)


def rename(company: Company, person: Person, name: str) -> None:
    company.owner.ask("PATCH", f"/v1/users/{person.id}", {"displayName": name})


def refusal(company: Company, owner: str) -> tuple[int, str, list[str]]:
    """How a new contact with an owner is answered: status, reason, and the fields that are named."""
    answer = company.owner.send("POST", "/v1/contacts", {"familyName": "Refused", "ownerId": owner})
    details: list[dict[str, Any]] = answer.json().get("details", [])
    named = [violation["field"] for each in details for violation in each.get("fieldViolations", ())]
    return *reason(answer), named


def check_title(company: Company) -> None:
    """Who owns a contact is shown by name in lists, found by it, and shown by a new name soon."""
    ada, bea = company.add("ada@title.example"), company.add("bea@title.example")
    rename(company, ada, "Ada")
    rename(company, bea, "Bea")
    made(company, "One", ada.id)
    made(company, "Two", bea.id)
    shown(company, {"One": (ada.id, "Ada"), "Two": (bea.id, "Bea")}, of="the owners' names")
    shown(company, {"One": (ada.id, "Ada")}, of="the contacts found by name", condition='owner_name = "Ada"')
    rename(company, ada, "Ada Lovelace")
    shown(company, {"One": (ada.id, "Ada Lovelace"), "Two": (bea.id, "Bea")}, of="the new name")
    shown(company, {"Two": (bea.id, "Bea")}, of="the others", condition='owner_name != "Ada Lovelace"')
    assert owners(company, 'owner_name = "Ada"') == {}


def check_moved(company: Company) -> None:
    """What a user owns goes with them: to the one who takes over, and to nobody when they are deleted."""
    carl, dora = company.add("carl@moved.example"), company.add("dora@moved.example")
    rename(company, dora, "Dora")
    made(company, "Three", carl.id)
    made(company, "Four", dora.id)
    company.owner.ask("POST", f"/v1/users/{carl.id}:deactivate", {"successorId": dora.id})
    shown(company, {"Three": (dora.id, "Dora"), "Four": (dora.id, "Dora")}, of="the new owner")
    assert refusal(company, carl.id) == (400, "INVALID_ARGUMENT", ["contact.owner_id"])
    company.owner.ask("DELETE", f"/v1/users/{dora.id}")
    shown(company, {"Three": ("", ""), "Four": ("", "")}, of="no owner")
    assert refusal(company, dora.id) == (400, "INVALID_ARGUMENT", ["contact.owner_id"])


@pytest.mark.shows("seams.reference")
def test_the_owner_of_a_contact_is_shown_and_found_by_name_and_renamed(mesh: RunningMesh) -> None:
    check_title(found(mesh, "title"))


@pytest.mark.shows("seams.reference")
def test_what_a_user_owned_is_the_successors_and_nobodys_when_they_are_deleted(mesh: RunningMesh) -> None:
    check_moved(found(mesh, "moved"))


@pytest.mark.shows("seams.reference")
def test_an_owner_is_checked_and_with_users_down_the_known_ones_are_good(mesh: RunningMesh) -> None:
    company, stranger = found(mesh, "checked"), found(mesh, "elsewhere").owner
    known = company.add("known@checked.example")
    rename(company, known, "Known")
    made(company, "Before", known.id)
    shown(company, {"Before": (known.id, "Known")}, of="the owner being known")
    for owner in (NOBODY, stranger.id):
        assert refusal(company, owner) == (400, "INVALID_ARGUMENT", ["contact.owner_id"])
    with kept_down(mesh, instance_of(mesh, "users")):
        made(company, "Meanwhile", known.id)
        assert refusal(company, NOBODY) == (503, "UNAVAILABLE", [])
    assert owners(company) == dict.fromkeys(("Before", "Meanwhile"), (known.id, "Known"))
    eventually(lambda: refusal(company, NOBODY)[0] == 400, within=60, of="users being back")


@pytest.mark.parametrize(
    ("module", "source", "check", "complaint"),
    [
        pytest.param("mesh.resource.references", _UNTITLED, check_title, "the owners' names", id="untitled"),
        pytest.param("mesh.resource.moves", _CLINGING, check_moved, "no owner", id="clinging"),
    ],
)
def test_a_reference_that_says_nothing_or_the_wrong_is_found_out(
    tmp_path: Path, module: str, source: str, check: Callable[[Company], None], complaint: str
) -> None:
    with running_mesh(tmp_path / "home", options=("--no-demo",), **planted(tmp_path / "fault", module, source)) as mesh:
        company = found(mesh, "faulty")
        with pytest.raises(AssertionError, match=complaint):
            check(company)
