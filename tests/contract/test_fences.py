"""Attacks across tenants and roles on every RPC, with both fences of tenancy, and with either of them taken away.

The fences: the store binds the tenant in every statement, and PostgreSQL's row-level security shows a session the rows
of one tenant. Each must hold alone; with both gone the attacks must succeed, or they would prove nothing.
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import psycopg
import pytest
from rapport.users.v1 import resources_pb2

from mesh.contract import catalog
from mesh.contract.method import AccessKind, Verb
from mesh.store import statement
from mesh.testing.local import LocalMesh
from mesh.testing.postgres import PostgresServer, postgres_server
from services.users.domain.roles import permissions_of
from tests.contract.columns import access
from tests.contract.refusals import personal, refusal_of
from tests.contract.world import LIMITS, World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mesh.contract.method import MethodContract
    from mesh.store import compiled

pytestmark = pytest.mark.slow
METHODS = tuple(catalog.load().methods.values())
# The tenant of a row compared with the tenant of the call, as the store's statements write it.
_BOUND = re.compile(r"(\w+\.)?tenant_id = (\$\d+(?:::\w+)?)")


def fences_of_the_store_removed() -> Any:
    """Statements with a tenant that is always true: what a forgotten predicate would be, everywhere at once."""
    real = statement.Statement.compiled
    leaky: dict[statement.Statement, compiled.Compiled] = {}

    def without(each: statement.Statement, dialect: compiled.DialectName) -> compiled.Compiled:
        if each not in leaky:
            made = real(each, dialect)
            leaky[each] = dataclasses.replace(made, sql=_BOUND.sub(r"(\2 IS NOT NULL)", made.sql))
        return leaky[each]

    return mock.patch.object(statement.Statement, "compiled", without)


def row_level_security_removed(server: PostgresServer, services: tuple[str, ...], name: str) -> None:
    for service in services:
        with psycopg.connect(server.url(f"{name}_{service}"), autocommit=True) as connection:
            fenced = "SELECT quote_ident(relname) FROM pg_class WHERE relrowsecurity"
            for (table,) in connection.execute(fenced).fetchall():
                connection.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as started:
        yield started


@contextlib.contextmanager
def world_without(server: PostgresServer, home: Path, *fences: str) -> Iterator[World]:
    name = "_".join(("fences", *fences)).replace("-", "_")
    with contextlib.ExitStack() as stack:
        if "store" in fences:
            stack.enter_context(fences_of_the_store_removed())
        mesh = LocalMesh(home, database_url=server.url(f"{name}_{{service}}"), limits=LIMITS)
        stack.callback(mesh.close)
        if "rows" in fences:
            row_level_security_removed(server, mesh.services, name)
        yield World(mesh)


@pytest.fixture(scope="module", params=["store", "rows"])
def world(
    request: pytest.FixtureRequest, server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A mesh that has lost the fence of the store, or that of its rows."""
    with world_without(server, tmp_path_factory.mktemp("fences"), request.param) as made:
        yield made


def reads_rows(method: MethodContract) -> bool:
    return method.reads_only and method.access.kind in (AccessKind.PERMISSION, AccessKind.SELF)


def shows_only_own(world: World, method: MethodContract) -> None:
    """No reply to one tenant holds a word that only the other tenant knows."""
    standard = method.standard
    if standard and standard.verb is Verb.LIST:
        world.fresh(standard.resource, world.other) if not standard.resource.silent else None
    request = world.request(method) if not (standard and standard.verb is Verb.LIST) else method.request(page_size=200)
    theirs = {world.other.tenant, world.other.id, world.other.slug, world.other.email}
    shown = personal_and_ids(world.call(method, request))
    assert not theirs & shown, f"{method.full_name} shows {theirs & shown}"
    if standard and standard.verb is Verb.LIST:
        strangers = set(world.ids(standard.resource, world.other)) & shown
        assert not strangers, f"{method.full_name} lists {strangers}"


def personal_and_ids(message: Any) -> set[str]:
    found = set(personal(message))
    for field, value in message.ListFields():
        for one in value if field.is_repeated else [value]:
            if isinstance(one, str):
                found.add(one)
            elif field.message_type and not field.message_type.GetOptions().map_entry:
                found |= personal_and_ids(one)
    return found


@pytest.mark.parametrize("method", [m for m in METHODS if access.names_resources(m)], ids=lambda m: m.name)
def test_ids_of_another_tenant_are_unknown_behind_one_fence(world: World, method: MethodContract) -> None:
    access.other_tenant(world, method)


@pytest.mark.parametrize("method", [m for m in METHODS if reads_rows(m)], ids=lambda m: m.name)
def test_replies_hold_nothing_of_another_tenant_behind_one_fence(world: World, method: MethodContract) -> None:
    shows_only_own(world, method)


ROLES = [
    resources_pb2.ROLE_UNSPECIFIED,
    resources_pb2.ROLE_VIEWER,
    resources_pb2.ROLE_MEMBER,
    resources_pb2.ROLE_OWNER,
]


@pytest.mark.parametrize("role", ROLES, ids=resources_pb2.Role.Name)
def test_a_role_reaches_what_it_grants_and_nothing_else(world: World, role: int) -> None:
    world.meanings.reset_policy(world.tenant)
    somebody = world.mesh.member(world.tenant, role)
    granted = set(permissions_of(role, world.catalog.permissions()))
    for method in METHODS:
        if method.access.kind is not AccessKind.PERMISSION:
            continue
        denied = None
        try:
            world.call(method, world.request(method), somebody)
        except grpc.RpcError as error:
            # Rules of its own may refuse a method too, without naming a permission.
            denied = refusal_of(error).metadata.get("permission")
        expected = None if method.access.permission in granted else method.access.permission
        assert denied == expected, f"{method.full_name}: {denied} is missing"


def test_without_both_fences_the_attacks_succeed(server: PostgresServer, tmp_path: Path) -> None:
    methods = catalog.load().methods
    with world_without(server, tmp_path, "store", "rows") as open_world:
        with pytest.raises(AssertionError):
            access.other_tenant(open_world, methods["/rapport.customers.v1.ContactService/GetContact"])
        with pytest.raises(AssertionError):
            shows_only_own(open_world, methods["/rapport.customers.v1.ContactService/ListContacts"])
