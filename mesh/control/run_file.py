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
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesh.runtime.roles import PACK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mesh.control.wanted import Wanted
    from mesh.runtime.settings import Settings

STARTING, SERVING, STOPPING, FAILED = "starting", "serving", "stopping", "failed"
_INSTANT = 0.5


@dataclass(frozen=True, slots=True)
class Instance:
    """One supervised process as it is now.

    state: of the process, or `healthy`/`unhealthy` once it was asked. role: empty where it takes calls and works.
    services: what it hosts; none: it is the edge or Redis. debugger: the loopback port at which it waits for one.
    """

    name: str
    pid: int
    port: int
    state: str
    restarts: int
    core: int | None
    role: str = ""
    services: tuple[str, ...] = ()
    debugger: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """The mesh as it is now. `started_us`: microseconds since 1970. `error`: why the phase is `failed`.

    `metrics_port`: the loopback port that tells the metrics of all instances. `spans_port`: the one that takes spans
    and is asked for them. `orders_port`: the one that takes orders. `redis_answers`: whether it did when it
    was asked last; without it the mesh serves, and events wait. `wanted`: as `Wanted.as_json` writes it.
    `control_port`: where the nodes are told the Snapshot. `keys`: the public keys of bearer tokens (JWKS).
    `joined`: the instances of other hosts, whose processes nobody here sees: their pid is 0. `smtp_url`: where mails
    are handed in.
    """

    pid: int
    started_us: int
    phase: str
    edge_url: str
    fingerprint: str
    redis_url: str = field(repr=False)
    instances: tuple[Instance, ...] = ()
    error: str = ""
    metrics_port: int = 0
    spans_port: int = 0
    orders_port: int = 0
    redis_answers: bool = True
    wanted: Mapping[str, Any] = field(default_factory=dict)
    control_port: int = 0
    keys: str = ""
    joined: tuple[Instance, ...] = ()
    smtp_url: str = field(default="", repr=False)

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
        found = {
            part: tuple(Instance(**{**each, "services": tuple(each["services"])}) for each in content[part])
            for part in ("instances", "joined")
        }
        return Run(**{**content, **found})
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


def mark_restoring(home: Path, archive: str) -> None:
    """Note that the databases of this home are being replaced from an archive; empty: they no longer are."""
    mark = home / "run" / "restoring"
    if archive:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.write_text(archive, encoding="utf-8")
    else:
        mark.unlink(missing_ok=True)


def restoring(home: Path) -> str:
    """The archive whose restore was begun in this home and did not come to its end, or nothing."""
    try:
        return (home / "run" / "restoring").read_text(encoding="utf-8")
    except OSError:
        return ""


def runs(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be collected by its parent."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def fingerprint(settings: Settings, wanted: Wanted) -> str:
    """Changes with whatever would make a running mesh differ from one started now, but for how many run of what."""
    which = (sorted(wanted.services), wanted.roles, PACK in wanted.units, wanted.debugged)
    return hashlib.sha256(repr((settings, which)).encode()).hexdigest()[:16]


def _file(home: Path) -> Path:
    return home / "run" / "mesh.json"
