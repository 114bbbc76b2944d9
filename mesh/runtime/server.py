"""The gRPC server of a process: synchronous, few threads, mTLS only."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from mesh.contract.catalog import load_service
from mesh.runtime.admission import CallPool, Refusal
from mesh.runtime.credentials import server_credentials

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

# More threads cost throughput: they take turns on one core.
THREADS = 8
# Calls in the process, also those being refused: the last bound, at which gRPC itself refuses without any detail.
MAX_CALLS = 512
_REFUSING_THREADS = 2
_MAX_MESSAGE = 8 * 2**20


@dataclass(frozen=True, slots=True)
class _Served:
    """What answers the calls of a method: its handler, or where they would wait longer than allowed, a refusal."""

    handler: grpc.RpcMethodHandler
    overloaded: grpc.RpcMethodHandler
    deadline: float


class _Methods(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpc is untyped
    """Finds the handler of a path, and admits the call to it."""

    def __init__(
        self, handlers: Mapping[str, grpc.RpcMethodHandler], calls: CallPool, refusing: ThreadPoolExecutor
    ) -> None:
        self._calls = calls
        self._served = {}
        for path, handler in handlers.items():
            contract = load_service(path.split(".")[1]).methods[path]
            overloaded = Refusal("OVERLOADED", f"{contract.service}.rapport", refusing, calls.wait)
            self._served[path] = _Served(handler, grpc.stream_unary_rpc_method_handler(overloaded), contract.deadline)
        self._unknown = grpc.stream_unary_rpc_method_handler(Refusal("UNKNOWN_METHOD", "rapport", refusing))

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        """The handler, or one that refuses: for want of room, or of such a method. Health has a handler of its own."""
        served = self._served.get(details.method)
        if served is None:
            return None if details.method.startswith("/grpc.") else self._unknown
        return served.handler if self._calls.admits(served.deadline) else served.overloaded


class Server:
    """A server over handlers, with health by proto service."""

    def __init__(self, handlers: Mapping[str, grpc.RpcMethodHandler], areas: Sequence[str], certificates: Path) -> None:
        self._areas = ("", *areas)
        # Health is answered also while all threads are busy; the package itself sees to that for Watch alone.
        self._health_pool = ThreadPoolExecutor(2, thread_name_prefix="health")
        self._health = health.HealthServicer(experimental_non_blocking=True, experimental_thread_pool=self._health_pool)
        check: Any = functools.partial(self._health.Check)
        check.experimental_thread_pool = self._health_pool
        vars(self._health)["Check"] = check
        self._refusing_pool = ThreadPoolExecutor(_REFUSING_THREADS, thread_name_prefix="refusing")
        calls = CallPool(THREADS)
        self._server = grpc.server(
            calls,
            handlers=[_Methods(handlers, calls, self._refusing_pool)],
            options=[("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", _MAX_MESSAGE)],
            maximum_concurrent_rpcs=MAX_CALLS,
        )
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        self._certificates = certificates

    def start(self, port: int) -> int:
        """Listen on a loopback port (0: any) and serve; the port."""
        address = f"127.0.0.1:{port}"
        bound = self._server.add_secure_port(address, server_credentials(self._certificates))
        self._server.start()
        self._set(health_pb2.HealthCheckResponse.SERVING)
        return int(bound)

    def stop(self, grace: float) -> None:
        """Say NOT_SERVING, refuse new calls, and let those in progress end within `grace` seconds."""
        self._set(health_pb2.HealthCheckResponse.NOT_SERVING)
        self._server.stop(grace).wait()
        self._health_pool.shutdown(wait=False)
        self._refusing_pool.shutdown(wait=False)

    def _set(self, state: int) -> None:
        for area in self._areas:
            self._health.set(area, state)
