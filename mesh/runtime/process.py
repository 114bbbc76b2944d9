"""A service process: pinned to a core, serving one or several services, until it is told to end."""

from __future__ import annotations

import gc
import json
import os
import sys
from typing import TYPE_CHECKING

from prometheus_client import ProcessCollector

from mesh.contract.catalog import load_service
from mesh.events.courtesy import BESIDE, Courtesy
from mesh.runtime.access_log import AccessLog
from mesh.runtime.after import Places
from mesh.runtime.client import Caller, mesh_channel
from mesh.runtime.clock import SystemClock, mesh_clock
from mesh.runtime.drain import Drain
from mesh.runtime.ending import Ending
from mesh.runtime.exporters import processors
from mesh.runtime.exposition import Exposition
from mesh.runtime.host import Host
from mesh.runtime.ids import Ids
from mesh.runtime.instances import Instances
from mesh.runtime.readings import Readings
from mesh.runtime.roles import API, PACK, WORKER
from mesh.runtime.server import Server
from mesh.runtime.settings import read_settings
from mesh.runtime.telemetry import Telemetry
from mesh.runtime.tracing import Tracer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    from mesh.runtime.settings import Settings

# What calls in progress get when the process is told to end, in seconds; the longest declared deadline fits in it.
GRACE_SECONDS = 12.0
ENDS_SECONDS = 15
"""A process that was told to end is gone after so many seconds, whatever its threads do."""
_WORKER_NICENESS = 15
# Between two turns of threads in a process that does both; the interpreter's own 5 ms are longer than a call.
_TURN_SECONDS = 0.0005


def serve(
    services: Sequence[str],
    *,
    instance: str = "",
    core: int | None = None,
    port: int = 0,
    ready_fd: int | None = None,
    role: str = "",
) -> None:
    """Serve until SIGTERM or SIGINT. role: API alone answers calls, WORKER alone does background work; empty: both.

    Before it listens there is nothing to finish, and a signal ends it at once.
    A worker listens too, and answers for its health and nothing else. When the port is open, one line
    `{"port": N, "metrics": M}` goes to `ready_fd`.

    Raises:
        SettingsError, ContractError, StoreError: the process cannot serve as it is configured.
    """
    _settle_in(core, role)
    settings = read_settings()
    caller = Caller(mesh_channel)
    telling = processors(settings, services[0])
    telemetry = _telemetry(settings, instance, telling)
    drain = Drain()
    clock = mesh_clock(settings)
    places = Places()
    shared = Instances(settings.spiffe_id("control"))
    terms = (settings, clock, caller, telemetry, drain, places)
    hosts = [Host(name, *terms, instance=instance, instances=shared.of(name)) for name in services]
    served = {path: handler for host in hosts if role != WORKER for path, handler in host.handlers.items()}
    areas = [area for name in services for area in load_service(name).areas()]
    own, pings = settings.certificates(services[0] if len(services) == 1 else PACK), _pings(hosts)
    server = Server(served, areas, own, drain, telemetry=telemetry, pings=pings, hear=shared.hear)
    metrics = Exposition([Readings(telemetry, hosts, server, settings), ProcessCollector(registry=None)])
    ending = Ending(ENDS_SECONDS)
    bound = server.start(port, settings.host)
    for host in hosts:
        host.start(works=role != API, courtesy=_courtesy(server, core, role))
    _ready(ready_fd, {"port": bound, "metrics": metrics.port})
    ending.wait()
    server.stop(GRACE_SECONDS)
    # Metrics are told to the end: stopping them would wait half a second for nothing, and their thread keeps nobody.
    _close(hosts)
    caller.close()
    _flush(telling)


def _close(hosts: Sequence[Host]) -> None:
    """End what hosts do, then what they do it with."""
    for host in hosts:
        host.stop()
    for host in hosts:
        host.close()


def _settle_in(core: int | None, role: str) -> None:
    """Take the core that is this process's, and its place among those on it."""
    if core is not None:
        # A process that moves between cores loses more to the GIL than it wins.
        os.sched_setaffinity(0, {core})
    if role == WORKER:
        # On a core that both share, calls come before background work.
        os.nice(_WORKER_NICENESS)
    if not role:
        # A call that waits for its turn gets it soon, also from a thread that works in the background.
        sys.setswitchinterval(_TURN_SECONDS)


def _courtesy(server: Server, core: int | None, role: str) -> Courtesy:
    """How background work gives way to calls; a process that only works sees none, and on a shared core always does."""
    return Courtesy(lambda: core is not None, BESIDE) if role == WORKER else Courtesy(server.calls.busy)


def _flush(telling: Sequence[BatchSpanProcessor]) -> None:
    """Hand over the spans that still wait."""
    for each in telling:
        each.force_flush()
        each.shutdown()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped


def _telemetry(settings: Settings, instance: str, telling: Sequence[BatchSpanProcessor]) -> Telemetry:
    """Lines and spans bear the machine's time: they stand beside those of the edge, whose clock nobody moves."""
    clock = SystemClock()
    export = [each.on_end for each in telling]
    tracer = Tracer(Ids(clock), clock, instance=instance, ratio=settings.trace_ratio, exporters=export)
    return Telemetry(AccessLog(clock, instance=instance), tracer)


def _ready(descriptor: int | None, ports: dict[str, int]) -> None:
    """Say so. What is loaded by now stays: the garbage collector need not look at it, not even once."""
    gc.freeze()
    gc.enable()
    if descriptor is not None:
        os.write(descriptor, json.dumps(ports).encode() + b"\n")
        os.close(descriptor)


def _pings(hosts: Sequence[Host]) -> dict[str, Callable[[float], None]]:
    """What the health of the process depends on."""
    return {host.name: host.store.ping for host in hosts}
