"""How the runners of a service take turns: one piece of work at a time, tenant after tenant, until they are stopped.

Owns the loop and whose turn it is. What a turn does, and who holds it meanwhile, is each runner's matter.
"""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from mesh.contract.failure import whereabouts
from mesh.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.runtime.environment import Environment
    from mesh.store.statement import Statement

_log = logging.getLogger(__name__)

PASSING = frozenset({"UNAVAILABLE", "OVERLOADED", "RATE_LIMITED", "DEADLINE_EXCEEDED", "CONFLICT"})
"""Reasons that may be over by the next try; every other failure is an answer."""


class Turns(ABC):
    """A runner of one service. what: what it works on, in the plural; look_seconds: its pause where there is none."""

    def __init__(self, what: str, environment: Environment, look_seconds: float) -> None:
        self._what = what
        self._environment = environment
        self._look_seconds = look_seconds
        self._after = ""
        self._stopped = threading.Event()

    def run(self) -> None:
        """Take turns until stop(); outages are waited out, and a turn that fails ends no other."""
        while not self._stopped.is_set():
            worked = False
            try:
                worked = self.turn()
            except StoreError as error:
                _log.warning("the %s of %s wait: %s", self._what, self._environment.service, type(error).__name__)
            except Exception as error:  # noqa: BLE001  # one that cannot be noted must not end all others
                _log.warning("a turn of %s failed: %s at %s", self._what, type(error).__name__, whereabouts(error))
            if not worked:
                self._stopped.wait(self._look_seconds)

    def stop(self) -> None:
        """End run() after the turn in progress; from any thread."""
        self._stopped.set()

    @abstractmethod
    def turn(self) -> bool:
        """Do one piece of work that is due; False where there is none."""

    def _next(self, oldest: Statement, seconds: float, **given: Any) -> Sequence[Any] | None:
        """The next tenant's oldest row, whose second column is the tenant; after the last tenant comes the first.

        oldest: reads the first tenant's behind `after` that is due `now`, at most one row, within `seconds`.
        """
        store, now = self._environment.store, self._environment.clock.now_us()
        for after in dict.fromkeys((self._after, "")):
            rows = store.read(oldest, tenant=None, timeout=seconds, now=now, after=after, **given)
            if rows:
                self._after = rows[0][1]
                return rows[0]
        return None
