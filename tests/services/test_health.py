"""Health follows the database on either engine, does not flap, and drains first."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING
from unittest import mock

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from sqlalchemy import MetaData

from mesh.runtime import health
from mesh.runtime.health import Health
from mesh.store.errors import Unavailable
from mesh.store.store import Store
from mesh.testing.eventually import eventually
from mesh.testing.postgres import postgres_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Ask = Callable[[], dict[str, str]]

AREA = "rapport.customers.v1.ContactService"
DOWN_STATUS = health_pb2.HealthCheckResponse.NOT_SERVING
NAME = health_pb2.HealthCheckResponse.ServingStatus.Name
UP, DOWN = {"": "SERVING", AREA: "SERVING"}, {"": "NOT_SERVING", AREA: "NOT_SERVING"}


@contextmanager
def served(**pings: Callable[[float], None]) -> Iterator[tuple[Health, health_pb2_grpc.HealthStub]]:
    """A health that looks often, and who asks it over a port."""
    watched = Health([], pings, every=0.02)
    server = grpc.server(ThreadPoolExecutor(1))
    watched.join(server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    watched.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield watched, health_pb2_grpc.HealthStub(channel)
    assert server.stop(0).wait(10)
    watched.stop()


@contextmanager
def asked(ping: Callable[[float], None]) -> Iterator[tuple[Health, Ask]]:
    """A health, and what its List says of the process and of contacts."""
    with served(customers=ping) as (watched, stub):

        def ask() -> dict[str, str]:
            said = stub.List(health_pb2.HealthListRequest(), timeout=10).statuses
            return {area: NAME(said[area].status) for area in UP}

        yield watched, ask


@contextmanager
def heard(stub: health_pb2_grpc.HealthStub, area: str) -> Iterator[list[str]]:
    """What a watcher of an area has been told so far."""
    told: list[str] = []
    watch = stub.Watch(health_pb2.HealthCheckRequest(service=area))

    def listen() -> None:
        with suppress(grpc.RpcError):
            told.extend(NAME(answer.status) for answer in watch)

    listener = threading.Thread(target=listen)
    listener.start()
    yield told
    watch.cancel()
    listener.join(10)


def test_postgresql_stopped_and_started_again_is_followed() -> None:
    with postgres_server() as server:
        store = Store(server.url("rapport_health"), service="health", metadata=MetaData())
        store.migrate()
        with asked(store.ping) as (_, ask):
            assert ask() == UP
            server.stop()
            eventually(lambda: ask() == DOWN, within=20)
            server.start()
            eventually(lambda: ask() == UP, within=20)
        store.close()


def test_a_sqlite_file_that_is_gone_and_comes_back_is_followed(tmp_path: Path) -> None:
    file = tmp_path / "health.db"
    store = Store(f"sqlite:///{file}", service="health", metadata=MetaData())
    store.migrate()
    with asked(store.ping) as (_, ask):
        assert ask() == UP
        file.rename(tmp_path / "elsewhere")
        eventually(lambda: ask() == DOWN, within=10)
        (tmp_path / "elsewhere").rename(file)
        eventually(lambda: ask() == UP, within=10)
    store.close()


def check_heard_once(folder: Path) -> None:
    """A database goes and comes, and so does another service's in the same process."""
    stores = {}
    for name in ("customers", "users"):
        stores[name] = Store(f"sqlite:///{folder}/{name}.db", service=name, metadata=MetaData())
        stores[name].migrate()
    away = folder / "away"
    with (
        served(**{name: store.ping for name, store in stores.items()}) as (_, stub),
        heard(stub, AREA) as of_contacts,
        heard(stub, "") as of_process,
    ):
        eventually(lambda: of_contacts == of_process == ["SERVING"])
        for name in ("customers", "users"):
            file = folder / f"{name}.db"
            for target, source, last in ((away, file, "NOT_SERVING"), (file, away, "SERVING")):
                source.rename(target)
                eventually(lambda last=last: of_process[-1] == last, within=10)
        eventually(lambda: len(of_process) >= 5)
        assert of_contacts == ["SERVING", "NOT_SERVING", "SERVING"]
        assert of_process == [*of_contacts, "NOT_SERVING", "SERVING"]
    for store in stores.values():
        store.close()


def test_a_watcher_hears_each_change_of_its_service_once_and_nothing_of_others(tmp_path: Path) -> None:
    check_heard_once(tmp_path)


def come_and_go(stub: health_pb2_grpc.HealthStub) -> None:
    """A watcher who leaves as soon as it has heard something, many times."""
    for _ in range(100):
        watching = stub.Watch(health_pb2.HealthCheckRequest(), timeout=10)
        assert next(watching).status == health_pb2.HealthCheckResponse.SERVING
        watching.cancel()


def test_watchers_who_leave_while_others_come_hold_nobody_up() -> None:
    with served() as (_, stub), ThreadPoolExecutor(4) as watchers:
        for watcher in [watchers.submit(come_and_go, stub) for _ in range(4)]:
            watcher.result()
        assert NAME(stub.Check(health_pb2.HealthCheckRequest(), timeout=10).status) == "SERVING"


def test_a_health_that_repeats_itself_is_found(tmp_path: Path) -> None:
    def repeats(self: Health, area: str, *, serving: bool) -> None:
        self._servicer.set(area, health_pb2.HealthCheckResponse.SERVING if serving else DOWN_STATUS)

    with mock.patch.object(Health, "_set", repeats), pytest.raises(AssertionError):
        check_heard_once(tmp_path)


def test_a_sqlite_file_that_a_writer_holds_is_still_served(tmp_path: Path) -> None:
    file = tmp_path / "health.db"
    store = Store(f"sqlite:///{file}", service="health", metadata=MetaData())
    store.migrate()
    with closing(sqlite3.connect(file, isolation_level=None)) as writer, asked(store.ping) as (_, ask):
        writer.execute("BEGIN IMMEDIATE")
        assert all(ask() == UP for _ in range(50)), "readers never wait for a writer"
    store.close()


def flickering() -> Callable[[float], None]:
    """A database that fails every second ping."""
    count = iter(range(1_000_000))

    def ping(timeout: float) -> None:
        if next(count) % 2:
            raise Unavailable("for once")

    return ping


def test_a_single_failure_changes_nothing() -> None:
    with asked(flickering()) as (_, ask):
        assert all(ask() == UP for _ in range(50))


def test_a_health_without_patience_is_found() -> None:
    with mock.patch.object(health, "PATIENCE", 1), asked(flickering()) as (_, ask):
        eventually(lambda: ask() == DOWN, within=10)


@pytest.mark.parametrize("answers", [True, False])
def test_a_drain_says_not_serving_whatever_the_database_does(answers: bool) -> None:  # noqa: FBT001
    def ping(timeout: float) -> None:
        if not answers:
            raise Unavailable("away")

    with asked(ping) as (watched, ask):
        watched.drain()
        assert ask() == DOWN
