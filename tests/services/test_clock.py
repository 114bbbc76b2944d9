"""Timers on a clock that is moved ahead: when they fire, in which order, and what stays on the machine's clock."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from google.protobuf.wrappers_pb2 import StringValue
from rapport.users.v1 import tenant_service_pb2

from mesh.events import outbox
from mesh.runtime.clock import SystemClock, VirtualClock, shared_clock
from mesh.testing.local import LocalMesh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mesh.events.envelope import Event
    from mesh.runtime.call import Write

DAY = 24 * 3600 * 1_000_000
TENANT = "ten_1"


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    local = LocalMesh(tmp_path_factory.mktemp("mesh"))
    yield local
    local.close()


@pytest.fixture
def handled(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the timers that users sets for itself say when they arrive."""
    said: list[str] = []
    consume(mesh, monkeypatch, lambda _, event: said.append(StringValue.FromString(event.data).value))
    return said


def consume(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch, effect: Callable[[Write, Event], None]) -> None:
    monkeypatch.setitem(mesh.service("users").consumes, StringValue.DESCRIPTOR.full_name, effect)


def set_timer(mesh: LocalMesh, name: str, days: float, said: str = "") -> None:
    with mesh.writing("users", TENANT) as write:
        write.set_timer("usr_1", name, write.now_us + int(days * DAY), StringValue(value=said or name))


def test_a_service_gets_its_own_timer_when_it_is_due_and_not_before(mesh: LocalMesh, handled: list[str]) -> None:
    set_timer(mesh, "remind", 3)
    mesh.clock.advance(timedelta(days=2))
    mesh.deliver()
    assert handled == []

    mesh.clock.advance(timedelta(days=1))
    mesh.deliver()
    mesh.deliver()

    assert handled == ["remind"]


def test_timers_fire_in_the_order_in_which_they_are_due(mesh: LocalMesh, handled: list[str]) -> None:
    for name, days in (("third", 3), ("first", 1), ("second", 2)):
        set_timer(mesh, name, days)
    mesh.clock.advance(timedelta(days=4))

    mesh.deliver()

    assert handled == ["first", "second", "third"]


def test_a_timer_that_is_set_again_or_cancelled_fires_no_more(mesh: LocalMesh, handled: list[str]) -> None:
    set_timer(mesh, "again", 1, "old")
    set_timer(mesh, "again", 2, "new")
    set_timer(mesh, "never", 1)
    with mesh.writing("users", TENANT) as write:
        write.cancel_timer("usr_1", "never")
    mesh.clock.advance(timedelta(days=3))

    mesh.deliver()

    assert handled == ["new"]


def test_a_timer_that_a_timer_sets_fires_in_its_turn(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def effect(write: Write, event: Event) -> None:
        said.append(event.timer)
        if event.timer == "first":
            write.set_timer("usr_1", "second", event.time_us + DAY, StringValue())

    consume(mesh, monkeypatch, effect)
    set_timer(mesh, "first", 1)
    set_timer(mesh, "third", 3)
    mesh.clock.advance(timedelta(days=4))

    mesh.deliver()

    assert said == ["first", "second", "third"]


def test_a_timer_of_a_write_that_fails_is_not_set(mesh: LocalMesh, handled: list[str]) -> None:
    with suppress(ZeroDivisionError), mesh.writing("users", TENANT) as write:
        write.set_timer("usr_1", "lost", write.now_us, StringValue())
        raise ZeroDivisionError
    mesh.deliver()

    assert handled == []


def test_a_timer_that_ignores_its_time_would_be_seen(
    mesh: LocalMesh, handled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put = outbox._put
    later = lambda tx, how, event, *, due_us, name: put(tx, how, event, due_us=due_us * 0, name=name)  # noqa: E731
    monkeypatch.setattr(outbox, "_put", later)

    with pytest.raises(AssertionError):
        test_a_service_gets_its_own_timer_when_it_is_due_and_not_before(mesh, handled)


def test_a_signed_in_user_stays_so_when_the_mesh_moves_ahead(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("ahead")
    mesh.clock.advance(timedelta(days=3))
    again = mesh.sign_up("later")

    request = tenant_service_pb2.GetCurrentTenantRequest()
    for token in (owner.token, again.token):
        reply = mesh.call("/rapport.users.v1.TenantService/GetCurrentTenant", request, token=token)
        assert reply.id in (owner.tenant, again.tenant)


def test_a_clock_goes_ahead_and_never_back() -> None:
    clock = VirtualClock()
    clock.advance(timedelta(days=3, microseconds=1))

    assert clock.offset_us == 3 * DAY + 1
    assert abs(clock.now_us() - SystemClock().now_us() - 3 * DAY) < DAY / 24
    with pytest.raises(ValueError, match="back"):
        clock.advance(timedelta(seconds=-1))


def test_a_shared_clock_is_one_for_all_who_open_it_and_survives_them(tmp_path: Path) -> None:
    first, second = shared_clock(tmp_path / "run" / "clock"), shared_clock(tmp_path / "run" / "clock")

    first.advance(timedelta(days=31))

    assert second.offset_us == shared_clock(tmp_path / "run" / "clock").offset_us == 31 * DAY
