"""Asks every instance whether it serves (grpc.health.v1), and is alone in judging by the answer.

With the question it tells an instance how many of its service take calls: they share what a tenant may do.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from mesh.runtime import credentials
from mesh.runtime.instances import told

if TYPE_CHECKING:
    from pathlib import Path

    from mesh.control.registry import Entry, Registry

INTERVAL = 0.5
TIMEOUT = 1.0
_LOOK = 0.05
# So many failures in a row make an instance unhealthy; one success makes it healthy.
PATIENCE = 2


@dataclass(slots=True)
class _Watched:
    channel: grpc.Channel
    failures: int = 0


class HealthChecker:
    """Checks all instances at once, in one thread that ends with `stop`."""

    def __init__(self, registry: Registry, certificates: Path) -> None:
        self._registry = registry
        self._certificates = certificates
        self._watched: dict[Entry, _Watched] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="health", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; the last verdicts stay."""
        self._stopped.set()
        self._thread.join(TIMEOUT + INTERVAL)

    def _run(self) -> None:
        while not self._stopped.is_set():
            began = time.monotonic()
            self.check()
            while not self._stopped.wait(_LOOK) and time.monotonic() - began < INTERVAL and not self._somebody_new():
                continue
        for watched in self._watched.values():
            watched.channel.close()

    def _somebody_new(self) -> bool:
        """Whether an instance has begun to listen since the last round: whoever waits for it does not wait longer."""
        return any(entry not in self._watched for entry in self._registry.entries())

    def check(self) -> None:
        """Ask everyone once and record the verdicts."""
        entries = self._registry.entries()
        for gone in set(self._watched) - set(entries):
            self._watched.pop(gone).channel.close()
        asked = [(entry, self._ask(entry)) for entry in entries]
        for entry, answer in asked:
            self._judge(entry, self._serves(answer))

    def _ask(self, entry: Entry) -> grpc.Future:
        if entry not in self._watched:
            channel = credentials.channel(self._certificates, entry.host, entry.port, entry.service)
            self._watched[entry] = _Watched(channel)
        stub = health_pb2_grpc.HealthStub(self._watched[entry].channel)
        # Not fail-fast: the connection of the first question has still to be made.
        return stub.Check.future(
            health_pb2.HealthCheckRequest(service=entry.area),
            timeout=TIMEOUT,
            wait_for_ready=True,
            metadata=told(entry.service, len(self._registry.healthy(entry.service))),
        )

    @staticmethod
    def _serves(answer: grpc.Future) -> bool:
        try:
            return bool(answer.result().status == health_pb2.HealthCheckResponse.SERVING)
        except grpc.RpcError:
            return False

    def _judge(self, entry: Entry, serves: bool) -> None:  # noqa: FBT001  # the verdict is the value
        watched = self._watched[entry]
        watched.failures = 0 if serves else watched.failures + 1
        if serves or (watched.failures >= PATIENCE and not entry.patient):
            self._registry.judge(entry, healthy=serves)
        if watched.failures >= PATIENCE:
            # A new channel is made with the certificate that is current then.
            self._watched.pop(entry).channel.close()
            self._watched[entry] = _Watched(
                credentials.channel(self._certificates, entry.host, entry.port, entry.service), watched.failures
            )
