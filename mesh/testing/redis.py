"""A real Redis for tests: its own folder and loopback port, gone afterwards."""

from __future__ import annotations

import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.events import embedded_redis
from mesh.events.redis_connection import RedisConnection
from mesh.runtime.ports import free_port
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

_PASSWORD = "only-for-tests"  # noqa: S105 - of a server that lives as long as a test


class RedisServer:
    """A server that can be stopped and started again with the data it had."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = embedded_redis.url(port=self._port, password=_PASSWORD)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = embedded_redis.redis_command(self._folder, port=self._port, password=_PASSWORD)
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        eventually(self._answers, within=20, of="the start of Redis")

    def stop(self) -> None:
        """Kill the server: what it acknowledged is in its log."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=20)
            self._process = None

    def connection(self) -> RedisConnection:
        """A connection for a test to look with."""
        return RedisConnection(self.url)

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            msg = "Redis ended at once"
            raise RuntimeError(msg)
        return embedded_redis.answers(self.url)


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A running server, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="rapport-redis-") as name:
        server = RedisServer(Path(name))
        server.start()
        try:
            yield server
        finally:
            server.stop()
