"""Ids: a prefix and 128 time-ordered bits in Crockford's base32, as in `con_01J9ZQ4T5V8W9X0Y1Z2A3B4C5D` (ULID)."""

from __future__ import annotations

import secrets
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.runtime.clock import Clock

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = tuple(a + b for a in ALPHABET for b in ALPHABET)
LENGTH = 26
_SHIFTS = range(120, -1, -10)
# Bytes of randomness in an id and in a trace, and for how many of them they are drawn at once.
_RANDOM, _OF_TRACE, _DRAWN = 10, 24, 64


def encode(value: int) -> str:
    """The 26 characters of a number of 128 bits, most significant first, so that text order is number order."""
    return "".join([_PAIRS[(value >> shift) & 1023] for shift in _SHIFTS])


class Ids:
    """Makes ids that sort by time, also within one millisecond of one process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last = 0
        self._drawn = b""
        self._traces: list[str] = []

    def new(self, prefix: str) -> str:
        """An id that was never given before."""
        milliseconds = self._clock.now_us() // 1000
        with self._lock:
            value = (milliseconds << 80) | self._random()
            # A clock that stands still or goes back must not undo the order.
            self._last = value = max(value, self._last + 1)
        return f"{prefix}_{encode(value)}"

    def _random(self) -> int:
        """80 bits that nobody can foresee. Drawn for many ids at once: each draw is a call of the kernel."""
        if not self._drawn:
            self._drawn = secrets.token_bytes(_DRAWN * _RANDOM)
        bits, self._drawn = self._drawn[-_RANDOM:], self._drawn[:-_RANDOM]
        return int.from_bytes(bits)

    def new_secret(self) -> str:
        """256 bits that nobody can foresee, as 52 characters of the ids' alphabet."""
        drawn = secrets.token_bytes(32)
        return encode(int.from_bytes(drawn[:16])) + encode(int.from_bytes(drawn[16:]))

    def new_trace(self) -> str:
        """A `traceparent` (W3C Trace Context) for a call that came without one; it is not sampled."""
        try:
            return self._traces.pop()
        except IndexError:
            self._traces.extend(f"00-{drawn[:32]}-{drawn[32:]}-00" for drawn in self._random_hex())
            return self._traces.pop()

    @staticmethod
    def _random_hex() -> Iterator[str]:
        drawn, size = secrets.token_hex(_DRAWN * _OF_TRACE), 2 * _OF_TRACE
        return (drawn[at : at + size] for at in range(0, len(drawn), size))

    def new_span(self) -> str:
        """The id of a span within a trace: 16 hex digits."""
        return secrets.token_hex(8)
