"""The second fence: PostgreSQL denies by default, whatever statement reaches it. SQLite has no second fence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import insert, select

from mesh.store import Store, TenantFenceError, fence
from mesh.store.statement import Statement
from tests.conformance.store import schema
from tests.conformance.store.schema import LIBRARY, MIGRATIONS, book

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mesh.testing.postgres import PostgresServer

SOON = 5.0
UNFENCED = """
SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')
AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND (
    SELECT count(*) = 1 AND bool_and(p.cmd = 'ALL' AND p.permissive = 'PERMISSIVE' AND p.roles = '{public}'
        AND p.qual LIKE '%NULLIF(current_setting(''app.tenant''::text, true), ''''::text)%')
    FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname))
ORDER BY 1"""


@pytest.fixture(scope="module")
def url(postgres: PostgresServer) -> str:
    return postgres.url("fenced")


@pytest.fixture(scope="module")
def store(url: str) -> Iterator[Store]:
    store = Store(url, service="library", metadata=LIBRARY, migrations=MIGRATIONS)
    store.migrate()
    for owner in ("acme", "umbrella"):
        with store.transaction(tenant=owner, timeout=SOON) as tx:
            tx.write_many(schema.add_book, [book("a"), book(f"of-{owner}")])
    yield store
    store.close()


@pytest.fixture
def raw(url: str, store: Store) -> Iterator[psycopg.Connection]:
    """The runtime role without our code around it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET ROLE fenced_runtime")
        yield connection


def unfenced_tables(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(UNFENCED)]


def test_every_tenant_table_has_all_three_properties(url: str, store: Store) -> None:
    assert unfenced_tables(url) == []
    with psycopg.connect(url) as connection:
        fenced = {row[0] for row in connection.execute("SELECT tablename FROM pg_policies")}
    assert fenced >= {"books", "chapters", "idempotency_keys"}


def test_planted_fault_a_table_without_force_is_noticed(url: str, store: Store) -> None:
    with psycopg.connect(url, autocommit=True) as owner:
        for disable, enable in (
            ("NO FORCE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY"),
            ("DISABLE ROW LEVEL SECURITY", "ENABLE ROW LEVEL SECURITY"),
        ):
            owner.execute(f"ALTER TABLE books {disable}")
            try:
                assert unfenced_tables(url) == ["books"]
            finally:
                owner.execute(f"ALTER TABLE books {enable}")


def test_without_a_tenant_there_are_no_rows(raw: psycopg.Connection) -> None:
    assert raw.execute("SELECT count(*) FROM books").fetchone() == (0,)
    assert raw.execute("UPDATE books SET pages = 1").rowcount == 0
    assert raw.execute("DELETE FROM books").rowcount == 0


def test_an_empty_tenant_is_no_tenant(raw: psycopg.Connection) -> None:
    with raw.transaction():
        raw.execute("SELECT set_config('app.tenant', 'acme', true)")
    assert raw.execute("SELECT current_setting('app.tenant', true)").fetchone() == ("",)
    assert raw.execute("SELECT count(*) FROM books").fetchone() == (0,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute("INSERT INTO chapters VALUES ('', 'a', 1)")


def test_only_the_tenant_s_rows_can_be_seen_changed_or_made(raw: psycopg.Connection) -> None:
    with raw.transaction():
        raw.execute("SELECT set_config('app.tenant', 'acme', true)")
        assert {row[0] for row in raw.execute("SELECT id FROM books")} == {"a", "of-acme"}
        assert raw.execute("UPDATE books SET pages = 1 WHERE tenant_id = 'umbrella'").rowcount == 0
    for statement in (
        "INSERT INTO chapters VALUES ('umbrella', 'a', 1)",
        "UPDATE books SET tenant_id = 'umbrella' WHERE id = 'a'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), raw.transaction():  # noqa: PT012
            raw.execute("SELECT set_config('app.tenant', 'acme', true)")
            raw.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE books DISABLE ROW LEVEL SECURITY",
        "DROP POLICY tenant_fence ON books",
        "CREATE TABLE mine (id text)",
        "TRUNCATE books",
        "UPDATE mesh_version SET version_num = '9999'",
    ],
)
def test_the_runtime_role_owns_nothing(raw: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(statement)


def test_a_statement_that_slipped_past_the_guard_is_still_denied(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fence, "is_tenant_table", lambda table: False)
    leak = Statement(select(schema.books.c.id))
    theft = Statement(insert(schema.chapters).values(tenant_id="umbrella", book_id="a", number=7))
    monkeypatch.undo()
    assert store.read(leak, tenant=None, timeout=SOON) == []
    assert sorted(store.read(leak, tenant="acme", timeout=SOON)) == [("a",), ("of-acme",)]
    with pytest.raises(TenantFenceError), store.transaction(tenant="acme", timeout=SOON) as tx:
        tx.write(theft)


def test_the_tenant_of_a_call_does_not_stay_on_the_connection(
    url: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    single = Store(url, service="library", metadata=LIBRARY, migrations=MIGRATIONS, pool_size=1)
    monkeypatch.setattr(fence, "is_tenant_table", lambda table: False)
    leak = Statement(select(schema.books.c.id))
    monkeypatch.undo()
    single.read(schema.count_books, tenant="acme", timeout=SOON)
    assert single.read(leak, tenant=None, timeout=SOON) == []
    with pytest.raises(ZeroDivisionError), single.transaction(tenant="acme", timeout=SOON) as tx:  # noqa: PT012
        tx.read(leak)
        1 / 0  # noqa: B018
    assert single.read(leak, tenant=None, timeout=SOON) == []
    with single.transaction(tenant=None, timeout=SOON) as tx:
        with tx.as_tenant("acme"):
            assert len(tx.read(leak)) == 2
        assert tx.read(leak) == []
    single.close()


def test_a_plain_role_needs_no_right_but_the_runtime_role_s(postgres: PostgresServer, url: str, store: Store) -> None:
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE ROLE clerk LOGIN IN ROLE fenced_runtime")
    plain = Store(
        postgres.url("fenced", user="clerk"),
        service="library",
        metadata=LIBRARY,
        migrations=MIGRATIONS,
        migration_url=url,
    )
    plain.migrate()
    assert len(plain.read(schema.list_books, tenant="acme", timeout=SOON, after="", page=9)) == 2
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        psycopg.connect(postgres.url("fenced", user="clerk")) as connection,
    ):
        connection.execute("ALTER TABLE books DISABLE ROW LEVEL SECURITY")
    plain.close()


def test_an_owner_without_superpowers_can_migrate_and_is_fenced_too(postgres: PostgresServer) -> None:
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as admin:
        admin.execute("CREATE ROLE landlord LOGIN CREATEDB CREATEROLE")
    owned = Store(postgres.url("owned", user="landlord"), service="library", metadata=LIBRARY, migrations=MIGRATIONS)
    owned.migrate()
    with owned.transaction(tenant="acme", timeout=SOON) as tx:
        tx.write(schema.add_book, **book("b"))
    with psycopg.connect(postgres.url("owned", user="landlord")) as landlord:
        assert landlord.execute("SELECT count(*) FROM books").fetchone() == (0,)
    owned.close()


def test_a_privileged_connection_is_refused_before_the_runtime_role_exists(
    postgres: PostgresServer, fresh_database: Callable[[], str]
) -> None:
    early = Store(fresh_database(), service="library", metadata=LIBRARY, migrations=MIGRATIONS)
    with pytest.raises(Exception, match="never migrated"):
        early.ping(SOON)
    early.migrate()
    early.ping(SOON)
    early.close()


@pytest.fixture
def fresh_database(postgres: PostgresServer) -> Callable[[], str]:
    def make() -> str:
        with psycopg.connect(postgres.url("postgres"), autocommit=True) as admin:
            admin.execute("CREATE DATABASE early")
        return postgres.url("early")

    return make
