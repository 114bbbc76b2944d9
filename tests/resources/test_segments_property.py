"""Members follow every change one by one, and are at any time those whom a full recompute in SQL finds."""

from __future__ import annotations

import random
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from rapport.customers.v1 import events_pb2
from sqlalchemy import select

from mesh.resource.scopes import EVERYTHING
from mesh.runtime.call import View
from mesh.runtime.identity import service_identity
from mesh.store.statement import TENANT, Statement
from services.customers.domain.segments import DYNAMIC, READY, Flag
from services.customers.service import segment_following, segment_members
from services.customers.service.segment_reading import matching
from services.customers.tables import contacts
from services.customers.tables import segment_members as member_table
from tests.resources.customers_calls import call
from tests.resources.segment_story import Story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.testing.local import LocalMesh

_TOLD = events_pb2.SegmentMembersChanged.DESCRIPTOR.full_name
_ROWS = Statement(
    select(member_table.c.segment_id, member_table.c.contact_id, member_table.c.member, member_table.c.flag).where(
        member_table.c.tenant_id == TENANT
    ),
    name="all members",
)


class Killed(Exception):
    """The process ends before it has committed."""


def found_anew(mesh: LocalMesh, story: Story, text: str) -> set[str]:
    """Whom a filter finds, by SQL over all contacts."""
    methods: Any = mesh.service("customers").methods["rapport.customers.v1.SegmentService"]
    environment = mesh.host("customers").environment
    view = View(environment, service_identity("customers", story.owner.tenant), time.monotonic() + 10)
    where, parameters = matching(
        methods._contacts, methods._definitions.filter(view, text), EVERYTHING, environment.clock.now_us()
    )
    return {row[0] for row in view.read(Statement(select(contacts.c.id).where(*where)), **parameters)}


def alive(story: Story) -> set[str]:
    found, token = set(), ""
    while True:
        page = call(story.mesh, story.owner, "ListContacts", pageSize=200, pageToken=token)
        found |= {each.id for each in page.contacts}
        token = page.next_page_token
        if not token:
            return found


def check(mesh: LocalMesh, story: Story) -> int:
    """That the members of every segment are right, and those that were told of; how many members there are."""
    store = mesh.host("customers").store
    rows = store.read(_ROWS, tenant=story.owner.tenant, timeout=10)
    told = replayed(mesh)
    live, count = alive(story), 0
    for segment in call(mesh, story.owner, "ListSegments", pageSize=200).segments:
        flags = {contact: flag for one, contact, _, flag in rows if one == segment.id}
        by_filter = found_anew(mesh, story, segment.filter) if segment.type == DYNAMIC else set()
        added = {contact for contact, flag in flags.items() if flag == Flag.ADDED} & live
        removed = {contact for contact, flag in flags.items() if flag == Flag.REMOVED}
        due = (by_filter - removed) | added
        kept = {contact for one, contact, member, _ in rows if one == segment.id and member}
        assert kept == due, f"{segment.id}: {segment.filter}"
        assert told.get(segment.id, set()) == due, f"what was told of {segment.id}: {segment.filter}"
        assert segment.state == READY
        count += len(kept)
    return count


def replayed(mesh: LocalMesh) -> dict[str, set[str]]:
    """By segment the members as a listener knows them, who is told nothing twice."""
    found: dict[str, set[str]] = {}
    for _, event in mesh.events("customers"):
        if event.type == _TOLD:
            change = events_pb2.SegmentMembersChanged.FromString(event.data)
            known = found.setdefault(change.segment_id, set())
            assert not known & set(change.entered_contact_ids)
            assert known >= set(change.left_contact_ids)
            known |= set(change.entered_contact_ids)
            known -= set(change.left_contact_ids)
    return found


@contextmanager
def killed_at_random(mesh: LocalMesh, rng: random.Random, share: float) -> Iterator[None]:
    """Members that are decided on and, now and then, never committed. Timers are let through: here they fire once."""
    keep, consumes, calm = segment_members.Members._time, mesh.service("customers").consumes, [0]
    timer = events_pb2.SegmentsDue.DESCRIPTOR.full_name
    due = consumes[timer]

    def killed(self: Any, *arguments: Any) -> None:
        keep(self, *arguments)
        if not calm[0] and rng.random() < share:
            raise Killed

    def calmly(*arguments: Any) -> None:
        calm[0] += 1
        try:
            due(*arguments)
        finally:
            calm[0] -= 1

    with mock.patch.object(segment_members.Members, "_time", killed), mock.patch.dict(consumes, {timer: calmly}):
        yield


def settle(mesh: LocalMesh) -> None:
    """Deliver all there is, however often the process ends meanwhile."""
    for _ in range(2_000):
        try:
            mesh.deliver()
        except Killed:
            continue
        return
    raise AssertionError("it never ends")


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few contacts are many."""
    monkeypatch.setattr(segment_following, "CHUNK", 3)
    monkeypatch.setattr(segment_members, "MOST_TOLD", 4)


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("seed", range(2))
def test_members_are_those_of_a_full_recompute_after_any_story(mesh: LocalMesh, seed: int) -> None:
    rng = random.Random(seed)  # a story to be told again
    story = Story(mesh, rng)
    members = 0
    for _ in range(10):
        happened = [story.step() for _ in range(rng.randrange(1, 12))]
        with killed_at_random(mesh, rng, 0.15):
            settle(mesh)
        try:
            members += check(mesh, story)
        except AssertionError as error:
            error.add_note(f"seed {seed}, after {happened}")
            raise
    assert members > 50, "a story in which something happens"


def tell(mesh: LocalMesh, seeds: range) -> None:
    """Stories without interruptions."""
    for seed in seeds:
        story = Story(mesh, random.Random(seed))  # a story to be told again
        for _ in range(8):
            for _ in range(8):
                story.step()
            mesh.deliver()
            check(mesh, story)


@pytest.mark.parametrize("fault", ["a change is not asked about", "time passes unseen", "a flag is lost"])
def test_members_that_are_not_followed_are_noticed(
    mesh: LocalMesh, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The faults that the test above is there for."""
    if fault == "a change is not asked about":
        monkeypatch.delitem(mesh.service("customers").consumes, "rapport.customers.v1.ContactUpdated")
    elif fault == "time passes unseen":
        monkeypatch.setattr(segment_members, "turn_of", lambda *given: None)
    else:
        monkeypatch.setattr(segment_members, "is_member", lambda flag, matches, alive: alive and matches)
    with pytest.raises(AssertionError):
        tell(mesh, range(4))
