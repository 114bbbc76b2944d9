"""Copies of what another service owns: from its snapshot, over gaps, and from states that are published again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rapport.customers.v1 import resource_events_pb2, resources_pb2

from mesh.contract.catalog import load_service
from mesh.events.bootstrap import bootstrap, is_complete
from mesh.events.inbox import Inbox
from mesh.events.owner import GAP_US, Owner
from mesh.resource.republish import republish
from mesh.testing.local import LocalMesh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.events.envelope import Event
    from mesh.runtime.environment import Environment
    from mesh.testing.local import Member

CONTACT = "customers.rapport/Contact"


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    mesh = LocalMesh(tmp_path_factory.mktemp("copies"))
    yield mesh
    mesh.close()


@pytest.fixture(scope="module")
def owner(mesh: LocalMesh) -> Member:
    return mesh.sign_up("copies")


@pytest.fixture
def contacts(mesh: LocalMesh, owner: Member) -> list[Any]:
    names = [f"Copy {number}" for number in range(5)]
    return [mesh.insert(owner.tenant, resources_pb2.Contact(display_name=name, family_name=name)) for name in names]


def environment(mesh: LocalMesh) -> Environment:
    return mesh.host("users").environment


def inbox_of(mesh: LocalMesh, seen: list[Event], *, ahead_us: int = 0) -> Inbox:
    clock, kind = environment(mesh).clock, resource_events_pb2.ContactUpdated.DESCRIPTOR.full_name
    handlers = {kind: lambda _, event: seen.append(event)}
    return Inbox(environment(mesh).store, handlers, now_us=lambda: clock.now_us() + ahead_us)


def test_a_new_copy_holds_every_row_once_and_its_inbox_stands_where_they_do(
    mesh: LocalMesh, owner: Member, contacts: list[Any]
) -> None:
    taken: list[tuple[str, int]] = []
    done = bootstrap(environment(mesh), owner.tenant, CONTACT, lambda _, row, number: taken.append((row.id, number)))
    assert done
    assert is_complete(environment(mesh), owner.tenant, CONTACT)
    assert {(contact.id, 1) for contact in contacts} <= set(taken)
    assert len(set(taken)) == len(taken)
    inbox = inbox_of(mesh, [])
    assert [inbox.position("customers", owner.tenant, f"contacts/{c.id}") for c in contacts] == [1] * len(contacts)
    taken.clear()
    assert bootstrap(environment(mesh), owner.tenant, CONTACT, lambda _, row, number: taken.append((row.id, number)))
    assert taken == [], "a complete snapshot is not taken twice"


def check_gap(mesh: LocalMesh, owner: Member, contact: Any) -> None:
    (event,) = [e for _, e in mesh.events("customers") if e.aggregate == f"contacts/{contact.id}"]
    late = event._replace(sequence=3, id="evt_late")
    seen: list[Event] = []
    inbox = inbox_of(mesh, seen)
    inbox.handle([late])
    asked = Owner(environment(mesh).caller)
    asked.fill(inbox, environment(mesh).clock.now_us)
    assert seen == [], "a gap is given time"
    asked.fill(inbox, lambda: environment(mesh).clock.now_us() + GAP_US)
    seen = [e for e in seen if e.aggregate == event.aggregate]  # another test may have left a gap
    assert [(e.aggregate, e.sequence) for e in seen] == [(event.aggregate, 1)]
    assert resource_events_pb2.ContactUpdated.FromString(seen[0].data).changed_paths == ["*"]


def test_the_owner_is_asked_for_what_did_not_arrive(mesh: LocalMesh, owner: Member, contacts: list[Any]) -> None:
    check_gap(mesh, owner, contacts[0])


def test_planted_fault_a_gap_that_nobody_asks_about_stays(
    mesh: LocalMesh, owner: Member, contacts: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Inbox, "gaps", lambda *_: [])
    with pytest.raises(AssertionError):
        check_gap(mesh, owner, contacts[1])


def test_states_are_published_again_with_their_numbers(mesh: LocalMesh, owner: Member, contacts: list[Any]) -> None:
    resource = mesh.resource(load_service("customers").resources[CONTACT])
    before = mesh.events("customers")[-1][0]
    since = contacts[0].update_time.ToMicroseconds()
    count = republish(mesh.host("customers").store, since, resources=[resource], tenants=[owner.tenant])
    again = [event for _, event in mesh.events("customers", before)]
    assert count == len(again) >= len(contacts)
    assert {(f"contacts/{c.id}", 1) for c in contacts} <= {(event.aggregate, event.sequence) for event in again}
