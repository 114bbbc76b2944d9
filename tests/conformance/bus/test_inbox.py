"""The inbox: each event once, an aggregate's events in order, a poisonous one alone. No broker is involved."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from mesh.events import inbox as inbox_module
from mesh.events.inbox import Inbox
from mesh.store import Busy
from tests.conformance.bus.journal import FAILED, HAPPENED, Clock, Source, entries, numbers, write_down

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mesh.events.envelope import Event
    from mesh.store import Store, Transaction


class Poison:
    """A handler that fails until it is cured."""

    def __init__(self) -> None:
        self.cured = False
        self.tries = 0

    def __call__(self, tx: Transaction, event: Event) -> None:
        self.tries += 1
        if not self.cured:
            msg = "no such stage"
            raise LookupError(msg)
        write_down(tx, event)


@pytest.fixture
def poison() -> Poison:
    return Poison()


@pytest.fixture
def inbox(store: Store, clock: Clock, poison: Poison) -> Inbox:
    return Inbox(store, {HAPPENED: write_down, FAILED: poison}, now_us=clock)


def drain(inbox: Inbox) -> None:
    for _ in range(200):
        if not inbox.handle_waiting():
            return
    pytest.fail("kept events are looked at again and again")


def in_batches(events: Iterable[Event], size: int) -> Iterable[list[Event]]:
    rest = list(events)
    return [rest[start : start + size] for start in range(0, len(rest), size)]


def check_order_and_uniqueness(store: Store, inbox: Inbox, source: Source) -> None:
    aggregates = ["a", "b", "c"]
    events = [event for aggregate in aggregates for event in source.row(30, aggregate=aggregate)]
    deliveries = events * 3
    random.shuffle(deliveries)
    for batch in in_batches(deliveries, 17):
        inbox.handle(batch)
    drain(inbox)
    for aggregate in aggregates:
        assert entries(store, "acme", aggregate) == numbers(30)


def test_shuffled_and_repeated_deliveries_take_effect_once_and_in_order(
    store: Store, inbox: Inbox, source: Source
) -> None:
    check_order_and_uniqueness(store, inbox, source)


def test_unordered_events_take_effect_once(store: Store, inbox: Inbox, source: Source) -> None:
    events = [source.event(0) for _ in range(20)]
    inbox.handle(events)
    for event in [*events, *events]:
        inbox.handle([event])
    inbox.handle(events + events)
    assert entries(store, "acme", "a") == [event.data.decode() for event in events]


def test_the_same_aggregate_of_another_tenant_or_source_is_another_one(
    store: Store, inbox: Inbox, source: Source
) -> None:
    other = Source("elsewhere")
    inbox.handle([*source.row(2), *source.row(3, tenant="umbrella"), *other.row(1)])
    assert entries(store, "acme", "a") == ["1", "2", "1"]
    assert entries(store, "umbrella", "a") == ["1", "2", "3"]
    assert inbox.position(source.name, "umbrella", "a") == 3
    assert inbox.position("nobody", "umbrella", "a") == 0


def test_a_gap_waits_until_it_is_filled(store: Store, inbox: Inbox, source: Source) -> None:
    one, two, three, four = source.row(4)
    inbox.handle([one, four, three])
    drain(inbox)
    assert entries(store, "acme", "a") == ["1"]
    inbox.handle([two])
    drain(inbox)
    assert entries(store, "acme", "a") == numbers(4)
    assert inbox.position(source.name, "acme", "a") == 4


def test_an_aggregate_that_begins_in_the_middle_waits_for_its_beginning(
    store: Store, inbox: Inbox, source: Source
) -> None:
    first, second = source.row(2)
    inbox.handle([second])
    drain(inbox)
    assert entries(store, "acme", "a") == []
    inbox.handle([first])
    drain(inbox)
    assert entries(store, "acme", "a") == ["1", "2"]


def test_a_long_queue_behind_a_gap_is_worked_off(store: Store, inbox: Inbox, source: Source) -> None:
    events = source.row(230)
    for batch in in_batches(events[1:], 50):
        inbox.handle(batch)
    inbox.handle(events[:1])
    drain(inbox)
    assert entries(store, "acme", "a") == numbers(230)


def test_unknown_types_count_as_handled(store: Store, inbox: Inbox, source: Source) -> None:
    inbox.handle([source.event(1, kind="test.v2.New"), source.event(2), source.event(0, kind="test.v2.New")])
    assert entries(store, "acme", "a") == ["2"]
    assert inbox.position(source.name, "acme", "a") == 2


class TestAPoisonousEvent:
    def fail_to_the_end(self, inbox: Inbox, clock: Clock) -> None:
        for _ in range(6):
            clock.advance(1000)
            drain(inbox)

    def test_holds_up_its_own_aggregate_and_no_other(
        self, store: Store, inbox: Inbox, source: Source, clock: Clock, poison: Poison
    ) -> None:
        inbox.handle([source.event(1), source.event(2, kind=FAILED), source.event(3), *source.row(3, aggregate="b")])
        self.fail_to_the_end(inbox, clock)
        assert entries(store, "acme", "a") == ["1"]
        assert entries(store, "acme", "b") == numbers(3)

    def test_is_parked_after_five_deliveries_with_growing_pauses(
        self, inbox: Inbox, source: Source, clock: Clock, poison: Poison
    ) -> None:
        inbox.handle([source.event(1, kind=FAILED)])
        inbox.handle([source.event(1, kind=FAILED)])
        tries = [poison.tries]
        for pause in (0.5, 0.6, 4, 2, 20, 10, 100, 50, 1000):
            clock.advance(pause)
            drain(inbox)
            tries.append(poison.tries)
        assert tries == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
        (parked,) = inbox.list_parked()
        assert (parked.event.type, parked.event.sequence, parked.queued) == (FAILED, 1, 0)
        assert parked.cause == "LookupError"
        assert parked.reason.count(":") >= 1, "where it rose"
        assert "no such stage" not in parked.reason, "the text of an error may hold data"

    def test_is_replayed_with_all_that_queued_behind_it(
        self, store: Store, inbox: Inbox, source: Source, clock: Clock, poison: Poison
    ) -> None:
        inbox.handle([source.event(1, kind=FAILED), source.event(2)])
        self.fail_to_the_end(inbox, clock)
        inbox.handle([source.event(3), source.event(4)])
        assert [parked.queued for parked in inbox.list_parked()] == [3]
        poison.cured = True
        assert inbox.replay("acme", "a") == 1
        drain(inbox)
        assert entries(store, "acme", "a") == numbers(4)
        assert inbox.list_parked() == []
        assert inbox.replay("acme", "a") == 0

    def test_that_still_fails_is_parked_again(self, inbox: Inbox, source: Source, clock: Clock, poison: Poison) -> None:
        inbox.handle([source.event(1, kind=FAILED)])
        self.fail_to_the_end(inbox, clock)
        assert inbox.replay("acme", "a") == 1
        drain(inbox)
        assert inbox.list_parked() == []
        self.fail_to_the_end(inbox, clock)
        assert len(inbox.list_parked()) == 1
        assert poison.tries == 10

    def test_can_be_discarded(self, store: Store, inbox: Inbox, source: Source, clock: Clock) -> None:
        inbox.handle([source.event(1, kind=FAILED), source.event(2), source.event(0, kind=FAILED)])
        self.fail_to_the_end(inbox, clock)
        assert inbox.discard("acme", "a") == 2
        drain(inbox)
        assert entries(store, "acme", "a") == ["2"]
        assert inbox.list_parked() == []
        assert inbox.discard("acme", "a") == 0

    def test_without_an_order_is_parked_alone(
        self, store: Store, inbox: Inbox, source: Source, clock: Clock, poison: Poison
    ) -> None:
        bad = source.event(0, kind=FAILED)
        inbox.handle([bad, source.event(1), source.event(0)])
        self.fail_to_the_end(inbox, clock)
        inbox.handle([source.event(2), bad])
        assert entries(store, "acme", "a")[0] == "1"
        assert entries(store, "acme", "a")[-1] == "2"
        assert [parked.event.id for parked in inbox.list_parked()] == [bad.id]
        poison.cured = True
        inbox.replay("acme", "a")
        drain(inbox)
        inbox.handle([bad])
        assert entries(store, "acme", "a").count(bad.data.decode()) == 1

    def test_leaves_nothing_of_its_effect(self, store: Store, inbox: Inbox, source: Source, poison: Poison) -> None:
        def half(tx: Transaction, event: Event) -> None:
            write_down(tx, event)
            poison(tx, event)

        torn = Inbox(store, {HAPPENED: half}, now_us=Clock())
        torn.handle(source.row(2))
        assert entries(store, "acme", "a") == []

    def test_payloads_never_reach_the_log(
        self, inbox: Inbox, source: Source, clock: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        inbox.handle([source.event(1, kind=FAILED)])
        self.fail_to_the_end(inbox, clock)
        assert "LookupError" in caplog.text
        assert "no such stage" not in caplog.text


def test_an_outage_of_the_database_is_no_failure_of_the_event(
    store: Store, inbox: Inbox, source: Source, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*args: object) -> None:
        raise Busy

    with monkeypatch.context() as patch:
        patch.setattr(Inbox, "_together", busy)
        with pytest.raises(Busy):
            inbox.handle(source.row(1))
    inbox.handle(Source(source.name).row(1))
    assert entries(store, "acme", "a") == ["1"]


def test_two_inboxes_keep_one_order(store: Store, clock: Clock, source: Source) -> None:
    aggregates = [f"agg{number}" for number in range(5)]
    events = [source.event(sequence, aggregate=each) for sequence in range(1, 21) for each in aggregates]

    def work(seed: int) -> None:
        inbox = Inbox(store, {HAPPENED: write_down}, now_us=clock)
        mine = events.copy()
        random.Random(seed).shuffle(mine)
        for batch in in_batches(mine, 10):
            insist(inbox, batch)
        drain(inbox)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(work, range(2)))
    drain(Inbox(store, {HAPPENED: write_down}, now_us=clock))
    for each in aggregates:
        assert entries(store, "acme", each) == numbers(20)


def insist(inbox: Inbox, batch: list[Event]) -> None:
    """Deliver again when two transactions met, as a consumer does."""
    for _ in range(50):
        try:
            inbox.handle(batch)
        except Busy:
            continue
        return
    pytest.fail("the inbox stays busy")


def test_old_ids_of_unordered_events_are_forgotten(store: Store, inbox: Inbox, source: Source, clock: Clock) -> None:
    event = source.event(0)
    inbox.handle([event])
    inbox.prune()
    inbox.handle([event])
    assert len(entries(store, "acme", "a")) == 1
    clock.advance(15 * 24 * 3600)
    inbox.prune()
    inbox.handle([event])
    assert len(entries(store, "acme", "a")) == 2


def test_planted_fault_without_the_dedupe_effects_repeat(
    store: Store, inbox: Inbox, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(self: Inbox, tx: object, deliveries: list[inbox_module.Delivery]) -> dict[str, inbox_module._Turn]:
        return {each.key: inbox_module._Turn(each.event.sequence - 1, 0) for each in deliveries}

    monkeypatch.setattr(Inbox, "_lock", forgetful)
    with pytest.raises(AssertionError):
        check_order_and_uniqueness(store, inbox, source)
