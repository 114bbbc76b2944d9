"""Replaces the control plane of the mesh in this home by one that runs the code that is here now.

It is ended as if it were lost: its keeper starts another one, which takes over what runs, and nobody misses a call.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from mesh.cli.outcome import Failed, running
from mesh.control import run_file

if TYPE_CHECKING:
    from mesh.runtime.settings import Settings

CONTROL = "control"
_REHEARSAL = "import mesh.control.plane; from mesh.control.publisher import rehearse; rehearse()"
# It starts in a few seconds; one that was lost more than once is started again within ten.
_SECONDS = 60.0
_TICK = 0.1


def replace_control(settings: Settings) -> None:
    """Replace it, and return when the other one serves.

    Raises:
        NotRunning: no mesh runs here. Failed: this code cannot be one, and nothing was changed; or it does not serve.
    """
    now = running(settings)
    tried = subprocess.run([sys.executable, "-c", _REHEARSAL], capture_output=True, text=True, check=False)
    if tried.returncode:
        msg = f"{tried.stderr.strip()}\nthe control plane cannot run this; the one before it goes on"
        raise Failed(msg)
    if run_file.runs(now.pid):
        os.kill(now.pid, signal.SIGKILL)
    await_control(settings, but=now.pid)


def await_control(settings: Settings, but: int = 0) -> None:
    """Wait until a control plane serves, another one than the process `but`.

    Raises:
        Failed: for too long there is none.
    """
    ends = time.monotonic() + _SECONDS
    while time.monotonic() < ends:
        now = run_file.read(settings.home)
        if now and now.phase == run_file.SERVING and now.pid != but and run_file.runs(now.pid):
            return
        time.sleep(_TICK)
    msg = f"the control plane does not serve; without it all others serve on: {settings.home / 'logs' / 'mesh.log'}"
    raise Failed(msg)
