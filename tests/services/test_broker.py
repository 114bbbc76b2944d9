"""A Redis that goes and comes is seen at once by whoever looks, while nothing is published; and so is a lag."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from mesh.cli import main
from mesh.control import run_file
from mesh.events.broker import BrokerWatch
from mesh.events.envelope import stream_of
from mesh.events.lag import Lag, lags
from mesh.runtime.readings import Readings
from mesh.runtime.server import Server
from mesh.testing.eventually import eventually
from mesh.testing.local import LocalMesh
from mesh.testing.redis import RedisServer, redis_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STREAM = stream_of("users")


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@contextmanager
def watching(redis: RedisServer) -> Iterator[BrokerWatch]:
    watch = BrokerWatch(redis.url, consumer="customers", sources=["users"], every=0.02)
    watch.start()
    yield watch
    watch.stop()


def published(redis: RedisServer, number: int) -> list[bytes]:
    connection = redis.connection()
    keys = connection.pipeline([("XADD", STREAM, "*", "data", "x")] * number)
    connection.close()
    return keys


def metrics(mesh: LocalMesh, watch: BrokerWatch) -> dict[str, float]:
    """The gauges of customers that are read of Redis."""
    host = mesh.host("customers")
    server = Server({}, [], mesh.settings.certificates("customers"))
    with mock.patch.object(host, "broker", watch):
        families = list(Readings(host.environment.telemetry, [host], server, mesh.settings).collect())
    return {
        family.name: sample.value
        for family in families
        for sample in family.samples
        if family.name.startswith(("rapport_broker", "rapport_consumer"))
    }


def check_outage(redis: RedisServer, folder: Path, within: float) -> None:
    mesh = LocalMesh(folder)
    try:
        with watching(redis) as watch:
            assert metrics(mesh, watch)["rapport_broker_up"] == 1
            redis.stop()
            eventually(lambda: metrics(mesh, watch)["rapport_broker_up"] == 0, within=within)
            assert "rapport_consumer_lag" not in metrics(mesh, watch), "nobody knows it now"
            redis.start()
            eventually(lambda: metrics(mesh, watch)["rapport_broker_up"] == 1, within=within)
    finally:
        mesh.close()


def test_an_outage_is_a_metric_that_recovers_before_anything_is_published(redis: RedisServer, tmp_path: Path) -> None:
    check_outage(redis, tmp_path, within=20)


def test_the_lag_of_a_service_is_a_metric(redis: RedisServer, tmp_path: Path) -> None:
    mesh = LocalMesh(tmp_path)
    published(redis, 5)
    connection = redis.connection()
    connection.call("XGROUP", "CREATE", STREAM, "customers", "0")
    connection.call("XREADGROUP", "GROUP", "customers", "one", "COUNT", 2, "STREAMS", STREAM, ">")
    connection.close()
    with watching(redis) as watch:
        eventually(lambda: watch.lags)
        found = metrics(mesh, watch)
    mesh.close()
    assert (found["rapport_consumer_lag"], found["rapport_consumer_pending"]) == (3, 2)


def test_a_lag_that_redis_does_not_know_is_counted(redis: RedisServer) -> None:
    keys = published(redis, 6)
    connection = redis.connection()
    connection.call("XGROUP", "CREATE", STREAM, "customers", keys[1])
    connection.call("XDEL", STREAM, keys[3])
    (group,) = connection.call("XINFO", "GROUPS", STREAM)
    assert dict(zip(group[::2], group[1::2], strict=True))[b"lag"] is None

    assert lags(connection, "users") == [Lag("users", "customers", 3, 0)]
    assert lags(connection, "customers") == [], "nothing was ever published there"
    connection.close()


def shown(home: Path, run: run_file.Run, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    run.write(home)
    assert main.main(["ps", *options]) == 0
    return capsys.readouterr().out


def test_an_outage_is_shown_as_degraded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MESH_HOME", str(tmp_path))
    lock = run_file.acquire(tmp_path)
    assert lock is not None
    serving = run_file.Run(os.getpid(), 0, run_file.SERVING, "http://127.0.0.1:1", "", "")

    def state(run: run_file.Run) -> Any:
        return json.loads(shown(tmp_path, run, capsys, "-o", "json"))[0]["state"]

    away = replace(serving, redis_answers=False)
    assert state(serving) == "serving"
    assert state(away) == "degraded"
    assert "degraded" in shown(tmp_path, away, capsys)
    assert state(replace(away, phase=run_file.STOPPING)) == "stopping"
    os.close(lock)


def test_a_watch_that_does_not_look_is_found(redis: RedisServer, tmp_path: Path) -> None:
    with mock.patch.object(BrokerWatch, "_look"), pytest.raises(AssertionError):
        check_outage(redis, tmp_path, within=0.5)
