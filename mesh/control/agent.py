"""The agent of a host that joins a mesh elsewhere: runs instances here, and announces to the control plane who listens.

It decides nothing: which instances get calls is the control plane's verdict alone. Data, events and files are where
the mesh has them.
"""

from __future__ import annotations

import datetime
import logging
import sys
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import grpc
from envoy.config.core.v3 import base_pb2
from envoy.service.discovery.v3 import ads_pb2_grpc, discovery_pb2

from mesh.control import certificates, fleet, joined, plan
from mesh.control.child import Program
from mesh.control.children import Children, Ended
from mesh.control.members import HOST, PORT
from mesh.control.resources import EDS
from mesh.runtime import credentials
from mesh.runtime.clock import SystemClock
from mesh.runtime.ending import Ending

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from mesh.runtime.settings import Settings

log = logging.getLogger(__name__)

_TICK = 0.05
_PAUSE = 0.5
_GRACE = 15.0
_LEFT = 2.0
_LOGS_EVERY = 100
_TELL_EVERY = 5.0
_FIRST_ANSWER = 30.0


class Announcement:
    """Says that an instance listens, on a stream that is begun anew whenever it breaks, until stop()."""

    def __init__(self, certificates: Path, control: tuple[str, int], name: str, place: tuple[str, int]) -> None:
        self._certificates, self._control = certificates, control
        self._node = base_pb2.Node(id=name, cluster=certificates.name)
        self._node.metadata.update({HOST: place[0], PORT: place[1]})
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"announcement of {name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take it back: the control plane sends nobody there any more."""
        self._stopped.set()
        self._thread.join(_LEFT)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._announce()
            except grpc.RpcError as error:
                log.warning("the control plane does not answer: %s", error.code().name)
            self._stopped.wait(_PAUSE)

    def _announce(self) -> None:
        with credentials.channel(self._certificates, *self._control, "control") as channel:
            call = ads_pb2_grpc.AggregatedDiscoveryServiceStub(channel).StreamAggregatedResources(self._requests())
            for _ in call:
                pass

    def _requests(self) -> Iterator[discovery_pb2.DiscoveryRequest]:
        """One request that asks for nothing; the stream ends with the announcement."""
        yield discovery_pb2.DiscoveryRequest(node=self._node, type_url=EDS)
        self._stopped.wait()


class Upkeep:
    """Has the certificates of this host's services renewed, and tells how its instances fare, in its own thread."""

    def __init__(self, settings: Settings, control: tuple[str, int], services: Sequence[str]) -> None:
        self._settings, self._control, self._services = settings, control, services
        self._clock = SystemClock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)
        self.instances: dict[str, tuple[int, int]] = {}
        """By service, the ports of its instance: of calls and of metrics."""

    def spans_port(self) -> int:
        """Where instances send spans; asked until the control plane answers, 0 where it does not for long."""
        ends = time.monotonic() + _FIRST_ANSWER
        while time.monotonic() < ends:
            try:
                return joined.tell(self._settings.certificates(self._services[0]), self._control, {})
            except grpc.RpcError:
                self._stopped.wait(_PAUSE)
        return 0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopped.set()
        self._thread.join(_LEFT)

    def _run(self) -> None:
        while not self._stopped.wait(_TELL_EVERY):
            for service in self._services:
                try:
                    self._renew(service)
                    self._tell(service)
                except grpc.RpcError as error:
                    log.warning("the control plane does not answer: %s", error.code().name)

    def _renew(self, service: str) -> None:
        folder = self._settings.certificates(service)
        now = datetime.datetime.fromtimestamp(self._clock.now_us() / 1e6, datetime.UTC)
        if certificates.half_over(folder, now):
            key, request = certificates.signing_request()
            certificates.install(folder, key, *joined.certify(folder, self._control, request))
            log.info("the certificate of %s was renewed", service)

    def _tell(self, service: str) -> None:
        port, metrics = self.instances.get(service, (0, 0))
        if port:
            said = {"host": self._settings.host, "port": port, "metrics": fleet.scrape(metrics)}
            joined.tell(self._settings.certificates(service), self._control, said)


class Agent:
    """The instances of this host."""

    def __init__(self, settings: Settings, control: tuple[str, int], services: Sequence[str]) -> None:
        self._settings, self._control, self._services = settings, control, services
        self._children = Children()
        self._announced: dict[str, Announcement] = {}
        self._upkeep = Upkeep(settings, control, services)

    def run(self) -> None:
        """Run instances until SIGTERM or SIGINT; one that ends is started again."""
        ending = Ending()
        home = self._settings.home
        for folder in ("logs", "run"):
            (home / folder).mkdir(parents=True, exist_ok=True)
        told = replace(self._settings, spans_address=self._spans())
        environment = plan.environment(told, told.redis_url, told.secret)
        for service in self._services:
            self._children.start(self._program(service, environment))
        self._upkeep.start()
        ticks = 0
        while not ending.wait(_TICK):
            self._look()
            ticks += 1
            if ticks % _LOGS_EVERY == 0:
                self._children.bound_logs()
        self._upkeep.stop()
        for each in self._announced.values():
            each.stop()
        self._children.finish([child.program.name for child in self._children], _GRACE)

    def _look(self) -> None:
        for event in self._children.look():
            service = event.name.rpartition("-")[0]
            if isinstance(event, Ended):
                self._upkeep.instances.pop(service, None)
                if announced := self._announced.pop(event.name, None):
                    announced.stop()
            else:
                self._upkeep.instances[service] = event.port, self._children[event.name].metrics_port
                place = self._settings.host, event.port
                self._announced[event.name] = Announcement(
                    self._settings.certificates(service), self._control, event.name, place
                )

    def _spans(self) -> str:
        port = self._upkeep.spans_port()
        return f"{self._control[0]}:{port}" if port else ""

    def _program(self, service: str, environment: Mapping[str, str]) -> Program:
        settings, name = self._settings, f"{service}-1"
        bootstrap = settings.home / "run" / f"{name}.xds.json"
        host, port = self._control
        bootstrap.write_text(plan.xds_bootstrap(name, settings.certificates(service), f"{host}:{port}"))
        return Program(
            name=name,
            command=(
                sys.executable, "-m", "mesh.cli.main", "serve", service,
                "--instance", f"{name}@{settings.host}", "--ready-fd", "{ready_fd}",
            ),
            environment={**environment, "GRPC_XDS_BOOTSTRAP": str(bootstrap)},
            folder=settings.home,
            log=plan.log_file(settings.home, name),
        )  # fmt: skip
