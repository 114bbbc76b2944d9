"""What was deleted, or ended, without a timer gets one when a worker starts, and vanishes in its time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

from rapport.customers.v1 import contact_service_pb2, resources_pb2
from rapport.mesh.v1 import references_pb2
from rapport.users.v1 import resources_pb2 as users_pb2

from mesh.resource import moves, overdue
from mesh.resource.moves import Moves
from mesh.resource.overdue import Overdue
from mesh.resource.resource import Resource

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

CONTACTS = "/rapport.customers.v1.ContactService/"


def of(mesh: LocalMesh, member: Member, table: str) -> int:
    return sum(member.tenant in row for row in mesh.dump("customers")[table])


def deleted(mesh: LocalMesh, member: Member) -> Any:
    made = mesh.insert(member.tenant, resources_pb2.Contact(given_name="Ann", display_name="Ann"))
    request = contact_service_pb2.DeleteContactRequest(id=made.id)
    return mesh.call(f"{CONTACTS}DeleteContact", request, token=member.token)


def pass_days(mesh: LocalMesh, days: float) -> None:
    mesh.clock.advance(timedelta(days=days))
    mesh.deliver()


def start(mesh: LocalMesh) -> None:
    """What a worker does when it starts."""
    environment = mesh.host("customers").environment
    Overdue(environment, mesh.service("customers").resources).sweep()


def test_what_was_deleted_without_a_timer_vanishes_after_a_worker_has_started(mesh: LocalMesh) -> None:
    member = mesh.sign_up("overdue")
    with mock.patch.object(Resource, "purge_later"):
        for _ in range(5):
            deleted(mesh, member)
    in_time = deleted(mesh, member)
    kept = mesh.insert(member.tenant, resources_pb2.Contact(given_name="Bea", display_name="Bea"))
    pass_days(mesh, 31)
    assert of(mesh, member, "contacts") == 6, "nobody has told the five, and the sixth had its timer"
    assert in_time.id

    with mock.patch.object(overdue, "_PAGE", 2):
        start(mesh)
    mesh.deliver()

    assert of(mesh, member, "contacts") == 1
    assert any(kept.id in row for row in mesh.dump("customers")["contacts"])


def test_a_timer_that_is_set_stays_as_it_is(mesh: LocalMesh) -> None:
    member = mesh.sign_up("timed")
    deleted(mesh, member)
    before = mesh.dump("customers")["outbox"]
    start(mesh)
    assert mesh.dump("customers")["outbox"] == before


def handed_over(mesh: LocalMesh, member: Member) -> tuple[Moves, str]:
    """A move of a contact from a user to the owner, and its id."""
    leaver = mesh.member(member, users_pb2.ROLE_MEMBER)
    mesh.deliver()
    mesh.insert(member.tenant, resources_pb2.Contact(given_name="Ann", display_name="Ann", owner_id=leaver.id))
    moved = references_pb2.ReferencesMoved(
        type="users.rapport/User",
        from_id=leaver.id,
        to_id=member.id,
        reason=references_pb2.MOVE_REASON_HAND_OVER,
    )
    with mesh.writing("users", member.tenant) as write:
        write.publish(f"users/{leaver.id}", 0, moved)
    mesh.deliver()
    mover = Moves(mesh.host("customers").environment, mesh.service("customers").resources)
    for _ in range(2):
        while mover.step():
            pass
        mesh.clock.advance(timedelta(minutes=1))
    return mover, [event.id for _, event in mesh.events("users") if event.type == moved.DESCRIPTOR.full_name][-1]


def test_a_move_is_forgotten_with_its_journal_when_it_cannot_be_undone_any_more(mesh: LocalMesh) -> None:
    member = mesh.sign_up("forgotten")
    handed_over(mesh, member)
    pass_days(mesh, 89)
    assert (of(mesh, member, "reference_journal"), of(mesh, member, "reference_moves")) == (1, 1)
    pass_days(mesh, 2)
    assert (of(mesh, member, "reference_journal"), of(mesh, member, "reference_moves")) == (0, 0)


def test_a_move_that_ended_without_a_time_is_forgotten_too(mesh: LocalMesh) -> None:
    member = mesh.sign_up("timeless")
    with mock.patch.object(moves, "_forget_at"):
        _, move = handed_over(mesh, member)
    with mesh.writing("customers", member.tenant) as write:
        write.write(moves._ADVANCE, move=move, new_state=3, new_place=0, new_after_id="", new_due_us=0)
    pass_days(mesh, 91)
    assert of(mesh, member, "reference_journal") == 1
    start(mesh)
    with mock.patch.object(moves, "CHUNK", 1):
        pass_days(mesh, 91)
    assert of(mesh, member, "reference_journal") == 0
