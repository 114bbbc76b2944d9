"""Signing keys overlap: published before they sign, verifying until their last token has expired."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from sqlalchemy import update

from mesh.contract.failure import Failure
from mesh.runtime.clock import VirtualClock
from mesh.runtime.tokens import KeyRing
from mesh.store.statement import Statement
from mesh.testing.eventually import eventually
from mesh.testing.local import LocalMesh
from services.users.service import signing
from services.users.service.id_tokens import KEYS, KEYS_MAX_AGE
from services.users.service.signing import PUBLISHED_SECONDS, TOKEN_SECONDS, SigningKeys
from services.users.tables import signing_keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PUBLISHED, TOKENS = timedelta(seconds=PUBLISHED_SECONDS), timedelta(seconds=TOKEN_SECONDS)


@pytest.fixture
def mesh(tmp_path: Path) -> Iterator[LocalMesh]:
    local = LocalMesh(tmp_path)
    yield local
    local.close()


def opened(mesh: LocalMesh, clock: VirtualClock) -> SigningKeys:
    environment = mesh.host("users").environment
    return SigningKeys(environment.store, environment.vault, environment.ids, clock)


def kids(keys: SigningKeys) -> list[str]:
    return [key.kid for key in keys.published()]


def check_overlap(mesh: LocalMesh) -> None:
    clock = VirtualClock()
    keys = opened(mesh, clock)
    old = keys.current().kid
    new = keys.add()
    assert (keys.current().kid, kids(keys)) == (old, [old, new])
    clock.advance(PUBLISHED)
    assert (keys.current().kid, kids(keys)) == (new, [old, new])
    clock.advance(TOKENS)
    assert kids(keys) == [old, new]
    clock.advance(timedelta(minutes=2))
    assert kids(keys) == [new]
    newest = keys.add()
    assert [key.kid for key in opened(mesh, clock).published()] == [new, newest]


def test_a_key_is_published_before_it_signs_and_verifies_until_its_last_token_expired(mesh: LocalMesh) -> None:
    check_overlap(mesh)


def test_a_key_that_signs_at_once_is_noticed(mesh: LocalMesh) -> None:
    with mock.patch.object(signing, "_signs_from", lambda key: key.create_us), pytest.raises(AssertionError):
        check_overlap(mesh)


def test_a_key_that_ends_with_its_successor_is_noticed(mesh: LocalMesh) -> None:
    with mock.patch.object(signing, "TOKEN_SECONDS", -1000), pytest.raises(AssertionError):
        check_overlap(mesh)


def test_a_month_old_key_gets_a_successor_at_the_next_token(mesh: LocalMesh) -> None:
    clock = VirtualClock()
    keys = opened(mesh, clock)
    old = keys.current().kid
    clock.advance(timedelta(days=31))
    assert keys.current().kid == old
    assert len(kids(keys)) == 2
    clock.advance(PUBLISHED)
    assert keys.current().kid != old


def test_two_processes_that_rotate_at_once_add_one_key(mesh: LocalMesh) -> None:
    clock = VirtualClock()
    one, other = opened(mesh, clock), opened(mesh, clock)
    assert one.current().kid == other.current().kid
    assert one.add() == other.add()


def test_revoking_leaves_the_newest_key_alone(mesh: LocalMesh) -> None:
    keys = opened(mesh, VirtualClock())
    new = keys.add()
    assert keys.revoke_others() == 1
    assert (kids(keys), keys.current().kid) == ([new], new)


def test_a_private_key_that_was_put_into_another_row_does_not_open(mesh: LocalMesh) -> None:
    clock = VirtualClock()
    keys = opened(mesh, clock)
    keys.add()
    moved = Statement(update(signing_keys).where(signing_keys.c.slot == 1).values(slot=7))
    with mesh.host("users").store.transaction(tenant=None, timeout=5) as transaction:
        transaction.write(moved)
    with pytest.raises(ValueError, match="cannot be opened"):
        opened(mesh, clock)


class Source:
    """Keys that a ring fetches, and how often it did."""

    def __init__(self, **keys: Any) -> None:
        self.keys = keys
        self.fetched = 0

    def __call__(self) -> dict[str, Any]:
        self.fetched += 1
        return dict(self.keys)


def check_invented(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many keys are invented, a new one is known as soon as it would be without them."""
    now = [100.0]
    monkeypatch.setattr("mesh.runtime.tokens.time.monotonic", lambda: now[0])
    source = Source(old="old")
    ring = KeyRing(source)
    assert ring.find("old") == "old"
    for _ in range(12):
        now[0] += 0.5
        for number in range(20):
            assert ring.find(f"invented-{number}") is None
    assert source.fetched <= 7
    source.keys["new"] = "new"
    now[0] += 1.9
    ring.find("invented")
    now[0] += 5
    ring.refresh()
    eventually(lambda: "new" in ring._keys, within=5)
    assert ring.find("new") == "new"


def test_invented_key_ids_hold_back_no_refresh(monkeypatch: pytest.MonkeyPatch) -> None:
    check_invented(monkeypatch)


def test_a_ring_that_fetches_for_every_invented_key_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mesh.runtime.tokens._UNKNOWN_PAUSE", 0.0)
    with pytest.raises(AssertionError):
        check_invented(monkeypatch)


def test_a_key_that_is_gone_ends_what_was_verified_with_it() -> None:
    source = Source(old="old", new="new")
    ring = KeyRing(source)
    ring.find("old")
    del source.keys["old"]
    before = ring.generation
    ring._renew()
    assert (ring.find("new"), ring.generation) == ("new", before + 1)


def test_a_new_key_that_could_not_be_asked_for_is_no_bad_one(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("mesh.runtime.tokens.time.monotonic", lambda: now[0])
    source, down = Source(old="old"), [False]

    def fetch() -> dict[str, Any]:
        if down[0]:
            raise Failure("UNAVAILABLE")
        return source()

    ring = KeyRing(fetch)
    assert ring.find("old") == "old"
    source.keys["new"], down[0] = "new", True
    now[0] += 2.1
    for _ in range(2):
        with pytest.raises(Failure, match="UNAVAILABLE"):
            ring.find("new")
    assert ring.find("old") == "old"
    down[0] = False
    now[0] += 2.1
    assert ring.find("new") == "new"
    assert ring.find("invented") is None


def test_nobody_is_judged_before_keys_are_known() -> None:
    def fail() -> dict[str, Any]:
        raise Failure("UNAVAILABLE")

    ring = KeyRing(fail)
    for _ in range(2):
        with pytest.raises(Failure, match="UNAVAILABLE"):
            ring.find("any")


def test_keys_of_id_tokens_are_made_when_one_is_needed_and_stand_in_the_list_for_an_hour_first(mesh: LocalMesh) -> None:
    environment, clock = mesh.host("users").environment, VirtualClock()
    keys = SigningKeys(environment.store, environment.vault, environment.ids, clock, KEYS, lazy=True)
    assert kids(keys) == []
    first = keys.current().kid
    assert kids(keys) == [first]
    assert kids(opened(mesh, clock)) != [first], "bearer tokens have keys of their own"
    following = keys.add()
    clock.advance(timedelta(seconds=KEYS.ahead_seconds - 1))
    assert (keys.current().kid, kids(keys)) == (first, [first, following])
    clock.advance(timedelta(seconds=1))
    assert keys.current().kid == following
    assert KEYS.ahead_seconds > KEYS_MAX_AGE, "whoever keeps the list as long as it may has heard of it"
