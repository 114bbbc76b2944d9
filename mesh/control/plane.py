"""The mesh on one machine: one process that is certificate authority, control plane and parent of all others.

Every child is started from the main thread, which lives as long as the process does: the kernel ends a child with the
thread that made it.
"""

from __future__ import annotations

import http.client
import logging
import os
import signal
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from mesh.contract.catalog import load
from mesh.control import plan, redis, run_file
from mesh.control.certificates import CONTROL, EDGE, OPERATOR, Authority, Identity
from mesh.control.child import Child, Program, State, described
from mesh.control.health import HealthChecker
from mesh.control.keys import KeyWatcher
from mesh.control.publisher import Publisher
from mesh.control.registry import Entry
from mesh.edge import drain, envoy
from mesh.edge.documents import documents
from mesh.edge.door import HEALTHZ
from mesh.edge.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mesh.runtime.clock import Clock
    from mesh.runtime.settings import Settings

log = logging.getLogger(__name__)

_TICK = 0.05
_RENEW_EVERY = 60.0
_LOGS_EVERY = 5.0
_PROBE = 1.0
# How long children get to end: longer than the longest deadline of a call.
INSTANCE_GRACE = 15.0
_REDIS_GRACE = 5.0
_EDGE_GRACE = 2.0
_REDIS_START = 10.0
_EDGE, _REDIS = "edge", "redis"
# Browsers may call from pages that are developed on the same machine.
_LOCAL_ORIGINS = r"^https?://(localhost|127\.0\.0\.1)(:\d+)?$"


class StartError(RuntimeError):
    """A program ended before the mesh served; the text tells its last words and where the rest of them is."""


class Plane:
    """The running mesh."""

    def __init__(self, settings: Settings, clock: Clock, replicas: int) -> None:
        self._settings = settings
        self._clock = clock
        self._replicas = replicas
        self._stop = threading.Event()
        self._children: dict[str, Child] = {}
        self._cores: dict[str, int] = {}
        self._run = run_file.Run(
            pid=os.getpid(),
            started_us=clock.now_us(),
            phase=run_file.STARTING,
            edge_url=settings.edge_url,
            fingerprint=run_file.fingerprint(settings, replicas),
            redis_url=settings.redis_url,
        )
        self._written: run_file.Run | None = None
        self._next: dict[str, float] = {}

    def run(self) -> None:
        """Start everything, serve until SIGTERM or SIGINT, stop everything.

        Raises:
            StartError: a program ended before everything served.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        self._report()
        try:
            self._begin()
            while not self._stop.is_set():
                self._tick()
                self._stop.wait(_TICK)
        except StartError as error:
            self._run = replace(self._run, error=str(error))
            raise
        finally:
            self._end()

    def _begin(self) -> None:
        settings = self._settings
        (settings.home / "logs").mkdir(parents=True, exist_ok=True)
        catalog = load()
        self._authority = Authority(settings.home / "certs", settings.trust_domain, self._clock)
        self._identities = (CONTROL, EDGE, OPERATOR, *(Identity(s) for s in catalog.services()))
        self._authority.renew(self._identities)
        self._begin_redis()
        self._publisher = Publisher(catalog, self._site(), settings.certificates("control"))
        environment = plan.environment(settings, self._run.redis_url, plan.root_secret(settings))
        for instance in plan.instances(catalog.services(), self._replicas):
            self._cores[instance.name] = instance.core
            self._start(plan.instance_program(instance, settings, self._publisher.port, environment))
        bootstrap = envoy.write_bootstrap(settings, self._edge_folder(), self._publisher.port)
        self._start(self._program(_EDGE, envoy.command(bootstrap)))
        control = settings.certificates("control")
        self._health = HealthChecker(self._publisher.registry, control)
        self._keys = KeyWatcher(self._publisher.registry, control, self._publisher.use_keys)
        self._health.start()
        self._keys.start()

    def _begin_redis(self) -> None:
        """Have a Redis before anyone looks for it."""
        if self._run.redis_url:
            return
        configuration, url = redis.configure(self._settings.home)
        self._run = replace(self._run, redis_url=url)
        self._start(self._program(_REDIS, (redis.binary(), str(configuration))))
        deadline = time.monotonic() + _REDIS_START
        while not redis.answers(url):
            self._look()
            if time.monotonic() > deadline:
                raise StartError(self._last_words(_REDIS, "does not answer"))
            self._stop.wait(_TICK)
        self._children[_REDIS].ready()
        self._report()

    def _site(self) -> Site:
        settings = self._settings
        return Site(
            host=settings.edge_host,
            port=settings.edge_port,
            trust_domain=settings.trust_domain,
            issuer=settings.issuer,
            secrets=self._edge_folder(),
            documents=documents(),
            reflection=not settings.production,
            origins="" if settings.production else _LOCAL_ORIGINS,
        )

    def _edge_folder(self) -> Path:
        return self._settings.home / "run" / "edge"

    def _program(self, name: str, command: tuple[str, ...]) -> Program:
        folder = self._edge_folder() if name == _EDGE else self._settings.home
        return Program(name, command, {"LANG": "C.UTF-8"}, folder, plan.log_file(self._settings.home, name))

    def _start(self, program: Program) -> None:
        child = self._children[program.name] = Child(program)
        child.start()
        self._report()

    def _tick(self) -> None:
        self._look()
        if self._run.phase == run_file.STARTING and self._serves():
            self._run = replace(self._run, phase=run_file.SERVING)
            log.info("the mesh serves")
        if self._due("renewal", _RENEW_EVERY):
            for name in self._authority.renew(self._identities):
                log.info("the certificate of %s was renewed", name)
        if self._due("logs", _LOGS_EVERY):
            for child in self._children.values():
                child.bound_log()
        self._report()

    def _look(self) -> None:
        """Notice who listens now and who has ended."""
        for name, child in self._children.items():
            before = child.state
            status = child.look()
            if status is not None:
                log.error("%s %s", name, described(status))
                if name in self._cores:
                    self._publisher.registry.leave(name)
                if self._run.phase == run_file.STARTING:
                    raise StartError(self._last_words(name, described(status)))
            if before is not State.SERVING and child.state is State.SERVING and child.port:
                self._publisher.registry.enter(Entry(name, name.rsplit("-", 1)[0], child.port))
            if child.state is State.STARTING and self._answers(name):
                child.ready()

    def _answers(self, name: str) -> bool:
        """Whether a program that does not announce itself is ready."""
        if name == _REDIS:
            return redis.answers(self._run.redis_url)
        return name == _EDGE and self._edge_status() != 0

    def _serves(self) -> bool:
        return (
            self._publisher.registry.complete()
            and self._keys.known
            and self._publisher.discovery.edge_is_current()
            and all(child.state is State.SERVING for child in self._children.values())
            and self._edge_status() == http.HTTPStatus.OK
        )

    def _edge_status(self) -> int:
        """The HTTP status of the edge's own health; 0: nobody answers."""
        host = "127.0.0.1" if self._settings.edge_host == "0.0.0.0" else self._settings.edge_host  # noqa: S104
        connection = http.client.HTTPConnection(host, self._settings.edge_port, timeout=_PROBE)
        try:
            connection.request("GET", HEALTHZ)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def _due(self, what: str, every: float) -> bool:
        now = time.monotonic()
        if now < self._next.setdefault(what, now + every):
            return False
        self._next[what] = now + every
        return True

    def _end(self) -> None:
        """Stop in the order in which nobody loses an answer: the edge first, what the services need last."""
        failed = bool(self._run.error)
        self._run = replace(self._run, phase=run_file.FAILED if failed else run_file.STOPPING)
        self._report()
        if _EDGE in self._children and not failed:
            drain.drain(self._edge_folder() / envoy.ADMIN)
        self._finish([_EDGE], _EDGE_GRACE)
        self._finish(list(self._cores), 0.0 if failed else INSTANCE_GRACE)
        self._finish([_REDIS], _REDIS_GRACE)
        for part in ("_health", "_keys", "_publisher"):
            if hasattr(self, part):
                getattr(self, part).stop()
        self._report()

    def _finish(self, names: Iterable[str], grace: float) -> None:
        """Ask these to end, insist after `grace` seconds, and wait until they have."""
        children = [self._children[name] for name in names if name in self._children]
        for child in children:
            child.terminate()
        deadline = time.monotonic() + grace
        while any(child.state is not State.STOPPED for child in children):
            for child in children:
                child.look()
                if time.monotonic() > deadline and child.state is not State.STOPPED:
                    log.warning("%s did not end in time", child.program.name)
                    child.kill()
            time.sleep(_TICK / 5)

    def _report(self) -> None:
        """Write the run file where it has changed."""
        healthy = set()
        if hasattr(self, "_publisher"):
            registry = self._publisher.registry
            healthy = {e.instance for e in registry.entries() if e in registry.healthy(e.service)}
        instances = tuple(
            run_file.Instance(
                name=name,
                pid=child.pid,
                port=child.port or (self._settings.edge_port if name == _EDGE else 0),
                state=_shown(child, name in self._cores, name in healthy),
                restarts=child.restarts,
                core=self._cores.get(name),
            )
            for name, child in self._children.items()
        )
        self._run = replace(self._run, instances=instances)
        if self._run != self._written:
            self._run.write(self._settings.home)
            self._written = self._run

    def _last_words(self, name: str, what: str) -> str:
        file = plan.log_file(self._settings.home, name)
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()[-15:] if file.exists() else []
        return "\n".join([f"{name} {what} while the mesh was starting. Its last words:", *lines, f"All of them: {file}"])


def _shown(child: Child, is_instance: bool, is_healthy: bool) -> str:  # noqa: FBT001  # two facts
    """The state that people see: a serving instance is as good as the last health check."""
    if is_instance and child.state is State.SERVING:
        return "healthy" if is_healthy else "unhealthy"
    return child.state.value
