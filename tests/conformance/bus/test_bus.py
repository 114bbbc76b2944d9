"""From a commit in one service to an effect in another, over a real Redis that may stop and with processes that die."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from mesh.events import outbox
from mesh.events.envelope import Event, from_fields, stream_of
from mesh.events.relay import Relay
from mesh.testing.eventually import eventually
from tests.conformance.bus.journal import FAILED, HAPPENED, SOON, Clock, Source, consumer, entries, numbers, publish

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from mesh.store import Store
    from mesh.testing.redis import RedisServer

    Run = Callable[..., AbstractContextManager[None]]


def published(redis: RedisServer, source: Source) -> list[Event]:
    connection = redis.connection()
    found = connection.call("XRANGE", stream_of(source.name), "-", "+")
    connection.close()
    return [from_fields(dict(zip(fields[::2], fields[1::2], strict=True))) for _, fields in found]


def pending(redis: RedisServer, source: Source) -> int:
    connection = redis.connection()
    count: int = connection.call("XPENDING", stream_of(source.name), "journal")[0]
    connection.close()
    return count


def check_arrival(store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer, within: float = 20) -> None:
    with run(relay, consumer(store, redis.url, source.name)):
        publish(store, [event for aggregate in "abc" for event in source.row(40, aggregate=aggregate)])
        for aggregate in "abc":
            eventually(lambda key=aggregate: entries(store, "acme", key) == numbers(40), within=within)


def test_every_event_arrives_once_and_in_order(
    store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer
) -> None:
    check_arrival(store, source, relay, run, redis)
    assert pending(redis, source) == 0
    assert outbox.next_due(store, timeout=SOON) is None


def test_planted_fault_without_the_outbox_nothing_arrives(
    store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_put", lambda *args, **kw: None)
    with pytest.raises(AssertionError):
        check_arrival(store, source, relay, run, redis, within=1)


def test_an_event_is_a_cloudevent_on_the_wire(store: Store, source: Source, relay: Relay, redis: RedisServer) -> None:
    event = source.event(7, tenant="umbrella")
    publish(store, [event])
    relay.publish_due()
    assert published(redis, source) == [event]
    ((_, fields),) = (connection := redis.connection()).call("XRANGE", stream_of(source.name), "-", "+")
    connection.close()
    names = dict(zip(fields[::2], fields[1::2], strict=True))
    assert names[b"ce-specversion"] == b"1.0"
    assert names[b"ce-type"] == HAPPENED.encode()
    assert names[b"ce-subject"] == b"a"
    assert names[b"ce-time"] == b"1970-01-01T00:16:40.000001+00:00"


def test_a_rolled_back_event_was_never_published(
    store: Store, source: Source, relay: Relay, redis: RedisServer
) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction(tenant=None, timeout=SOON) as tx:  # noqa: PT012
        outbox.publish(tx, source.event(1))
        raise ZeroDivisionError
    assert relay.publish_due() == 0
    assert published(redis, source) == []


def test_redis_may_be_away_for_a_while(
    store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer
) -> None:
    reader = consumer(store, redis.url, source.name)
    events = source.row(60)
    with run(relay, reader):
        publish(store, events[:20])
        eventually(lambda: entries(store, "acme", "a") == numbers(20))
        redis.stop()
        publish(store, events[20:40])
        redis.start()
        publish(store, events[40:])
        eventually(lambda: entries(store, "acme", "a") == numbers(60), within=20)


def test_a_consumer_that_is_killed_again_and_again_repeats_and_loses_nothing(
    url: str, store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer
) -> None:
    aggregates = [f"agg{number}" for number in range(4)]
    with run(relay):
        publish(store, [event for key in aggregates for event in source.row(150, aggregate=key)])
        for life in range(4):
            command = [
                sys.executable,
                "-m",
                "tests.conformance.bus.journal",
                url,
                redis.url,
                source.name,
                f"m{life % 2}",
            ]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
                assert process.stdout is not None
                assert process.stdout.readline() == "started\n"
                before = sum(len(entries(store, "acme", key)) for key in aggregates)
                if before < 600:
                    eventually(
                        lambda: sum(len(entries(store, "acme", key)) for key in aggregates) > before,  # noqa: B023
                        within=20,
                    )
                process.kill()
        with run(consumer(store, redis.url, source.name, member="last")):
            for key in aggregates:
                eventually(lambda key=key: entries(store, "acme", key) == numbers(150), within=30)
            eventually(lambda: pending(redis, source) == 0)


def test_two_members_share_the_work_and_keep_the_order(
    store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer
) -> None:
    members = [consumer(store, redis.url, source.name, member=name) for name in ("one", "two")]
    aggregates = [f"agg{number}" for number in range(6)]
    with run(relay, *members):
        for sequence in range(1, 31):
            publish(store, [source.event(sequence, aggregate=key) for key in aggregates])
        for key in aggregates:
            eventually(lambda key=key: entries(store, "acme", key) == numbers(30), within=20)


def test_a_poisonous_event_holds_up_only_its_aggregate(
    store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer
) -> None:
    def fail(tx: object, event: Event) -> None:
        raise LookupError

    clock = Clock()
    reader = consumer(store, redis.url, source.name, now_us=clock)
    reader.inbox._handlers = {**reader.inbox._handlers, FAILED: fail}
    with run(relay, reader):
        publish(store, [source.event(1, kind=FAILED), source.event(2), *source.row(5, aggregate="b")])
        eventually(lambda: entries(store, "acme", "b") == numbers(5))
        eventually(lambda: clock.advance(1000) or len(reader.inbox.list_parked()) == 1)
        eventually(lambda: pending(redis, source) == 0)
    assert entries(store, "acme", "a") == []


def test_rubbish_in_a_stream_is_passed_over(
    store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer
) -> None:
    connection = redis.connection()
    connection.call("XADD", stream_of(source.name), "*", "hello", "world")
    connection.close()
    check_arrival(store, source, relay, run, redis)


def test_a_stream_that_was_trimmed_leaves_no_pending_entries(
    store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer
) -> None:
    publish(store, source.row(3))
    relay.publish_due()
    connection = redis.connection()
    stream = stream_of(source.name)
    connection.call("XGROUP", "CREATE", stream, "journal", "0")
    connection.call("XREADGROUP", "GROUP", "journal", "one", "COUNT", 10, "STREAMS", stream, ">")
    connection.call("XTRIM", stream, "MAXLEN", 1)
    connection.close()
    with run(consumer(store, redis.url, source.name)):
        eventually(lambda: pending(redis, source) == 0)


class TestTimers:
    def due(self, relay: Relay, redis: RedisServer, source: Source) -> list[str]:
        while relay.publish_due():
            pass
        return [event.timer for event in published(redis, source)]

    def test_they_fire_in_the_order_of_their_times_and_not_before(
        self, store: Store, source: Source, relay: Relay, redis: RedisServer, clock: Clock
    ) -> None:
        moments = [30, 10, 20, 50, 40]
        random.shuffle(moments)
        for moment in moments:
            set_timer(store, source, f"t{moment}", clock.now + moment * 1_000_000)
        assert self.due(relay, redis, source) == []
        clock.advance(25)
        assert self.due(relay, redis, source) == ["t10", "t20"]
        clock.advance(100)
        assert self.due(relay, redis, source) == ["t10", "t20", "t30", "t40", "t50"]

    def test_a_replaced_timer_fires_once_at_its_new_time(
        self, store: Store, source: Source, relay: Relay, redis: RedisServer, clock: Clock
    ) -> None:
        set_timer(store, source, "remind", clock.now + 10_000_000)
        set_timer(store, source, "remind", clock.now + 90_000_000)
        clock.advance(50)
        assert self.due(relay, redis, source) == []
        clock.advance(50)
        assert self.due(relay, redis, source) == ["remind"]

    def test_two_who_set_the_same_timer_at_once_both_succeed_and_it_fires_once(
        self, store: Store, source: Source, relay: Relay, redis: RedisServer, clock: Clock
    ) -> None:
        names = [f"sweep {number}" for number in range(20)]
        together = threading.Barrier(2, timeout=60)

        def set_all() -> None:
            for name in names:
                together.wait()
                set_timer(store, source, name, clock.now)

        with ThreadPoolExecutor(2) as pool:
            _ = [done.result() for done in [pool.submit(set_all) for _ in range(2)]]
        assert sorted(self.due(relay, redis, source)) == sorted(names)

    def test_a_cancelled_timer_does_not_fire(
        self, store: Store, source: Source, relay: Relay, redis: RedisServer, clock: Clock
    ) -> None:
        for name in ("stay", "go"):
            set_timer(store, source, name, clock.now + 10_000_000)
        with store.transaction(tenant=None, timeout=SOON) as tx:
            outbox.cancel_timer(tx, "acme", "a", "go")
            outbox.cancel_timer(tx, "acme", "a", "never set")
        clock.advance(50)
        assert self.due(relay, redis, source) == ["stay"]

    def test_timers_of_one_name_belong_to_their_aggregate(
        self, store: Store, source: Source, relay: Relay, redis: RedisServer, clock: Clock
    ) -> None:
        for aggregate, tenant in (("a", "acme"), ("b", "acme"), ("a", "umbrella")):
            set_timer(store, source, "remind", clock.now, aggregate=aggregate, tenant=tenant)
        assert self.due(relay, redis, source) == ["remind"] * 3

    def test_a_timer_reaches_its_handler(
        self, store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer, clock: Clock
    ) -> None:
        with run(relay, consumer(store, redis.url, source.name)):
            set_timer(store, source, "remind", clock.now + 3600_000_000)
            publish(store, source.row(2))
            eventually(lambda: entries(store, "acme", "a") == ["1", "2"])
            clock.advance(3601)
            eventually(lambda: entries(store, "acme", "a") == ["1", "2", "remind"])

    def test_a_timer_has_no_number(self, store: Store, source: Source) -> None:
        with pytest.raises(ValueError, match="order"), store.transaction(tenant=None, timeout=SOON) as tx:
            outbox.set_timer(tx, source.event(1), name="remind", due_us=1)


class TestRelays:
    def test_only_one_relay_publishes_and_another_takes_over(
        self, store: Store, source: Source, run: Run, redis: RedisServer, clock: Clock, tmp_path: Path
    ) -> None:
        def relay() -> Relay:
            return Relay(store, source=source.name, redis_url=redis.url, now_us=clock, poke_path=tmp_path / "poke")

        first, second = relay(), relay()
        assert first._lease.held()
        assert not second._lease.held()
        with run(second):
            publish(store, source.row(1))
            assert published(redis, source) == []
            first._lease.release()
            eventually(lambda: len(published(redis, source)) == 1)

    def test_a_relay_that_died_between_publishing_and_deleting_does_no_harm(
        self, store: Store, source: Source, relay: Relay, run: Run, redis: RedisServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish(store, source.row(10))
        with monkeypatch.context() as patch:
            patch.setattr(outbox, "mark", lambda *args, **kw: None)
            relay.publish_due()
        with run(relay, consumer(store, redis.url, source.name)):
            eventually(lambda: len(published(redis, source)) == 20)
            eventually(lambda: entries(store, "acme", "a") == numbers(10))
            eventually(lambda: pending(redis, source) == 0)
        assert entries(store, "acme", "a") == numbers(10)


def set_timer(store: Store, source: Source, name: str, due_us: int, **options: str) -> None:
    with store.transaction(tenant=None, timeout=SOON) as tx:
        outbox.set_timer(tx, source.event(0, **options), name=name, due_us=due_us)


@pytest.mark.bench
def test_throughput_is_printed(
    store: Store, engine: str, source: Source, relay: Relay, run: Run, redis: RedisServer
) -> None:
    events, aggregates = 10_000, 200
    for start in range(0, events, 500):
        batch = range(start, start + 500)
        publish(store, [source.event(n // aggregates + 1, aggregate=f"agg{n % aggregates}") for n in batch])
    started = time.monotonic()
    while relay.publish_due():
        pass
    relayed = time.monotonic() - started
    reader = consumer(store, redis.url, source.name)
    last = [f"agg{n}" for n in range(aggregates)]
    started = time.monotonic()
    with run(reader):
        eventually(lambda: reader.inbox.position(source.name, "acme", last[-1]) == events // aggregates, within=60)
    consumed = time.monotonic() - started
    print(f"\n{engine}: relay {events / relayed:,.0f} events/s, consumer {events / consumed:,.0f} events/s")
