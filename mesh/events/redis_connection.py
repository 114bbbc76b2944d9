"""A connection to Redis: commands out, replies in, many at a time.

The connection of the redis package without its client: it does not retry, it does not rearrange replies, and it tells
no more of an error than its first word. Commands are packed by hiredis, which is what makes a batch of events cheap. It
connects when it is used, and knows no streams.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import hiredis
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

if TYPE_CHECKING:
    from collections.abc import Sequence

Command = tuple[str | bytes | int, ...]

_CONNECT_SECONDS = 2.0
_REPLY_SECONDS = 5.0


class RedisUnavailable(Exception):
    """Redis cannot be reached or went away; whether it ran what was sent is unknown."""


class RedisRefused(Exception):
    """Redis answered with an error."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Redis refused a command: {code}")
        self.code = code
        """The first word of Redis's error, as in `NOGROUP`."""


class RedisConnection:
    """For one thread. `url` is `redis[s]://[user][:password@]host:port[/db]` or `unix://[:password@]/path[?db=n]`.

    steady: that the server closed it between two commands is an outage too. For whoever relies on what he wrote or read
    before: it may be another Redis that answers, or the same without its data.

    Raises:
        ValueError: the URL is none of these.
    """

    def __init__(self, url: str, *, steady: bool = False) -> None:
        self._steady = steady
        # A socket file needs no keepalive, and the package's connection to one takes no such option.
        far: dict[str, Any] = {} if url.startswith("unix:") else {"socket_keepalive": True}
        pool = redis.ConnectionPool.from_url(
            url,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=_CONNECT_SECONDS,
            socket_timeout=_REPLY_SECONDS,
            **far,
        )
        self._connection: Any = pool.make_connection()

    def call(self, *command: str | bytes | int) -> Any:
        """The reply of one command, which may itself block for less than 5 s.

        Raises:
            RedisRefused: the command failed.
            RedisUnavailable: no connection, or no answer within 5 s.
        """
        return self.pipeline([command])[0]

    def pipeline(self, commands: Sequence[Command]) -> list[Any]:
        """The replies of `commands`, which travel together; raises as call() does, for the first error."""
        pack: Any = hiredis.pack_command  # its stub knows only tuples of one
        packed = b"".join(map(pack, commands))
        try:
            replies = self._exchange(packed, len(commands))
        except (redis.ConnectionError, redis.TimeoutError) as error:
            self.close()
            msg = "Redis cannot be reached"
            raise RedisUnavailable(msg) from error
        _check(replies)
        return replies

    def at_once(self, commands: Sequence[Command]) -> list[Any]:
        """The replies of `commands`, which others see all together: who waits for a stream is woken once, not twice.

        Raises as call() does, for the first error; those before and after it have been run.
        """
        if len(commands) == 1:
            return self.pipeline(commands)
        replies: list[Any] = self.pipeline([("MULTI",), *commands, ("EXEC",)])[-1]
        _check(replies)
        return replies

    def _exchange(self, packed: bytes, count: int) -> list[Any]:
        """The replies, errors among them, so that all are read; if the server closed the last connection, on a new one.

        Raises:
            redis.ConnectionError, redis.TimeoutError: no connection, no answer, or not the connection of before.
        """
        connection = self._connection
        connection.connect()
        try:
            closed = connection.can_read()
        except redis.ConnectionError:
            closed = True
        if closed:
            connection.disconnect()
            if self._steady:
                msg = "the server closed the connection"
                raise redis.ConnectionError(msg)
        connection.send_packed_command([packed], check_health=False)
        replies = []
        for _ in range(count):
            try:
                replies.append(connection.read_response())
            except redis.ResponseError as error:
                replies.append(error)
        return replies

    def close(self) -> None:
        """Close the socket; the next command opens another one."""
        self._connection.disconnect()


def _check(replies: Sequence[Any]) -> None:
    for reply in replies:
        if isinstance(reply, redis.RedisError):
            raise RedisRefused(_code(reply))


def _code(error: redis.RedisError) -> str:
    """The first word of an error; for some kinds the package has cut it off and put a class in its place."""
    kinds = ((redis.exceptions.NoScriptError, "NOSCRIPT"), (redis.BusyLoadingError, "LOADING"))
    return next((code for kind, code in kinds if isinstance(error, kind)), str(error).partition(" ")[0])
