"""The outbox: an event becomes a row in the transaction that causes it, and a timer is such a row with a due time.

Owns the outbox table's statements. Publishing is the relay's matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, exists, func, insert, select, update

from mesh.events.envelope import Event
from mesh.store.mesh_tables import outbox
from mesh.store.statement import Statement, any_of, upsert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from mesh.store.store import Store
    from mesh.store.transaction import Transaction

_c = outbox.c
_COLUMNS = [column.name for column in outbox.columns if column.name not in ("seq", "published")]
_TIMER = (
    _c.tenant == bindparam("tenant"),
    _c.aggregate == bindparam("aggregate"),
    _c.name == bindparam("name"),
    _c.published == 0,
)
_INSERT = Statement(
    insert(outbox).values({name: bindparam(name, type_=_c[name].type) for name in _COLUMNS}), name="publish event"
)
# One statement: two who set a timer at once would both find none to cancel, and the slower one would fail.
_SET = upsert(
    outbox,
    key=("tenant", "aggregate", "name"),
    set=[name for name in _COLUMNS if name not in ("tenant", "aggregate", "name")],
    where="name IS NOT NULL AND published = 0",
    name="set timer",
)
_CANCEL = Statement(delete(outbox).where(*_TIMER), name="cancel timer")
_DUE = Statement(
    select(_c.seq, *(_c[name] for name in _COLUMNS))
    .where(_c.published == 0, _c.due_us <= bindparam("now"))
    .order_by(_c.due_us, _c.seq)
    .limit(bindparam("batch", type_=_c.seq.type)),
    name="read outbox",
)
_NEXT = Statement(select(func.min(_c.due_us)).where(_c.published == 0), name="next timer")
_MARK = Statement(
    update(outbox).where(any_of(_c.seq, "rows")).values(published=bindparam("at", type_=_c.published.type)),
    name="mark published",
)
_LAST = Statement(select(func.max(_c.published)), name="last published")
_SWEEP_ROWS = 1_000
"""In one transaction: on SQLite every writer of the service waits for it."""
_SWEPT = (
    select(_c.seq)
    .where(_c.published > 0, _c.published <= bindparam("until", type_=_c.published.type))
    .order_by(_c.published)
    .limit(_SWEEP_ROWS)
)
_SWEEP = Statement(delete(outbox).where(_c.seq.in_(_SWEPT)), name="sweep outbox")
_later = outbox.alias("later")
_superseded = delete(outbox).where(
    _c.published > 0,
    _c.name.is_not(None),
    exists().where(
        _later.c.tenant == _c.tenant,
        _later.c.aggregate == _c.aggregate,
        _later.c.name == _c.name,
        _later.c.seq > _c.seq,
    ),
)
_SUPERSEDED = Statement(_superseded, name="drop superseded timers")
_again = update(outbox).where(_c.published > bindparam("after", type_=_c.published.type)).values(published=0)
_AGAIN = Statement(_again, name="publish again")


def publish(transaction: Transaction, event: Event) -> None:
    """Publish with the commit. Whoever numbers events of an aggregate holds its row's lock before it does so."""
    _put(transaction, _INSERT, event, due_us=0, name=None)


def set_timer(transaction: Transaction, event: Event, *, name: str, due_us: int) -> None:
    """Publish `event` when the clock reaches `due_us`; replaces the timer of that name of the event's aggregate.

    A timer may still fire right before its replacement or cancellation commits: its handler looks at the state again.
    The event's sequence must be 0.
    """
    if event.sequence:
        msg = "a timer has no place in the order of its aggregate"
        raise ValueError(msg)
    _put(transaction, _SET, event, due_us=due_us, name=name)


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


def mark(store: Store, rows: Sequence[int], at: int, *, timeout: float) -> None:
    """Note that rows, by their numbers, are in the stream, the last of them `at` this place."""
    with store.transaction(tenant=None, timeout=timeout) as transaction:
        transaction.defer(_MARK, rows=list(rows), at=at)


def last_published(store: Store, *, timeout: float) -> int:
    """The place in the stream of the last published row that is kept; 0 when none is."""
    return store.read(_LAST, tenant=None, timeout=timeout)[0][0] or 0


def sweep(store: Store, until: int, *, timeout: float) -> bool:
    """Forget a batch of what was published up to a place in the stream; whether more may be left."""
    with store.transaction(tenant=None, timeout=timeout) as transaction:
        return transaction.write(_SWEEP, until=until) == _SWEEP_ROWS


def publish_again(store: Store, *, after: int = 0, timeout: float) -> None:
    """Let everything that is kept and was published behind a place be published once more, in its order."""
    with store.transaction(tenant=None, timeout=timeout) as transaction:
        transaction.defer(_SUPERSEDED)
        transaction.defer(_AGAIN, after=after)


def publish_all_again(connection: Connection) -> None:
    """The same of everything that is kept, in a restored database that no store serves yet."""
    connection.execute(_superseded)
    connection.execute(_again, {"after": 0})


def _put(transaction: Transaction, how: Statement, event: Event, *, due_us: int, name: str | None) -> None:
    transaction.defer(
        how,
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
