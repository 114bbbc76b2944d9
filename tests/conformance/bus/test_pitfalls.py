"""What outboxes and Redis streams are known to get wrong: each pitfall with the test that falls into it, if we do."""

from __future__ import annotations

import importlib
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from mesh.events import outages, outbox
from mesh.testing.eventually import eventually
from tests.conformance.bus.journal import SOON, Source, consumer, entries, numbers, publish
from tests.conformance.bus.test_retention import length, settle

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from mesh.events.relay import Relay
    from mesh.store import Store
    from mesh.testing.redis import RedisServer

    Run = Callable[..., AbstractContextManager[None]]

PITFALLS = {
    "dual write": "test_bus.test_planted_fault_without_the_outbox_nothing_arrives",
    "an event of a write that was rolled back": "test_bus.test_a_rolled_back_event_was_never_published",
    "a lower number commits later": "test_pitfalls.test_an_event_that_commits_after_a_later_one_is_published",
    "exactly once": "test_inbox.test_planted_fault_without_the_dedupe_effects_repeat",
    "reading only what is new": "test_bus.test_a_consumer_that_is_killed_again_and_again_repeats_and_loses_nothing",
    "trimmed but pending": "test_bus.test_a_stream_that_was_trimmed_leaves_no_pending_entries",
    "trimmed before it is handled": (
        "test_retention.test_the_outbox_keeps_what_a_group_has_not_handled_and_forgets_what_all_have"
    ),
    "a poisonous message": "test_bus.test_a_poisonous_event_holds_up_only_its_aggregate",
    "one connection for all blocking reads": "test_bus.test_two_members_share_the_work_and_keep_the_order",
    "a broker that is away": "test_pitfalls.test_redis_may_be_away_for_a_minute",
    "a broker that lost its disk": "test_pitfalls.test_redis_may_lose_its_disk_with_events_in_every_state",
    "one message at a time": "test_bus.test_throughput_is_printed",
}
_PAUSES_OF_A_MINUTE = 36
"""With pauses that double from 50 ms to 2 s."""


@pytest.mark.parametrize("pitfall", PITFALLS)
def test_a_pitfall_has_its_test(pitfall: str) -> None:
    module, _, name = PITFALLS[pitfall].partition(".")
    assert callable(getattr(importlib.import_module(f"tests.conformance.bus.{module}"), name))


def test_an_event_that_commits_after_a_later_one_is_published(
    url: str, store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer
) -> None:
    written, go_on = threading.Event(), threading.Event()

    def slow_write() -> None:
        with store.transaction(tenant=None, timeout=SOON) as tx:
            at_once: Any = SimpleNamespace(defer=tx.write)  # the row gets its number before that of the other
            outbox.publish(at_once, source.event(1, aggregate="slow"))
            written.set()
            go_on.wait(SOON)

    slow = threading.Thread(target=slow_write)
    with run(relay, consumer(store, redis.url, source.name)):
        slow.start()
        assert written.wait(SOON)
        if url.startswith("sqlite"):
            go_on.set()  # one writer at a time: there is no other order than that of the numbers
        publish(store, source.row(1, aggregate="fast"))
        eventually(lambda: entries(store, "acme", "fast") == ["1"])
        go_on.set()
        slow.join(SOON)
        eventually(lambda: entries(store, "acme", "slow") == ["1"])


def test_redis_may_be_away_for_a_minute(
    store: Store,
    source: Source,
    relay: Relay,
    run: Run,
    redis: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(outages, "_LONGEST_PAUSE", 0.05)  # as many tries as in a minute, one soon after the other
    with run(relay, consumer(store, redis.url, source.name)):
        publish(store, source.row(10, aggregate="before"))
        eventually(lambda: entries(store, "acme", "before") == numbers(10))
        redis.stop()
        publish(store, source.row(50))
        try:
            for worker in ("relay", "consumer"):
                eventually(
                    lambda worker=worker: (
                        sum(worker in record.getMessage() for record in caplog.records) >= _PAUSES_OF_A_MINUTE
                    ),
                    within=60,
                    of=f"the tries of the {worker}",
                )
        finally:
            redis.start()
        eventually(lambda: entries(store, "acme", "a") == numbers(50), within=20)


def test_redis_may_lose_its_disk_with_events_in_every_state(
    store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer
) -> None:
    events = source.row(60)
    publish(store, events[:20])
    settle(relay)
    with run(consumer(store, redis.url, source.name)):
        eventually(lambda: entries(store, "acme", "a") == numbers(20), of="events that are handled")
    publish(store, events[20:40])
    settle(relay)
    publish(store, events[40:])
    redis.stop()
    redis.forget()
    redis.start()
    assert length(redis, source) == 0
    with run(relay, consumer(store, redis.url, source.name)):
        eventually(lambda: entries(store, "acme", "a") == numbers(60), within=20, of="all events, each once")
