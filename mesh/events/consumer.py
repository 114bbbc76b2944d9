"""A consuming service's reader of Redis streams: delivers entries to the inbox and acknowledges them after its commit.

Every process of the service is one member of the service's consumer group. It survives outages of Redis and of the
database; order and uniqueness are the inbox's matter.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from mesh.events.courtesy import Courtesy
from mesh.events.envelope import from_fields, stream_of
from mesh.events.inbox import Inbox
from mesh.events.outages import work
from mesh.events.redis_connection import RedisConnection, RedisRefused, RedisUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mesh.events.envelope import Event
    from mesh.events.redis_connection import Command
    from mesh.store.store import Store
    from mesh.store.transaction import Transaction

_log = logging.getLogger(__name__)

_BATCH = 100
_BLOCK_MS = 250
_LOOK_SECONDS = 0.25
"""Between two looks at kept events, whose times are on the handed-in clock."""
_BATCHES_PER_LOOK = 20
_CLAIM_SECONDS = 30.0
_GAP_LOOK_SECONDS = 5.0
_PRUNE_SECONDS = 3600.0

Entry = tuple[str, bytes, "Event | None"]
"""Stream, entry id and its event; None when the entry was trimmed or is no event."""


def all_events(event: Event) -> bool:
    """Every event concerns a service, where nobody says which."""
    del event
    return True


class Consumer:
    """Delivers the events of `subscribes` (services) to `handlers` until it is stopped.

    service: who consumes. member: a name of this process that is the same after a restart. A handler runs in the
    transaction that also notes that its event took effect; what it defers travels with the commit. claim_after: seconds
    after which another member's unfinished entries are taken over. fill: closes the gaps of the inbox that are due.
    heeds: whether an event concerns the service at all. courtesy: towards the calls of the process.
    """

    def __init__(
        self,
        store: Store,
        *,
        service: str,
        member: str,
        subscribes: Sequence[str],
        handlers: Mapping[str, Callable[[Transaction, Event], None]],
        redis_url: str,
        now_us: Callable[[], int],
        claim_after: float = _CLAIM_SECONDS,
        fill: Callable[[Inbox], None] | None = None,
        heeds: Callable[[Event], bool] = all_events,
        courtesy: Courtesy | None = None,
    ) -> None:
        if not subscribes:
            msg = f"{service} subscribes to nothing"
            raise ValueError(msg)
        self.inbox = Inbox(store, handlers, now_us=now_us)
        self._group, self._member = service, member
        self._streams = [stream_of(each) for each in subscribes]
        self._redis = RedisConnection(redis_url)
        self._claim_after = claim_after
        self._fill = fill
        self._heeds = heeds
        self._done: list[Command] = []
        """What acknowledges entries that are done with; it travels with the next read, and costs no trip of its own."""
        self._courtesy = courtesy or Courtesy()
        self._next = {"look": 0.0, "claim": 0.0, "prune": 0.0, "gaps": 0.0}
        self._stopped = threading.Event()
        self.leads = False
        """Consumers take turns with each other and lead nothing."""

    def run(self) -> None:
        """Consume until stop(); outages of the database or of Redis are waited out."""
        try:
            work(f"consumer of {self._group}", self._stopped, self._join, self._cycle)
            with suppress(RedisUnavailable, RedisRefused):
                self._acknowledge()
        finally:
            self._redis.close()

    def stop(self) -> None:
        """End run() after the batch in hand; from any thread."""
        self._stopped.set()

    def _join(self) -> None:
        """Make the groups that are missing, over all that the streams hold, and finish what this member had begun."""
        for stream in self._streams:
            try:
                self._redis.call("XGROUP", "CREATE", stream, self._group, "0", "MKSTREAM")
            except RedisRefused as error:
                if error.code != "BUSYGROUP":
                    raise
        begun = dict.fromkeys(self._streams, b"0")
        while begun and not self._stopped.is_set():
            entries = self._read(begun)
            self._deliver(entries)
            latest = {stream: key for stream, key, _ in entries}
            begun = {stream: latest[stream] for stream in begun if stream in latest}

    def _cycle(self) -> None:
        if self._time_for("look", _LOOK_SECONDS):
            for _ in range(_BATCHES_PER_LOOK):
                if not self.inbox.handle_waiting() or self._stopped.is_set():
                    break
        if self._time_for("claim", self._claim_after):
            self._take_over()
        if self._fill is not None and self._time_for("gaps", _GAP_LOOK_SECONDS):
            self._fill(self.inbox)
        if self._time_for("prune", _PRUNE_SECONDS):
            self.inbox.prune()
        self._deliver(self._read(dict.fromkeys(self._streams, b">")))

    def _time_for(self, duty: str, every: float) -> bool:
        now = time.monotonic()
        if now < self._next[duty]:
            return False
        self._next[duty] = now + every
        return True

    def _read(self, after: Mapping[str, bytes]) -> list[Entry]:
        """New entries of each stream for `>`, else this member's unfinished ones after an id."""
        size = self._courtesy.batch(_BATCH)
        group = ("XREADGROUP", "GROUP", self._group, self._member, "COUNT", size, "BLOCK", _BLOCK_MS)
        reply = self._redis.pipeline([*self._done, (*group, "STREAMS", *after.keys(), *after.values())])[-1]
        self._done.clear()
        return [entry for stream, found in reply or () for entry in _entries(stream.decode(), found)]

    def _acknowledge(self) -> None:
        """Tell at once what travels with the next read, where none follows."""
        if self._done:
            self._redis.pipeline(self._done)
            self._done.clear()

    def _take_over(self) -> None:
        """Deliver what members that are gone have begun."""
        idle = int(self._claim_after * 1000)
        for stream in self._streams:
            cursor: bytes = b"0-0"
            while not self._stopped.is_set():
                cursor, found, *_ = self._redis.call(
                    "XAUTOCLAIM", stream, self._group, self._member, idle, cursor, "COUNT", _BATCH
                )
                self._deliver(list(_entries(stream, found)))
                if cursor == b"0-0":
                    break

    def _deliver(self, entries: Sequence[Entry]) -> None:
        left = list(entries)
        while left:
            began, size = time.monotonic(), self._courtesy.batch(_BATCH)
            batch, left = left[:size], left[size:]
            self.inbox.handle(event for _, _, event in batch if event is not None and self._heeds(event))
            done: dict[str, list[bytes]] = {}
            for stream, key, _ in batch:
                done.setdefault(stream, []).append(key)
            self._done += [("XACK", stream, self._group, *keys) for stream, keys in done.items()]
            self._courtesy.rest(began, self._stopped)


def _entries(stream: str, found: Iterable[Any]) -> Iterable[Entry]:
    for key, fields in found:
        try:
            yield stream, key, from_fields(dict(zip(fields[::2], fields[1::2], strict=True))) if fields else None
        except (KeyError, ValueError):
            _log.warning("entry %s of %s is no event", key.decode(), stream)
            yield stream, key, None
