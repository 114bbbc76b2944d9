"""The gRPC server of a process: synchronous, few threads, mTLS only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from mesh.runtime.chain import refuse_unknown
from mesh.runtime.credentials import server_credentials

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

# More threads cost throughput: they take turns on one core.
THREADS = 8
# Calls in progress and waiting; beyond it a call is refused at once instead of waiting past its deadline.
MAX_CALLS = 512
_MAX_MESSAGE = 8 * 2**20


class _Methods(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpc is untyped
    """Finds the handler of a path."""

    def __init__(self, handlers: Mapping[str, grpc.RpcMethodHandler]) -> None:
        self._handlers = handlers
        self._unknown = grpc.unary_unary_rpc_method_handler(refuse_unknown)

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        """The handler, or one that says there is no such method; health has a handler of its own."""
        handler = self._handlers.get(details.method)
        if handler is None and not details.method.startswith("/grpc."):
            return self._unknown
        return handler


class Server:
    """A server over handlers, with health by proto service."""

    def __init__(self, handlers: Mapping[str, grpc.RpcMethodHandler], areas: Sequence[str], certificates: Path) -> None:
        self._areas = ("", *areas)
        # Health is answered also while all threads are busy.
        self._health_pool = ThreadPoolExecutor(2, thread_name_prefix="health")
        self._health = health.HealthServicer(experimental_non_blocking=True, experimental_thread_pool=self._health_pool)
        self._server = grpc.server(
            ThreadPoolExecutor(THREADS, thread_name_prefix="call"),
            handlers=[_Methods(handlers)],
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

    def _set(self, state: int) -> None:
        for area in self._areas:
            self._health.set(area, state)
