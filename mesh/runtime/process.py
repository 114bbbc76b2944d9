"""A service process: pinned to a core, serving one or several services, until it is told to end."""

from __future__ import annotations

import json
import os
import signal
import threading
from typing import TYPE_CHECKING

from mesh.contract.catalog import load_service
from mesh.runtime.access_log import AccessLog
from mesh.runtime.client import Caller, mesh_channel
from mesh.runtime.clock import SystemClock
from mesh.runtime.host import Host
from mesh.runtime.server import Server
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

# What calls in progress get when the process is told to end, in seconds; the longest declared deadline fits in it.
GRACE_SECONDS = 12.0


def serve(
    services: Sequence[str],
    *,
    instance: str = "",
    core: int | None = None,
    port: int = 0,
    ready_fd: int | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT. When the port is open, one line `{"port": N}` goes to `ready_fd`.

    Raises:
        SettingsError, ContractError, StoreError: the process cannot serve as it is configured.
    """
    if core is not None:
        # A process that moves between cores loses more to the GIL than it wins.
        os.sched_setaffinity(0, {core})
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    settings = read_settings()
    caller = Caller(mesh_channel)
    log = AccessLog()
    hosts = [Host(name, settings, SystemClock(), caller, log, instance=instance) for name in services]
    served = {path: handler for host in hosts for path, handler in host.handlers.items()}
    areas = [area for name in services for area in load_service(name).areas()]
    server = Server(served, areas, settings.certificates(services[0]))
    bound = server.start(port)
    for host in hosts:
        host.worker.start()
    if ready_fd is not None:
        os.write(ready_fd, json.dumps({"port": bound}).encode() + b"\n")
        os.close(ready_fd)
    stop.wait()
    server.stop(GRACE_SECONDS)
    for host in hosts:
        host.worker.stop()
        host.close()
    caller.close()
