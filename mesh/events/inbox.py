"""The inbox of a consuming service: every event takes effect once, and those of an aggregate in their order.

Owns how far each aggregate has come and what happens to an event that is early, late or fails. The broker promises
neither order nor uniqueness, so nothing here relies on it. Effects and the note that they happened commit together.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, bindparam, delete, select

from mesh.events import waiting
from mesh.events.waiting import NEVER, Delivery, Gap, Parked, key_of
from mesh.store.errors import Busy, Unavailable
from mesh.store.mesh_tables import inbox, inbox_seen
from mesh.store.statement import Statement, any_of, insert_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from mesh.events.envelope import Event
    from mesh.store.store import Store
    from mesh.store.transaction import Transaction

_log = logging.getLogger(__name__)

_SECONDS = 10.0
_BACK_OFF_US = (1_000_000, 5_000_000, 25_000_000, 125_000_000)
"""Between the deliveries of a failing event; after the fifth it is parked."""
_REMEMBER_US = 14 * 24 * 3600 * 1_000_000
"""How long unordered events are known by id: longer than any stream keeps them."""

_LOCK = Statement(
    select(inbox.c.key, inbox.c.sequence, inbox.c.waiting)
    .where(any_of(inbox.c.key, "keys"))
    .order_by(inbox.c.key)
    .with_for_update(),
    name="lock inbox",
)
_BEGIN = insert_rows(inbox, key=["key"], name="begin inbox")
_ADVANCE = insert_rows(inbox, key=["key"], set=["sequence", "waiting"], name="advance inbox")
_POSITIONS = Statement(select(inbox.c.key, inbox.c.sequence).where(any_of(inbox.c.key, "keys")), name="read inbox")
_SEEN = Statement(select(inbox_seen.c.event_id).where(any_of(inbox_seen.c.event_id, "ids")), name="read seen events")
_SEE = insert_rows(inbox_seen, name="note seen events")
_FORGET = Statement(
    delete(inbox_seen).where(inbox_seen.c.time_us < bindparam("before", type_=BigInteger)), name="forget seen events"
)


_Seen = tuple[str, int]
"""A row of inbox_seen."""


def reached(store: Store, numbers: Mapping[str, int], ids: Collection[str], *, timeout: float) -> bool:
    """Whether events took effect: by key of an aggregate up to a number, and by id those that have no number.

    Ids are known for 14 days.
    """
    if numbers:
        rows = store.read(_POSITIONS, tenant=None, timeout=timeout, keys=list(numbers))
        if sum(sequence >= numbers[key] for key, sequence in rows) < len(numbers):
            return False
    return not ids or len(store.read(_SEEN, tenant=None, timeout=timeout, ids=list(ids))) == len(ids)


@dataclass(slots=True)
class _Turn:
    """How far an aggregate has come: the last number that was handled, and the first one that waits (0: none)."""

    sequence: int
    waiting: int
    changed: bool = False
    freed: bool = False

    def wait_for(self, sequence: int) -> None:
        self.waiting = min(self.waiting, sequence) if self.waiting else sequence
        self.changed = True


class Inbox:
    """Handles deliveries for one service; for one thread, beside any number of others in other processes."""

    def __init__(
        self,
        store: Store,
        handlers: Mapping[str, Callable[[Transaction, Event], None]],
        *,
        now_us: Callable[[], int],
    ) -> None:
        self._store, self._handlers, self._now_us = store, handlers, now_us

    def handle(self, events: Iterable[Event]) -> None:
        """Handle events in one transaction, or one by one when that fails.

        Returns when each of them is settled: handled, dropped as a duplicate, or kept for later. Raises StoreError when
        the database is busy or away; then some may be settled, and all may be delivered again.
        """
        self._settle([Delivery(event) for event in events])

    def handle_waiting(self) -> int:
        """Try kept events whose time has come; how many were looked at."""
        deliveries = waiting.due(self._store, now_us=self._now_us(), timeout=_SECONDS)
        self._settle(deliveries)
        return len(deliveries)

    def overtake(
        self,
        states: Sequence[Event],
        *,
        apply: Callable[[Transaction, Event], None] | None = None,
        note: Callable[[Transaction], None] | None = None,
    ) -> None:
        """Handle the present state of aggregates in place of every event up to its number, whether it arrived or not.

        `apply` takes the states in place of the handlers, and also those that are no news here; `note` runs in the same
        transaction. What either raises leaves everything as it was.
        """
        self._together([Delivery(event, overtakes=True) for event in states], apply=apply, note=note)

    def gaps(self, since_us: int) -> list[Gap]:
        """Aggregates of which an event has waited since then for one before it that did not arrive."""
        return waiting.gaps(self._store, since_us=since_us, timeout=_SECONDS)

    def skip(self, gap: Gap) -> None:
        """Go on with the first event that waits, as if those before it had been handled."""
        with self._store.transaction(tenant=None, timeout=_SECONDS) as tx:
            ((_, sequence, first),) = tx.read(_LOCK, keys=[gap.key])
            if first > sequence + 1:
                tx.defer(_ADVANCE, rows=[(gap.key, first - 1, first)])
                waiting.release(tx, gap.key, first)

    def wait_on(self, gap: Gap) -> None:
        """Let a gap count as one from now on."""
        with self._store.transaction(tenant=None, timeout=_SECONDS) as tx:
            waiting.wait_on(tx, gap, now_us=self._now_us())

    def position(self, source: str, tenant: str, aggregate: str) -> int:
        """The number of the last event of an aggregate that took effect here; 0 when none did."""
        key = key_of(source, tenant, aggregate)
        rows = self._store.read(_POSITIONS, tenant=None, timeout=_SECONDS, keys=[key])
        return rows[0][1] if rows else 0

    def list_parked(self, most: int = 1000) -> list[Parked]:
        """The events that failed five times, the oldest first."""
        return waiting.parked(self._store, most=most, timeout=_SECONDS)

    def replay(self, tenant: str, aggregate: str) -> int:
        """Let the parked events of an aggregate be tried again, five times each; how many there were."""
        with self._store.transaction(tenant=None, timeout=_SECONDS) as tx:
            found = waiting.parked_of(tx, tenant, aggregate)
            for delivery in found:
                waiting.unpark(tx, delivery)
                waiting.retry(tx, delivery, attempts=0, retry_us=0)
        return len(found)

    def discard(self, tenant: str, aggregate: str) -> int:
        """Take the parked events of an aggregate as handled without handling them; how many there were."""
        with self._store.transaction(tenant=None, timeout=_SECONDS) as tx:
            found = waiting.parked_of(tx, tenant, aggregate)
            turns = self._lock(tx, found)
            unordered: list[_Seen] = []
            for delivery in found:
                waiting.unpark(tx, delivery)
                self._note(tx, delivery, turns.get(delivery.key), unordered)
            self._advance(tx, turns, unordered)
        return len(found)

    def prune(self) -> None:
        """Forget the ids of unordered events that no stream holds any more."""
        with self._store.transaction(tenant=None, timeout=_SECONDS) as tx:
            tx.defer(_FORGET, before=self._now_us() - _REMEMBER_US)

    def _settle(self, deliveries: Sequence[Delivery]) -> None:
        if not deliveries:
            return
        try:
            self._together(deliveries)
        except (Busy, Unavailable):
            raise
        except Exception as error:  # noqa: BLE001 - a handler may fail in any way; its event waits or is parked
            if len(deliveries) == 1:
                self._failed(deliveries[0], error)
            else:
                for delivery in deliveries:
                    self._settle([delivery])

    def _together(
        self,
        deliveries: Sequence[Delivery],
        *,
        apply: Callable[[Transaction, Event], None] | None = None,
        note: Callable[[Transaction], None] | None = None,
    ) -> None:
        with self._store.transaction(tenant=None, timeout=_SECONDS) as tx:
            turns = self._lock(tx, deliveries)
            ids = [each.event.id for each in deliveries if not each.event.sequence]
            seen = {row[0] for row in tx.read(_SEEN, ids=ids)} if ids else set()
            unordered: list[_Seen] = []
            for delivery in deliveries:
                event, turn = delivery.event, turns.get(delivery.key) if delivery.event.sequence else None
                known = event.id in seen or (turn is not None and event.sequence <= turn.sequence)
                if known and apply is None:
                    if delivery.stored:
                        waiting.drop(tx, delivery)
                elif turn is not None and not delivery.overtakes and self._early(tx, delivery, turn):
                    continue
                else:
                    handler = apply or self._handlers.get(event.type)
                    if handler is not None:
                        with tx.as_tenant(event.tenant):
                            handler(tx, event)
                    self._note(tx, delivery, turn, unordered)
                    seen.add(event.id)
            self._advance(tx, turns, unordered)
            if note is not None:
                note(tx)

    def _early(self, tx: Transaction, delivery: Delivery, turn: _Turn) -> bool:
        """Whether an event must wait: for the one before it, or for the time of its own next try."""
        sequence = delivery.event.sequence
        if delivery.stored:
            if sequence > turn.sequence + 1 and delivery.retry_us != NEVER:
                waiting.retry(tx, delivery, attempts=delivery.attempts, retry_us=NEVER)
            only_for_others = delivery.retry_us == NEVER and not delivery.attempts
            return sequence > turn.sequence + 1 or (delivery.retry_us > self._now_us() and not only_for_others)
        if sequence == turn.waiting:
            return True  # it is kept already, with a schedule of its own
        if sequence == turn.sequence + 1:
            return False
        waiting.keep(tx, delivery, now_us=self._now_us(), retry_us=NEVER)
        turn.wait_for(sequence)
        return True

    def _note(self, tx: Transaction, delivery: Delivery, turn: _Turn | None, unordered: list[_Seen]) -> None:
        """Note that an event is done with: at its turn, or among the unordered ones."""
        event = delivery.event
        if delivery.stored or delivery.overtakes:
            waiting.drop(tx, delivery)
        if turn is None or not event.sequence:
            unordered.append((event.id, event.time_us))
        else:
            turn.sequence, turn.changed = max(turn.sequence, event.sequence), True
            turn.freed = turn.freed or delivery.stored or delivery.overtakes or turn.waiting == event.sequence + 1

    def _lock(self, tx: Transaction, deliveries: Iterable[Delivery]) -> dict[str, _Turn]:
        """Hold the aggregates of ordered events until the commit, so that no other process handles theirs meanwhile."""
        missing = {each.key for each in deliveries if each.event.sequence}
        turns: dict[str, _Turn] = {}
        for last in (False, True):
            if missing:
                rows = tx.read(_LOCK, keys=sorted(missing))
                turns.update({key: _Turn(sequence, first) for key, sequence, first in rows})
                missing -= turns.keys()
            if missing and not last:
                tx.write(_BEGIN, rows=[(key, 0, 0) for key in sorted(missing)])
        return turns

    def _advance(self, tx: Transaction, turns: Mapping[str, _Turn], unordered: Sequence[_Seen] = ()) -> None:
        """Write down what was noted: one statement for all positions, one for all unordered events."""
        reached = [(key, turn.sequence, turn.waiting) for key, turn in turns.items() if turn.changed]
        if reached:
            tx.defer(_ADVANCE, rows=reached)
        for key, turn in turns.items():
            if turn.freed:
                waiting.release(tx, key, turn.sequence + 1)
        if unordered:
            tx.defer(_SEE, rows=unordered)

    def _failed(self, delivery: Delivery, error: Exception) -> None:
        """Keep a failing event for its next try, or park it after the last one."""
        attempts, now_us = delivery.attempts + 1, self._now_us()
        final = attempts > len(_BACK_OFF_US)
        retry_us = NEVER if final else now_us + _BACK_OFF_US[attempts - 1]
        with self._store.transaction(tenant=None, timeout=_SECONDS) as tx:
            turns = self._lock(tx, [delivery])
            turn = turns.get(delivery.key)
            if turn is not None and delivery.event.sequence <= turn.sequence:
                return
            waiting.keep(tx, delivery, now_us=now_us, retry_us=retry_us)
            waiting.retry(tx, delivery, attempts=attempts, retry_us=retry_us)
            if turn is not None:
                turn.wait_for(delivery.event.sequence)
            if final:
                waiting.park(tx, delivery, error, now_us=now_us)
            self._advance(tx, turns)
        _log.warning(
            "event %s (%s) %s: %s",
            delivery.event.id,
            delivery.event.type,
            "is parked" if final else f"failed {attempts} times",
            type(error).__name__,
        )
