"""A user leaves the company: the contacts they own go to their manager, once and in order, whoever dies meanwhile."""

from __future__ import annotations

import contextlib
import datetime
import os
import signal
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mesh.contract.etags import etag
from mesh.testing.company import found, good
from mesh.testing.eventually import eventually
from mesh.testing.outage import instance_of, kept_down, pid_of
from mesh.testing.planted import planted
from mesh.testing.running import running_mesh
from tests.journeys.feed_watcher import over_http

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mesh.testing.company import Company, Person
    from mesh.testing.running import RunningMesh

CONTACTS = 1000
# Under a fault as many chunks, of fewer contacts.
_ATTEMPTS = 4
_FEW = 200
_CHUNK = "CHUNK = 40"
_BATCH = 100
_PAGE = 200
FAULTS = {
    "a process takes the moves that it finds for done": (
        "all contacts having another owner",
        """
_made = Moves.__init__
def _believing(self, environment, resources):
    _made(self, environment, resources)
    for tenant, move in environment.store.read(_DUE, tenant=None, timeout=5.0, now=1 << 62):
        with environment.store.transaction(tenant=tenant, timeout=5.0) as transaction:
            transaction.write(_ADVANCE, move=move, new_state=_DONE, new_place=0, new_after_id="", new_due_us=0)
Moves.__init__ = _believing
""",
    ),
    "contacts are moved whoever has them": (
        # Whichever comes first: what moves without end keeps other work from being done, too.
        "everybody has what is theirs|another owner by hand did not come true",
        """
import inspect
from mesh.resource import holding as _module
_condition = 'column == bindparam("held", type_=TEXT)'
_careless = inspect.getsource(_module.holding).replace(_condition, 'bindparam("held", type_=TEXT) != ""')
exec("from __future__ import annotations\\n" + _careless, vars(_module))
holding = _module.holding
replaced = lambda value, from_id, to_id: to_id
""",
    ),
}


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works in the company: one of them leaves, their manager, and somebody else with contacts of their own."""

    company: Company
    leaver: Person
    manager: Person
    other: Person


def staff(mesh: RunningMesh, slug: str) -> Staff:
    """The people of a new company, who are known by name."""
    company = found(mesh, slug)
    leaver, manager, other = (company.add(f"{name}@{slug}.example") for name in ("leaver", "manager", "other"))
    company.owner.ask("PATCH", f"/v1/users/{leaver.id}", {"managerId": manager.id})
    return Staff(company, leaver, manager, other)


def fill(person: Person, number: int) -> list[str]:
    """So many contacts of a person, made by themselves; their ids."""
    made: list[str] = []
    while len(made) < number:
        contacts = [{"familyName": f"C{len(made) + each:04}"} for each in range(min(_BATCH, number - len(made)))]
        reply = person.ask("POST", "/v1/contacts:batchCreate", {"contacts": contacts})
        made.extend(contact["id"] for contact in reply["contacts"])
    return made


def listed(person: Person, collection: str, key: str, condition: str = "") -> Iterator[dict[str, Any]]:
    """All resources of a collection that a person sees and a filter lets through."""
    query = {"page_size": str(_PAGE), "filter": condition, "page_token": ""}
    while True:
        reply = person.ask("GET", f"/v1/{collection}?{httpx.QueryParams(query)}")
        yield from reply[key]
        query["page_token"] = reply["nextPageToken"]
        if not query["page_token"]:
            return


def owned(company: Company, user: str) -> int:
    """How many contacts a user owns."""
    query = httpx.QueryParams({"filter": f'owner_id = "{user}"'})
    return int(company.owner.ask("GET", f"/v1/contacts:count?{query}")["count"])


def give(company: Company, contact: str, user: str) -> None:
    """Let a contact have another owner, as soon as that is possible."""
    sent = {"ownerId": user}
    eventually(
        lambda: good(company.owner.send("PATCH", f"/v1/contacts/{contact}", sent)),
        within=30,
        of="another owner by hand",
    )


def end_of_feed(mesh: RunningMesh, person: Person) -> str:
    """A cursor behind everything that has happened."""
    with contextlib.closing(over_http("ndjson", mesh.target, person.token, "")) as feed:
        return str(next(each["cursor"] for each in feed if each["kind"].endswith("SNAPSHOT_COMPLETE")))


def told(mesh: RunningMesh, person: Person, cursor: str, holders: dict[str, str]) -> dict[str, list[tuple[int, str]]]:
    """By contact, the number and the owner of each change behind a cursor, until all have these owners.

    The first change of each, its creation, was in the snapshot; its event may have been published after that, and is
    then told once more.
    """
    changes: dict[str, list[tuple[int, str]]] = {}
    missing = set(holders)
    with contextlib.closing(over_http("ndjson", mesh.target, person.token, cursor)) as feed:
        for each in feed:
            assert each["kind"].endswith(("CHANGED", "HEARTBEAT")), "the cursor is good all the time"
            assert each["kind"].endswith("CHANGED"), f"nothing more comes, without {len(missing)} owners"
            identity, owner = each["contact"]["id"], each["contact"].get("ownerId", "")
            change = (int(each["sequence"]), owner)
            if change[0] == 1:
                continue
            seen = changes.setdefault(identity, [])
            if change not in seen:  # the broker may bring one twice
                seen.append(change)
            if owner == holders[identity]:
                missing.discard(identity)
            if not missing:
                break
    return changes


class NotInTheMiddle(AssertionError):
    """The kill came before the first contact was moved, or after the last."""


def check_hand_over(mesh: RunningMesh, people: Staff, number: int) -> None:
    """One of them is deactivated while processes die; all contacts are where they belong, and by one step each."""
    company, leaver, manager, other = people.company, people.leaver, people.manager, people.other
    theirs, others = fill(leaver, number), fill(other, 3)
    early, late = theirs[-1], theirs[0]  # contacts are moved in the order of their ids
    cursor = end_of_feed(mesh, company.owner)

    victim = pid_of(mesh, instance_of(mesh, "customers"))
    company.owner.ask("POST", f"/v1/users/{leaver.id}:deactivate", {})
    with kept_down(mesh, instance_of(mesh, "users")):
        give(company, early, other.id)
    eventually(lambda: owned(company, manager.id), within=30, of="the first contacts of the manager")
    os.kill(victim, signal.SIGKILL)
    killed = datetime.datetime.now(datetime.UTC)
    give(company, late, other.id)

    moved = set(theirs) - {early, late}
    eventually(lambda: owned(company, leaver.id) == 0, within=20 + number / 50, of="all contacts having another owner")
    contacts = {each["id"]: each for each in listed(company.owner, "contacts", "contacts")}
    holders = dict.fromkeys(moved, manager.id) | {early: other.id, late: other.id}
    kept = dict.fromkeys(others, other.id)
    assert {each: c["ownerId"] for each, c in contacts.items()} == holders | kept, "everybody has what is theirs"
    times = sorted(datetime.datetime.fromisoformat(contacts[each]["updateTime"]) for each in moved)
    if not times[0] < killed < times[-1]:
        raise NotInTheMiddle
    assert {contacts[each]["etag"] for each in others} == {etag(1)}

    steps = told(mesh, company.owner, cursor, holders)
    given = [(2, other.id)], [(2, manager.id), (3, other.id)]  # before the move reached it, and afterwards
    assert steps[early] in given
    assert steps[late] == given[1]
    assert {each: steps[each] for each in moved} == {each: [(2, manager.id)] for each in moved}
    assert {contacts[each]["etag"] for each in moved} == {etag(2)}
    check_recorded(company, [each for each, made in steps.items() if (2, manager.id) in made])


def check_hand_over_over_a_kill(mesh: RunningMesh, slug: str, number: int) -> None:
    """The same, until one was killed in its middle: a move may be done before anybody sees that it has begun."""
    for attempt in range(_ATTEMPTS):
        try:
            check_hand_over(mesh, staff(mesh, f"{slug}-{attempt}"), number << attempt)
        except NotInTheMiddle:
            continue
        return
    raise NotInTheMiddle


def check_recorded(company: Company, moved: list[str]) -> None:
    """The audit chain has one record of the service for each contact that was moved, by order of the owner."""

    def records() -> list[dict[str, Any]]:
        entries = listed(company.owner, "audit-entries", "auditEntries", 'action = "contact.updated"')
        by_mesh = [entry for entry in entries if entry["principalId"] == "service:customers"]
        assert len(by_mesh) >= len(moved)
        return by_mesh

    found_there = eventually(records, within=20, of="the records of the move")
    assert Counter(entry["resource"] for entry in found_there) == Counter(f"contacts/{each}" for each in moved)
    assert {entry["actorId"] for entry in found_there} == {company.owner.id}


@pytest.mark.shows("seams.consumer")
def test_the_contacts_of_who_leaves_go_to_the_manager_once_and_in_order(mesh: RunningMesh) -> None:
    check_hand_over_over_a_kill(mesh, "leaving", CONTACTS)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_hand_over_that_leaves_or_takes_too_much_is_found_out(tmp_path: Path, fault: str) -> None:
    complaint, source = FAULTS[fault]
    settings = planted(tmp_path / "fault", "mesh.resource.moves", _CHUNK + source)
    with (
        running_mesh(tmp_path / "home", options=("--no-demo",), **settings) as mesh,
        pytest.raises(AssertionError, match=complaint),
    ):
        check_hand_over_over_a_kill(mesh, "careless", _FEW)
