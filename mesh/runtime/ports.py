"""Loopback ports for programs that must be told theirs."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A loopback port that nobody listens on now. Whoever takes it first has it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
