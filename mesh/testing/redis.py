"""A real Redis for tests: its own folder and loopback port, gone afterwards."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.events import embedded_redis
from mesh.events.redis_connection import RedisConnection
from mesh.runtime.ports import free_port
from mesh.runtime.settings import LOOPBACK
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

_PASSWORD = "only-for-tests"  # noqa: S105 - of a server that lives as long as a test


class RedisServer:
    """A server that can be stopped and started again with the data it had. by_file: reached by a socket file alone."""

    def __init__(self, folder: Path, *, by_file: bool = False, host: str = LOOPBACK) -> None:
        self._folder = folder
        self._by_file = by_file
        self._host = host
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = embedded_redis.url(port=self._port, password=_PASSWORD, host=host)
        if by_file:
            self.url = f"unix://:{_PASSWORD}@{folder}/socket"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = embedded_redis.redis_command(self._folder, port=self._port, password=_PASSWORD, host=self._host)
        if self._by_file:
            command += ["--port", "0", "--unixsocket", f"{self._folder}/socket", "--unixsocketperm", "700"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        eventually(self._answers, within=20, of="the start of Redis")

    def stop(self) -> None:
        """Kill the server: what it acknowledged is in its log."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=20)
            self._process = None

    def forget(self) -> None:
        """Take the disk of a stopped server away."""
        shutil.rmtree(self._folder)

    def connection(self) -> RedisConnection:
        """A connection for a test to look with."""
        return RedisConnection(self.url)

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            msg = "Redis ended at once"
            raise RuntimeError(msg)
        return embedded_redis.answers(self.url)


@contextmanager
def redis_server(*, by_file: bool = False, host: str = LOOPBACK) -> Iterator[RedisServer]:
    """A running server, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="rapport-redis-") as name:
        server = RedisServer(Path(name), by_file=by_file, host=host)
        server.start()
        try:
            yield server
        finally:
            server.stop()
