"""Tells the directory's copy in this process what has changed in `users`: every process reads the whole stream.

It is no consumer: it has no group, keeps no position and acknowledges nothing. Where it may have missed something,
after an outage of Redis, the whole copy is renewed.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from mesh.events.envelope import from_fields, stream_of
from mesh.events.redis_connection import RedisConnection, RedisRefused, RedisUnavailable

if TYPE_CHECKING:
    from mesh.runtime.directory import Directory

_log = logging.getLogger(__name__)

_BATCH = 500
_BLOCK_MS = 250
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0


class DirectoryFeed:
    """Follows the events of `users` from now on until it is stopped."""

    def __init__(self, directory: Directory, redis_url: str) -> None:
        self._directory = directory
        self._redis = RedisConnection(redis_url)
        self._stream = stream_of("users")
        self._stopped = threading.Event()

    def run(self) -> None:
        """Follow until stop(); outages of Redis are waited out."""
        pause = _FIRST_PAUSE
        try:
            while not self._stopped.is_set():
                try:
                    position = self._end()
                    self._directory.forget_all()
                    while not self._stopped.is_set():
                        position = self._follow(position)
                        pause = _FIRST_PAUSE
                except (RedisUnavailable, RedisRefused) as error:
                    _log.warning("the directory is not told of changes: %s", type(error).__name__)
                    self._stopped.wait(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE)
        finally:
            self._redis.close()

    def stop(self) -> None:
        """End run() after the batch in hand; from any thread."""
        self._stopped.set()

    def _end(self) -> bytes:
        """The id of the last entry there is."""
        last = self._redis.call("XREVRANGE", self._stream, "+", "-", "COUNT", 1)
        return bytes(last[0][0]) if last else b"0-0"

    def _follow(self, position: bytes) -> bytes:
        """Hear what comes after a position, and return where that ends."""
        reply = self._redis.call("XREAD", "COUNT", _BATCH, "BLOCK", _BLOCK_MS, "STREAMS", self._stream, position)
        for _, entries in reply or ():
            for key, fields in entries:
                position = bytes(key)
                try:
                    event = from_fields(dict(zip(fields[::2], fields[1::2], strict=True)))
                except (KeyError, ValueError):
                    continue
                self._directory.hear(event)
        return position
