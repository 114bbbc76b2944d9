"""The background work of one service in a process: the relay of its events, and the consumer of those of others."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.runtime.call import Write
from mesh.runtime.identity import service_identity

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.events.consumer import Consumer
    from mesh.events.envelope import Event
    from mesh.events.relay import Relay
    from mesh.runtime.environment import Environment
    from mesh.runtime.service import Service
    from mesh.runtime.settings import Settings
    from mesh.store.transaction import Transaction

_END_SECONDS = 10.0


def poke_path(settings: Settings, service: str) -> Path:
    """Where a relay is woken. Names of sockets must be short and homes may be long: a digest stands for the home."""
    digest = hashlib.sha256(str(settings.home).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"rapport-{digest}-{service}"


class Worker:
    """Starts and ends the background work of `member`, one process of the service.

    Without a Redis URL there is none: events wait in the outbox.
    """

    def __init__(self, service: Service, environment: Environment, settings: Settings, member: str) -> None:
        self._service = service
        self._environment = environment
        self._settings = settings
        self._member = member
        self._loops: list[Relay | Consumer] = []
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin."""
        if not self._settings.redis_url:
            return
        from mesh.events.consumer import Consumer
        from mesh.events.relay import Relay

        environment, settings, name = self._environment, self._settings, self._service.name
        self._loops.append(
            Relay(
                environment.store,
                source=name,
                redis_url=settings.redis_url,
                now_us=environment.clock.now_us,
                poke_path=poke_path(settings, name),
            )
        )
        if self._service.subscribes:
            self._loops.append(
                Consumer(
                    environment.store,
                    service=name,
                    member=self._member,
                    subscribes=self._service.subscribes,
                    handlers={kind: self._effect(effect) for kind, effect in self._service.consumes.items()},
                    redis_url=settings.redis_url,
                    now_us=environment.clock.now_us,
                )
            )
        for loop in self._loops:
            thread = threading.Thread(target=loop.run, name=f"{name} {type(loop).__name__.lower()}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def _effect(self, effect: Callable[[Write, Event], None]) -> Callable[[Transaction, Event], None]:
        """An effect on this service's database, run as this service for the tenant of the event."""

        def run(transaction: Transaction, event: Event) -> None:
            identity = service_identity(self._service.name, event.tenant, event.actor)
            write = Write(self._environment, transaction, tenant=event.tenant, identity=identity, trace=event.trace)
            effect(write, event)

        return run

    def stop(self) -> None:
        """End what is in progress, and return when it has ended."""
        for loop in self._loops:
            loop.stop()
        for thread in self._threads:
            thread.join(_END_SECONDS)
