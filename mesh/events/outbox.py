"""The outbox: an event becomes a row in the transaction that causes it, and a timer is such a row with a due time.

Owns the outbox table's statements. Publishing is the relay's matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select

from mesh.events.envelope import Event
from mesh.store.mesh_tables import outbox
from mesh.store.statement import Statement, any_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.store.store import Store
    from mesh.store.transaction import Transaction

_c = outbox.c
_COLUMNS = [column.name for column in outbox.columns if column.name != "seq"]
_TIMER = (_c.tenant == bindparam("tenant"), _c.aggregate == bindparam("aggregate"), _c.name == bindparam("name"))
_INSERT = Statement(
    insert(outbox).values({name: bindparam(name, type_=_c[name].type) for name in _COLUMNS}), name="publish event"
)
_CANCEL = Statement(delete(outbox).where(*_TIMER), name="cancel timer")
_DUE = Statement(
    select(outbox)
    .where(_c.due_us <= bindparam("now"))
    .order_by(_c.due_us, _c.seq)
    .limit(bindparam("batch", type_=_c.seq.type)),
    name="read outbox",
)
_NEXT = Statement(select(func.min(_c.due_us)), name="next timer")
_REMOVE = Statement(delete(outbox).where(any_of(_c.seq, "published")), name="empty outbox")


def publish(transaction: Transaction, event: Event) -> None:
    """Publish with the commit. Whoever numbers events of an aggregate holds its row's lock before it does so."""
    _put(transaction, event, due_us=0, name=None)


def set_timer(transaction: Transaction, event: Event, *, name: str, due_us: int) -> None:
    """Publish `event` when the clock reaches `due_us`; replaces the timer of that name of the event's aggregate.

    A timer may still fire right before its replacement or cancellation commits: its handler looks at the state again.
    The event's sequence must be 0.
    """
    if event.sequence:
        msg = "a timer has no place in the order of its aggregate"
        raise ValueError(msg)
    cancel_timer(transaction, event.tenant, event.aggregate, name)
    _put(transaction, event, due_us=due_us, name=name)


def cancel_timer(transaction: Transaction, tenant: str, aggregate: str, name: str) -> None:
    """Forget a timer; harmless when there is none."""
    transaction.defer(_CANCEL, tenant=tenant, aggregate=aggregate, name=name)


def due(store: Store, *, now_us: int, batch: int, source: str, timeout: float) -> list[tuple[int, Event]]:
    """The rows to publish now with their numbers, in the order of publication."""
    rows = store.read(_DUE, tenant=None, timeout=timeout, now=now_us, batch=batch)
    return [(row[0], _event(row, source)) for row in rows]


def next_due(store: Store, *, timeout: float) -> int | None:
    """When the next row is to be published, in microseconds; None when there is none."""
    moment: int | None = store.read(_NEXT, tenant=None, timeout=timeout)[0][0]
    return moment


def remove(store: Store, published: Sequence[int], *, timeout: float) -> None:
    """Forget published rows by their numbers: one that was replaced meanwhile has another."""
    with store.transaction(tenant=None, timeout=timeout) as transaction:
        transaction.defer(_REMOVE, published=list(published))


def _put(transaction: Transaction, event: Event, *, due_us: int, name: str | None) -> None:
    transaction.defer(
        _INSERT,
        event_id=event.id,
        tenant=event.tenant,
        aggregate=event.aggregate,
        sequence=event.sequence,
        type=event.type,
        data=event.data,
        time_us=event.time_us,
        actor=event.actor,
        trace=event.trace,
        due_us=due_us,
        name=name,
    )


def _event(row: tuple[Any, ...], source: str) -> Event:
    _, key, tenant, aggregate, sequence, kind, data, time_us, actor, trace, due_us, name = row
    return Event(
        id=key,
        tenant=tenant,
        aggregate=aggregate,
        sequence=sequence,
        type=kind,
        data=data,
        time_us=due_us or time_us,
        source=source,
        actor=actor,
        trace=trace,
        timer=name or "",
    )
