"""`mesh events` over real stores and a real Redis: what is behind, what is parked, and how it is mended."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf.wrappers_pb2 import StringValue

from mesh.cli import main
from mesh.events.envelope import Event
from mesh.events.inbox import Inbox
from mesh.testing.local import LocalMesh
from mesh.testing.redis import redis_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WHERE = ("customers", "ten_1", "users/usr_1")


@pytest.fixture
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    with redis_server() as redis:
        local = LocalMesh(tmp_path_factory.mktemp("mesh"), redis_url=redis.url)
        yield local
        local.close()


@pytest.fixture
def run(
    mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, Any]]:
    """Runs `mesh events ... -o json`: its exit status and what it prints."""
    monkeypatch.setenv("MESH_HOME", str(mesh.settings.home))
    monkeypatch.setenv("REDIS_URL", mesh.settings.redis_url)
    monkeypatch.setenv("DATABASE_URL", mesh.settings.database_url)

    def command(*words: str) -> tuple[int, Any]:
        status = main.main(["events", *words, "-o", "json"])
        printed = capsys.readouterr().out
        return status, json.loads(printed) if printed else None

    return command


def park(mesh: LocalMesh) -> None:
    """Let customers fail at an event until it is parked."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    now_us = mesh.clock.now_us()
    moments = iter(now_us + step * 1_000_000_000 for step in range(100))
    kind = StringValue.DESCRIPTOR.full_name
    inbox = Inbox(mesh.host("customers").store, {kind: fail}, now_us=lambda: next(moments))
    inbox.handle([Event("evt_1", "ten_1", "users/usr_1", 1, kind, b"", now_us, "users", "")])
    for _ in range(6):
        inbox.handle_waiting()


def test_a_parked_event_is_listed_replayed_and_discarded(mesh: LocalMesh, run: Callable[..., tuple[int, Any]]) -> None:
    park(mesh)

    status, (listed,) = run("parked")
    assert status == 0
    assert (listed["service"], listed["tenant"], listed["aggregate"]) == WHERE
    assert listed["cause"] == "ZeroDivisionError"

    assert run("replay", *WHERE) == (0, {"service": "customers", "action": "replay", "events": 1})
    assert run("parked") == (0, [])
    park(mesh)
    assert run("discard", *WHERE)[0] == 0
    assert run("parked") == (0, [])


def test_what_is_not_there_is_told_by_the_exit_status(run: Callable[..., tuple[int, Any]]) -> None:
    assert run("replay", *WHERE)[0] == 1
    assert run("discard", "nobody", "ten_1", "a")[0] == 2


def test_the_lag_counts_what_waits_and_alarms_beyond_a_limit(
    mesh: LocalMesh, run: Callable[..., tuple[int, Any]]
) -> None:
    assert run("lag", "--most", "0")[0] == 0
    with mesh.writing("users", "ten_1") as write:
        write.publish("users/usr_1", 0, StringValue())
        write.set_timer("users/usr_1", "remind", write.now_us + 10**12, StringValue())

    status, shown = run("lag", "--most", "0")

    users = next(each for each in shown["services"] if each["service"] == "users")
    assert (status, users["unpublished"], users["timers"]) == (1, 1, 1)


def test_no_mesh_is_told_by_the_exit_status(
    run: Callable[..., tuple[int, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", "")
    assert run("lag")[0] == 3
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    assert run("lag")[0] == 1


def test_a_replay_that_does_nothing_would_be_seen(
    mesh: LocalMesh, run: Callable[..., tuple[int, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Inbox, "replay", lambda *_: 1)

    with pytest.raises(AssertionError):
        test_a_parked_event_is_listed_replayed_and_discarded(mesh, run)
