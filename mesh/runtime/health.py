"""Health of a process (grpc.health.v1), on threads of its own: it serves as long as its databases answer.

Two pings in a row that fail make a service NOT_SERVING, two that succeed make it SERVING again, so that it does not
flap. Redis has no say: without it writes go on, and events wait in the outbox.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from mesh.contract.catalog import load_service
from mesh.runtime.admission import SteadyPool, on_threads
from mesh.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import grpc

    Ping = Callable[[float], None]

HEALTH = frozenset(
    f"/{health.SERVICE_NAME}/{method.name}" for method in health_pb2.DESCRIPTOR.services_by_name["Health"].methods
)
"""The paths of what is answered here."""
PATIENCE = 2
_EVERY = 1.0
_SECONDS = 1.0
_END_SECONDS = 2 * (_EVERY + _SECONDS)
_STATUS = health_pb2.HealthCheckResponse


class Health:
    """The health of the proto services `areas`; the empty name stands for the process.

    pings: by service, what raises StoreError unless its database answers within the seconds it is given. every: seconds
    between two pings. hear: told of every question, before it is answered.
    """

    def __init__(
        self,
        areas: Sequence[str],
        pings: Mapping[str, Ping] | None = None,
        every: float = _EVERY,
        hear: Callable[[grpc.ServicerContext], None] | None = None,
    ) -> None:
        self._areas = dict.fromkeys(areas, "")
        self._pings = dict(pings or {})
        self._every = every
        for service in self._pings:
            self._areas |= dict.fromkeys(load_service(service).areas(), service)
        self._away: set[str] = set()
        self._lock = threading.Lock()
        self._serving = False
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._watch, args=(service, ping), name=f"{service} health", daemon=True)
            for service, ping in self._pings.items()
        ]
        # Answered also while all threads of calls are busy; the package itself sees to that for Watch alone.
        self._pool = SteadyPool(2, thread_name_prefix="health")
        self._servicer = _Servicer(self._pool)
        self._said: dict[str, int] = {}
        self._answer, self._hear = self._servicer.Check, hear
        answers: dict[str, Any] = {"Check": self._check, "List": self._list}
        for name, answer in answers.items():
            setattr(self._servicer, name, on_threads(self._pool, answer))

    def join(self, server: grpc.Server) -> None:
        """Answer on a server."""
        health_pb2_grpc.add_HealthServicer_to_server(self._servicer, server)

    def start(self) -> None:
        """Say SERVING, and look at the databases from now on."""
        self._serving = True
        self._say()
        for thread in self._threads:
            thread.start()

    def drain(self) -> None:
        """Say NOT_SERVING from now on, whatever the databases do."""
        self._serving = False
        self._stopped.set()
        self._say()

    def stop(self) -> None:
        """End the threads."""
        self.drain()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(_END_SECONDS)
        self._pool.shutdown(wait=False)

    def _watch(self, service: str, ping: Ping) -> None:
        differs = 0
        while not self._stopped.wait(self._every):
            try:
                ping(_SECONDS)
                answers = True
            except StoreError:
                answers = False
            differs = differs + 1 if answers == (service in self._away) else 0
            if differs >= PATIENCE:
                differs = 0
                (self._away.discard if answers else self._away.add)(service)
                self._say()

    def _say(self) -> None:
        with self._lock:
            for area, service in self._areas.items():
                self._set(area, serving=service not in self._away)
            self._set("", serving=not self._away)

    def _set(self, area: str, *, serving: bool) -> None:
        says = _STATUS.SERVING if serving and self._serving else _STATUS.NOT_SERVING
        # The package repeats to watchers what they have heard.
        if self._said.get(area) != says:
            self._said[area] = says
            self._servicer.set(area, says)

    def _check(self, request: health_pb2.HealthCheckRequest, context: grpc.ServicerContext) -> Any:
        if self._hear is not None:
            self._hear(context)
        return self._answer(request, context)

    def _list(self, request: object, context: object) -> health_pb2.HealthListResponse:
        """What is said of everything; the package leaves this method open."""
        del request, context
        with self._lock:
            said = {area: _STATUS(status=status) for area, status in self._said.items()}
        return health_pb2.HealthListResponse(statuses=said)


class _Servicer(health.HealthServicer):  # type: ignore[misc]  # the package is untyped
    """The package's, which lets go of a watcher on a thread of the pool.

    gRPC tells on the one thread that hears of everything that a watcher has left. The package takes its lock there, and
    holds it elsewhere while it sends to another one, until that same thread hears that this was sent: the process would
    be deaf from then on.
    """

    def __init__(self, pool: SteadyPool) -> None:
        super().__init__(experimental_non_blocking=True, experimental_thread_pool=pool)
        self._pool = pool

    def _on_close_callback(self, send_response_callback: Callable[[Any], None], service: str) -> Callable[[], None]:
        leave = super()._on_close_callback(send_response_callback, service)

        def go() -> None:
            self._pool.submit(leave)

        return go
