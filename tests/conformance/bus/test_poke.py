"""What wakes a relay after a commit: it reaches whoever listens, and does no harm where nobody does."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from mesh.events import relay
from mesh.events.relay import Poke
from tests.conformance.bus.journal import SOON

if TYPE_CHECKING:
    from pathlib import Path


def test_a_poke_reaches_who_listens_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "_POKE_AGAIN_NS", 0)
    path = tmp_path / "poke"
    with closing(Poke(path)) as poke:
        for _ in range(2):
            with closing(relay._listen_at(path)) as ear:
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
        closing(relay._listen_at(path)) as ear,
        mock.patch.object(relay.time, "monotonic_ns", clock),
    ):
        for clock.return_value in (1, relay._POKE_AGAIN_NS, relay._POKE_AGAIN_NS + 1):
            poke()
        ear.settimeout(0)
        assert ear.recv(16)
        assert ear.recv(16)
        with pytest.raises(BlockingIOError):
            ear.recv(16)


def test_who_was_poked_gathers_for_longer_than_pokes_are_left_out() -> None:
    assert relay._GATHER_SECONDS * 1e9 > relay._POKE_AGAIN_NS


def test_a_relay_that_is_behind_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "_POKE_AGAIN_NS", 0)
    path = tmp_path / "poke"
    with closing(Poke(path)) as poke, closing(relay._listen_at(path)) as ear:
        for _ in range(1_000):  # more than a socket holds
            poke()
        ear.settimeout(SOON)
        assert ear.recv(16)
