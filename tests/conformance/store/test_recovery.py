"""PostgreSQL goes away and comes back; the process that uses it lives on."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import Float, Integer, bindparam, func, literal, select, table

from mesh.store import Statement, Store, Timeout, Unavailable, pipeline
from mesh.store.compiled import Compiled
from mesh.store.pipeline import Message, PipelineConnection
from mesh.store.postgres import PostgresEngine
from mesh.testing.eventually import eventually
from mesh.testing.postgres import PostgresServer, postgres_server
from tests.conformance.store import schema
from tests.conformance.store.schema import LIBRARY, MIGRATIONS, book

if TYPE_CHECKING:
    from collections.abc import Iterator

SOON = 5.0
BACKEND = Statement(select(func.pg_backend_pid()))
BEGIN = Message(Compiled(sql="BEGIN", pack=lambda params: (), unpack=None, formats=(), returns_rows=False))


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture
def store(server: PostgresServer) -> Iterator[Store]:
    store = Store(server.url("recovery"), service="library", metadata=LIBRARY, migrations=MIGRATIONS, pool_size=4)
    store.migrate()
    yield store
    store.close()


def count(store: Store) -> int:
    number: int = store.read(schema.count_books, tenant="acme", timeout=SOON)[0][0]
    return number


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_a_restart_is_survived(server: PostgresServer, store: Store, how: signal.Signals) -> None:
    before = count(store)
    server.stop(how=how)
    with pytest.raises(Unavailable):
        store.ping(SOON)
    server.start()
    eventually(lambda: count(store) == before, of="the first read after the restart")


def test_a_restart_in_a_transaction_loses_the_transaction_alone(server: PostgresServer, store: Store) -> None:
    before = count(store)
    with pytest.raises(Unavailable), store.transaction(tenant="acme", timeout=SOON) as tx:  # noqa: PT012
        tx.write(schema.add_book, **book("lost"))
        server.stop()
        server.start()
        tx.write(schema.add_page, id="lost")
    assert count(store) == before


def kill_connections(server: PostgresServer) -> None:
    """As after a failover: the pool holds connections that nobody serves any more."""
    with psycopg.connect(server.url("recovery"), autocommit=True) as admin:
        ours = "FROM pg_stat_activity WHERE application_name = 'rapport-library'"
        assert admin.execute(f"SELECT pg_terminate_backend(pid) {ours}").fetchall()
        eventually(lambda: admin.execute(f"SELECT count(*) {ours}").fetchone() == (0,))


@pytest.mark.parametrize("noticed", [True, False])
def test_killed_connections_are_replaced_without_an_error(
    server: PostgresServer,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    noticed: bool,  # noqa: FBT001
) -> None:
    if not noticed:  # the news arrives after the look at the socket
        monkeypatch.setattr(PipelineConnection, "quiet", True)
    before = count(store)
    kill_connections(server)
    assert count(store) == before
    kill_connections(server)
    with store.transaction(tenant="acme", timeout=SOON) as tx:
        assert len(tx.read(schema.list_books, after="", page=1000)) == before


def test_a_commit_on_a_cut_connection_is_never_sent_twice(
    server: PostgresServer, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the first one took effect is unknown."""
    before = count(store)
    kill_connections(server)
    monkeypatch.setattr(PipelineConnection, "quiet", True)
    with pytest.raises(Unavailable), store.transaction(tenant="acme", timeout=SOON) as tx:
        tx.defer(schema.add_book, **book("unsure"))
    assert count(store) == before


def test_a_silent_server_is_given_up(store: Store) -> None:
    """A stopped backend keeps its socket open and says nothing: the wait ends a second after the deadline."""
    ((backend,),) = store.read(BACKEND, tenant=None, timeout=SOON)
    os.kill(backend, signal.SIGSTOP)
    try:
        started = time.monotonic()
        with pytest.raises(Unavailable):
            store.read(BACKEND, tenant=None, timeout=0.1)
        assert time.monotonic() - started < 10
        assert store.read(BACKEND, tenant=None, timeout=SOON) != [(backend,)]
    finally:
        os.kill(backend, signal.SIGCONT)


def test_a_connection_with_an_open_transaction_never_goes_back(store: Store) -> None:
    engine = store._engine
    assert isinstance(engine, PostgresEngine)
    deadline = time.monotonic() + SOON
    connection = engine.pool.acquire(deadline)
    engine.exchange(connection, [BEGIN], deadline)
    engine.give_back(connection)
    fresh = engine.pool.acquire(deadline)
    assert fresh is not connection
    engine.give_back(fresh)


def test_a_statement_prepared_before_a_migration_is_prepared_again(server: PostgresServer, store: Store) -> None:
    with store.transaction(tenant="acme", timeout=SOON) as tx:
        tx.write(schema.put_book, **book("replanned"))
    star = schema.get_book
    assert len(store.read(star, tenant="acme", timeout=SOON, id="replanned")) == 1
    with psycopg.connect(server.url("recovery"), autocommit=True) as owner:
        owner.execute("ALTER TABLE books ALTER COLUMN weight TYPE numeric")
        try:
            assert len(store.read(star, tenant="acme", timeout=SOON, id="replanned")) == 1
        finally:
            owner.execute("ALTER TABLE books ALTER COLUMN weight TYPE double precision")
    assert len(store.read(star, tenant="acme", timeout=SOON, id="replanned")) == 1


def test_a_connection_keeps_a_bounded_number_of_statements_prepared(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "_PREPARED_LIMIT", 6)
    many = [Statement(select(literal(number, Integer))) for number in range(20)]
    prepared = Statement(select(func.count()).select_from(table("pg_prepared_statements")))
    for _ in range(2):
        assert [store.read(each, tenant=None, timeout=SOON) for each in many] == [[(number,)] for number in range(20)]
        assert store.read(prepared, tenant=None, timeout=SOON)[0][0] <= 6


def test_a_later_statement_of_a_transaction_has_only_the_time_that_is_left(store: Store) -> None:
    sleep = Statement(select(func.pg_sleep(bindparam("seconds", type_=Float))))
    started = time.monotonic()
    with pytest.raises(Timeout), store.transaction(tenant="acme", timeout=1.0) as tx:  # noqa: PT012
        tx.read(sleep, seconds=0.6)
        tx.read(sleep, seconds=5.0)
    assert time.monotonic() - started < 0.6 + 5, "the second had less than its five seconds"
