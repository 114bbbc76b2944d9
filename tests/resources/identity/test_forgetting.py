"""A user who vanishes leaves nothing of theirs, asked of the tables: no later one is forgotten; on each engine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rapport.users.v1 import api_key_service_pb2, resources_pb2, user_service_pb2
from sqlalchemy import LargeBinary, SmallInteger, Table, insert

from mesh.store.statement import Statement
from mesh.store.tables import is_tenant_table
from services.users.service.forgetting import KEPT
from services.users.tables import metadata
from tests.resources.identity.passkeys import Keeper
from tests.resources.identity.signing_in import later, policy, tenant
from tests.resources.identity.test_second_factors import Device

if TYPE_CHECKING:
    import pytest

    from mesh.testing.local import LocalMesh, Member

USERS = "/rapport.users.v1.UserService/"
DAY = 86_400
# Columns whose names end like those of users' ids, and hold other ones. What is not named here is taken for a user's.
OTHERS = {
    "client_id",
    "credential_id",
    "external_id",
    "group_id",
    "identity_provider_id",
    "key_id",
    "parent_id",
    "provider_id",
    "request_id",
    "session_id",
    "team_id",
}


def naming_users() -> list[tuple[Table, str]]:
    """Every column of tenants' tables that may hold a user's id."""
    return [
        (table, column.name)
        for _, table in sorted(metadata.tables.items())
        if is_tenant_table(table)
        for column in table.columns
        if column.name.endswith("_id") and column.name not in OTHERS | {"tenant_id"}
    ]


def plant(mesh: LocalMesh, table: Table, column: str, user: Member, number: int) -> None:
    """A row that names a user in one column, and says as little as it may in all others."""
    row: dict[str, Any] = {}
    for each in table.columns:
        if each.name == "tenant_id":
            continue
        if each.nullable:
            row[each.name] = None
        elif each.name == column:
            row[each.name] = user.id
        elif isinstance(each.type, LargeBinary):
            row[each.name] = b""
        elif isinstance(each.type, SmallInteger):
            row[each.name] = 1
        else:
            kind = each.type.python_type
            row[each.name] = f"planted-{number}-{column}" if kind is str else kind(number)
    with mesh.writing("users", user.tenant) as write:
        write.write(Statement(insert(table), name="plant"), **row)


def left(mesh: LocalMesh, user: Member) -> set[str]:
    """By table and column, where a user's id stands."""
    found = set()
    for name, rows in mesh.dump("users").items():
        if name in metadata.tables:
            columns = [column.name for column in metadata.tables[name].columns]
            for row in rows:
                for column, value in zip(columns, row, strict=True):
                    text = bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
                    if user.id.encode() in text:
                        found.add(f"{name}.{column}")
    return found


def delete(mesh: LocalMesh, by: Member, user: Member) -> None:
    mesh.call(f"{USERS}DeleteUser", user_service_pb2.DeleteUserRequest(id=user.id), token=by.token)
    mesh.deliver()


def test_no_table_keeps_what_names_a_user_without_a_reason(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    member = mesh.member(owner, resources_pb2.ROLE_MEMBER)
    delete(mesh, owner, member)
    columns = naming_users()
    for number, (table, column) in enumerate(columns, 900_000):
        plant(mesh, table, column, member, number)
    planted = {f"{table.name}.{column}" for table, column in columns}
    assert planted <= left(mesh, member)
    later(mesh, 31 * DAY)
    mesh.deliver()
    assert left(mesh, member) & planted == set(KEPT), "kept without a reason, or a reason for what is not kept"
    assert not left(mesh, member) - planted - {"audit_entries.resource"}


def test_what_a_person_signs_in_with_vanishes_with_them(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = tenant(mesh)
    member, other = (mesh.member(owner, resources_pb2.ROLE_OWNER) for _ in range(2))
    for who in (member, other):
        keeper = Keeper(mesh)
        keeper.register(who)
        token = keeper.verify(who.token).access_token
        Device(mesh, replace(who, token=token), monkeypatch).confirm()
        request = api_key_service_pb2.CreateApiKeyRequest(api_key={"display_name": "sync"})
        mesh.call("/rapport.users.v1.ApiKeyService/CreateApiKey", request, token=token)
    policy(mesh, owner, mfa_user_ids=[member.id, other.id])
    wanted = {"totp_secrets", "recovery_code_digests", "passkeys", "api_keys", "api_key_secrets", "sessions"}

    def kept() -> dict[str, int]:
        dump = mesh.dump("users")
        return {name: sum(owner.tenant in row for row in dump[name]) for name in wanted}

    before = kept()
    delete(mesh, owner, member)
    later(mesh, 31 * DAY)
    mesh.deliver()
    after = kept()
    halves = wanted - {"sessions"}
    assert {name: after[name] * 2 for name in halves} == {name: before[name] for name in halves}
    assert {each.partition(".")[0] for each in left(mesh, member)} <= {"audit_entries"}
    assert "security_policies.content" in left(mesh, other)
