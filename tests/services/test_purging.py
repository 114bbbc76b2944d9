"""What has outlived its time vanishes, and nothing before: deleted contacts, and the keys of requests."""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from rapport.customers.v1 import contact_field_service_pb2, contact_service_pb2, resources_pb2
from rapport.type.v1 import custom_field_pb2

from mesh.resource.resource import Resource
from mesh.runtime import capabilities, purging
from mesh.testing.local import LocalMesh
from mesh.testing.postgres import postgres_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.testing.local import Member

CONTACTS = "/rapport.customers.v1.ContactService"
FIELDS = "/rapport.customers.v1.ContactFieldService"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def mesh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    with ExitStack() as stack:
        url = ""
        if request.param == "postgresql":
            url = stack.enter_context(postgres_server()).url("purging_{service}")
        local = LocalMesh(tmp_path_factory.mktemp("mesh"), database_url=url)
        stack.callback(local.close)
        yield local


@pytest.fixture
def owner(mesh: LocalMesh) -> Member:
    return mesh.sign_up(f"purging-{uuid.uuid4().hex[:8]}")


def call(mesh: LocalMesh, owner: Member, name: str, **fields: Any) -> Any:
    request = getattr(contact_service_pb2, f"{name}Request")(**fields)
    return mesh.call(f"{CONTACTS}/{name}", request, token=owner.token)


def create(mesh: LocalMesh, owner: Member, request_id: str = "") -> str:
    contact = resources_pb2.Contact(given_name="Ada")
    made: str = call(mesh, owner, "CreateContact", contact=contact, request_id=request_id or str(uuid.uuid4())).id
    return made


def rows(mesh: LocalMesh, table: str, owner: Member) -> int:
    return sum(owner.tenant in row for row in mesh.dump("customers")[table])


def pass_days(mesh: LocalMesh, days: float) -> None:
    mesh.clock.advance(timedelta(days=days))
    mesh.deliver()


def test_a_deleted_contact_vanishes_after_its_retention_and_not_before(mesh: LocalMesh, owner: Member) -> None:
    call(mesh, owner, "DeleteContact", id=create(mesh, owner))
    kept = create(mesh, owner)

    pass_days(mesh, 29)
    assert rows(mesh, "contacts", owner) == 2
    pass_days(mesh, 2)

    assert rows(mesh, "contacts", owner) == 1
    assert call(mesh, owner, "GetContact", id=kept).id == kept


def test_a_contact_that_came_back_stays(mesh: LocalMesh, owner: Member) -> None:
    contact = create(mesh, owner)
    call(mesh, owner, "DeleteContact", id=contact)
    pass_days(mesh, 20)
    call(mesh, owner, "UndeleteContact", id=contact)

    pass_days(mesh, 40)

    assert call(mesh, owner, "GetContact", id=contact).id == contact


def test_a_contact_deleted_twice_has_its_whole_retention_again(mesh: LocalMesh, owner: Member) -> None:
    contact = create(mesh, owner)
    call(mesh, owner, "DeleteContact", id=contact)
    pass_days(mesh, 20)
    call(mesh, owner, "UndeleteContact", id=contact)
    call(mesh, owner, "DeleteContact", id=contact)

    pass_days(mesh, 20)
    assert rows(mesh, "contacts", owner) == 1
    pass_days(mesh, 11)

    assert rows(mesh, "contacts", owner) == 0


def test_a_request_id_is_known_for_a_day_and_forgotten_after_it(mesh: LocalMesh, owner: Member) -> None:
    again = str(uuid.uuid4())
    first = create(mesh, owner, again)
    pass_days(mesh, 0.95)
    assert create(mesh, owner, again) == first

    pass_days(mesh, 0.2)

    assert rows(mesh, "idempotency_keys", owner) == 0
    assert create(mesh, owner, again) != first


def test_many_request_ids_vanish_in_batches(mesh: LocalMesh, owner: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "_BATCH", 1)
    small = purging.Expiring(purging.idempotency_keys, purging.idempotency_keys.c.create_time, life_us=purging.HOUR_US)
    monkeypatch.setitem(purging._TABLES, "idempotency_keys", small)
    batches: list[bool] = []
    purge = purging.Expiring.purge

    def counted(expiring: purging.Expiring, write: Any) -> bool:
        batches.append(purge(expiring, write))
        return batches[-1]

    monkeypatch.setattr(purging.Expiring, "purge", counted)
    for _ in range(3):
        create(mesh, owner)
    pass_days(mesh, 2)

    assert rows(mesh, "idempotency_keys", owner) == 0
    assert sum(batches) >= 3


def test_a_used_capability_is_forgotten_when_its_token_has_expired(mesh: LocalMesh, owner: Member) -> None:
    digest = uuid.uuid4().bytes
    with mesh.writing("customers", owner.tenant) as write:
        expires_us = write.now_us + 3 * purging.HOUR_US
        write.write(capabilities._USE, digest=digest, expires_us=expires_us)
        write.environment.sweeps.arm(write, purging.CAPABILITIES, expires_us)
    pass_days(mesh, 0.1)
    assert rows(mesh, "used_capabilities", owner) == 1

    pass_days(mesh, 0.2)

    assert rows(mesh, "used_capabilities", owner) == 0


def test_a_purger_that_ignores_retention_would_be_seen(
    mesh: LocalMesh, owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mesh.service("customers").resources[0], "_retention_us", 0)
    monkeypatch.setattr(mesh.host("customers")._service.resources[0], "_retention_us", 0)

    with pytest.raises(AssertionError):
        test_a_deleted_contact_vanishes_after_its_retention_and_not_before(mesh, owner)


def test_a_purger_that_never_comes_would_be_seen(
    mesh: LocalMesh, owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Resource, "purge", lambda *_: False)

    with pytest.raises((AssertionError, grpc.RpcError)):
        test_a_deleted_contact_vanishes_after_its_retention_and_not_before(mesh, owner)


def test_a_purged_contact_leaves_no_value_behind_and_a_deleted_field_is_never_purged(
    mesh: LocalMesh, owner: Member
) -> None:
    size = resources_pb2.ContactField(
        key="size", display_name="Size", type=custom_field_pb2.FIELD_TYPE_NUMBER, filterable=True
    )
    define = contact_field_service_pb2.CreateContactFieldRequest(contact_field=size)
    made = mesh.call(f"{FIELDS}/CreateContactField", define, token=owner.token)
    gone = resources_pb2.Contact(given_name="Ann", custom={"size": 1})
    call(mesh, owner, "DeleteContact", id=call(mesh, owner, "CreateContact", contact=gone).id)
    create(mesh, owner)
    assert rows(mesh, "custom_numbers", owner) == 2

    pass_days(mesh, 31)

    assert rows(mesh, "custom_numbers", owner) == 1
    delete = contact_field_service_pb2.DeleteContactFieldRequest(id=made.id)
    mesh.call(f"{FIELDS}/DeleteContactField", delete, token=owner.token)
    pass_days(mesh, 400)
    undelete = contact_field_service_pb2.UndeleteContactFieldRequest(id=made.id)
    assert mesh.call(f"{FIELDS}/UndeleteContactField", undelete, token=owner.token).id == made.id
