"""The mesh on one machine: one process that is certificate authority, control plane and parent of all others.

Every child is started from the main thread, which lives as long as the process does: the kernel ends a child with the
thread that made it.
"""

from __future__ import annotations

import http.client
import logging
import os
import secrets
import signal
import ssl
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mesh.contract.catalog import load
from mesh.control import plan, run_file
from mesh.control.certificates import CONTROL, EDGE, OPERATOR, Authority, Identity
from mesh.control.child import Child, Program, State
from mesh.control.children import Children, Ended
from mesh.control.health import HealthChecker
from mesh.control.keys import KeyWatcher
from mesh.control.publisher import Publisher
from mesh.control.registry import Entry
from mesh.edge import drain, envoy
from mesh.edge.documents import documents
from mesh.edge.door import HEALTHZ
from mesh.edge.site import Site
from mesh.events import embedded_redis
from mesh.runtime.ports import free_port

if TYPE_CHECKING:
    from pathlib import Path

    from mesh.runtime.clock import Clock
    from mesh.runtime.settings import Settings

log = logging.getLogger(__name__)

_TICK = 0.05
_RENEW_EVERY = 60.0
_LOGS_EVERY = 5.0
_PROBE = 1.0
# How long children get to end: longer than the longest deadline of a call.
_INSTANCE_GRACE = 15.0
_REDIS_GRACE = 5.0
_EDGE_GRACE = 2.0
_REDIS_START = 10.0
_EDGE, _REDIS = "edge", "redis"
# Browsers may call from pages that are developed on the same machine.
_LOCAL_ORIGINS = r"^https?://(localhost|127\.0\.0\.1)(:\d+)?$"
_EVERYWHERE = "0.0.0.0"  # noqa: S104  # compared with, not bound to


class StartError(RuntimeError):
    """A program ended before the mesh served; the text tells its last words and where the rest of them is."""


@dataclass(frozen=True, slots=True)
class _Control:
    """The control plane proper: what runs inside this process."""

    authority: Authority
    identities: tuple[Identity, ...]
    publisher: Publisher
    health: HealthChecker
    keys: KeyWatcher

    def stop(self) -> None:
        self.health.stop()
        self.keys.stop()
        self.publisher.stop()


class Plane:
    """The running mesh."""

    def __init__(self, settings: Settings, clock: Clock, replicas: int) -> None:
        self._settings = settings
        self._clock = clock
        self._replicas = replicas
        self._stop = threading.Event()
        self._children = Children()
        self._plans: dict[str, plan.InstancePlan] = {}
        self._control: _Control | None = None
        self._next: dict[str, float] = {}
        self._written: run_file.Run | None = None
        self._run = run_file.Run(
            pid=os.getpid(),
            started_us=clock.now_us(),
            phase=run_file.STARTING,
            edge_url=settings.edge_url,
            fingerprint=run_file.fingerprint(settings, replicas),
            redis_url=settings.redis_url,
        )

    def run(self) -> None:
        """Start everything, serve until SIGTERM or SIGINT, stop everything.

        Raises:
            StartError: a program ended before everything served.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        self._report()
        try:
            self._control = control = self._begin()
            while not self._stop.wait(_TICK):
                self._tick(control)
        except StartError as error:
            self._run = replace(self._run, phase=run_file.FAILED, error=str(error))
            raise
        finally:
            self._end()

    def _begin(self) -> _Control:
        settings = self._settings
        (settings.home / "logs").mkdir(parents=True, exist_ok=True)
        catalog = load()
        authority = Authority(settings.home / "certs", settings.trust_domain, self._clock)
        identities = (CONTROL, EDGE, OPERATOR, *(Identity(s) for s in catalog.services()))
        authority.renew(identities)
        self._begin_redis()
        own = settings.certificates(CONTROL.name)
        publisher = Publisher(catalog, self._site(), own)
        environment = plan.environment(settings, self._run.redis_url, plan.root_secret(settings))
        for instance in plan.instances(catalog.services(), self._replicas):
            self._plans[instance.name] = instance
            self._children.start(plan.instance_program(instance, settings, publisher.port, environment))
        bootstrap = envoy.write_bootstrap(settings, self._edge_folder(), publisher.port)
        self._children.start(self._program(_EDGE, envoy.command(bootstrap), self._edge_folder()))
        health = HealthChecker(publisher.registry, own)
        keys = KeyWatcher(publisher.registry, own, publisher.use_keys)
        health.start()
        keys.start()
        return _Control(authority, identities, publisher, health, keys)

    def _begin_redis(self) -> None:
        """Have a Redis before anyone looks for it."""
        if self._run.redis_url:
            return
        port, password = free_port(), secrets.token_urlsafe(24)
        url = embedded_redis.url(port=port, password=password)
        command = embedded_redis.redis_command(self._settings.home / "redis", port=port, password=password)
        self._run = replace(self._run, redis_url=url)
        self._children.start(self._program(_REDIS, tuple(command), self._settings.home))
        deadline = time.monotonic() + _REDIS_START
        while not embedded_redis.answers(url):
            for event in self._children.look():
                if isinstance(event, Ended):
                    raise StartError(self._children.last_words(event.name, event.how))
            if time.monotonic() > deadline:
                raise StartError(self._children.last_words(_REDIS, "does not answer"))
            self._stop.wait(_TICK)
        self._children[_REDIS].ready()
        self._report()

    def _site(self) -> Site:
        settings = self._settings
        return Site(
            host=settings.edge_host,
            port=settings.edge_port,
            certificate=settings.edge_certificate,
            trust_domain=settings.trust_domain,
            issuer=settings.issuer,
            secrets=self._edge_folder(),
            documents=documents(),
            reflection=not settings.production,
            origins="" if settings.production else _LOCAL_ORIGINS,
        )

    def _edge_folder(self) -> Path:
        return self._settings.home / "run" / "edge"

    def _program(self, name: str, command: tuple[str, ...], folder: Path) -> Program:
        return Program(name, command, {"LANG": "C.UTF-8"}, folder, plan.log_file(self._settings.home, name))

    def _tick(self, control: _Control) -> None:
        self._look(control)
        if self._run.phase == run_file.STARTING and self._serves(control):
            self._run = replace(self._run, phase=run_file.SERVING)
            log.info("the mesh serves")
        if self._due("renewal", _RENEW_EVERY):
            for name in control.authority.renew(control.identities):
                log.info("the certificate of %s was renewed", name)
        if self._due("logs", _LOGS_EVERY):
            self._children.bound_logs()
        self._report()

    def _look(self, control: _Control) -> None:
        """Notice who listens now and who has ended."""
        registry = control.publisher.registry
        for event in self._children.look():
            if isinstance(event, Ended):
                registry.leave(event.name)
                if self._run.phase == run_file.STARTING:
                    raise StartError(self._children.last_words(event.name, event.how))
            else:
                registry.enter(Entry(event.name, self._plans[event.name].service, event.port))
        for child in self._children:
            if child.state is State.STARTING and self._answers(child.program.name):
                child.ready()

    def _serves(self, control: _Control) -> bool:
        return (
            control.publisher.registry.all_healthy()
            and control.keys.known
            and control.publisher.discovery.edge_is_current()
            and self._children.all_serve()
            and self._edge_status() == http.HTTPStatus.OK
        )

    def _answers(self, name: str) -> bool:
        """Whether a program that does not announce itself is ready."""
        if name == _REDIS:
            return embedded_redis.answers(self._run.redis_url)
        return name == _EDGE and self._edge_status() != 0

    def _edge_status(self) -> int:
        """The HTTP status of the edge's own health; 0: nobody answers."""
        host = "127.0.0.1" if self._settings.edge_host == _EVERYWHERE else self._settings.edge_host
        connection = self._connection(host)
        try:
            connection.request("GET", HEALTHZ)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def _connection(self, host: str) -> http.client.HTTPConnection:
        port = self._settings.edge_port
        if not self._settings.edge_certificate:
            return http.client.HTTPConnection(host, port, timeout=_PROBE)
        # It is asked whether it answers, and told nothing: whose certificate it shows is the callers' concern.
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection(host, port, timeout=_PROBE, context=context)

    def _due(self, what: str, every: float) -> bool:
        now = time.monotonic()
        if now < self._next.setdefault(what, now + every):
            return False
        self._next[what] = now + every
        return True

    def _end(self) -> None:
        """Stop in the order in which nobody loses an answer: the edge first, what the services need last."""
        failed = self._run.phase == run_file.FAILED
        if not failed:
            self._run = replace(self._run, phase=run_file.STOPPING)
            self._report()
            drain.drain(self._edge_folder() / envoy.ADMIN)
        self._children.finish([_EDGE], _EDGE_GRACE)
        self._children.finish(self._plans, 0.0 if failed else _INSTANCE_GRACE)
        self._children.finish([_REDIS], _REDIS_GRACE)
        if self._control:
            self._control.stop()
        self._report()

    def _report(self) -> None:
        """Write the run file where it has changed."""
        self._run = replace(self._run, instances=tuple(self._instance(child) for child in self._children))
        if self._run != self._written:
            self._run.write(self._settings.home)
            self._written = self._run

    def _instance(self, child: Child) -> run_file.Instance:
        name, state = child.program.name, child.state.value
        planned = self._plans.get(name)
        if planned and self._control and child.state is State.SERVING:
            # A serving instance is as good as the last health check.
            healthy = {entry.instance for entry in self._control.publisher.registry.healthy(planned.service)}
            state = "healthy" if name in healthy else "unhealthy"
        return run_file.Instance(
            name=name,
            pid=child.pid,
            port=self._settings.edge_port if name == _EDGE else child.port,
            state=state,
            restarts=child.restarts,
            core=planned.core if planned else None,
        )
