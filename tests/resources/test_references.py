"""References to what another service owns: their titles, what may be referred to, and what is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
from rapport.customers.v1 import contact_service_pb2, resource_events_pb2, resources_pb2
from rapport.users.v1 import resources_pb2 as users_pb2
from rapport.users.v1 import user_service_pb2
from sqlalchemy import bindparam, update

from mesh.store.mesh_tables import reference_rows
from mesh.store.statement import TENANT, Statement
from tests.resources.conftest import refused

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

CONTACTS = "/rapport.customers.v1.ContactService/"
UPDATE_USER = "/rapport.users.v1.UserService/UpdateUser"


def create(mesh: LocalMesh, member: Member, owner: str = "") -> Any:
    sent = resources_pb2.Contact(given_name="Ann", owner_id=owner)
    return mesh.call(
        f"{CONTACTS}CreateContact", contact_service_pb2.CreateContactRequest(contact=sent), token=member.token
    )


def get(mesh: LocalMesh, member: Member, identity: str) -> Any:
    return mesh.call(f"{CONTACTS}GetContact", contact_service_pb2.GetContactRequest(id=identity), token=member.token)


def listed(mesh: LocalMesh, member: Member, text: str) -> list[Any]:
    request = contact_service_pb2.ListContactsRequest(filter=text)
    return list(mesh.call(f"{CONTACTS}ListContacts", request, token=member.token).contacts)


def rename(mesh: LocalMesh, member: Member, name: str) -> None:
    user = users_pb2.User(id=member.id, display_name=name)
    mesh.call(UPDATE_USER, user_service_pb2.UpdateUserRequest(user=user), token=member.token)
    mesh.deliver()


def test_the_owners_name_is_shown_filtered_by_and_follows_a_change(mesh: LocalMesh) -> None:
    member = mesh.sign_up("titles")
    colleague = mesh.member(member, users_pb2.ROLE_MEMBER)
    rename(mesh, member, "Ada")
    mine, theirs = create(mesh, member), create(mesh, member, colleague.id)
    assert mine.owner_name == "Ada"
    assert theirs.owner_name == colleague.email
    assert [c.id for c in listed(mesh, member, 'owner_name = "Ada"')] == [mine.id]
    assert [c.id for c in listed(mesh, member, 'owner_name != "Ada"')] == [theirs.id]
    rename(mesh, member, "Ada Lovelace")
    assert get(mesh, member, mine.id).owner_name == "Ada Lovelace"
    moved = contact_service_pb2.UpdateContactRequest(contact=resources_pb2.Contact(id=mine.id, owner_id=colleague.id))
    reply = mesh.call(f"{CONTACTS}UpdateContact", moved, token=member.token)
    assert reply.owner_name == colleague.email
    assert get(mesh, member, mine.id) == reply


def test_a_get_is_one_statement_and_a_list_at_most_five(mesh: LocalMesh) -> None:
    member = mesh.sign_up("statements")
    made = create(mesh, member)
    with mesh.statements("customers") as asked:
        get(mesh, member, made.id)
    assert len(asked) == 1, asked
    with mesh.statements("customers") as asked:
        listed(mesh, member, 'owner_name = "Ada"')
    assert len(asked) <= 5, asked


def test_an_event_tells_no_title_of_another_service(mesh: LocalMesh) -> None:
    member = mesh.sign_up("events")
    rename(mesh, member, "Grace")
    made = create(mesh, member)
    assert made.owner_name == "Grace"
    (told,) = [event for _, event in mesh.events("customers") if event.aggregate == f"contacts/{made.id}"]
    contact = resource_events_pb2.ContactCreated.FromString(told.data).contact
    assert (contact.owner_id, contact.owner_name) == (member.id, "")


def test_an_unknown_user_cannot_own_and_another_tenants_neither(mesh: LocalMesh) -> None:
    member, stranger = mesh.sign_up("owners"), mesh.sign_up("strangers")
    mesh.deliver()
    for owner in (f"usr_{1:026}", stranger.id):
        assert refused(lambda owner=owner: create(mesh, member, owner)) is grpc.StatusCode.INVALID_ARGUMENT


def test_a_deleted_user_owns_nothing_new_and_keeps_what_is_not_touched(mesh: LocalMesh) -> None:
    member = mesh.sign_up("deleted")
    colleague = mesh.member(member, users_pb2.ROLE_MEMBER)
    mesh.deliver()
    made = create(mesh, member, colleague.id)
    users = mesh.host("customers").store

    gone = Statement(
        update(reference_rows)
        .where(reference_rows.c.tenant_id == TENANT, reference_rows.c.id == bindparam("of_id"))
        .values(state=2),
        name="delete",
    )
    with users.transaction(tenant=member.tenant, timeout=5.0) as transaction:
        assert transaction.write(gone, of_id=colleague.id) == 1
    assert refused(lambda: create(mesh, member, colleague.id)) is grpc.StatusCode.INVALID_ARGUMENT
    same = resources_pb2.Contact(id=made.id, owner_id=colleague.id, job_title="Boss")
    request = contact_service_pb2.UpdateContactRequest(contact=same)
    assert mesh.call(f"{CONTACTS}UpdateContact", request, token=member.token).job_title == "Boss"
