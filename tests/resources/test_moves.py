"""Moves: what refers to one resource refers to another afterwards, once, in chunks, and can be undone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

from rapport.customers.v1 import contact_service_pb2, resource_events_pb2, resources_pb2
from rapport.mesh.v1 import audit_pb2, references_pb2
from rapport.users.v1 import resources_pb2 as users_pb2
from rapport.users.v1 import user_service_pb2

from mesh.contract.etags import etag
from mesh.events.inbox import Inbox
from mesh.resource import move_order, moves
from mesh.resource.moves import Moves
from mesh.runtime.call import Write

if TYPE_CHECKING:
    from mesh.events.envelope import Event
    from mesh.store.transaction import Transaction
    from mesh.testing.local import LocalMesh, Member

CONTACTS = "/rapport.customers.v1.ContactService/"
USER, ROLE = "users.rapport/User", "users.rapport/CustomRole"
_LATER_US = 31_000_000


def mover(mesh: LocalMesh) -> Moves:
    return Moves(mesh.host("customers").environment, mesh.service("customers").resources)


def contact(mesh: LocalMesh, member: Member, owner: str) -> Any:
    return mesh.insert(member.tenant, resources_pb2.Contact(given_name="Ann", display_name="Ann", owner_id=owner))


def owner_of(mesh: LocalMesh, member: Member, identity: str) -> str:
    request = contact_service_pb2.GetContactRequest(id=identity)
    return str(mesh.call(f"{CONTACTS}GetContact", request, token=member.token).owner_id)


def hand_over(mesh: LocalMesh, member: Member, from_id: str, to_id: str, reason: int, kind: str = USER) -> str:
    """Let users say so; the id of the move."""
    with mesh.writing("users", member.tenant) as write:
        told = move_order.tell(write, kind, from_id, to_id, references_pb2.MoveReason.ValueType(reason))
    mesh.deliver()
    return told.id


def finish(mesh: LocalMesh) -> None:
    while mover(mesh).step():
        pass


def told(mesh: LocalMesh, identity: str) -> list[Any]:
    events = [event for _, event in mesh.events("customers") if event.aggregate == f"contacts/{identity}"]
    kind = resource_events_pb2.ContactUpdated
    return [kind.FromString(e.data) for e in events if e.type == kind.DESCRIPTOR.full_name]


def test_what_a_user_owns_is_handed_over_once_with_events_and_records(mesh: LocalMesh) -> None:
    member = mesh.sign_up("hand-over")
    leaver, successor = mesh.member(member, users_pb2.ROLE_MEMBER), mesh.member(member, users_pb2.ROLE_MEMBER)
    mesh.deliver()
    theirs = [contact(mesh, member, leaver.id) for _ in range(7)]
    others = contact(mesh, member, member.id)
    finish(mesh)  # what other tests have left
    with mock.patch.object(moves, "CHUNK", 3):
        move = hand_over(mesh, member, leaver.id, successor.id, references_pb2.MOVE_REASON_HAND_OVER)
        assert mover(mesh).step()  # one chunk, as before a crash
        assert sum(owner_of(mesh, member, each.id) == successor.id for each in theirs) == 3
        finish(mesh)
    for each in theirs:
        assert owner_of(mesh, member, each.id) == successor.id
        (event,) = told(mesh, each.id)
        assert (list(event.changed_paths), event.previous.owner_id) == (["owner_id"], leaver.id)
    assert owner_of(mesh, member, others.id) == member.id
    records = [e for _, e in mesh.events("customers") if e.type == audit_pb2.AuditRecorded.DESCRIPTOR.full_name]
    noted = {audit_pb2.AuditRecorded.FromString(e.data).resource for e in records if e.tenant == member.tenant}
    assert {f"contacts/{each.id}" for each in theirs} <= noted

    change = resources_pb2.Contact(id=theirs[0].id, owner_id=member.id)
    request = contact_service_pb2.UpdateContactRequest(contact=change)
    mesh.call(f"{CONTACTS}UpdateContact", request, token=member.token)
    undone = mover(mesh).undo_move(member.tenant, move)
    assert undone.restored == 6
    assert [identity for _, identity, _ in undone.kept] == [theirs[0].id]
    assert owner_of(mesh, member, theirs[1].id) == leaver.id
    assert mover(mesh).undo_move(member.tenant, move).restored == 0


def left_with_a_successor(mesh: LocalMesh, slug: str) -> tuple[Member, Member, Any, list[Event]]:
    """A tenant's owner, a successor, the contact of a user who was deleted, and what was told of that user."""
    member = mesh.sign_up(slug)
    leaver, successor = mesh.member(member, users_pb2.ROLE_MEMBER), mesh.member(member, users_pb2.ROLE_MEMBER)
    mesh.deliver()
    made = contact(mesh, member, leaver.id)
    request = user_service_pb2.DeleteUserRequest(id=leaver.id, successor_id=successor.id)
    mesh.call("/rapport.users.v1.UserService/DeleteUser", request, token=member.token)
    return member, successor, made, [e for _, e in mesh.events("users") if e.aggregate.endswith(leaver.id)]


def deliver_while_one_dies(mesh: LocalMesh, told: list[Event], held: set[int]) -> None:
    """Hand events to the customers by their inbox; a process dies with those in `held`, another one takes them over."""
    environment = mesh.host("customers").environment

    def handler(effect: Any) -> Any:
        def run(transaction: Transaction, event: Event) -> None:
            effect(Write.of_service(environment, transaction, event.tenant, actor=event.actor), event)

        return run

    handlers = {kind: handler(effect) for kind, effect in mesh.service("customers").effects().items()}
    inbox = Inbox(environment.store, handlers, now_us=environment.clock.now_us)
    inbox.handle(event for place, event in enumerate(told) if place not in held)
    settle(mesh)
    inbox.handle(event for place, event in enumerate(told) if place in held)
    while inbox.handle_waiting():
        pass
    settle(mesh)


def settle(mesh: LocalMesh) -> None:
    """Make all moves to their end."""
    for _ in range(3):
        finish(mesh)
        mesh.clock.advance(timedelta(microseconds=_LATER_US))


def test_a_deletion_clears_nothing_that_was_handed_over_whichever_process_dies(mesh: LocalMesh) -> None:
    member, successor, made, told = left_with_a_successor(mesh, "dies-between")
    moved = [e for e in told if e.type == references_pb2.ReferencesMoved.DESCRIPTOR.full_name]
    assert [event.sequence for event in moved] == [1, 2]
    deliver_while_one_dies(mesh, told, {told.index(moved[0])})
    assert owner_of(mesh, member, made.id) == successor.id


def test_a_clearing_that_overtakes_the_hand_over_is_noticed(mesh: LocalMesh) -> None:
    """The fault that the test above is there for."""
    member, _, made, told = left_with_a_successor(mesh, "overtakes")
    kind = references_pb2.ReferencesMoved.DESCRIPTOR.full_name
    loose = [event._replace(sequence=0) if event.type == kind else event for event in told]
    deliver_while_one_dies(mesh, loose, {next(n for n, event in enumerate(loose) if event.type == kind)})
    assert owner_of(mesh, member, made.id) == ""


def test_what_slips_in_while_a_move_goes_on_is_moved_when_it_settles(mesh: LocalMesh) -> None:
    member = mesh.sign_up("settling")
    leaver = mesh.member(member, users_pb2.ROLE_MEMBER)
    hand_over(mesh, member, leaver.id, "", references_pb2.MOVE_REASON_DELETE)
    finish(mesh)
    late = contact(mesh, member, leaver.id)
    finish(mesh)
    assert owner_of(mesh, member, late.id) == leaver.id
    clock = mesh.host("customers").environment.clock
    later = clock.now_us() + _LATER_US
    with mock.patch.object(type(clock), "now_us", return_value=later):
        finish(mesh)
    assert owner_of(mesh, member, late.id) == ""


def test_a_move_that_changes_nothing_is_noticed(mesh: LocalMesh) -> None:
    """The fault that the tests above are there for."""
    member = mesh.sign_up("forgetful")
    leaver = mesh.member(member, users_pb2.ROLE_MEMBER)
    mesh.deliver()
    made = contact(mesh, member, leaver.id)
    with mock.patch.object(moves, "repoint"):
        hand_over(mesh, member, leaver.id, member.id, references_pb2.MOVE_REASON_HAND_OVER)
        finish(mesh)
    assert owner_of(mesh, member, made.id) == leaver.id
    assert told(mesh, made.id) == []


def test_who_is_deactivated_leaves_contacts_to_the_successor(mesh: LocalMesh) -> None:
    member = mesh.sign_up("leaving")
    leaver, successor = mesh.member(member, users_pb2.ROLE_MEMBER), mesh.member(member, users_pb2.ROLE_MEMBER)
    made = contact(mesh, member, leaver.id)
    request = user_service_pb2.DeactivateUserRequest(id=leaver.id, successor_id=successor.id)
    mesh.call("/rapport.users.v1.UserService/DeactivateUser", request, token=member.token)
    mesh.deliver()
    finish(mesh)
    assert owner_of(mesh, member, made.id) == successor.id
    assert len(told(mesh, made.id)) == 1


def merge(mesh: LocalMesh, member: Member, kind: str, from_id: str, to_id: str) -> str:
    """Let users say that one of its resources has become part of another; the id of the move."""
    return hand_over(mesh, member, from_id, to_id, references_pb2.MOVE_REASON_MERGE, kind)


def user_mover(mesh: LocalMesh) -> Moves:
    return Moves(mesh.host("users").environment, mesh.service("users").resources)


def now(mesh: LocalMesh, member: Member, made: Any) -> Any:
    """A resource of users as it is."""
    resource = next(r for r in mesh.service("users").resources if r.message is type(made))
    rows = mesh.host("users").store.read(resource.by_id, tenant=member.tenant, timeout=5.0, id=made.id)
    return resource.build(resource.message, rows[0])


def test_a_merge_moves_each_reference_of_a_type_that_one_resource_has_and_is_undone(mesh: LocalMesh) -> None:
    member = mesh.sign_up("merge-two")
    one, other = mesh.member(member, users_pb2.ROLE_MEMBER), mesh.member(member, users_pb2.ROLE_MEMBER)
    pending = {"state": users_pb2.Invitation.STATE_PENDING, "role": users_pb2.ROLE_MEMBER}
    both = users_pb2.Invitation(email="both@two.example", inviter_id=one.id, user_id=one.id, **pending)
    half = users_pb2.Invitation(email="half@two.example", inviter_id=one.id, user_id=member.id, **pending)
    for each in (both, half):
        each.expire_time.FromMicroseconds(mesh.clock.now_us())
    made = [mesh.insert(member.tenant, each) for each in (both, half)]
    mesh.deliver()
    move = merge(mesh, member, USER, one.id, other.id)
    while user_mover(mesh).step():
        pass
    found = [(each.inviter_id, each.user_id) for each in (now(mesh, member, each) for each in made)]
    assert found == [(other.id, other.id), (other.id, member.id)]
    assert user_mover(mesh).undo_move(member.tenant, move) == moves.Undone(3, ())
    found = [(each.inviter_id, each.user_id) for each in (now(mesh, member, each) for each in made)]
    assert found == [(one.id, one.id), (one.id, member.id)]


def with_roles(mesh: LocalMesh, member: Member, name: str, roles: list[Any]) -> Any:
    held = [role.id for role in roles]
    user = users_pb2.User(email=f"{name}@{member.slug}.example", display_name=name, role_ids=held)
    return mesh.insert(member.tenant, user, password_hash="", epoch=1)


def merged_roles(mesh: LocalMesh, slug: str) -> tuple[Member, list[Any], list[Any], str]:
    """A member, three roles, users who have [0, 1, 2], [1, 0] and [1], and the move of the first role into the last."""
    member = mesh.sign_up(slug)
    roles = [mesh.insert(member.tenant, users_pb2.CustomRole(display_name=f"Role {each}")) for each in range(3)]
    a, b, c = roles
    users = [with_roles(mesh, member, n, h) for n, h in (("ann", [a, b, c]), ("bea", [b, a]), ("carl", [b]))]
    mesh.deliver()
    with mock.patch.object(moves, "CHUNK", 1):
        move = merge(mesh, member, ROLE, a.id, c.id)
        while user_mover(mesh).step():
            pass
    return member, roles, users, move


def test_a_merge_moves_repeated_references_and_lets_none_stand_twice(mesh: LocalMesh) -> None:
    member, (a, b, c), users, move = merged_roles(mesh, "merge-many")
    assert [list(now(mesh, member, each).role_ids) for each in users] == [[c.id, b.id], [b.id, c.id], [b.id]]
    assert [now(mesh, member, each).etag for each in users] == [etag(2), etag(2), etag(1)]
    assert user_mover(mesh).undo_move(member.tenant, move) == moves.Undone(2, ())
    assert [list(now(mesh, member, each).role_ids) for each in users] == [[a.id, b.id, c.id], [b.id, a.id], [b.id]]


def owner_merges(mesh: LocalMesh, member: Member, from_id: str, to_id: str) -> str:
    """Let users say that one of them has become part of another, as the owner of what merges does."""
    with mesh.writing("users", member.tenant) as write:
        event, _ = move_order.tell_merge(write, USER, "users", from_id, to_id)
    mesh.deliver()
    return event.id


def owner_undoes(mesh: LocalMesh, member: Member, move: str) -> None:
    with mesh.writing("users", member.tenant) as write:
        move_order.tell_restored(write, USER, "users", move)
    mesh.deliver()


def test_what_another_service_holds_follows_a_chain_of_merges_and_its_end(mesh: LocalMesh) -> None:
    """Merges and what is undone of them are heard in their order, and done in it, however long each of them takes."""
    member = mesh.sign_up("merge-chain")
    a, b, c = (mesh.member(member, users_pb2.ROLE_MEMBER).id for _ in range(3))
    mesh.deliver()
    settle(mesh)
    made = {owner: [contact(mesh, member, owner) for _ in range(3)] for owner in (a, b, c)}

    def held() -> dict[str, set[str]]:
        return {owner: {owner_of(mesh, member, each.id) for each in made[owner]} for owner in made}

    with mock.patch.object(moves, "CHUNK", 2):
        first, second = owner_merges(mesh, member, a, b), owner_merges(mesh, member, b, c)
        settle(mesh)
        assert held() == {a: {c}, b: {c}, c: {c}}
        request = contact_service_pb2.UpdateContactRequest(
            contact=resources_pb2.Contact(id=made[a][0].id, owner_id=member.id)
        )
        mesh.call(f"{CONTACTS}UpdateContact", request, token=member.token)
        owner_undoes(mesh, member, second)
        owner_undoes(mesh, member, first)
        settle(mesh)
    assert held() == {a: {member.id, a}, b: {b}, c: {c}}, "what was changed since stays"
    undone = owner_merges(mesh, member, a, b)
    owner_undoes(mesh, member, undone)
    settle(mesh)
    assert held() == {a: {member.id, a}, b: {b}, c: {c}}, "one that is undone before it began moves nothing"


def test_repeated_references_that_a_merge_passes_over_are_noticed(mesh: LocalMesh) -> None:
    """The fault that the test above is there for."""
    concerns = moves._concerns
    with mock.patch.object(moves, "_concerns", lambda field, *rest: not field.repeated and concerns(field, *rest)):
        member, (a, b, c), users, _ = merged_roles(mesh, "merge-none")
    assert [list(now(mesh, member, each).role_ids) for each in users] == [[a.id, b.id, c.id], [b.id, a.id], [b.id]]
