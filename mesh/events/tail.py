"""The end of a service's stream, read once per process and handed to everybody who follows it there.

Owns the reader's thread and the queues of its followers, which are bounded: who is too slow is cut off and goes on from
the position it has. It knows no resources; what it means that the stream has lost a position is the caller's matter.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from mesh.events.envelope import from_fields, stream_of
from mesh.events.redis_connection import RedisConnection, RedisRefused, RedisUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mesh.events.envelope import Event

_log = logging.getLogger(__name__)

_BATCH = 200
_BLOCK_MS = 1000
_QUEUE = 2000
_PAUSE_SECONDS = 0.25
_DOUBT_SECONDS = 60.0
"""A reader that stood still for longer makes sure that nothing was trimmed in front of it."""

Position = tuple[int, int]
"""An entry of the stream: the milliseconds and the number of its id."""
NOWHERE: Position = (0, 0)
Entry = tuple[Position, "Event | None"]


class PositionLost(Exception):
    """The stream no longer reaches back to a position: it was trimmed, or Redis lost its data."""


class FollowerSlow(Exception):
    """A follower did not take what is there for so long that its queue was full."""


class Tail:
    """The stream of `source`. Thread-safe; connects when it is used. Without a URL nothing ever happens."""

    def __init__(self, redis_url: str, source: str) -> None:
        self._url, self._stream = redis_url, stream_of(source)
        self._lock = threading.Lock()
        self._asking = threading.Lock()
        self._asked: RedisConnection | None = None
        self._followers: set[Follower] = set()
        self._at: Position = NOWHERE
        self._reader: threading.Thread | None = None
        self._closed = threading.Event()

    def end(self) -> Position:
        """Where the stream ends now. What is committed before this is called is not behind it or is read there again.

        Raises:
            RedisUnavailable, RedisRefused: that cannot be told.
        """
        if not self._url:
            return NOWHERE
        (last,) = self._ask(("XREVRANGE", self._stream, "+", "-", "COUNT", 1))
        # A stream that holds nothing gets an entry that is no event, so that its loss can be told from its emptiness.
        return _position(last[0][0] if last else self._ask(("XADD", self._stream, "*", "begun", "1"))[0])

    def follow(self, tenant: str, after: Position) -> Follower:
        """Hand on what comes behind a position, of one tenant.

        Raises:
            PositionLost: the stream does not reach back to it.
            RedisUnavailable, RedisRefused: that cannot be told.
        """
        if bool(self._url) != (after != NOWHERE):
            raise PositionLost
        start = self.end()
        if not self.reaches(after):
            raise PositionLost
        with self._lock:
            if self._reader is None and self._url:
                self._at = start
                self._reader = threading.Thread(target=self._read, name=f"tail of {self._stream}", daemon=True)
                self._reader.start()
            follower = Follower(self, tenant, after, self._at)
            self._followers.add(follower)
        return follower

    def reaches(self, position: Position) -> bool:
        """Whether nothing is missing behind a position: it or one before it is still there."""
        if not self._url:
            return True
        return bool(self._ask(("XRANGE", self._stream, "-", _text(position), "COUNT", 1))[0])

    def between(self, after: Position, until: Position) -> list[Entry]:
        """The first entries behind one position up to another.

        Raises:
            PositionLost, RedisUnavailable, RedisRefused.
        """
        found, kept = self._ask(
            ("XRANGE", self._stream, f"({_text(after)}", _text(until), "COUNT", _BATCH),
            ("XRANGE", self._stream, "-", _text(after), "COUNT", 1),
        )
        if not kept:
            raise PositionLost
        return list(_entries(found))

    def leave(self, follower: Follower) -> None:
        """Hand nothing on to a follower any more."""
        with self._lock:
            self._followers.discard(follower)

    def close(self) -> None:
        """End the reader."""
        self._closed.set()
        with self._lock:
            reader = self._reader
        if reader is not None:
            reader.join(5)
        with self._asking:
            if self._asked is not None:
                self._asked.close()

    def _ask(self, *commands: tuple[str | int, ...]) -> list[Any]:
        with self._asking:
            if self._asked is None:
                self._asked = RedisConnection(self._url)
            return self._asked.pipeline(commands)

    def _read(self) -> None:
        """The reader's thread: ends when nobody follows."""
        redis = RedisConnection(self._url, steady=True)
        sure, last = True, time.monotonic()
        try:
            while self._wanted():
                try:
                    if not sure or time.monotonic() - last > _DOUBT_SECONDS:
                        self._make_sure()
                        sure = True
                    last = time.monotonic()
                    command = ("XREAD", "COUNT", _BATCH, "BLOCK", _BLOCK_MS, "STREAMS", self._stream, _text(self._at))
                    for _, found in redis.call(*command) or ():
                        self._hand_on(list(_entries(found)))
                except (RedisUnavailable, RedisRefused) as error:
                    _log.warning("the tail of %s waits: %s", self._stream, type(error).__name__)
                    sure = False
                    self._closed.wait(_PAUSE_SECONDS)
        finally:
            redis.close()

    def _wanted(self) -> bool:
        with self._lock:
            if self._followers and not self._closed.is_set():
                return True
            self._reader = None
            return False

    def _make_sure(self) -> None:
        """After an outage: go on where the reader was, or tell everybody that he must begin anew."""
        if self.reaches(self._at):
            return
        end = self.end()
        with self._lock:
            for follower in self._followers:
                follower.fail(PositionLost())
            self._followers.clear()
            self._at = end

    def _hand_on(self, entries: list[Entry]) -> None:
        with self._lock:
            self._at = entries[-1][0]
            for follower in [each for each in self._followers if not each.put(entries)]:
                self._followers.discard(follower)


class Follower:
    """What one feed has not taken yet. For one thread beside the reader's."""

    def __init__(self, tail: Tail, tenant: str, after: Position, joined: Position) -> None:
        self._tail, self._tenant = tail, tenant
        self.position = after
        """Everything up to here has been taken."""
        self._joined = joined
        self._seen = max(after, joined)
        self._queue: deque[Entry] = deque()
        self._more = threading.Condition()
        self._failed: Exception | None = None

    def take(self, timeout: float) -> list[tuple[Position, Event]]:
        """What has come, or nothing after `timeout` seconds; `position` moves on in either case.

        Raises:
            PositionLost, FollowerSlow: the feed has a gap from here on.
            RedisUnavailable, RedisRefused: what lies behind cannot be read now.
        """
        if self.position < self._joined:
            entries = self._tail.between(self.position, self._joined)
            self.position = entries[-1][0] if len(entries) == _BATCH else self._joined
            return self._own(entries)
        with self._more:
            if not self._queue and self._failed is None:
                self._more.wait(timeout)
            if self._failed is not None:
                raise self._failed
            entries = list(self._queue)
            self._queue.clear()
            before, self.position = self.position, max(self.position, self._seen)
        # What lay behind when it joined may be handed on once more by a reader that was not there yet.
        return [entry for entry in self._own(entries) if entry[0] > before]

    def put(self, entries: list[Entry]) -> bool:
        """Take entries in from the reader; false where there is no room for them."""
        own = self._own(entries)
        with self._more:
            if len(self._queue) + len(own) > _QUEUE:
                self._failed = FollowerSlow()
                self._queue.clear()
            else:
                self._queue.extend(own)
                self._seen = max(self._seen, entries[-1][0])
            if own or self._failed is not None:
                self._more.notify()
            return self._failed is None

    def fail(self, error: Exception) -> None:
        """Let the next take() raise."""
        with self._more:
            self._failed = error
            self._more.notify()

    def close(self) -> None:
        """Follow no longer."""
        self._tail.leave(self)

    def _own(self, entries: list[Entry]) -> list[tuple[Position, Event]]:
        return [(at, event) for at, event in entries if event is not None and event.tenant == self._tenant]


def _entries(found: Iterable[Any]) -> Iterable[Entry]:
    for key, fields in found:
        try:
            yield _position(key), from_fields(dict(zip(fields[::2], fields[1::2], strict=True)))
        except (KeyError, ValueError):
            yield _position(key), None


def _position(key: bytes) -> Position:
    moment, _, number = key.partition(b"-")
    return int(moment), int(number)


def _text(position: Position) -> str:
    return f"{position[0]}-{position[1]}"
