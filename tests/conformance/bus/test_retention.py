"""A Redis that lost its disk loses nothing, and neither the stream nor the outbox grows without end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mesh.events import outbox, retention
from mesh.events.envelope import stream_of
from mesh.events.inbox import Inbox
from mesh.events.redis_connection import RedisUnavailable
from mesh.testing.eventually import eventually
from tests.conformance.bus.journal import (
    HAPPENED,
    SOON,
    Clock,
    Source,
    consumer,
    entries,
    numbers,
    publish,
    write_down,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from mesh.events.relay import Relay
    from mesh.store import Store
    from mesh.testing.redis import RedisServer

    Run = Callable[..., AbstractContextManager[None]]


def lose(redis: RedisServer, source: Source) -> None:
    """What is left of a stream when Redis has lost its disk."""
    connection = redis.connection()
    connection.call("DEL", stream_of(source.name))
    connection.close()


def length(redis: RedisServer, source: Source) -> int:
    connection = redis.connection()
    count: int = connection.call("XLEN", stream_of(source.name))
    connection.close()
    return count


def settle(relay: Relay) -> None:
    """What the relay does after an outage."""
    relay.make_sure()
    while relay.publish_due():
        pass


def test_events_that_redis_lost_before_anybody_read_them_are_published_again(
    store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer
) -> None:
    unordered = [source.event(0, aggregate="records") for _ in range(5)]
    publish(store, [*source.row(20), *unordered])
    settle(relay)
    lose(redis, source)
    settle(relay)
    with run(consumer(store, redis.url, source.name)):
        eventually(lambda: entries(store, "acme", "a") == numbers(20))
        eventually(lambda: entries(store, "acme", "records") == [event.data.decode() for event in unordered])


def test_what_is_published_again_takes_no_second_effect(
    store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer
) -> None:
    publish(store, [*source.row(20), source.event(0, aggregate="records")])
    settle(relay)
    with run(consumer(store, redis.url, source.name)):
        eventually(lambda: len(entries(store, "acme", "records")) == 1)
        lose(redis, source)
        settle(relay)
        publish(store, [source.event(21)])
        settle(relay)
        eventually(lambda: entries(store, "acme", "a") == numbers(21))
    assert len(entries(store, "acme", "records")) == 1


def check_idle(store: Store, source: Source, relay: Relay, redis: RedisServer) -> None:
    """Redis is lost and replaced while the relay has nothing to say to it."""
    publish(store, source.row(3))
    settle(relay)
    redis.stop()
    redis.forget()
    redis.start()
    publish(store, [source.event(4)])
    with pytest.raises(RedisUnavailable):
        relay.publish_due()
    settle(relay)
    assert length(redis, source) == 4


def test_an_idle_relay_notices_that_redis_is_another_one(
    store: Store, source: Source, relay: Relay, redis: RedisServer
) -> None:
    check_idle(store, source, relay, redis)


def test_planted_fault_a_relay_that_connects_anew_unnoticed_leaves_a_gap(
    store: Store, source: Source, relay: Relay, redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay._redis, "_steady", False)
    with pytest.raises(pytest.fail.Exception):
        check_idle(store, source, relay, redis)


def test_a_redis_that_lost_nothing_is_sent_nothing_again(
    store: Store, source: Source, relay: Relay, redis: RedisServer
) -> None:
    publish(store, source.row(5))
    settle(relay)
    settle(relay)
    assert length(redis, source) == 5


def test_planted_fault_an_outbox_that_forgets_at_once_loses_events(
    store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "holds", lambda *_: True)
    publish(store, source.row(3))
    settle(relay)
    lose(redis, source)
    settle(relay)
    assert length(redis, source) == 0
    assert entries(store, "acme", "a") == []


def test_the_outbox_keeps_what_a_group_has_not_handled_and_forgets_what_all_have(
    store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "FSYNC_MS", 0)
    monkeypatch.setattr(retention, "FOLLOWED_MS", 0)
    connection = redis.connection()
    connection.call("XGROUP", "CREATE", stream_of(source.name), "slow", "0", "MKSTREAM")
    publish(store, source.row(300))
    settle(relay)
    with run(consumer(store, redis.url, source.name)):
        eventually(lambda: entries(store, "acme", "a") == numbers(300))
    relay.tidy()
    assert outbox.last_published(store, timeout=SOON) > 0
    assert length(redis, source) == 300
    connection.call("XGROUP", "DESTROY", stream_of(source.name), "slow")
    connection.close()
    eventually(lambda: _swept(relay, store))
    assert 0 < length(redis, source) <= 300


def test_a_long_history_is_forgotten_in_bounded_transactions(
    store: Store, source: Source, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "FSYNC_MS", -1000)
    publish(store, source.row(outbox._SWEEP_ROWS + 1))
    settle(relay)
    end = outbox.last_published(store, timeout=SOON)
    assert outbox.sweep(store, end, timeout=SOON)
    assert outbox.last_published(store, timeout=SOON) == end, "the oldest go first"
    relay.tidy()
    assert outbox.last_published(store, timeout=SOON) == 0


def _swept(relay: Relay, store: Store) -> bool:
    relay.tidy()
    return outbox.last_published(store, timeout=SOON) == 0


def test_a_timer_that_was_set_anew_is_not_published_again_in_its_old_form(
    store: Store, source: Source, relay: Relay, redis: RedisServer, clock: Clock
) -> None:
    def remind(due_us: int) -> None:
        with store.transaction(tenant=None, timeout=SOON) as tx:
            outbox.set_timer(tx, source.event(0), name="remind", due_us=due_us)

    remind(clock() - 1)
    settle(relay)
    remind(clock() + 1_000_000)
    lose(redis, source)
    settle(relay)
    assert length(redis, source) == 0
    clock.advance(2)
    settle(relay)
    assert length(redis, source) == 1


class TestOvertaking:
    def test_a_state_takes_the_place_of_events_that_never_arrived(
        self, store: Store, source: Source, clock: Clock
    ) -> None:
        inbox = Inbox(store, {HAPPENED: write_down}, now_us=clock)
        one, _, three, _, five, six = source.row(6)
        inbox.handle([one, three, six])
        assert inbox.gaps(clock()) != []
        assert inbox.gaps(clock() - 1) == []
        inbox.overtake([five])
        while inbox.handle_waiting():
            pass
        assert entries(store, "acme", "a") == ["1", "5", "6"]
        assert inbox.position(source.name, "acme", "a") == 6
        assert inbox.gaps(clock()) == []

    def test_a_gap_whose_owner_has_nothing_is_skipped(self, store: Store, source: Source, clock: Clock) -> None:
        inbox = Inbox(store, {HAPPENED: write_down}, now_us=clock)
        inbox.handle(source.row(4)[2:])
        (gap,) = inbox.gaps(clock())
        inbox.skip(gap)
        while inbox.handle_waiting():
            pass
        assert entries(store, "acme", "a") == ["3", "4"]

    def test_a_state_that_is_no_news_changes_nothing_unless_it_is_asked_for(
        self, store: Store, source: Source, clock: Clock
    ) -> None:
        inbox = Inbox(store, {HAPPENED: write_down}, now_us=clock)
        events = source.row(3)
        inbox.handle(events)
        inbox.overtake([events[1]])
        assert entries(store, "acme", "a") == numbers(3)
        inbox.overtake([events[1]], apply=write_down)
        assert entries(store, "acme", "a") == [*numbers(3), "2"]
        assert inbox.position(source.name, "acme", "a") == 3

    def test_a_gap_that_is_put_off_counts_from_then_on(self, store: Store, source: Source, clock: Clock) -> None:
        inbox = Inbox(store, {HAPPENED: write_down}, now_us=clock)
        inbox.handle(source.row(2)[1:])
        since = clock()
        clock.advance(30)
        (gap,) = inbox.gaps(since)
        inbox.wait_on(gap)
        assert inbox.gaps(since) == []
