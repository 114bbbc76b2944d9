"""The copy of tenants and principals in each process: fresh, stale, and while `users` is away."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from rapport.users.v1 import directory_service_pb2

from mesh.contract.failure import Failure
from mesh.runtime import client, directory, server
from mesh.runtime.directory import Directory

TENANT, USER = "ten_1", "usr_1"


class Users:
    """Answers look-ups, or fails, and counts them."""

    def __init__(self) -> None:
        self.asked = 0
        self.away = False
        self.hold = threading.Event()
        self.hold.set()
        self.zone = "Etc/UTC"

    def __call__(self, tenant: str, principal: str) -> directory_service_pb2.LookUpPrincipalResponse | None:
        self.asked += 1
        assert self.hold.wait(10)
        if self.away:
            raise Failure("UNAVAILABLE")
        if principal != USER:
            return None
        return directory_service_pb2.LookUpPrincipalResponse(
            tenant=directory_service_pb2.DirectoryTenant(id=tenant, time_zone=self.zone, active=True),
            principal=directory_service_pb2.DirectoryPrincipal(id=principal, active=True),
        )


@pytest.fixture
def users() -> Users:
    return Users()


def age(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let time pass for entries."""
    now = directory.time.monotonic()
    monkeypatch.setattr(directory.time, "monotonic", lambda: now + seconds)


def test_a_known_entry_is_not_asked_for_again(users: Users) -> None:
    copy = Directory(users)

    copy.find(TENANT, USER)
    copy.find(TENANT, USER)

    assert users.asked == 1


def test_a_change_is_seen_after_30_seconds_at_most(users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = Directory(users)
    copy.find(TENANT, USER)
    users.zone = "Australia/Sydney"

    age(monkeypatch, 31)

    assert copy.find(TENANT, USER).time_zone == "Australia/Sydney"


def test_while_users_is_away_a_stale_entry_serves_and_nobody_waits(
    users: Users, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Directory(users)
    copy.find(TENANT, USER)
    users.away = True
    age(monkeypatch, 60)

    for _ in range(5):
        assert copy.find(TENANT, USER).active

    assert users.asked == 2, "one try, then a pause"


def test_a_call_that_wants_it_fresh_fails_while_users_is_away(users: Users) -> None:
    copy = Directory(users)
    copy.find(TENANT, USER)
    users.away = True

    with pytest.raises(Failure) as refused:
        copy.find(TENANT, USER, fresh=True)

    assert refused.value.reason == "UNAVAILABLE"


def test_after_15_minutes_even_a_stale_entry_is_no_longer_good(users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = Directory(users)
    copy.find(TENANT, USER)
    users.away = True
    age(monkeypatch, 901)

    with pytest.raises(Failure):
        copy.find(TENANT, USER)


def test_while_one_call_renews_an_entry_the_others_go_on_with_it(users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = Directory(users)
    copy.find(TENANT, USER)
    age(monkeypatch, 31)
    users.hold.clear()

    with ThreadPoolExecutor(1) as pool:
        renewing = pool.submit(copy.find, TENANT, USER)
        while users.asked < 2:
            pass
        assert copy.find(TENANT, USER).time_zone == "Etc/UTC"
        users.hold.set()
        renewing.result(10)

    assert users.asked == 2


def test_an_unknown_principal_is_nobody(users: Users) -> None:
    with pytest.raises(Failure) as refused:
        Directory(users).find(TENANT, "usr_2")

    assert refused.value.reason == "UNAUTHENTICATED"


def test_at_most_half_of_the_threads_may_wait_for_one_service() -> None:
    assert client.MAX_WAITING * 2 <= server.THREADS
