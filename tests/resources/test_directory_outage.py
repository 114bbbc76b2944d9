"""What changes in `users` while Redis is away is known elsewhere soon after its return, and always after a while."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING
from unittest import mock

import grpc
import pytest
from rapport.customers.v1 import contact_service_pb2
from rapport.users.v1 import resources_pb2, tenant_service_pb2, user_service_pb2

from mesh.runtime import directory
from mesh.testing.eventually import eventually
from mesh.testing.local import LocalMesh
from mesh.testing.redis import redis_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mesh.testing.local import Member
    from mesh.testing.redis import RedisServer

TOLD_SECONDS = 5.0
EAST = "Pacific/Kiritimati"


@contextmanager
def hearing(home: Path) -> Iterator[tuple[LocalMesh, RedisServer]]:
    """A mesh in which users publishes, and customers hears of it."""
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server())
        mesh = LocalMesh(home, redis_url=redis.url)
        stack.callback(mesh.close)
        for name in ("users", "customers"):
            host = mesh.host(name)
            host.start(works=name == "users")
            stack.callback(host.stop)
        yield mesh, redis


def answered(mesh: LocalMesh, member: Member) -> grpc.StatusCode:
    """How customers answers somebody."""
    try:
        request = contact_service_pb2.ListContactsRequest()
        mesh.call("/rapport.customers.v1.ContactService/ListContacts", request, token=member.token)
    except grpc.RpcError as error:
        code: grpc.StatusCode = error.code()  # type: ignore[attr-defined]  # grpc is untyped
        return code
    return grpc.StatusCode.OK


def revoked(mesh: LocalMesh, member: Member) -> bool:
    """Whether customers knows that somebody may not work any more."""
    return answered(mesh, member) is grpc.StatusCode.UNAUTHENTICATED


def zone(mesh: LocalMesh, member: Member) -> str:
    """The time zone in which customers answers somebody."""
    return mesh.host("customers").directory.find(member.tenant, member.id).time_zone


def change(mesh: LocalMesh, owner: Member, leaver: Member) -> None:
    """Move the tenant, and end the work of a user whom customers knows."""
    tenant = resources_pb2.Tenant(time_zone=EAST)
    request = tenant_service_pb2.UpdateTenantRequest(tenant=tenant)
    mesh.call("/rapport.users.v1.TenantService/UpdateTenant", request, token=owner.token)
    ended = user_service_pb2.DeactivateUserRequest(id=leaver.id)
    mesh.call("/rapport.users.v1.UserService/DeactivateUser", ended, token=owner.token)


def check_told(home: Path) -> None:
    """Both are changed while Redis is away; customers goes on, and knows of it within seconds of its return."""
    with hearing(home) as (mesh, redis):
        owner = mesh.sign_up("outage")
        leaver = mesh.member(owner, resources_pb2.ROLE_MEMBER)
        assert [answered(mesh, each) for each in (owner, leaver)] == [grpc.StatusCode.OK] * 2
        redis.stop()
        change(mesh, owner, leaver)
        redis.start()
        eventually(lambda: zone(mesh, owner) == EAST, within=TOLD_SECONDS, of="the zone being known")
        eventually(lambda: revoked(mesh, leaver), within=TOLD_SECONDS, of="the revocation being known")


def test_a_change_during_an_outage_of_redis_is_known_soon_after_it(tmp_path: Path) -> None:
    check_told(tmp_path)


def test_a_copy_that_is_told_nothing_is_noticed(tmp_path: Path) -> None:
    """The fault that the test above is there for."""
    deaf = mock.patch.multiple(directory.Directory, hear=mock.DEFAULT, forget_all=mock.DEFAULT)
    with deaf, pytest.raises(AssertionError, match="being known"):
        check_told(tmp_path)


def test_without_redis_a_revocation_is_known_when_entries_are_renewed(tmp_path: Path) -> None:
    assert directory.FRESH_SECONDS == 30, "what the documents promise"
    with mock.patch.object(directory, "FRESH_SECONDS", 1.0), hearing(tmp_path) as (mesh, redis):
        owner = mesh.sign_up("unheard")
        leaver = mesh.member(owner, resources_pb2.ROLE_MEMBER)
        assert answered(mesh, leaver) is grpc.StatusCode.OK
        redis.stop()
        change(mesh, owner, leaver)
        eventually(lambda: revoked(mesh, leaver), within=TOLD_SECONDS, of="the revocation being known")
