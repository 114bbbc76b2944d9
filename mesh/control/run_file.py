"""What the running mesh says of itself: `run/mesh.json`, and a lock that is held exactly as long as it runs.

Read by every command, so it imports nothing heavy.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from mesh.runtime.settings import Settings

STARTING, SERVING, STOPPING, FAILED = "starting", "serving", "stopping", "failed"
_INSTANT = 0.5


@dataclass(frozen=True, slots=True)
class Instance:
    """One supervised process as it is now. `state`: of the process, or `healthy`/`unhealthy` once it was asked."""

    name: str
    pid: int
    port: int
    state: str
    restarts: int
    core: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """The mesh as it is now. `started_us`: microseconds since 1970. `error`: why the phase is `failed`."""

    pid: int
    started_us: int
    phase: str
    edge_url: str
    fingerprint: str
    redis_url: str = field(repr=False)
    instances: tuple[Instance, ...] = ()
    error: str = ""

    def write(self, home: Path) -> None:
        """Replace the file, so that a reader sees the old or the new content and nothing in between."""
        file = _file(home)
        fresh = file.with_name(".mesh.json")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump(asdict(self), out, indent=1)
        fresh.replace(file)


def read(home: Path) -> Run | None:
    """What the file says, or None where there is none. It may be left over: `holder` knows whether the mesh runs."""
    try:
        content: dict[str, Any] = json.loads(_file(home).read_text(encoding="utf-8"))
        return Run(**{**content, "instances": tuple(Instance(**i) for i in content["instances"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def forget(home: Path) -> None:
    """Remove the file."""
    _file(home).unlink(missing_ok=True)


def acquire(home: Path) -> int | None:
    """Take the lock for as long as this process lives; its descriptor, or None where another mesh runs in this home."""
    folder = home / "run"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    # A command that only looks holds the lock for an instant.
    deadline = time.monotonic() + _INSTANT
    while not _lock(descriptor, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            os.close(descriptor)
            return None
        time.sleep(_INSTANT / 50)
    os.truncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def holder(home: Path) -> int | None:
    """The pid of the supervisor that runs in this home, or None. A pid file without its lock is left over."""
    try:
        descriptor = os.open(home / "run" / "lock", os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        if _lock(descriptor, fcntl.LOCK_SH):
            return None
        text = os.pread(descriptor, 32, 0)
        return int(text) if text.isdigit() else None
    finally:
        os.close(descriptor)


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def fingerprint(settings: Settings, replicas: int) -> str:
    """Changes with whatever would make a running mesh differ from one started now."""
    return hashlib.sha256(repr((settings, replicas)).encode()).hexdigest()[:16]


def _file(home: Path) -> Path:
    return home / "run" / "mesh.json"
