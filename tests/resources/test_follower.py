"""Copies of what is referred to: from a snapshot, of one's own as well, and without what its owner has purged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from rapport.users.v1 import resources_pb2 as users_pb2
from sqlalchemy import bindparam, delete, select

from mesh.events import bootstrap
from mesh.resource import follower, sweeping
from mesh.resource.follower import Follower
from mesh.store.mesh_tables import reference_rows, snapshots
from mesh.store.statement import TENANT, Statement, insert_ignore
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

USER, TEAM = "users.rapport/User", "users.rapport/Team"
_HELD = Statement(
    select(reference_rows.c.id).where(
        reference_rows.c.tenant_id == TENANT, reference_rows.c.type == bindparam("of_type", type_=TEXT)
    ),
    name="read held",
)
_PUT = insert_ignore(reference_rows, ["type", "id"], name="put held")
_AGAIN = Statement(delete(snapshots).where(snapshots.c.tenant == bindparam("whose", type_=TEXT)), name="begin again")


def held(mesh: LocalMesh, service: str, tenant: str, kind: str = USER) -> set[str]:
    return {row[0] for row in mesh.host(service).store.read(_HELD, tenant=tenant, timeout=5.0, of_type=kind)}


def hold(mesh: LocalMesh, tenant: str, *ids: str) -> None:
    """Rows of users that customers has heard of."""
    more = {"title": "?", "owner_id": "", "team_id": "", "state": 1, "merged_into": "", "version": 1}
    with mesh.host("customers").store.transaction(tenant=tenant, timeout=5.0) as transaction:
        for identity in ids:
            transaction.write(_PUT, type=USER, id=identity, **more)


def begin_again(mesh: LocalMesh, tenant: str) -> None:
    with mesh.host("customers").store.transaction(tenant=None, timeout=5.0) as transaction:
        transaction.write(_AGAIN, whose=tenant)


def catch_up(mesh: LocalMesh, service: str, member: Member) -> None:
    """As a process does when it starts, for one tenant."""
    with mock.patch.object(follower, "tenants", return_value=iter([member.tenant])):
        Follower(mesh.host(service).environment, mesh.service(service).resources).catch_up()


def person(mesh: LocalMesh, member: Member, name: str) -> Any:
    user = users_pb2.User(email=f"{name}@{member.slug}.example", display_name=name, state=users_pb2.User.STATE_ACTIVE)
    return mesh.insert(member.tenant, user, password_hash="", epoch=1)


def test_a_service_follows_its_own_resources_as_well(mesh: LocalMesh) -> None:
    member = mesh.sign_up("own-rows")
    team = mesh.insert(member.tenant, users_pb2.Team(display_name="North"))
    catch_up(mesh, "users", member)
    assert held(mesh, "users", member.tenant) == {member.id}
    assert held(mesh, "users", member.tenant, TEAM) == {team.id}


def gone(number: int) -> list[str]:
    """Ids that no user has: before all others, and behind them."""
    return [f"usr_{number:026}", f"usr_Z{number:025}"]


def check_sweep(mesh: LocalMesh, member: Member) -> None:
    people = {member.id, *(person(mesh, member, f"p{number}").id for number in range(7))}
    hold(mesh, member.tenant, *gone(1), *sorted(people)[:2])
    with mock.patch.object(bootstrap, "_CHUNK", 3):
        catch_up(mesh, "customers", member)
    assert held(mesh, "customers", member.tenant) == people


def test_what_was_purged_while_a_copy_was_away_is_forgotten(mesh: LocalMesh) -> None:
    check_sweep(mesh, mesh.sign_up("swept"))


def test_planted_fault_a_copy_that_is_not_swept_keeps_it(mesh: LocalMesh) -> None:
    with mock.patch.object(follower, "sweep"), pytest.raises(AssertionError):
        check_sweep(mesh, mesh.sign_up("unswept"))


def test_what_came_to_be_while_the_snapshot_was_told_is_kept(mesh: LocalMesh) -> None:
    member = mesh.sign_up("newcomers")
    new = person(mesh, member, "newcomer")
    hold(mesh, member.tenant, member.id, new.id, *gone(2))
    environment, contract = mesh.host("customers").environment, mesh.resource
    users = contract(next(r.contract for r in mesh.service("users").resources if r.contract.type == USER)).contract
    sweeping.sweep(environment, member.tenant, users, "", "", {member.id})
    assert held(mesh, "customers", member.tenant) == {member.id, new.id}


def test_a_snapshot_is_taken_once_and_again_when_it_is_old(mesh: LocalMesh) -> None:
    member = mesh.sign_up("renewed")
    catch_up(mesh, "customers", member)
    hold(mesh, member.tenant, *gone(3))
    catch_up(mesh, "customers", member)
    assert held(mesh, "customers", member.tenant) == {member.id, *gone(3)}
    with mock.patch.object(follower, "_RENEW_US", -3_600_000_000):
        catch_up(mesh, "customers", member)
    assert held(mesh, "customers", member.tenant) == {member.id}


def test_a_snapshot_that_is_stopped_goes_on_behind_what_was_taken_in(mesh: LocalMesh) -> None:
    member = mesh.sign_up("stopped")
    people = {member.id, *(person(mesh, member, f"p{number}").id for number in range(8))}
    hold(mesh, member.tenant, *gone(4))
    environment = mesh.host("customers").environment
    taken: list[str] = []

    def fails_late(write: Any, row: Any, number: int) -> None:
        if len(taken) == 7:
            raise ConnectionError
        taken.append(row.id)

    with mock.patch.object(bootstrap, "_CHUNK", 3):
        with pytest.raises(ConnectionError):
            bootstrap.bootstrap(environment, member.tenant, USER, fails_late)
        first, taken = taken[:6], []
        assert bootstrap.bootstrap(environment, member.tenant, USER, fails_late)
    assert sorted([*first, *taken]) == sorted(people)
    begin_again(mesh, member.tenant)
    catch_up(mesh, "customers", member)
    assert held(mesh, "customers", member.tenant) == people
