"""What the relay and the consumer add to the database driver and the Redis client, and their events a second."""

from __future__ import annotations

import sqlite3
import statistics
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import redis as redis_package

from mesh.events import retention
from mesh.events.envelope import stream_of
from mesh.events.relay import Relay
from mesh.store import upsert
from mesh.testing.postgres import postgres_server
from mesh.testing.redis import redis_server
from tests.conformance.bus.journal import HAPPENED, Clock, Source, clear, consumer, journals, open_store, publish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mesh.events.envelope import Event
    from mesh.store import Store, Transaction
    from mesh.testing.redis import RedisServer

BUDGET = 5_000
"""Events a second through one consumer, by QUALITY.md."""
NOISE = 0.85
ROUNDS, EVENTS, AGGREGATES, PAYLOAD_BYTES = 7, 3_000, 200, 300
BATCH = {"relay": 200, "consumer": 100}
_EFFECT = upsert(journals, key=["id"], set=["entries"], name="effect")
_NAMES = ("event_id", "tenant", "aggregate", "sequence", "type", "data", "time_us", "actor", "trace")
_EFFECT_SQL = (
    "INSERT INTO journals (tenant_id, id, entries) VALUES (?, ?, ?)"
    " ON CONFLICT (tenant_id, id) DO UPDATE SET entries = excluded.entries"
)

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]


class RawSqlite:
    """The driver as a programmer without any library opens it, set like the store's connections."""

    def __init__(self, url: str) -> None:
        self._connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self.close = self._connection.close

    def read(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, values).fetchall()

    def write(self, sql: str, rows: list[tuple[Any, ...]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(sql, rows)
        self._connection.execute("COMMIT")

    def delete(self, numbers: list[int]) -> None:
        self.write("DELETE FROM outbox WHERE seq = ?", [(number,) for number in numbers])


class RawPostgres:
    """psycopg, which prepares what is repeated and sends executemany() as one pipeline."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        self.close = self._connection.close

    def read(self, sql: str, *values: Any) -> list[Any]:
        return self._connection.execute(sql.replace("?", "%s"), values).fetchall()

    def write(self, sql: str, rows: list[tuple[Any, ...]]) -> None:
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(sql.replace("?", "%s"), rows)

    def delete(self, numbers: list[int]) -> None:
        self._connection.execute("DELETE FROM outbox WHERE seq = ANY(%s)", [numbers])


@dataclass
class Spent:
    """CPU microseconds of this thread and seconds on the wall, per event, of each round."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    @contextmanager
    def round(self) -> Iterator[None]:
        cpu, wall = time.thread_time(), time.perf_counter()
        yield
        self.cpu.append((time.thread_time() - cpu) / EVENTS * 1_000_000)
        self.wall.append((time.perf_counter() - wall) / EVENTS)


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('events')}/events.db"
        return
    with postgres_server() as server:
        yield server.url("events")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = open_store(url)
    store.migrate()
    yield store
    clear(store)
    store.close()


@pytest.fixture
def raw(url: str, store: Store) -> Iterator[RawSqlite | RawPostgres]:
    opened = (RawSqlite if url.startswith("sqlite") else RawPostgres)(url)
    yield opened
    opened.close()


def fill(store: Store, source: Source) -> None:
    for start in range(0, EVENTS, 500):
        publish(store, [event_of(source, number) for number in range(start, start + 500)])


def event_of(source: Source, number: int) -> Event:
    event = source.event(number // AGGREGATES + 1, aggregate=f"contacts/con_{number % AGGREGATES:026}")
    return event._replace(data=b"x" * PAYLOAD_BYTES)


def relay_by_hand(raw: RawSqlite | RawPostgres, client: Any, stream: str) -> None:
    """What is left of a relay without timers, without a memory of what Redis may lose, and without CloudEvents."""
    select = f"SELECT seq, {', '.join(_NAMES)} FROM outbox ORDER BY seq LIMIT {BATCH['relay']}"
    while rows := raw.read(select):
        pipeline = client.pipeline(transaction=False)
        for _, *values in rows:
            pipeline.xadd(stream, dict(zip(_NAMES, values, strict=True)))
        pipeline.execute()
        raw.delete([row[0] for row in rows])


def consume_by_hand(raw: RawSqlite | RawPostgres, client: Any, stream: str) -> None:
    """What is left of a consumer without order, uniqueness and retries."""
    while found := client.xreadgroup("raw", "one", {stream: ">"}, count=BATCH["consumer"]):
        ((_, entries),) = found
        fields = [entry for _, entry in entries]
        rows = [(f[b"ce-tenant"].decode(), f[b"ce-subject"].decode(), f[b"ce-id"].decode()) for f in fields]
        raw.write(_EFFECT_SQL, rows)
        client.xack(stream, "raw", *(key for key, _ in entries))


def told(what: str, store: Store, ours: Spent, raw: Spent) -> None:
    ratio = statistics.median(b / a for a, b in zip(ours.cpu, raw.cpu, strict=True))
    cpu, raw_cpu = statistics.median(ours.cpu), statistics.median(raw.cpu)
    print(
        f"\n{store.dialect} {what}: by hand / ours {ratio:.2f} of CPU ({raw_cpu:.0f} / {cpu:.0f} us an event);"
        f" events a second: {1 / statistics.median(ours.wall):,.0f} (best {1 / min(ours.wall):,.0f}),"
        f" by hand {1 / statistics.median(raw.wall):,.0f}"
    )
    assert 1_000_000 / cpu >= BUDGET * NOISE


def alternately(number: int, *runs: Callable[[], None]) -> None:
    for run in runs if number % 2 else reversed(runs):
        run()


def test_the_relay_costs_little_more_than_a_loop_by_hand(
    store: Store, raw: RawSqlite | RawPostgres, redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the sweep of all that was published, which is far rarer in a mesh."""
    monkeypatch.setattr(retention, "FSYNC_MS", -1_000)
    client = redis_package.Redis.from_url(redis.url)
    by_mesh, by_hand = Spent(), Spent()

    def mesh() -> None:
        source = Source(f"relayed{len(by_mesh.cpu)}-{store.dialect}")
        relay = Relay(store, source=source.name, redis_url=redis.url, now_us=Clock(), poke_path=tmp_path / "poke")
        fill(store, source)
        with by_mesh.round():
            while relay.publish_due():
                pass
            relay.tidy()
        relay.close()
        assert client.xlen(stream_of(source.name)) == EVENTS
        assert raw.read("SELECT count(*) FROM outbox") == [(0,)]

    def hand() -> None:
        fill(store, Source("by-hand"))
        with by_hand.round():
            relay_by_hand(raw, client, "by-hand")
        client.delete("by-hand")

    for number in range(ROUNDS):
        alternately(number, mesh, hand)
    client.close()
    told("relay", store, by_mesh, by_hand)


def test_a_consumer_reaches_its_budget(
    store: Store, raw: RawSqlite | RawPostgres, redis: RedisServer, tmp_path: Path
) -> None:
    client = redis_package.Redis.from_url(redis.url)
    by_mesh, by_hand = Spent(), Spent()

    def effect(transaction: Transaction, event: Event) -> None:
        transaction.defer(_EFFECT, id=event.aggregate, entries=event.id)

    for number in range(ROUNDS):
        source = Source(f"consumed{number}-{store.dialect}")
        stream = stream_of(source.name)
        relay = Relay(store, source=source.name, redis_url=redis.url, now_us=Clock(), poke_path=tmp_path / "poke")
        fill(store, source)
        while relay.publish_due():
            pass
        relay.close()
        reader = consumer(store, redis.url, source.name, handlers={HAPPENED: effect})
        reader._join()
        client.xgroup_create(stream, "raw", "0")

        def mesh(reader: Any = reader, source: Source = source) -> None:
            last = event_of(source, EVENTS - 1)
            with by_mesh.round():
                while reader.inbox.position(source.name, last.tenant, last.aggregate) < last.sequence:
                    reader._cycle()
                reader._acknowledge()

        def hand(stream: str = stream) -> None:
            with by_hand.round():
                consume_by_hand(raw, client, stream)

        alternately(number, mesh, hand)
        assert client.xpending(stream, "journal")["pending"] == 0
        assert client.xpending(stream, "raw")["pending"] == 0
        reader._redis.close()
    client.close()
    told("consumer", store, by_mesh, by_hand)


def test_the_baselines_and_ours_share_the_size_of_a_batch() -> None:
    from mesh.events import consumer as consumer_module
    from mesh.events import relay as relay_module

    assert {"relay": relay_module._BATCH, "consumer": consumer_module._BATCH} == BATCH
