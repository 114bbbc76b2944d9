"""Outages of a running mesh's processes: killed, kept down for a while, or frozen and then killed."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from typing import TYPE_CHECKING

from mesh.control import run_file
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.testing.running import RunningMesh


def kill(mesh: RunningMesh, name: str) -> None:
    """Kill -9 an instance, as the kernel does when memory runs out; the mesh starts another one."""
    os.kill(eventually(lambda: pid_of(mesh, name), of=f"a process of {name}"), signal.SIGKILL)


@contextlib.contextmanager
def kept_down(mesh: RunningMesh, name: str) -> Iterator[None]:
    """Kill every process of an instance, those too that are started in its place."""
    over = threading.Event()
    killed: set[int] = set()

    def kill_each() -> None:
        while not over.wait(0.02):
            pid = pid_of(mesh, name)
            if pid and pid not in killed:
                killed.add(pid)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_each)
    killer.start()
    try:
        # One that was killed lately waits for its next start.
        eventually(lambda: bool(killed), within=60, of="the first kill")
        yield
    finally:
        over.set()
        killer.join()


@contextlib.contextmanager
def frozen(mesh: RunningMesh, name: str) -> Iterator[None]:
    """Let an instance do nothing at all, and kill it in the end; the mesh starts another one."""
    pid = pid_of(mesh, name)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGKILL)


def instance_of(mesh: RunningMesh, service: str) -> str:
    """The name of an instance of a service: one that is replaced, as by a restart, has another one."""
    now = run_file.read(mesh.home)
    return next(each.name for each in (now.instances if now else ()) if service in each.services)


def pid_of(mesh: RunningMesh, name: str) -> int:
    """The process of an instance; 0 where none runs."""
    now = run_file.read(mesh.home)
    return next((i.pid for i in (now.instances if now else ()) if i.name == name), 0) or 0
