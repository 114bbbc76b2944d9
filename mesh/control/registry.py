"""Who may take calls: every instance with its port and the control plane's verdict on its health. Thread-safe."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh.control.resources import Endpoint
from mesh.runtime.settings import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


# Of a canary that nobody has given another one, in percent.
_SHARE = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A service of an instance that listens: their names, the place; a worker answers for its health alone.

    area: the proto service whose health stands for the service's; empty: that of the whole process. patient: it may be
    stopped in a debugger, and is healthy once it was. canary: it gets the share of the service's canaries.
    """

    instance: str
    service: str
    port: int
    worker: bool = False
    area: str = ""
    patient: bool = False
    host: str = LOOPBACK
    canary: bool = False


class Registry:
    """The instances that listen now. `changed` is called after every change that callers must hear of."""

    def __init__(self, services: tuple[str, ...], changed: Callable[[], None]) -> None:
        self._services = services
        self._changed = changed
        self._lock = threading.Lock()
        self._expected = services
        self._entries: dict[tuple[str, str], Entry] = {}
        self._healthy: set[Entry] = set()
        self._shares: dict[str, int] = {}

    def expect(self, services: tuple[str, ...]) -> None:
        """Only these have to be there for the whole to be complete."""
        self._expected = services

    def share(self, service: str, percent: int) -> None:
        """The share of a service's calls that its canaries get together, from 1 to 99 percent."""
        with self._lock:
            self._shares[service] = percent
        self._changed()

    def adopt(self, entries: Iterable[tuple[Entry, bool]], shares: Mapping[str, int]) -> None:
        """These listened before this registry was; with the last verdict on each. Nobody is told yet.

        shares: as for `share`, by service.
        """
        with self._lock:
            self._shares |= shares
            for entry, healthy in entries:
                self._entries[entry.instance, entry.service] = entry
                self._healthy |= {entry} if healthy else set()

    def enter(self, entry: Entry) -> None:
        """An instance listens; it gets calls once it was found healthy."""
        with self._lock:
            self._entries[entry.instance, entry.service] = entry

    def leave(self, instance: str) -> None:
        """An instance is gone or about to go: nobody is sent there any more."""
        with self._lock:
            gone = [entry for entry in self._entries.values() if entry.instance == instance]
            for entry in gone:
                del self._entries[instance, entry.service]
                self._healthy.discard(entry)
        if not gone:
            return
        self._changed()

    def judge(self, entry: Entry, *, healthy: bool) -> None:
        """Record the verdict on an instance, unless it has meanwhile been replaced."""
        with self._lock:
            if self._entries.get((entry.instance, entry.service)) != entry or (entry in self._healthy) == healthy:
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
            return tuple(
                e for e in self._entries.values() if e.service == service and e in self._healthy and not e.worker
            )

    def healthy_names(self) -> frozenset[str]:
        """The names of all instances, workers too, whose last verdict was good, on all services that they have."""
        with self._lock:
            unhealthy = {entry.instance for entry in self._entries.values() if entry not in self._healthy}
            return frozenset(entry.instance for entry in self._healthy) - unhealthy

    def endpoints(self) -> Mapping[str, tuple[Endpoint, ...]]:
        """By service, every instance for calls that was ever found healthy or is being judged."""
        with self._lock:
            shares = {service: self._shares.get(service, _SHARE) for service in self._services}
            return {
                service: tuple(
                    Endpoint(e.instance, e.port, e in self._healthy, e.host, shares[service] if e.canary else 0)
                    for e in self._entries.values()
                    if e.service == service and not e.worker
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
        return all(self.healthy(service) for service in self._expected)
