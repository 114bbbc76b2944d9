"""A clock that is moved ahead stops wherever something is due, over a real Redis, relay and consumer."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from google.protobuf.wrappers_pb2 import StringValue

from mesh.cli.instants import moment, span
from mesh.events.backlog import Backlog
from mesh.events.redis_connection import RedisConnection
from mesh.events.stepping import NotSettledError, Stepper
from mesh.runtime.service import Service
from mesh.runtime.worker import Worker
from mesh.testing.local import LocalMesh
from mesh.testing.redis import redis_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mesh.events.envelope import Event
    from mesh.runtime.call import Write

HOUR = 3600 * 1_000_000


@pytest.fixture
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    with redis_server() as redis:
        local = LocalMesh(tmp_path_factory.mktemp("mesh"), redis_url=redis.url)
        yield local
        local.close()


@contextmanager
def working(mesh: LocalMesh, effect: Callable[[Write, Event], None]) -> Iterator[None]:
    """The background work of users meanwhile, which handles its own timers with `effect`."""
    service = Service(name="users", consumes={StringValue.DESCRIPTOR.full_name: effect}, subscribes=("users",))
    worker = Worker(service, mesh.host("users").environment, mesh.settings, "users-1")
    worker.start()
    yield
    worker.stop()


def set_timer(write: Write, name: str, due_us: int) -> None:
    write.set_timer("usr_1", name, due_us, StringValue())


def advance(mesh: LocalMesh, hours: int, patience: float = 30) -> int:
    redis = RedisConnection(mesh.settings.redis_url)
    stepper = Stepper(mesh.clock, Backlog({"users": mesh.host("users").store}, redis), [], patience=patience)
    try:
        return stepper.advance_to(mesh.clock.now_us() + hours * HOUR)
    finally:
        redis.close()


def test_timers_fire_at_their_time_and_so_do_those_that_they_set(mesh: LocalMesh) -> None:
    fired: list[tuple[str, int]] = []

    def effect(write: Write, event: Event) -> None:
        fired.append((event.timer, write.now_us - event.time_us))
        if event.timer == "first":
            set_timer(write, "second", event.time_us + HOUR)

    with working(mesh, effect):
        with mesh.writing("users", "ten_1") as write:
            for name, hours in (("third", 3), ("first", 1), ("tomorrow", 24)):
                set_timer(write, name, write.now_us + hours * HOUR)
        steps = advance(mesh, 4)

    assert [name for name, _ in fired] == ["first", "second", "third"]
    assert all(0 <= late < HOUR / 60 for _, late in fired)
    assert steps == 3


def test_a_timer_whose_handler_fails_is_tried_again_before_the_next_one(mesh: LocalMesh) -> None:
    tried: list[str] = []

    def effect(write: Write, event: Event) -> None:
        del write
        tried.append(event.timer)
        if len(tried) < 3:
            raise ZeroDivisionError

    with working(mesh, effect):
        with mesh.writing("users", "ten_1") as write:
            set_timer(write, "first", write.now_us + HOUR)
            set_timer(write, "second", write.now_us + 2 * HOUR)
        advance(mesh, 3)

    assert tried == ["first", "first", "first", "second"]


def test_what_nobody_handles_is_named_and_the_clock_stays_there(mesh: LocalMesh) -> None:
    with mesh.writing("users", "ten_1") as write:
        set_timer(write, "first", write.now_us + HOUR)

    with pytest.raises(NotSettledError, match="users has 1 events to publish"):
        advance(mesh, 48, patience=0.5)

    # The hour began when the timer was set, a moment ago.
    assert timedelta(minutes=59) < timedelta(microseconds=mesh.clock.offset_us) < timedelta(hours=2)


def test_a_clock_that_jumps_would_be_seen(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Backlog, "next_moment", lambda _: None)

    with pytest.raises(AssertionError):
        test_timers_fire_at_their_time_and_so_do_those_that_they_set(mesh)


def test_spans_and_times_are_read_as_people_write_them() -> None:
    assert span("1d12h30m") == timedelta(days=1, hours=12, minutes=30)
    assert moment("2027-01-01T00:00:00Z") == moment("2027-01-01T11:00:00+11:00") == 1_798_761_600_000_000


@pytest.mark.parametrize("text", ["", "3", "d", "3d ", "-3d", "3.5h", "3y"])
def test_any_other_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no span"):
        span(text)


@pytest.mark.parametrize("text", ["", "tomorrow", "2027-01-01", "2027-01-01T00:00:00"])
def test_any_other_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no time"):
        moment(text)
