"""Ids: a prefix and 128 time-ordered bits in Crockford's base32, as in `con_01J9ZQ4T5V8W9X0Y1Z2A3B4C5D` (ULID)."""

from __future__ import annotations

import secrets
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mesh.runtime.clock import Clock

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = tuple(a + b for a in ALPHABET for b in ALPHABET)
LENGTH = 26


def encode(value: int) -> str:
    """The 26 characters of a number of 128 bits, most significant first, so that text order is number order."""
    return "".join(_PAIRS[(value >> shift) & 1023] for shift in range(120, -1, -10))


class Ids:
    """Makes ids that sort by time, also within one millisecond of one process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last = 0

    def new(self, prefix: str) -> str:
        """An id that was never given before."""
        milliseconds = self._clock.now_us() // 1000
        value = (milliseconds << 80) | secrets.randbits(80)
        with self._lock:
            # A clock that stands still or goes back must not undo the order.
            self._last = value = max(value, self._last + 1)
        return f"{prefix}_{encode(value)}"

    def new_trace(self) -> str:
        """A `traceparent` (W3C Trace Context) for a call that came without one; it is not sampled."""
        drawn = secrets.token_hex(24)
        return f"00-{drawn[:32]}-{drawn[32:]}-00"
