"""The time of day: the only module that reads it. Everything else is handed a clock."""

from __future__ import annotations

import time
from typing import Protocol


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
