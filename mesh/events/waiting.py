"""Events that cannot be handled yet: rows of `inbox_waiting`, and what makes their turn come.

Owns the statements on waiting and parked events, which always run in a transaction of the inbox. It calls no handler.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Text, and_, bindparam, delete, func, insert, or_, select, update

from mesh.contract.failure import whereabouts
from mesh.events.envelope import Event
from mesh.store.mesh_tables import inbox, inbox_waiting, parked_events
from mesh.store.statement import Statement, any_of, insert_ignore

if TYPE_CHECKING:
    from mesh.store.store import Store
    from mesh.store.transaction import Transaction

NEVER = 2**62
"""When an event is tried again that waits for another one, or for a person."""

_w, _p = inbox_waiting.c, parked_events.c
_ROW = (_w.key == bindparam("key"), _w.event_id == bindparam("event_id"))
_ADD = insert_ignore(inbox_waiting, ["key", "sequence", "event_id"], name="keep waiting event")
_RETRY = Statement(
    update(inbox_waiting)
    .where(*_ROW)
    .values(attempts=bindparam("tried", type_=BigInteger), retry_us=bindparam("moment", type_=BigInteger)),
    name="retry event",
)
_REMOVE = Statement(delete(inbox_waiting).where(*_ROW), name="drop waiting event")
_REMOVE_UP_TO = Statement(
    delete(inbox_waiting).where(
        _w.key == bindparam("key"), _w.sequence > 0, _w.sequence <= bindparam("reached", type_=BigInteger)
    ),
    name="drop waiting events",
)
_RELEASE = Statement(
    update(inbox_waiting)
    .where(_w.key == bindparam("key"), _w.sequence == bindparam("turn", type_=BigInteger), _w.retry_us == NEVER)
    .values(retry_us=0),
    name="release waiting event",
)
_DUE = Statement(
    select(_w.key).where(_w.retry_us <= bindparam("now", type_=BigInteger)).order_by(_w.retry_us).limit(50),
    name="read due keys",
)
_OF_KEYS = Statement(
    select(inbox_waiting)
    .where(any_of(_w.key, "keys"), or_(_w.sequence > 0, _w.retry_us <= bindparam("now", type_=BigInteger)))
    .order_by(_w.key, _w.sequence)
    .limit(50),
    name="read waiting events",
)
_PARK = Statement(insert(parked_events), name="park event")
_UNPARK = Statement(delete(parked_events).where(_p.event_id == bindparam("event_id")), name="unpark event")
_UNPARK_UP_TO = Statement(
    delete(parked_events).where(
        _p.key == bindparam("key"), _p.sequence > 0, _p.sequence <= bindparam("reached", type_=BigInteger)
    ),
    name="unpark events",
)
_GAPS = Statement(
    select(_w.source, _w.tenant, _w.aggregate, _w.since_us)
    .distinct()
    .join(inbox, inbox.c.key == _w.key)
    .where(
        _w.sequence == inbox.c.waiting,
        inbox.c.waiting > inbox.c.sequence + 1,
        _w.since_us <= bindparam("before", type_=BigInteger),
    )
    .limit(50),
    name="find gaps",
)
_WAIT_ON = Statement(
    update(inbox_waiting)
    .where(_w.key == bindparam("whose"), _w.sequence > 0)
    .values(since_us=bindparam("moment", type_=BigInteger)),
    name="wait on",
)
_PARKED = Statement(
    select(
        inbox_waiting,
        _p.cause,
        _p.reason,
        _p.parked_us,
        select(func.count())
        .where((behind := inbox_waiting.alias("behind")).c.key == _w.key, behind.c.sequence > _w.sequence)
        .scalar_subquery(),
    )
    .join(parked_events, and_(_p.event_id == _w.event_id, _p.key == _w.key))
    .order_by(_p.parked_us)
    .limit(bindparam("most", type_=BigInteger)),
    name="list parked events",
)
_PARKED_OF = Statement(
    select(inbox_waiting)
    .join(parked_events, and_(_p.event_id == _w.event_id, _p.key == _w.key))
    .where(_w.tenant == bindparam("tenant", type_=Text), _w.aggregate == bindparam("aggregate", type_=Text)),
    name="find parked events",
)
_FIRST = Statement(
    update(inbox)
    .where(inbox.c.key == bindparam("key"))
    .values(
        waiting=select(func.coalesce(func.min(_w.sequence), 0))
        .where(_w.key == inbox.c.key, _w.sequence > 0)
        .scalar_subquery()
    ),
    name="find first waiting event",
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event to handle.

    stored: it is a row of inbox_waiting. attempts: how often it has failed. retry_us: when it may be tried; see NEVER.
    overtakes: it holds the state of its aggregate and needs none of the events before it.
    """

    event: Event
    stored: bool = False
    attempts: int = 0
    retry_us: int = 0
    overtakes: bool = False
    key: str = field(init=False)
    """What order is kept by."""

    def __post_init__(self) -> None:
        event = self.event
        object.__setattr__(self, "key", key_of(event.source, event.tenant, event.aggregate))


@dataclass(frozen=True, slots=True)
class Gap:
    """An aggregate whose next event did not arrive while a later one did, since when in microseconds."""

    source: str
    tenant: str
    aggregate: str
    since_us: int

    @property
    def key(self) -> str:
        """The aggregate's key in the inbox."""
        return key_of(self.source, self.tenant, self.aggregate)


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that failed too often, with the class of the last error and where it rose; `queued` others wait."""

    event: Event
    cause: str
    reason: str
    parked_us: int
    queued: int


def key_of(source: str, tenant: str, aggregate: str) -> str:
    """The key of an aggregate in the inbox; neither services nor tenants have a slash in their names."""
    return f"{source}/{tenant}/{aggregate}"


def keep(transaction: Transaction, delivery: Delivery, *, now_us: int, retry_us: int) -> None:
    """Keep an event until its turn comes; once is enough."""
    event = delivery.event
    transaction.defer(
        _ADD,
        key=delivery.key,
        sequence=event.sequence,
        event_id=event.id,
        source=event.source,
        tenant=event.tenant,
        aggregate=event.aggregate,
        type=event.type,
        data=event.data,
        time_us=event.time_us,
        actor=event.actor,
        trace=event.trace,
        timer=event.timer,
        since_us=now_us,
        attempts=delivery.attempts,
        retry_us=retry_us,
    )


def retry(transaction: Transaction, delivery: Delivery, *, attempts: int, retry_us: int) -> None:
    """Note how often a kept event has failed and when it is tried again."""
    transaction.defer(_RETRY, key=delivery.key, event_id=delivery.event.id, tried=attempts, moment=retry_us)


def park(transaction: Transaction, delivery: Delivery, error: Exception, *, now_us: int) -> None:
    """List a kept event as one that needs a person."""
    transaction.defer(_UNPARK, event_id=delivery.event.id)
    transaction.defer(
        _PARK,
        event_id=delivery.event.id,
        key=delivery.key,
        sequence=delivery.event.sequence,
        cause=type(error).__name__,
        reason=whereabouts(error),
        parked_us=now_us,
    )


def unpark(transaction: Transaction, delivery: Delivery) -> None:
    """Take an event from the list."""
    transaction.defer(_UNPARK, event_id=delivery.event.id)


def drop(transaction: Transaction, delivery: Delivery) -> None:
    """Forget a kept event that was handled, with whatever has the same place in the order."""
    if delivery.event.sequence:
        transaction.defer(_REMOVE_UP_TO, key=delivery.key, reached=delivery.event.sequence)
        if delivery.overtakes:
            transaction.defer(_UNPARK_UP_TO, key=delivery.key, reached=delivery.event.sequence)
    else:
        transaction.defer(_REMOVE, key=delivery.key, event_id=delivery.event.id)


def release(transaction: Transaction, key: str, turn: int) -> None:
    """Let the event with number `turn` be tried at once, if it waits for nothing else, and note who waits first."""
    transaction.defer(_RELEASE, key=key, turn=turn)
    transaction.defer(_FIRST, key=key)


def gaps(store: Store, *, since_us: int, timeout: float) -> list[Gap]:
    """Some of the gaps that are at least so old."""
    return [Gap(*row) for row in store.read(_GAPS, tenant=None, timeout=timeout, before=since_us)]


def wait_on(transaction: Transaction, gap: Gap, *, now_us: int) -> None:
    """Let what waits behind a gap have waited from now on."""
    transaction.defer(_WAIT_ON, whose=gap.key, moment=now_us)


def due(store: Store, *, now_us: int, timeout: float) -> list[Delivery]:
    """A batch of kept events whose time has come, with those that follow them, in their order."""
    keys = {row[0] for row in store.read(_DUE, tenant=None, timeout=timeout, now=now_us)}
    if not keys:
        return []
    return list(map(_delivery, store.read(_OF_KEYS, tenant=None, timeout=timeout, keys=sorted(keys), now=now_us)))


def parked(store: Store, *, most: int, timeout: float) -> list[Parked]:
    """The parked events, the oldest first."""
    rows = store.read(_PARKED, tenant=None, timeout=timeout, most=most)
    return [Parked(_delivery(row[:-4]).event, *row[-4:]) for row in rows]


def parked_of(transaction: Transaction, tenant: str, aggregate: str) -> list[Delivery]:
    """The parked events of one aggregate."""
    return list(map(_delivery, transaction.read(_PARKED_OF, tenant=tenant, aggregate=aggregate)))


def _delivery(row: tuple[Any, ...]) -> Delivery:
    columns = dict(zip(inbox_waiting.columns.keys(), row, strict=True))
    event = Event(**{name: columns[name] for name in Event._fields if name != "id"}, id=columns["event_id"])
    return Delivery(event, stored=True, attempts=columns["attempts"], retry_us=columns["retry_us"])
