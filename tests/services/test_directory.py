"""The copy of tenants and principals in each process: fresh, stale, and while `users` is away."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from rapport.users.v1 import directory_service_pb2

from mesh.contract.failure import Failure
from mesh.events.envelope import Event
from mesh.runtime import client, directory, server
from mesh.runtime.directory import Directory
from mesh.testing.eventually import eventually

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


def told(aggregate: str) -> Event:
    return Event("evt_1", TENANT, aggregate, 0, "rapport.users.v1.TenantUpdated", b"", 0, "users", "")


@pytest.mark.parametrize("aggregate", [f"users/{USER}", f"tenants/{TENANT}", "teams/tem_1", "custom-roles/rol_1"])
def test_a_change_that_is_told_is_seen_at_once(users: Users, aggregate: str) -> None:
    copy = Directory(users)
    copy.find(TENANT, USER)
    users.zone = "Australia/Sydney"

    copy.hear(told(aggregate))

    assert copy.find(TENANT, USER).time_zone == "Australia/Sydney"


def test_what_was_read_before_a_change_was_told_is_not_kept(users: Users) -> None:
    copy = Directory(users)
    users.hold.clear()

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(copy.find, TENANT, USER)
        while not users.asked:
            pass
        copy.hear(told(f"users/{USER}"))
        users.hold.set()
        reading.result(10)
    copy.find(TENANT, USER)

    assert users.asked == 2


def held(users: Users, copy: Directory, *, fresh: bool, calls: int = 8) -> list[bool]:
    """Whether calls that come while nobody has answered yet find an active principal."""
    users.hold.clear()
    with ThreadPoolExecutor(calls) as threads:
        first = threads.submit(copy.find, TENANT, USER)
        eventually(lambda: users.asked == 1, of="the first question")
        found = [first, *(threads.submit(copy.find, TENANT, USER, fresh=fresh) for _ in range(calls - 1))]
        users.hold.set()
        return [each.result().active for each in found]


def test_calls_that_know_nothing_ask_together(users: Users) -> None:
    assert held(users, Directory(users), fresh=False) == [True] * 8
    assert users.asked == 1


def test_a_call_that_wants_it_fresh_asks_for_itself(users: Users) -> None:
    assert held(users, Directory(users), fresh=True) == [True] * 8
    assert users.asked == 8


def test_who_waited_for_a_question_that_failed_asks_for_themselves(users: Users) -> None:
    copy = Directory(users)
    users.away = True
    users.hold.clear()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(copy.find, TENANT, USER)
        eventually(lambda: users.asked == 1, of="the first question")
        second = threads.submit(copy.find, TENANT, USER)
        users.hold.set()
        for each in (first, second):
            with pytest.raises(Failure):
                each.result()


def test_what_was_asked_before_a_change_was_told_is_not_shared(users: Users) -> None:
    copy = Directory(users)
    users.hold.clear()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(copy.find, TENANT, USER)
        eventually(lambda: users.asked == 1, of="the first question")
        copy.forget(TENANT, USER)
        second = threads.submit(copy.find, TENANT, USER)
        eventually(lambda: users.asked == 2, of="a question of its own")
        users.hold.set()
        assert first.result().active
        assert second.result().active
