"""What is looked through once, when a worker starts: page by page, tenant after tenant."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from mesh.contract.failure import Failure
from mesh.runtime.client import CallFailed
from mesh.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.runtime.environment import Environment

_log = logging.getLogger(__name__)
_PAUSE_SECONDS = 2.0
_BREATH_SECONDS = 0.05


class Sweep(ABC):
    """Runs until all is looked through, or it is stopped."""

    finds: str
    """What it looks for, for the log."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._stopped = threading.Event()

    def run(self) -> None:
        """Sweep once; outages are waited out, and writes that meet are tried again."""
        while not self._stopped.is_set():
            try:
                self.sweep()
            except (Failure, CallFailed, StoreError) as error:
                _log.warning("%s of %s wait: %s", self.finds, self._environment.service, type(error).__name__)
                self._stopped.wait(_PAUSE_SECONDS)
            else:
                return

    def stop(self) -> None:
        """End run() after the page in hand; from any thread."""
        self._stopped.set()

    @abstractmethod
    def sweep(self) -> None:
        """Look through everything, tenant after tenant."""

    def _pages(self, page: Callable[[str], str]) -> None:
        """Handle pages until there is none: each is given where the one before it ended, and gives where it ends."""
        after = ""
        while not self._stopped.is_set() and (after := page(after)):
            self._stopped.wait(_BREATH_SECONDS)
