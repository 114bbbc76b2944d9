"""Background work gives way to calls: small steps, and after each a rest that is as long.

Threads of one process take turns. Work that never pauses takes every other turn, and a call, which needs several, would
wait for it at each. Processes of one machine share its cores and its Redis. It owns nothing: whether there are calls is
asked of whoever serves them.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

IN_TURNS, BESIDE = 10, 20
"""Events in one step: where calls take turns with it, and where they are served by another process beside it."""
_RESTS = 1.0
"""How long a rest is, measured by the step before it."""
_LONGEST_SECONDS = 0.1


def alone() -> bool:
    """Whether calls are served in a process that serves none."""
    return False


class Courtesy:
    """What a loop over events asks before and after each of its batches.

    `busy` tells whether there are calls; then no more than `step` events are taken at a time.
    """

    def __init__(self, busy: Callable[[], bool] = alone, step: int = IN_TURNS) -> None:
        self._busy = busy
        self._step = step

    def batch(self, most: int) -> int:
        """How many events to take now, `most` where there are no calls."""
        return min(most, self._step) if self._busy() else most

    def rest(self, began: float, stopped: Event) -> None:
        """Let calls go first, after a batch that `began` then on the monotonic clock; not when the loop is to end."""
        if self._busy():
            stopped.wait(min(_LONGEST_SECONDS, _RESTS * (time.monotonic() - began)))
