"""What has been published or is due and was not handled yet, over all services of a mesh.

Reads the stores and the streams and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, bindparam, func, select

from mesh.events import outbox
from mesh.events.envelope import stream_of
from mesh.events.lag import Lag, fields, lags
from mesh.events.waiting import NEVER
from mesh.store.mesh_tables import inbox_waiting, parked_events
from mesh.store.mesh_tables import outbox as outbox_rows
from mesh.store.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mesh.events.redis_connection import RedisConnection
    from mesh.store.store import Store

_SECONDS = 10.0
_NOW = bindparam("now", type_=BigInteger)
_TO_PUBLISH = Statement(
    select(func.count()).where(outbox_rows.c.published == 0, outbox_rows.c.due_us <= _NOW), name="count outbox"
)
_TIMERS = Statement(
    select(func.count()).where(outbox_rows.c.published == 0, outbox_rows.c.due_us > _NOW), name="count timers"
)
_TO_RETRY = Statement(select(func.count()).where(inbox_waiting.c.retry_us <= _NOW), name="count retries")
_WAITING = Statement(select(func.count()).select_from(inbox_waiting), name="count waiting events")
_PARKED = Statement(select(func.count()).select_from(parked_events), name="count parked events")
_NEXT_RETRY = Statement(
    select(func.min(inbox_waiting.c.retry_us)).where(inbox_waiting.c.retry_us < NEVER), name="next retry"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One service's rows: to publish, timers ahead, kept for their turn or another try, parked for a person."""

    service: str
    unpublished: int
    timers: int
    waiting: int
    parked: int


class Backlog:
    """Over the stores by service, and a connection to the Redis between them. For one thread.

    Its methods raise StoreError, RedisUnavailable or RedisRefused where one of them does not answer.
    """

    def __init__(self, stores: Mapping[str, Store], redis: RedisConnection) -> None:
        self._stores, self._redis = stores, redis

    def standings(self, now_us: int) -> list[Standing]:
        """Each service's rows."""
        return [
            Standing(
                name,
                _number(store, _TO_PUBLISH, now=now_us),
                _number(store, _TIMERS, now=now_us),
                _number(store, _WAITING),
                _number(store, _PARKED),
            )
            for name, store in self._stores.items()
        ]

    def lags(self) -> list[Lag]:
        """Every consumer of every stream."""
        return [lag for source in self._stores for lag in lags(self._redis, source)]

    def next_moment(self) -> int | None:
        """When the next timer fires or the next failed event is tried again, in microseconds since 1970."""
        moments = []
        for store in self._stores.values():
            retry: int | None = store.read(_NEXT_RETRY, tenant=None, timeout=_SECONDS)[0][0]
            moments += [outbox.next_due(store, timeout=_SECONDS), retry]
        return min((moment for moment in moments if moment is not None), default=None)

    def unsettled(self, now_us: int) -> list[str]:
        """What is still to be published or handled, in words; nothing: all consumers have handled all that is due.

        An event is always in an outbox, in a stream or kept in an inbox. The outboxes are looked at before and after
        the streams, and the streams must not have grown meanwhile, so that none slips past.
        """
        grown = self._added()
        left = self._due(now_us)
        left += [
            f"{lag.consumer} has {lag.behind + lag.pending} events of {lag.source} to handle"
            for lag in self.lags()
            if lag.behind or lag.pending
        ]
        if not left:
            left = self._due(now_us)
        if not left and grown != self._added():
            left = ["events have just been published"]
        return left

    def _due(self, now_us: int) -> list[str]:
        texts = ((_TO_PUBLISH, "events to publish"), (_TO_RETRY, "events to try again"))
        counted = [
            (_number(store, statement, now=now_us), name, text)
            for name, store in self._stores.items()
            for statement, text in texts
        ]
        return [f"{name} has {number} {text}" for number, name, text in counted if number]

    def _added(self) -> list[Any]:
        """How much was ever put into each stream."""
        streams = [stream for stream in map(stream_of, self._stores) if self._redis.call("EXISTS", stream)]
        return [fields(self._redis.call("XINFO", "STREAM", stream))[b"last-generated-id"] for stream in streams]


def _number(store: Store, statement: Statement, **parameters: int) -> int:
    return int(store.read(statement, tenant=None, timeout=_SECONDS, **parameters)[0][0])
