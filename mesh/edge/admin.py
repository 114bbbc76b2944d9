"""Envoy's administration, over its socket: a question and the text of the answer. What is asked others decide."""

from __future__ import annotations

import http.client
import os
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

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


def ask(admin: Path, verb: str, path: str) -> str | None:
    """What Envoy answers on this socket; None: nobody does."""
    connection = _Admin(admin)
    try:
        connection.request(verb, path)
        return connection.getresponse().read().decode()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
