"""Asks Envoy to let its callers finish: no new connections, and the end of calls in progress awaited."""

from __future__ import annotations

import http.client
import os
import re
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LONGEST = 5.0
_TICK = 0.05
_TIMEOUT = 1.0


class _Admin(http.client.HTTPConnection):
    """HTTP over Envoy's admin socket.

    Its path may be longer than sockets allow; its folder is therefore named by descriptor.
    """

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_TIMEOUT)
        self._path = path

    def connect(self) -> None:
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.sock.settimeout(_TIMEOUT)
            self.sock.connect(f"/proc/self/fd/{folder}/{self._path.name}")
        finally:
            os.close(folder)


def drain(admin: Path) -> bool:
    """Have Envoy take no more calls, and wait for those in progress, at most `LONGEST` seconds.

    Returns whether all of them ended. An Envoy that does not answer has nothing to drain.
    """
    if _ask(admin, "POST", "/drain_listeners?graceful&skip_exit") is None:
        return True
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        active = _ask(admin, "GET", "/stats?filter=^http.edge.downstream_rq_active$")
        if active is None or re.search(r": 0\b", active):
            return True
        time.sleep(_TICK)
    return False


def _ask(admin: Path, verb: str, path: str) -> str | None:
    connection = _Admin(admin)
    try:
        connection.request(verb, path)
        return connection.getresponse().read().decode()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
