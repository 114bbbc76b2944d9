"""What events cost those who hear of them: one waking for all that are published together, nothing for others'."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from mesh.events.envelope import stream_of
from mesh.events.inbox import Inbox
from mesh.events.redis_connection import RedisConnection, RedisRefused
from mesh.testing.eventually import eventually
from tests.conformance.bus.journal import Clock, Source, consumer, entries, numbers, publish
from tests.conformance.bus.test_bus import pending

if TYPE_CHECKING:
    from mesh.events.relay import Relay
    from mesh.store import Store
    from mesh.testing.redis import RedisServer
    from tests.conformance.bus.test_bus import Run


def woken_with(store: Store, source: Source, relay: Relay, redis: RedisServer) -> int:
    """How many of five events that are published together somebody is woken with who waited for any."""
    looking = redis.connection()

    def wait() -> int:
        waiting = redis.connection()
        ((_, found),) = waiting.call("XREAD", "COUNT", 100, "BLOCK", 4000, "STREAMS", stream_of(source.name), "$")
        waiting.close()
        return len(found)

    publish(store, source.row(5))
    with ThreadPoolExecutor(1) as pool:
        woken = pool.submit(wait)
        eventually(lambda: b"blocked_clients:1" in looking.call("INFO", "clients"))
        relay.publish_due()
        looking.close()
        return woken.result()


def test_who_waits_for_events_is_woken_once_for_all_that_are_published_together(
    store: Store, source: Source, relay: Relay, redis: RedisServer
) -> None:
    assert woken_with(store, source, relay, redis) == 5


def test_planted_fault_one_by_one_they_wake_who_waits_with_the_first(
    store: Store, source: Source, relay: Relay, redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RedisConnection, "at_once", RedisConnection.pipeline)
    assert woken_with(store, source, relay, redis) < 5


def test_what_redis_refuses_among_others_is_told(redis: RedisServer) -> None:
    connection = redis.connection()
    connection.call("SET", "taken", "1")
    with pytest.raises(RedisRefused, match="WRONGTYPE"):
        connection.at_once([("XADD", "free", "*", "a", "b"), ("XADD", "taken", "*", "a", "b")])
    assert connection.at_once([("XLEN", "free"), ("GET", "taken")]) == [1, b"1"]
    connection.close()


def test_an_event_that_does_not_concern_a_service_leaves_nothing_there(
    store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer
) -> None:
    publish(store, [*source.row(3, aggregate="left"), *source.row(3)])
    with run(relay, consumer(store, redis.url, source.name, heeds=lambda event: event.aggregate != "left")):
        eventually(lambda: entries(store, "acme", "a") == numbers(3))
    assert entries(store, "acme", "left") == []
    inbox = Inbox(store, {}, now_us=Clock())
    assert [inbox.position(source.name, "acme", each) for each in ("left", "a")] == [0, 3]
    assert pending(redis, source) == 0
