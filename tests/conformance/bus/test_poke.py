"""What wakes a relay after a commit: it reaches whoever listens, and does no harm where nobody does."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from mesh.events import outbox
from mesh.events import relay as relay_module
from mesh.events.envelope import stream_of
from mesh.events.relay import Poke, Relay
from mesh.testing.eventually import eventually
from tests.conformance.bus.journal import SOON, Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from mesh.store import Store
    from mesh.testing.redis import RedisServer

    Run = Callable[..., AbstractContextManager[None]]


def test_a_poke_reaches_who_listens_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "_POKE_AGAIN_NS", 0)
    path = tmp_path / "poke"
    with closing(Poke(path)) as poke:
        for _ in range(2):
            with closing(relay_module._listen_at(path)) as ear:
                ear.settimeout(SOON)
                poke()
                assert ear.recv(16)
            path.unlink()
            poke()


def test_a_poke_with_nobody_there_is_harmless(tmp_path: Path) -> None:
    with closing(Poke(tmp_path / "nobody")) as poke:
        poke()


def test_pokes_close_to_one_another_are_one(tmp_path: Path) -> None:
    path, clock = tmp_path / "poke", mock.Mock(return_value=1)
    with (
        closing(Poke(path)) as poke,
        closing(relay_module._listen_at(path)) as ear,
        mock.patch.object(relay_module.time, "monotonic_ns", clock),
    ):
        for clock.return_value in (1, relay_module._POKE_AGAIN_NS, relay_module._POKE_AGAIN_NS + 1):
            poke()
        ear.settimeout(0)
        assert ear.recv(16)
        assert ear.recv(16)
        with pytest.raises(BlockingIOError):
            ear.recv(16)


def test_who_was_poked_gathers_for_longer_than_pokes_are_left_out() -> None:
    assert relay_module._GATHER_SECONDS * 1e9 > relay_module._POKE_AGAIN_NS


def test_a_relay_that_is_behind_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "_POKE_AGAIN_NS", 0)
    path = tmp_path / "poke"
    with closing(Poke(path)) as poke, closing(relay_module._listen_at(path)) as ear:
        for _ in range(1_000):  # more than a socket holds
            poke()
        ear.settimeout(SOON)
        assert ear.recv(16)


def published(redis: RedisServer, source: Source) -> int:
    with closing(redis.connection()) as connection:
        count: int = connection.call("XLEN", stream_of(source.name))
        return count


def check_published(
    store: Store,
    source: Source,
    relay: Relay,
    run: Run,
    redis: RedisServer,
    path: Path,
    *,
    together: int,
    within: float = SOON,
) -> None:
    """Commits are published long before the next look; so many follow one another before that is looked at."""
    with mock.patch.object(relay_module, "_LOOK_SECONDS", 3600.0), run(relay), closing(Poke(path)) as poke:
        eventually(path.exists)
        for count in range(1, 20 * together + 1):
            with store.transaction(tenant=None, timeout=SOON) as tx:
                outbox.publish(tx, source.event(count))
                tx.after_commit(poke)
            if count % together == 0:
                eventually(lambda count=count: published(redis, source) == count, within=within)


def test_a_poke_wakes_the_relay(
    store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer, tmp_path: Path
) -> None:
    check_published(store, source, relay, run, redis, tmp_path / "poke", together=1)


def test_a_commit_whose_poke_was_left_out_is_published_with_the_one_before(
    store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer, tmp_path: Path
) -> None:
    check_published(store, source, relay, run, redis, tmp_path / "poke", together=2)


def test_planted_fault_a_relay_that_gathers_nothing_leaves_such_a_commit_behind(
    store: Store,
    source: Source,
    relay: Relay,
    run: Run,
    redis: RedisServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(relay_module, "_GATHER_SECONDS", 0.0)
    monkeypatch.setattr(relay_module, "_POKE_AGAIN_NS", 200_000_000)
    with pytest.raises(AssertionError):
        check_published(store, source, relay, run, redis, tmp_path / "poke", together=2, within=1)
