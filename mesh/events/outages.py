"""The loop of everything that works against Redis and a database: outages of either are waited out."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from mesh.events.redis_connection import RedisRefused, RedisUnavailable
from mesh.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

_log = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0
"""Between two tries, in seconds."""


def work(name: str, stopped: Event, begin: Callable[[], None], cycle: Callable[[], None]) -> None:
    """Run `begin` and then `cycle` again and again; after an outage both, with growing pauses before."""
    pause = _FIRST_PAUSE
    while not stopped.is_set():
        try:
            begin()
            while not stopped.is_set():
                cycle()
                pause = _FIRST_PAUSE
        except (StoreError, RedisUnavailable, RedisRefused) as error:
            _log.warning("the %s waits: %s", name, type(error).__name__)
            stopped.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
