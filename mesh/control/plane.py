"""The mesh on one machine: the authority for certificates and health, over processes that are kept for it.

It may end at any moment: the keeper goes on with the processes, the edge and the services go on with what they know,
and the next one takes over what it finds.
"""

from __future__ import annotations

import http
import logging
import os
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mesh.contract.catalog import load
from mesh.control import fleet, mail_sink, plan, redis_process, run_file
from mesh.control.adoption import found, is_instance
from mesh.control.ads import PortTaken
from mesh.control.certificates import CONTROL, EDGE, OPERATOR, Authority, Identity, control
from mesh.control.child import State
from mesh.control.children import Ended
from mesh.control.edge_process import NAME as _EDGE
from mesh.control.edge_process import EdgeProcess, refusal
from mesh.control.health import HealthChecker
from mesh.control.instances import GRACE, Instances, entries
from mesh.control.keys import KeyWatcher
from mesh.control.mail_sink import SINK
from mesh.control.operations import RESUME, Operations
from mesh.control.orders import Order, Orders
from mesh.control.publisher import Publisher
from mesh.control.redis_process import REDIS, StartError
from mesh.control.rollout import Rollout, RolloutError
from mesh.control.spans import Collector
from mesh.control.wanted import Wanted, WantedError
from mesh.edge import envoy, probe
from mesh.edge.site import edge_folder, site_of
from mesh.events import embedded_redis
from mesh.events.broker import BrokerWatch
from mesh.runtime.ending import Ending
from mesh.runtime.roles import PACK

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mesh.contract.catalog import Catalog
    from mesh.control.kept import Kept, KeptChildren
    from mesh.runtime.clock import Clock
    from mesh.runtime.exposition import Exposition
    from mesh.runtime.settings import Settings

log = logging.getLogger(__name__)

_TICK = 0.05
_RENEW_EVERY = 60.0
_EDGE_GRACE = 2.0


@dataclass(frozen=True, slots=True)
class _Control:
    """The control plane proper: what runs inside this process."""

    authority: Authority
    identities: tuple[Identity, ...]
    publisher: Publisher
    instances: Instances
    rollout: Rollout
    orders: Orders
    health: HealthChecker
    keys: KeyWatcher
    metrics: Exposition
    spans: Collector
    broker: BrokerWatch

    def stop(self) -> None:
        self.orders.stop()
        self.health.stop()
        self.keys.stop()
        # Metrics are told to the end, as by services: stopping them would wait half a second for nothing.
        self.spans.stop()
        self.broker.stop()
        self.publisher.stop()


class Plane:
    """The running mesh."""

    def __init__(self, settings: Settings, clock: Clock, wanted: Wanted, children: KeptChildren) -> None:
        """wanted: what shall run, unless there is a mesh that is taken over."""
        self._settings = settings
        self._clock = clock
        self._children = children
        self._before = before = run_file.read(settings.home) if list(children) else None
        self._wanted = wanted = Wanted.from_json(before.wanted) if before else wanted
        self._control: _Control | None = None
        self._edge: EdgeProcess | None = None
        self._next: dict[str, float] = {}
        self._killed: set[str] = set()
        self._written: run_file.Run | None = None
        fresh = run_file.Run(
            pid=os.getpid(),
            started_us=clock.now_us(),
            phase=run_file.STARTING,
            edge_url=settings.edge_url,
            fingerprint=run_file.fingerprint(settings, wanted),
            redis_url=settings.redis_url,
            smtp_url=settings.smtp_url,
            wanted=wanted.as_json(),
        )
        self._run = replace(before, pid=fresh.pid, phase=fresh.phase, error="") if before else fresh

    def run(self) -> None:
        """Start everything, serve until SIGTERM or SIGINT, stop everything.

        Raises:
            StartError, PortTaken: a program ended before everything served, or a port is somebody else's.
        """
        ending = Ending()
        try:
            self._control = control = self._begin()
            while not ending.wait(_TICK):
                self._tick(control)
        except BaseException as error:
            if self._before and self._run.phase == run_file.STARTING:
                # What runs is not ended because nobody can take it over: the keeper has another one try.
                log.critical("the control plane cannot take over", exc_info=True)
                os._exit(1)
            if isinstance(error, StartError | PortTaken):
                self._run = replace(self._run, phase=run_file.FAILED, error=str(error))
            self._end()
            raise
        self._end()

    def _begin(self) -> _Control:
        settings = self._settings
        (settings.home / "logs").mkdir(parents=True, exist_ok=True)
        catalog = load()
        authority = Authority(settings.home / "certs", settings.trust_domain, self._clock)
        services = catalog.services()
        packed = (Identity(PACK, services=services),) if PACK in self._wanted.units else ()
        identities = (control(settings.host), EDGE, OPERATOR, *(Identity(service) for service in services), *packed)
        authority.renew(identities)
        if not self._run.redis_url:
            self._run = replace(self._run, redis_url=redis_process.begin(self._children, settings.home))
            self._report()
        if not self._run.smtp_url and "notifications" in self._wanted.services and not settings.production:
            url = mail_sink.begin(self._children, settings.home, settings.python_path)
            self._run = replace(self._run, smtp_url=url)
            self._report()
        own = settings.certificates(CONTROL.name)
        publisher, instances, spans = self._begin_instances(catalog, own, identities, authority)
        bootstrap = envoy.write_bootstrap(settings, edge_folder(settings), publisher.port)
        self._edge = EdgeProcess(self._children, settings.home, bootstrap)
        self._edge.begin()
        health = HealthChecker(publisher.registry, own)
        keys = KeyWatcher(publisher.registry, own, publisher.use_keys, self._run.keys)
        health.start()
        keys.start()
        broker = BrokerWatch(self._run.redis_url)
        broker.start()
        metrics = fleet.serve(lambda: self._targets(instances, publisher))
        rollout = Rollout(instances, publisher.discovery.all_know_endpoints)
        operations = Operations(self._wanted, rollout, self._edge, self._want)
        orders = Orders(own, settings.spiffe_id(OPERATOR.name), operations.carry_out, (RolloutError, WantedError))
        if self._before:
            orders.submit(Order(RESUME, {}))
        self._run = replace(self._run, metrics_port=metrics.port, orders_port=orders.port)
        return _Control(
            authority, identities, publisher, instances, rollout, orders, health, keys, metrics, spans, broker
        )

    def _begin_instances(
        self, catalog: Catalog, own: Path, identities: tuple[Identity, ...], authority: Authority
    ) -> tuple[Publisher, Instances, Collector]:
        """Publish what runs already, and start what does not, where nothing does."""
        areas = {methods[0].service: area for area, methods in catalog.areas().items()}
        running = found(self._children, self._before)
        known = [
            (entry, each.healthy)
            for each in running
            if each.port and not each.leaves
            for entry in entries(each.plan, each.port, areas, self._settings.host)
        ]
        before = self._run
        port = before.control_port or self._settings.control_port
        site = site_of(self._settings, self._wanted.services)
        publisher = Publisher(
            catalog, site, own, self._settings.host, port,
            jwks=before.keys, entries=known, shares=self._wanted.canaries, authority=authority,
        )  # fmt: skip
        publisher.registry.expect(self._wanted.services)
        spans = self._collector(identities, own)
        publisher.joined.spans_port = spans.port
        # Before any process is started that depends on them: the next control plane must have the same ones.
        self._run = replace(self._run, control_port=publisher.port, spans_port=spans.port)
        self._report()
        instances = self._instances(areas, publisher, spans)
        for each in running:
            instances.adopt(each)
        if not self._before:
            for planned in plan.instances(self._wanted, plan.cores()):
                instances.start(planned)
        return publisher, instances, spans

    def _instances(self, areas: Mapping[str, str], publisher: Publisher, spans: Collector) -> Instances:
        settings = self._settings
        spans_address = f"{settings.host}:{spans.port}"
        told = replace(settings, spans_address=spans_address, smtp_url=self._run.smtp_url)
        environment = plan.environment(told, self._run.redis_url, plan.root_secret(settings))
        return Instances(
            self._children,
            publisher.registry,
            areas,
            lambda each: plan.instance_program(each, settings, publisher.port, environment),
            settings.host,
        )

    def _collector(self, identities: tuple[Identity, ...], own: Path) -> Collector:
        senders = frozenset(self._settings.spiffe_id(identity.name) for identity in identities)
        return Collector(
            own,
            senders - {self._settings.spiffe_id(i.name) for i in (CONTROL, EDGE, OPERATOR)},
            self._settings.spiffe_id(OPERATOR.name),
            port=self._run.spans_port,
            host=self._settings.host,
        )

    @staticmethod
    def _targets(instances: Instances, publisher: Publisher) -> list[fleet.Target]:
        """Whose metrics are told."""
        here = [
            fleet.Target(name, each.kind.unit, instances.metrics_port(name), instances.healthy(name))
            for name, each in instances.plans().items()
        ]
        return [*here, *publisher.joined.targets()]

    def _tick(self, control: _Control) -> None:
        self._look(control)
        if self._run.phase == run_file.STARTING:
            if problem := refusal(control.publisher.discovery.rejections(), self._settings):
                raise StartError(problem)
            self._note_serving(control)
        self._run = replace(self._run, redis_answers=control.broker.answers, keys=control.keys.known)
        if self._run.phase == run_file.SERVING:
            control.orders.step()
        if self._due("renewal", _RENEW_EVERY):
            for name in control.authority.renew(control.identities):
                log.info("the certificate of %s was renewed", name)
        self._report()

    def _look(self, control: _Control) -> None:
        """Notice who listens now and who has ended."""
        for event in self._children.look():
            if isinstance(event, Ended):
                control.instances.ended(event.name)
                if self._run.phase == run_file.STARTING and not self._before:
                    self._missed(event)
            else:
                control.instances.listens(event.name, event.port)
        for child in self._children:
            if child.state is State.STARTING and self._answers(child.name):
                self._children.ready(child.name)

    def _missed(self, event: Ended) -> None:
        """A program ended before everything served. What a signal did to it once need not happen again.

        Raises:
            StartError: it did, or the program said itself that it cannot start.
        """
        words = self._children.last_words(event.name, event.how)
        if not event.by_signal or event.name in self._killed:
            raise StartError(words)
        self._killed.add(event.name)
        log.warning("%s", words)

    def _note_serving(self, control: _Control) -> None:
        """Say so where all of it does."""
        if (
            control.publisher.registry.all_healthy()
            and bool(control.keys.known)
            and control.publisher.discovery.edge_is_current()
            and self._children.all_serve()
            and probe.status(self._settings) == http.HTTPStatus.OK
        ):
            self._run = replace(self._run, phase=run_file.SERVING)
            self._children.served()
            log.info("the mesh serves")

    def _answers(self, name: str) -> bool:
        """Whether a program that does not announce itself is ready."""
        if name == REDIS:
            return embedded_redis.answers(self._run.redis_url)
        if name == SINK:
            return mail_sink.answers(self._run.smtp_url)
        return name == _EDGE and bool(probe.status(self._settings))

    def _want(self, wanted: Wanted) -> None:
        """Keep what is asked for where the next control plane finds it."""
        self._wanted = wanted
        self._run = replace(self._run, wanted=wanted.as_json())

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
        if self._edge:
            self._edge.end(_EDGE_GRACE)
        if self._control:
            self._control.health.stop()  # who has ended would be waited for
        self._children.finish([child.name for child in self._children if is_instance(child)], 0.0 if failed else GRACE)
        self._children.finish([REDIS, SINK], redis_process.GRACE)
        if self._control:
            self._control.stop()
        self._report()

    def _report(self) -> None:
        """Write the run file where it has changed."""
        joined = self._control.publisher.joined.instances() if self._control else ()
        instances = tuple(self._instance(child) for child in self._children)
        self._run = replace(self._run, instances=instances, joined=joined)
        if self._run != self._written:
            self._run.write(self._settings.home)
            self._written = self._run

    def _instance(self, child: Kept) -> run_file.Instance:
        name, state = child.name, str(child.state.value)
        planned = self._control and self._control.instances.plans().get(name)
        if planned and self._control:
            state = self._control.instances.state(name)
        return run_file.Instance(
            name=name,
            pid=child.pid,
            port=self._settings.edge_port if name == _EDGE else child.port,
            state=state,
            restarts=child.restarts,
            core=planned.core if planned else None,
            role=planned.kind.role if planned else "",
            services=planned.services if planned else (),
            debugger=planned.debugger if planned else 0,
        )
