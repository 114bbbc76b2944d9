"""How a process hears that it is to end: SIGTERM or SIGINT, neither missed nor waited for by a lock.

A thread that sleeps on a lock can miss a signal that arrives between its last look and its sleep, and a handler that
takes a lock can meet its own thread holding it. So the kernel's word is written to a pipe, and that is slept on.
"""

from __future__ import annotations

import os
import select
import signal
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_MOST_READ = 4096


class Ending:
    """Whether this process was told to end. Made and asked by its main thread, once per process."""

    def __init__(self, within: int = 0) -> None:
        """Listen from now on. within: seconds after which the kernel ends a process that was told; 0: it never does."""
        self._within = within
        self.by: signal.Signals | None = None
        """The signal that told it first; None: nothing has."""
        self._reading, writing = os.pipe()
        for descriptor in (self._reading, writing):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        for number in _SIGNALS:
            signal.signal(number, self._hear)

    def told(self) -> bool:
        """Whether it was."""
        return self.by is not None

    def wait(self, seconds: float | None = None) -> bool:
        """Sleep until it is told, or for so many seconds; whether it was."""
        ends = None if seconds is None else time.monotonic() + seconds
        while not self.told():
            left = None if ends is None else max(0.0, ends - time.monotonic())
            if not select.select([self._reading], [], [], left)[0]:
                break
            os.read(self._reading, _MOST_READ)
        return self.told()

    def _hear(self, number: int, frame: FrameType | None) -> None:
        del frame
        if self.told():
            return
        if self._within:
            # By the kernel, as no thread of a process that hangs can be relied on.
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(self._within)
        self.by = signal.Signals(number)
