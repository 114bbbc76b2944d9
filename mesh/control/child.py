"""One supervised program: started, watched, started again with patience, stopped within a grace period."""

from __future__ import annotations

import contextlib
import enum
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
# After so long the program counts as well again.
STEADY = 30.0
LARGEST_LOG = 8 * 1024 * 1024
_READY_FD = "{ready_fd}"
_MOST_READ = 4096


class State(enum.Enum):
    """Where a child is in its life."""

    STARTING = "starting"
    SERVING = "serving"
    WAITING = "waiting"
    STOPPING = "stopping"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Program:
    """What to run.

    command: the absolute path of the program and its arguments; `{ready_fd}` stands for the descriptor on which the
    program writes a line `{"port": N}` once it listens, with `"metrics": M` where it tells metrics on another port.
    environment: all of it; None: that of this process. folder: where it runs. log: its file; None: where this process
    writes. rank: who is needed longer by others has a higher one, and ends later.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] | None = field(repr=False)
    folder: Path
    log: Path | None
    rank: int = 0

    @property
    def announces(self) -> bool:
        """Whether the program says itself when it is ready."""
        return _READY_FD in self.command


class Child:
    """A program and its process. Not thread-safe.

    The thread that starts it must live as long as it does: the kernel ties a child's life to the thread that made it.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.state = State.STOPPED
        self.port = 0
        self.metrics_port = 0
        self.restarts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._ready: int | None = None
        self._heard = b""
        self._started = 0.0
        self._pause = FIRST_PAUSE
        self._resume = 0.0
        self._insists = 0.0

    @property
    def pid(self) -> int:
        """The process id; 0: none."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start the process."""
        reading, writing = os.pipe()
        with contextlib.ExitStack() as opened:
            log = opened.enter_context(self.program.log.open("ab")) if self.program.log else None
            tie = (sys.executable, "-I", "-S", str(Path(__file__).with_name("tied.py")), str(os.getpid()))
            command = [str(writing) if part == _READY_FD else part for part in self.program.command]
            self._process = subprocess.Popen(
                (*tie, *command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.program.folder,
                env=None if self.program.environment is None else dict(self.program.environment),
                pass_fds=(writing,) if self.program.announces else (),
                # A group of its own: Ctrl-C at a terminal is for the parent, who ends its children in order.
                process_group=0,
            )
        os.close(writing)
        os.set_blocking(reading, False)
        self._ready, self._heard, self.port = reading, b"", 0
        self._started = time.monotonic()
        self.state = State.STARTING

    def look(self) -> int | None:
        """Notice what happened since the last look; the exit status where the process has just ended by itself."""
        if self.state is State.WAITING and time.monotonic() >= self._resume:
            self.restarts += 1
            self.start()
        if self._process is None:
            return None
        status = self._process.poll()
        if status is not None:
            return self._ended(status)
        if self.state is State.STOPPING and time.monotonic() > self._insists:
            self._process.kill()
        if self.state is State.STARTING and self.program.announces:
            self._listen()
        if time.monotonic() - self._started > STEADY:
            self._pause = FIRST_PAUSE
        return None

    def ready(self) -> None:
        """Count as serving: for programs that do not announce it."""
        if self.state is State.STARTING:
            self.state = State.SERVING

    def terminate(self, grace: float = math.inf) -> None:
        """Ask the process to end, and insist after `grace` seconds; it is not started again."""
        self._insists = time.monotonic() + grace
        if self._process is None:
            self.state = State.STOPPED
        elif self.state is not State.STOPPING:
            self.state = State.STOPPING
            self._process.terminate()

    def leave(self, grace: float) -> None:
        """Expect the process to end by itself, insist after `grace` seconds, and do not start it again."""
        self._insists = time.monotonic() + grace
        self.state = State.STOPPING if self._process else State.STOPPED

    def bound_log(self) -> None:
        """Move a large log aside.

        The process goes on appending to the same file, so it is copied and emptied; the lines written in between are
        the price of not standing between a program and its log.
        """
        log = self.program.log
        if log and log.exists() and log.stat().st_size > LARGEST_LOG:
            shutil.copyfile(log, log.with_name(f"{log.name}.1"))
            os.truncate(log, 0)

    def _listen(self) -> None:
        if self._ready is None:
            return
        with contextlib.suppress(BlockingIOError):
            self._heard += os.read(self._ready, _MOST_READ)
        if b"\n" in self._heard:
            said = json.loads(self._heard.split(b"\n", 1)[0])
            self.port, self.metrics_port = int(said["port"]), int(said.get("metrics", 0))
            self.state = State.SERVING
            self._close_ready()

    def _ended(self, status: int) -> int | None:
        self._process = None
        self._close_ready()
        if self.state is State.STOPPING:
            self.state = State.STOPPED
            return None
        self.state = State.WAITING
        self._resume = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        return status

    def _close_ready(self) -> None:
        if self._ready is not None:
            os.close(self._ready)
            self._ready = None


BY_SIGNAL = "was ended by"


def described(status: int) -> str:
    """How a process ended, in words."""
    if status < 0:
        return f"{BY_SIGNAL} {signal.Signals(-status).name}"
    return f"ended with status {status}"
