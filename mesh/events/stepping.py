"""Moves a mesh's clock ahead, stopping at every moment at which something is due, until it has been handled.

So a timer that is set while another one is handled fires in its turn, just as if the time had passed by itself.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.events.backlog import Backlog
    from mesh.runtime.clock import VirtualClock

_LOOK_SECONDS = 0.02
_SHOWN = 5


class NotSettledError(RuntimeError):
    """Something due was not handled in time; the text says what. The clock stands where it was waited for."""


class Stepper:
    """Steps through what is due. pokes: tell the relays to look now. patience: seconds for all of it."""

    def __init__(
        self, clock: VirtualClock, backlog: Backlog, pokes: Sequence[Callable[[], None]], *, patience: float
    ) -> None:
        self._clock, self._backlog, self._pokes, self._patience = clock, backlog, pokes, patience

    def advance_to(self, target_us: int) -> int:
        """Move to `target_us`, microseconds since 1970; at how many moments in between something was due.

        Raises:
            NotSettledError: the patience is over.
        """
        ends = time.monotonic() + self._patience
        steps = 0
        self._settle(ends)
        while (moment := self._backlog.next_moment()) is not None and moment <= target_us:
            steps += moment > self._clock.now_us()
            self._clock.advance_to(moment)
            self._settle(ends)
        self._clock.advance_to(target_us)
        self._settle(ends)
        return steps

    def _settle(self, ends: float) -> None:
        for poke in self._pokes:
            poke()
        while left := self._backlog.unsettled(self._clock.now_us()):
            if time.monotonic() > ends:
                msg = f"not handled within {self._patience:g} s: {'; '.join(left[:_SHOWN])}"
                raise NotSettledError(msg)
            time.sleep(_LOOK_SECONDS)
