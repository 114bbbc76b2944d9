"""A connection to Redis: commands out, replies in, many at a time.

The redis package with three of its habits left out: it does not retry, it does not rearrange replies, and it tells no
more of an error than its first word. It connects when it is used, and knows no streams.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

    Raises:
        ValueError: the URL is none of these.
    """

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url,
            protocol=2,
            single_connection_client=False,
            max_connections=1,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=_CONNECT_SECONDS,
            socket_timeout=_REPLY_SECONDS,
            socket_keepalive=None if url.startswith("unix") else True,
        )
        self._redis.response_callbacks.clear()

    def call(self, *command: str | bytes | int) -> Any:
        """The reply of one command, which may itself block for less than 5 s.

        Raises:
            RedisRefused: the command failed.
            RedisUnavailable: no connection, or no answer within 5 s.
        """
        return self.pipeline([command])[0]

    def pipeline(self, commands: Sequence[Command]) -> list[Any]:
        """The replies of `commands`, which travel together; raises as call() does, for the first error."""
        pipeline = self._redis.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)  # type: ignore[no-untyped-call]  # the package leaves it untyped
        try:
            replies: list[Any] = pipeline.execute(raise_on_error=False)
        except (redis.ConnectionError, redis.TimeoutError) as error:
            self.close()
            msg = "Redis cannot be reached"
            raise RedisUnavailable(msg) from error
        for reply in replies:
            if isinstance(reply, redis.RedisError):
                raise RedisRefused(_code(reply))
        return replies

    def close(self) -> None:
        """Close the socket; the next command opens another one."""
        self._redis.close()
        self._redis.connection_pool.disconnect()


def _code(error: redis.RedisError) -> str:
    """The first word of an error; for some kinds the package has cut it off and put a class in its place."""
    kinds = ((redis.exceptions.NoScriptError, "NOSCRIPT"), (redis.BusyLoadingError, "LOADING"))
    return next((code for kind, code in kinds if isinstance(error, kind)), str(error).partition(" ")[0])
