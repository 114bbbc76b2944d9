"""A connection to Redis: commands out, replies in, many at a time.

Speaks through hiredis on a plain socket, which is imported a hundred times faster than the redis package and publishes
twice as fast. It connects when it is used, never retries by itself, and knows no streams.
"""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

import hiredis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from urllib.parse import SplitResult

Command = tuple[str | bytes | int, ...]

_CONNECT_SECONDS = 2.0
_REPLY_SECONDS = 5.0
_CHUNK = 1 << 16


class RedisUnavailable(Exception):
    """Redis cannot be reached or went away; whether it ran what was sent is unknown."""


class RedisRefused(Exception):
    """Redis answered with an error."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Redis refused a command: {code}")
        self.code = code
        """The first word of Redis's error, as in `NOGROUP`."""


class RedisConnection:
    """For one thread. `url` is `redis[s]://[user][:password@]host:port[/db]` or `unix://[:password@]/path[?db=n]`."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        if self._url.scheme not in ("redis", "rediss", "unix"):
            msg = "a Redis URL begins with redis://, rediss:// or unix://"
            raise ValueError(msg)
        self._socket: socket.socket | None = None
        self._reader = hiredis.Reader()

    def call(self, *command: str | bytes | int, wait: float = 0.0) -> Any:
        """The reply of one command; `wait` is how long the command itself may block, in seconds.

        Raises:
            RedisRefused: the command failed.
            RedisUnavailable: no connection, or no answer within 5 s beyond `wait`.
        """
        return self.pipeline([command], wait=wait)[0]

    def pipeline(self, commands: Sequence[Command], *, wait: float = 0.0) -> list[Any]:
        """The replies of `commands`, which travel together; raises as call() does, for the first error."""
        try:
            if self._socket is None:
                self._connect()
            replies = self._exchange(commands, wait)
        except OSError as error:
            self.close()
            msg = "Redis cannot be reached"
            raise RedisUnavailable(msg) from error
        except hiredis.ProtocolError as error:
            self.close()
            msg = "Redis broke the protocol"
            raise RedisUnavailable(msg) from error
        for reply in replies:
            if isinstance(reply, hiredis.ReplyError):
                raise RedisRefused(str(reply).partition(" ")[0])
        return replies

    def close(self) -> None:
        """Close the socket; the next command opens another one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, commands: Sequence[Command], wait: float) -> list[Any]:
        assert self._socket is not None
        self._socket.settimeout(_REPLY_SECONDS + wait)
        self._socket.sendall(b"".join(hiredis.pack_command(cast("Any", each)) for each in commands))
        replies: list[Any] = []
        while len(replies) < len(commands):
            reply = self._reader.gets()
            if reply is not False:
                replies.append(reply)
                continue
            received = self._socket.recv(_CHUNK)
            if not received:
                raise ConnectionResetError
            self._reader.feed(received)
        return replies

    def _connect(self) -> None:
        self._reader = hiredis.Reader()
        self._socket = _open(self._url)
        greeting = list(_greeting(self._url))
        for reply in self._exchange(greeting, 0.0) if greeting else ():
            if isinstance(reply, hiredis.ReplyError):
                raise ConnectionRefusedError(str(reply))


def _open(url: SplitResult) -> socket.socket:
    if url.scheme == "unix":
        local = socket.socket(socket.AF_UNIX)
        try:
            local.settimeout(_CONNECT_SECONDS)
            local.connect(unquote(url.path))
        except BaseException:
            local.close()
            raise
        return local
    host = url.hostname or "127.0.0.1"
    remote = socket.create_connection((host, url.port or 6379), timeout=_CONNECT_SECONDS)
    try:
        remote.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        remote.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if url.scheme == "rediss":
            return ssl.create_default_context().wrap_socket(remote, server_hostname=host)
    except BaseException:
        remote.close()
        raise
    return remote


def _greeting(url: SplitResult) -> Iterator[Command]:
    if url.password:
        user = [unquote(url.username)] if url.username else []
        yield ("AUTH", *user, unquote(url.password))
    database = parse_qs(url.query).get("db", [""])[0] if url.scheme == "unix" else url.path.strip("/")
    if database and database != "0":
        yield ("SELECT", database)
