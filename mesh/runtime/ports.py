"""Loopback ports for programs that must be told theirs."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import MutableMapping

# Below those that systems give to whoever asks for any: one of these may be given away before its program takes it.
_FIRST, _LAST = 15_000, 32_000
_TRIES = 200
_LOOPBACK = "127.0.0.1"
_reserved: MutableMapping[str, socket.socket] = {}


def free_port() -> int:
    """A loopback port that nobody listens on now. Whoever takes it first has it.

    Raises:
        OSError: none of many was free.
    """
    for _ in range(_TRIES):
        port = _FIRST + time.monotonic_ns() // 100 % (_LAST - _FIRST)
        with socket.socket() as probe:
            try:
                probe.bind((_LOOPBACK, port))
            except OSError:
                continue
            return port
    msg = "no free port was found"
    raise OSError(msg)


def reserved_port(name: str, first: int) -> int:
    """A loopback port for the program of this name: `first`, or the next one above that nobody has or has reserved.

    It stays reserved while this process lives, and is the same whenever it is asked for by that name. The program sets
    SO_REUSEADDR, as what listens usually does; who looks for a port here does not, and so never finds it.

    Raises:
        OSError: none of many was free.
    """
    for port in range(first, first + _TRIES):
        if name in _reserved:
            break
        holder = socket.socket()
        try:
            holder.bind((_LOOPBACK, port))
        except OSError:
            holder.close()
            continue
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _reserved[name] = holder
    if name not in _reserved:
        msg = f"no port from {first} on is free"
        raise OSError(msg)
    return int(_reserved[name].getsockname()[1])
