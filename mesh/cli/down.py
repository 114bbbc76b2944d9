"""`mesh down`: stops the mesh and waits until no process of it is left."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

from mesh.control import run_file
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse

EXAMPLES = ("mesh down",)
_TICK = 0.05
# Past this the supervisor itself would have insisted on its children's end.
_GRACE = 40.0
_AFTER_KILL = 10.0


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: there are none."""


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001  # every command is called alike
    """Stop the mesh; that none runs is fine too."""
    settings = read_settings()
    pid = run_file.holder(settings.home)
    if pid is None:
        run_file.forget(settings.home)
        print("no mesh runs here")
        return 0
    now = run_file.read(settings.home)
    children = [now.pid, *(i.pid for i in now.instances if i.pid)] if now else []
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    if not _ended([pid, *children], _GRACE):
        with contextlib.suppress(ProcessLookupError):
            # The kernel ends its children with it.
            os.kill(pid, signal.SIGKILL)
        if not _ended([pid, *children], _AFTER_KILL):
            print(f"mesh: process {pid} does not end", file=sys.stderr)
            return 1
    run_file.forget(settings.home)
    print("the mesh has ended")
    return 0


def _ended(pids: list[int], within: float) -> bool:
    deadline = time.monotonic() + within
    while any(run_file.runs(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(_TICK)
    return True
