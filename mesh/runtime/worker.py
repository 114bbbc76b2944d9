"""The background work of one service in a process: the relay of its events, the consumer of others', and its jobs."""

from __future__ import annotations

import hashlib
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.runtime.call import Write

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.events.consumer import Consumer
    from mesh.events.courtesy import Courtesy
    from mesh.events.envelope import Event
    from mesh.events.relay import Relay
    from mesh.resource.attempt_runner import AttemptRunner
    from mesh.resource.follower import Follower
    from mesh.resource.job_runner import JobRunner
    from mesh.resource.sweep import Sweep
    from mesh.runtime.environment import Environment
    from mesh.runtime.service import Service
    from mesh.runtime.settings import Settings
    from mesh.store.transaction import Transaction

_END_SECONDS = 10.0
_ATTEMPTS_AT_ONCE = 3


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
        self._runners: list[JobRunner | AttemptRunner | Follower | Sweep] = []
        self._threads: list[threading.Thread] = []

    def start(self, courtesy: Courtesy | None = None) -> None:
        """Begin. `courtesy` is how events give way to calls; None: there are none."""
        if not self._settings.redis_url:
            return
        from mesh.events.consumer import Consumer
        from mesh.events.owner import Owner
        from mesh.events.relay import Relay

        environment, settings, name = self._environment, self._settings, self._service.name
        self._loops.append(
            Relay(
                environment.store,
                source=name,
                redis_url=settings.redis_url,
                now_us=environment.clock.now_us,
                poke_path=poke_path(settings, name),
                courtesy=courtesy,
            )
        )
        if self._service.sources():
            self._loops.append(
                Consumer(
                    environment.store,
                    service=name,
                    member=self._member,
                    subscribes=self._service.sources(),
                    handlers={kind: self._effect(effect) for kind, effect in self._service.effects().items()},
                    redis_url=settings.redis_url,
                    now_us=environment.clock.now_us,
                    heeds=self._service.heeds(),
                    fill=lambda inbox: Owner(environment.caller).fill(inbox, environment.clock.now_us),
                    courtesy=courtesy,
                )
            )
        self._add_runners()
        for loop in (*self._loops, *self._runners):
            thread = threading.Thread(target=loop.run, name=f"{name} {type(loop).__name__.lower()}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def _add_runners(self) -> None:
        """What works through the service's own tables."""
        service, environment = self._service, self._environment
        if service.jobs:
            from mesh.resource.job_runner import JobRunner

            self._runners.append(JobRunner(service.jobs, environment))
        if service.attempts:
            from mesh.resource.attempt_runner import AttemptRunner

            # One that waits for what is slow outside does not hold up the others.
            self._runners += [AttemptRunner(service.attempts, environment) for _ in range(_ATTEMPTS_AT_ONCE)]
        if service.sources():
            from mesh.resource.follower import Follower
            from mesh.resource.keying import Keying
            from mesh.resource.overdue import Overdue

            self._runners.append(Follower(environment, service.resources))
            self._runners.append(Overdue(environment, service.resources))
            self._runners.append(Keying(environment, service.resources))

    def _effect(self, effect: Callable[[Write, Event], None]) -> Callable[[Transaction, Event], None]:
        """An effect on this service's database, run as this service for the tenant of the event."""
        telemetry, now_us = self._environment.telemetry, self._environment.clock.now_us
        delays = telemetry.of_events(self._service.name)

        def run(transaction: Transaction, event: Event) -> None:
            with telemetry.effect(self._service.name, event) as trace:
                effect(
                    Write.of_service(self._environment, transaction, event.tenant, actor=event.actor, trace=trace),
                    event,
                )
            delays.observe(event.type, max(0, now_us() - event.time_us) * 1000)

        return run

    @property
    def leads(self) -> bool:
        """Whether this process publishes the service's events."""
        return any(loop.leads for loop in self._loops)

    def stop(self) -> None:
        """End what is in progress, and return when it has ended or does not end."""
        for loop in (*self._loops, *self._runners):
            loop.stop()
        ends = time.monotonic() + _END_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, ends - time.monotonic()))
