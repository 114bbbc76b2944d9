"""The relay: takes due rows out of a service's outbox and puts them into its Redis stream, in order.

One process per database does it, by lease. No transaction is open while it talks to Redis: a row is marked after Redis
has it, so that a crash in between publishes it twice and the inboxes of the consumers drop the second one. Marked rows
are kept until every group has handled them and Redis has had time to write them to its disk.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from typing import TYPE_CHECKING

from mesh.events import outbox, retention
from mesh.events.courtesy import Courtesy
from mesh.events.envelope import stream_of
from mesh.events.outages import work
from mesh.events.redis_connection import RedisConnection

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mesh.events.envelope import Event
    from mesh.store.store import Store

_log = logging.getLogger(__name__)

_BATCH = 200
_STORE_SECONDS = 10.0
_LOOK_SECONDS = 0.25
"""How long a row waits when no poke arrives: writers on other machines cannot poke."""
_TIDY_SECONDS = 5.0
_GATHER_SECONDS = 0.004
"""Between a poke and the look at the outbox: what is committed meanwhile goes with it at next to no cost."""
_POKE_AGAIN_NS = 2_000_000
"""A poke after a poke is left out for so long, well below the time that whoever was poked gathers."""


class Poke:
    """Wakes the relay after a commit, by a datagram to a socket file that the relay of the database listens on."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._again_ns = 0
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(0)

    def __call__(self) -> None:
        """Never waits and never fails: a relay that hears nothing looks by itself."""
        now = time.monotonic_ns()
        if now < self._again_ns:
            return
        # Noted before it is sent: who comes in between relies on a look that is yet to be.
        self._again_ns = now + _POKE_AGAIN_NS
        try:
            self._socket.send(b"!")
        except BlockingIOError:
            pass  # it has been told, and not come to it yet
        except OSError:
            # There is no relay, or another one by now. A connection saves the way to the file at every commit.
            with contextlib.suppress(OSError):
                self._socket.connect(self._path)
                self._socket.send(b"!")

    def close(self) -> None:
        """Give up the socket."""
        self._socket.close()


class Relay:
    """Publishes the outbox of one service until it is stopped.

    source: the service. now_us: the clock that decides which timers are due. poke_path: a short path for a socket file.
    courtesy: towards the calls of the process.
    """

    def __init__(
        self,
        store: Store,
        *,
        source: str,
        redis_url: str,
        now_us: Callable[[], int],
        poke_path: Path,
        courtesy: Courtesy | None = None,
    ) -> None:
        self._store, self._source, self._now_us = store, source, now_us
        self._redis = RedisConnection(redis_url, steady=True)
        self._lease = store.lease("relay")
        self._poke_path = poke_path
        self._courtesy = courtesy or Courtesy()
        self._ear: socket.socket | None = None
        self._stopped = threading.Event()
        self._sure = False
        self._tidy_next = 0.0

    def run(self) -> None:
        """Publish until stop(); outages of the database or of Redis are waited out."""
        try:
            work(f"relay of {self._source}", self._stopped, self._doubt, self._cycle)
        finally:
            self.close()

    @property
    def leads(self) -> bool:
        """Whether this process publishes."""
        return self._ear is not None

    def stop(self) -> None:
        """End run() within a fraction of a second; from any thread."""
        self._stopped.set()
        poke = Poke(self._poke_path)
        poke()
        poke.close()

    def close(self) -> None:
        """Let another process lead; run() ends with it."""
        self._redis.close()
        self._hush()
        self._lease.release()

    def publish_due(self) -> int:
        """Publish one batch of what is due now and return its size. Only for the holder of the lease."""
        began, size = time.monotonic(), self._courtesy.batch(_BATCH)
        rows = outbox.due(self._store, now_us=self._now_us(), batch=size, source=self._source, timeout=_STORE_SECONDS)
        if rows:
            keys = self._redis.at_once([self._entry(event) for _, event in rows])
            numbers = [number for number, _ in rows]
            outbox.mark(self._store, numbers, retention.place(keys[-1]), timeout=_STORE_SECONDS)
            self._courtesy.rest(began, self._stopped)
        return len(rows)

    def make_sure(self) -> None:
        """Publish once more what Redis has lost of what is kept. Only for the holder of the lease."""
        last = outbox.last_published(self._store, timeout=_STORE_SECONDS)
        if last and not retention.holds(self._redis, stream_of(self._source), last):
            _log.warning("Redis has lost events of %s; what is kept is published again", self._source)
            outbox.publish_again(self._store, timeout=_STORE_SECONDS)

    def tidy(self) -> None:
        """Forget what every group has handled and Redis has safely. Only for the holder of the lease."""
        safe = retention.trim(self._redis, stream_of(self._source))
        while outbox.sweep(self._store, safe, timeout=_STORE_SECONDS):
            self.publish_due()  # new events do not wait for old ones to be forgotten

    def _doubt(self) -> None:
        self._sure, self._tidy_next = False, 0.0

    def _cycle(self) -> None:
        if not self._leads():
            self._doubt()
            self._listen()
            return
        if not self._sure:
            self.make_sure()
            self._sure = True
        if time.monotonic() >= self._tidy_next:
            self._tidy_next = time.monotonic() + _TIDY_SECONDS
            self.tidy()
        if not self.publish_due():
            self._listen()

    def _entry(self, event: Event) -> tuple[str | bytes | int, ...]:
        return ("XADD", stream_of(self._source), "*", *event.to_fields())

    def _leads(self) -> bool:
        if not self._lease.held():
            self._hush()
            return False
        if self._ear is None:
            self._ear = _listen_at(self._poke_path)
        return True

    def _listen(self) -> None:
        """Wait for a poke, but not past the next timer or the next look at the outbox."""
        if self._ear is None:
            self._stopped.wait(_LOOK_SECONDS)
            return
        moment = outbox.next_due(self._store, timeout=_STORE_SECONDS)
        left = _LOOK_SECONDS if moment is None else (moment - self._now_us()) / 1_000_000
        self._ear.settimeout(min(_LOOK_SECONDS, max(0.001, left)))
        with contextlib.suppress(TimeoutError):
            self._ear.recv(16)
            self._ear.settimeout(0)
            with contextlib.suppress(BlockingIOError):
                while self._ear.recv(16):
                    pass
            # Only now: who pokes from here on is heard the next time.
            self._stopped.wait(_GATHER_SECONDS)

    def _hush(self) -> None:
        if self._ear is not None:
            self._ear.close()
            self._ear = None
            self._poke_path.unlink(missing_ok=True)


def _listen_at(path: Path) -> socket.socket:
    """A datagram socket; its file is left over when the relay before was killed."""
    path.unlink(missing_ok=True)
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        ear.bind(str(path))
    except BaseException:
        ear.close()
        raise
    return ear
