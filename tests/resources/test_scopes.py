"""OWN, TEAM and ALL: every way to read sees the same rows, those that the grant holds for, and no other."""

from __future__ import annotations

import contextlib
import random
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import pytest
from rapport.customers.v1 import contact_service_pb2, resources_pb2
from sqlalchemy import true

from mesh.resource.scopes import Breadth, Scopes
from mesh.runtime.directory import Directory, Entry
from mesh.store.mesh_tables import reference_rows
from mesh.store.statement import insert_ignore
from tests.resources.conftest import refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.testing.local import LocalMesh, Member

CONTACTS = "/rapport.customers.v1.ContactService/"
_TEAMS = ["tem_north", "tem_south", "tem_north_1"]
_ROW = insert_ignore(reference_rows, ["type", "id"], name="put user")


@contextlib.contextmanager
def granted(grants: dict[str, int], team_ids: tuple[str, ...] = ()) -> Iterator[None]:
    """Everybody holds these grants, as if `users` said so."""
    entry = Entry(
        active=True, epoch=0, grants=MappingProxyType(grants), time_zone="UTC", currency="AUD",
        limits=MappingProxyType({}), team_ids=team_ids,
    )  # fmt: skip
    with mock.patch.object(Directory, "find", return_value=entry):
        yield


def put_users(mesh: LocalMesh, tenant: str, teams: dict[str, str]) -> None:
    """What customers knows of users: the team of each."""
    with mesh.host("customers").store.transaction(tenant=tenant, timeout=5.0) as transaction:
        for user, team in teams.items():
            more = {"title": user, "owner_id": "", "state": 1, "merged_into": "", "version": 1}
            transaction.write(_ROW, type="users.rapport/User", id=user, team_id=team, **more)


def contact(mesh: LocalMesh, member: Member, owner: str) -> str:
    sent = resources_pb2.Contact(given_name="Ann", display_name="Ann", owner_id=owner)
    return str(mesh.insert(member.tenant, sent).id)


def seen_by_get(mesh: LocalMesh, member: Member, ids: list[str]) -> set[str]:
    seen = set()
    for identity in ids:
        request = contact_service_pb2.GetContactRequest(id=identity)
        with contextlib.suppress(grpc.RpcError):
            seen.add(mesh.call(f"{CONTACTS}GetContact", request, token=member.token).id)
    return seen


def seen_by_list(mesh: LocalMesh, member: Member, order: str) -> set[str]:
    seen: set[str] = set()
    token = ""
    while True:
        request = contact_service_pb2.ListContactsRequest(page_size=7, page_token=token, order_by=order)
        reply = mesh.call(f"{CONTACTS}ListContacts", request, token=member.token)
        seen |= {c.id for c in reply.contacts}
        token = reply.next_page_token
        if not token:
            return seen


def in_batch(mesh: LocalMesh, member: Member, ids: list[str]) -> bool:
    request = contact_service_pb2.BatchGetContactsRequest(ids=ids)
    try:
        mesh.call(f"{CONTACTS}BatchGetContacts", request, token=member.token)
    except grpc.RpcError as error:
        return error.code() is not grpc.StatusCode.NOT_FOUND
    return True


def expected(scope: int, me: str, teams: tuple[str, ...], owners: dict[str, str], of: dict[str, str]) -> set[str]:
    """The rows that a grant holds for, said once more without any SQL."""
    if scope == Breadth.ALL:
        return set(owners)
    mine = {contact for contact, owner in owners.items() if owner == me}
    if scope == Breadth.TEAM:
        mine |= {contact for contact, owner in owners.items() if of.get(owner) in teams}
    return mine


@pytest.mark.parametrize("seed", range(4))
def test_every_way_to_read_sees_the_same_rows(mesh: LocalMesh, seed: int) -> None:
    chance = random.Random(seed)  # a replayable test
    member = mesh.sign_up(f"scopes-{seed}")
    users = [member.id, *(f"usr_{n:026}" for n in range(5))]
    of = {user: chance.choice([*_TEAMS, ""]) for user in users}
    put_users(mesh, member.tenant, of)
    owners = {contact(mesh, member, owner): owner for owner in (chance.choice([*users, ""]) for _ in range(25))}
    for _ in range(4):
        scope = chance.choice(list(Breadth)[1:])
        teams = tuple(chance.sample(_TEAMS, chance.randrange(len(_TEAMS) + 1)))
        wanted = expected(scope, member.id, teams, owners, of)
        with granted({"contacts.read": scope}, teams):
            assert seen_by_get(mesh, member, list(owners)) == wanted
            assert seen_by_list(mesh, member, "") == wanted
            assert seen_by_list(mesh, member, "display_name") == wanted
            counted = mesh.call(
                f"{CONTACTS}CountContacts", contact_service_pb2.CountContactsRequest(), token=member.token
            )
            assert (counted.count, counted.capped) == (len(wanted), False)
            assert not wanted or in_batch(mesh, member, sorted(wanted))
            for hidden in set(owners) - wanted:
                assert not in_batch(mesh, member, [*sorted(wanted), hidden])


def test_a_scope_that_is_not_asked_for_is_noticed(mesh: LocalMesh) -> None:
    """The fault that the test above is there for."""
    member = mesh.sign_up("scopes-fault")
    hidden = contact(mesh, member, f"usr_{7:026}")
    with granted({"contacts.read": Breadth.OWN}):
        assert not seen_by_get(mesh, member, [hidden])
        customers = mesh.host("customers")._service
        assert customers is not None
        for resource in customers.resources:
            resource._scoped.clear()
        with mock.patch.object(Scopes, "conditions", return_value=[true()]):
            assert seen_by_get(mesh, member, [hidden])
        for resource in customers.resources:
            resource._scoped.clear()


def change(mesh: LocalMesh, member: Member, identity: str) -> Any:
    request = contact_service_pb2.UpdateContactRequest(contact=resources_pb2.Contact(id=identity, job_title="Boss"))
    return mesh.call(f"{CONTACTS}UpdateContact", request, token=member.token)


def test_what_is_seen_but_not_to_be_changed_is_refused_and_the_unseen_is_unknown(mesh: LocalMesh) -> None:
    member = mesh.sign_up("scopes-writes")
    other = f"usr_{8:026}"
    put_users(mesh, member.tenant, {member.id: "tem_north", other: "tem_north"})
    mine, team, strange = (contact(mesh, member, owner) for owner in (member.id, other, f"usr_{9:026}"))
    with granted({"contacts.read": Breadth.TEAM, "contacts.write": Breadth.OWN}, ("tem_north",)):
        assert change(mesh, member, mine).job_title == "Boss"
        assert refused(lambda: change(mesh, member, team)) is grpc.StatusCode.PERMISSION_DENIED
        assert refused(lambda: change(mesh, member, strange)) is grpc.StatusCode.NOT_FOUND
    with granted({"contacts.read": Breadth.ALL, "contacts.write": Breadth.TEAM}, ("tem_north",)):
        assert change(mesh, member, team).job_title == "Boss"
        assert refused(lambda: change(mesh, member, strange)) is grpc.StatusCode.PERMISSION_DENIED
    with granted({"contacts.write": Breadth.ALL}):
        assert refused(lambda: change(mesh, member, mine)) is grpc.StatusCode.NOT_FOUND


def test_nobody_creates_what_their_grant_does_not_hold_for(mesh: LocalMesh) -> None:
    member = mesh.sign_up("scopes-creates")
    colleague = mesh.member(member, 2)
    with granted({"contacts.read": Breadth.OWN, "contacts.write": Breadth.OWN}):

        def create(owner: str) -> Any:
            sent = resources_pb2.Contact(given_name="Ann", owner_id=owner)
            request = contact_service_pb2.CreateContactRequest(contact=sent)
            return mesh.call(f"{CONTACTS}CreateContact", request, token=member.token)

        assert create(member.id).owner_id == member.id
        assert refused(lambda: create(colleague.id)) is grpc.StatusCode.PERMISSION_DENIED


def test_a_count_ends_at_its_bound(mesh: LocalMesh) -> None:
    member = mesh.sign_up("scopes-count")
    for _ in range(4):
        contact(mesh, member, member.id)
    with mock.patch("mesh.resource.standard.MAX_COUNT", 3):
        request = contact_service_pb2.CountContactsRequest(filter='given_name = "Ann"')
        counted = mesh.call(f"{CONTACTS}CountContacts", request, token=member.token)
        assert (counted.count, counted.capped) == (3, True)
