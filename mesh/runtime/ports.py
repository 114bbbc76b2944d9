"""Loopback ports for programs that must be told theirs."""

from __future__ import annotations

import socket
import time

# Below those that systems give to whoever asks for any: one of these may be given away before its program takes it.
_FIRST, _LAST = 15_000, 32_000
_TRIES = 200


def free_port() -> int:
    """A loopback port that nobody listens on now. Whoever takes it first has it.

    Raises:
        OSError: none of many was free.
    """
    for _ in range(_TRIES):
        port = _FIRST + time.monotonic_ns() // 100 % (_LAST - _FIRST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    msg = "no free port was found"
    raise OSError(msg)
