"""The drain of a process: once it has begun, new calls are refused and streams end.

It says that the process ends; it never ends anything itself.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threading import Event


class Drain:
    """Whether this process drains, and the streams that want to hear of it."""

    def __init__(self) -> None:
        self._begun = False
        self._lock = Lock()
        self._streams: set[Event] = set()

    def begun(self) -> bool:
        """Whether new calls are refused."""
        return self._begun

    def begin(self) -> None:
        """Refuse new calls from now on, and set the events of all streams."""
        with self._lock:
            self._begun = True
            for gone in self._streams:
                gone.set()

    def watch(self, gone: Event) -> None:
        """Set this event when the drain begins, or at once where it has."""
        with self._lock:
            self._streams.add(gone)
            if self._begun:
                gone.set()

    def forget(self, gone: Event) -> None:
        """The stream of this event has ended."""
        with self._lock:
            self._streams.discard(gone)
