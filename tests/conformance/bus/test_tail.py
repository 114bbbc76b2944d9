"""The end of a stream, followed by many: nothing is left out, also over a lost connection, and no queue grows on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mesh.events import tail as tail_module
from mesh.events.envelope import stream_of
from mesh.events.redis_connection import RedisUnavailable
from mesh.events.tail import FollowerSlow, PositionLost, Tail
from mesh.testing.eventually import eventually
from tests.conformance.bus.journal import publish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.events.relay import Relay
    from mesh.events.tail import Follower
    from mesh.store import Store
    from mesh.testing.redis import RedisServer
    from tests.conformance.bus.journal import Source


@pytest.fixture
def tail(redis: RedisServer, source: Source) -> Iterator[Tail]:
    tail = Tail(redis.url, source.name)
    yield tail
    tail.close()


def taken(follower: Follower, count: int) -> list[int]:
    """The numbers of the events that a follower is handed until there are so many."""
    found: list[int] = []

    def enough() -> bool:
        found.extend(event.sequence for _, event in follower.take(0.05))
        return len(found) >= count

    eventually(enough)
    return found


def test_each_follower_is_handed_what_comes_behind_its_position(
    store: Store, source: Source, relay: Relay, tail: Tail
) -> None:
    begin = tail.end()
    publish(store, source.row(300))
    while relay.publish_due():
        pass
    middle = tail.end()
    late, early = tail.follow("acme", middle), tail.follow("acme", begin)
    publish(store, [source.event(301), source.event(1, tenant="umbrella")])
    relay.publish_due()
    assert taken(early, 301) == list(range(1, 302))
    assert taken(late, 1) == [301]
    assert taken(tail.follow("umbrella", begin), 1) == [1]


def test_a_position_that_was_trimmed_is_lost_and_one_that_was_not_is_not(
    store: Store, source: Source, relay: Relay, tail: Tail, redis: RedisServer
) -> None:
    begin = tail.end()
    publish(store, source.row(3))
    relay.publish_due()
    end = tail.end()
    connection = redis.connection()
    connection.call("XTRIM", stream_of(source.name), "MAXLEN", 2)
    connection.close()
    with pytest.raises(PositionLost):
        tail.follow("acme", begin)
    assert tail.follow("acme", end).take(0.01) == []


def test_a_redis_that_lost_its_data_is_told_from_one_where_nothing_happened(
    store: Store, source: Source, relay: Relay, tail: Tail, redis: RedisServer
) -> None:
    begin = tail.end()
    follower = tail.follow("acme", begin)
    assert follower.take(0.01) == []
    connection = redis.connection()
    connection.call("DEL", stream_of(source.name))
    connection.close()
    publish(store, source.row(1))
    relay.publish_due()
    with pytest.raises(PositionLost):
        tail.follow("acme", begin)


def test_a_follower_goes_on_after_an_outage(
    store: Store, source: Source, relay: Relay, tail: Tail, redis: RedisServer
) -> None:
    follower = tail.follow("acme", tail.end())
    publish(store, source.row(2))
    relay.publish_due()
    assert taken(follower, 2) == [1, 2]
    redis.stop()
    redis.start()
    publish(store, [source.event(3)])
    with pytest.raises(RedisUnavailable):
        relay.publish_due()
    assert relay.publish_due() == 1
    assert taken(follower, 1) == [3]


def test_a_slow_follower_is_cut_off_and_goes_on_from_its_position(
    store: Store, source: Source, relay: Relay, tail: Tail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail_module, "_QUEUE", 10)
    slow, quick = tail.follow("acme", tail.end()), tail.follow("acme", tail.end())
    publish(store, source.row(5))
    relay.publish_due()
    assert taken(quick, 5) == [1, 2, 3, 4, 5]
    assert taken(slow, 5) == [1, 2, 3, 4, 5]
    publish(store, [source.event(number) for number in range(6, 12)])
    relay.publish_due()
    assert taken(quick, 6) == list(range(6, 12))
    publish(store, [source.event(number) for number in range(12, 18)])
    relay.publish_due()
    assert taken(quick, 6) == list(range(12, 18))
    with pytest.raises(FollowerSlow):
        slow.take(1)
    assert taken(tail.follow("acme", slow.position), 12) == list(range(6, 18))


def test_planted_fault_a_follower_that_trusts_any_position_misses_events(
    store: Store, source: Source, relay: Relay, tail: Tail, redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tail, "reaches", lambda *_: True)
    with pytest.raises(pytest.fail.Exception):
        test_a_redis_that_lost_its_data_is_told_from_one_where_nothing_happened(store, source, relay, tail, redis)
