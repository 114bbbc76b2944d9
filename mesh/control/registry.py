"""Who may take calls: every instance with its port and the control plane's verdict on its health. Thread-safe."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh.control.resources import Endpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Entry:
    """An instance that listens: its name, its service, its port."""

    instance: str
    service: str
    port: int


class Registry:
    """The instances that listen now. `changed` is called after every change that callers must hear of."""

    def __init__(self, services: tuple[str, ...], changed: Callable[[], None]) -> None:
        self._services = services
        self._changed = changed
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}
        self._healthy: set[Entry] = set()

    def enter(self, entry: Entry) -> None:
        """An instance listens; it gets calls once it was found healthy."""
        with self._lock:
            self._entries[entry.instance] = entry

    def leave(self, instance: str) -> None:
        """An instance is gone or about to go: nobody is sent there any more."""
        with self._lock:
            entry = self._entries.pop(instance, None)
            if entry is None:
                return
            self._healthy.discard(entry)
        self._changed()

    def judge(self, entry: Entry, *, healthy: bool) -> None:
        """Record the verdict on an instance, unless it has meanwhile been replaced."""
        with self._lock:
            if self._entries.get(entry.instance) != entry or (entry in self._healthy) == healthy:
                return
            (self._healthy.add if healthy else self._healthy.discard)(entry)
        self._changed()

    def entries(self) -> tuple[Entry, ...]:
        """Everyone who listens."""
        with self._lock:
            return tuple(self._entries.values())

    def healthy(self, service: str) -> tuple[Entry, ...]:
        """Those of one service who may take calls."""
        with self._lock:
            return tuple(e for e in self._entries.values() if e.service == service and e in self._healthy)

    def endpoints(self) -> Mapping[str, tuple[Endpoint, ...]]:
        """By service, every instance that was ever found healthy or is being judged."""
        with self._lock:
            return {
                service: tuple(
                    Endpoint(e.instance, e.port, e in self._healthy)
                    for e in self._entries.values()
                    if e.service == service
                )
                for service in self._services
            }

    def all_healthy(self) -> bool:
        """Whether everyone who listens takes calls, and no service is without anyone."""
        with self._lock:
            unhealthy = set(self._entries.values()) - self._healthy
        return not unhealthy and self.complete()

    def complete(self) -> bool:
        """Whether every service has an instance that takes calls."""
        return all(self.healthy(service) for service in self._services)
