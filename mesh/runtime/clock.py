"""The time of day: the only module that reads it. Everything else is handed a clock.

Two times exist. Business happens on the mesh's clock, which a test or demo mesh may move ahead. What others check by
their own clocks, as in certificates and the expiry of tokens, stays on the machine's.
"""

from __future__ import annotations

import mmap
import os
import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import MutableSequence
    from datetime import timedelta
    from pathlib import Path

    from mesh.runtime.settings import Settings

_BYTES = 8


class Clock(Protocol):
    """Tells the time as integer microseconds since 1970, UTC."""

    def now_us(self) -> int:
        """The time of day."""
        ...


class SystemClock:
    """The machine's clock."""

    def now_us(self) -> int:
        """The time of day in microseconds."""
        return time.time_ns() // 1000


class VirtualClock:
    """The machine's clock and an offset that only grows.

    Without a `cell` the offset is this object's own; see `shared_clock` for one that processes share.
    """

    def __init__(self, cell: MutableSequence[int] | memoryview | None = None) -> None:
        self._cell = [0] if cell is None else cell

    def now_us(self) -> int:
        """The time of day in microseconds, as this mesh sees it."""
        return time.time_ns() // 1000 + self._cell[0]

    @property
    def offset_us(self) -> int:
        """How far it is ahead of the machine's clock, in microseconds."""
        return int(self._cell[0])

    def advance(self, by: timedelta) -> None:
        """Move ahead; whoever shares the clock sees it at once. ValueError for a step back."""
        step_us = (by.days * 86_400 + by.seconds) * 1_000_000 + by.microseconds
        if step_us < 0:
            msg = "a clock never goes back"
            raise ValueError(msg)
        self._cell[0] += step_us

    def advance_to(self, moment_us: int) -> None:
        """Move ahead to a moment in microseconds since 1970, unless it is past."""
        self._cell[0] += max(0, moment_us - self.now_us())


def mesh_clock(settings: Settings) -> Clock:
    """The clock of a mesh: the machine's, or in the profiles test and demo the one that `mesh clock advance` moves."""
    return shared_clock(settings.clock_file) if settings.virtual_time else SystemClock()


def shared_clock(path: Path) -> VirtualClock:
    """The clock of all processes on this machine that name the same file; it survives all of them.

    The offset is one aligned word of memory that they map: setting it is seen by all at once, and reading it costs no
    system call.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.fstat(descriptor).st_size < _BYTES:
            os.ftruncate(descriptor, _BYTES)
        return VirtualClock(memoryview(mmap.mmap(descriptor, _BYTES)).cast("q"))
    finally:
        os.close(descriptor)
