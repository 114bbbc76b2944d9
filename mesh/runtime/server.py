"""The gRPC server of a process: synchronous, few threads, mTLS only."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import grpc

from mesh.contract.catalog import load_service
from mesh.runtime.admission import MAX_STREAMS, CallPool, Refusal, SteadyPool, StreamPool, on_threads
from mesh.runtime.credentials import server_credentials
from mesh.runtime.door import ROOM
from mesh.runtime.drain import Drain
from mesh.runtime.health import HEALTH, Health
from mesh.runtime.settings import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import ThreadPoolExecutor
    from pathlib import Path

    from mesh.contract.method import MethodContract
    from mesh.runtime.telemetry import Telemetry

# More threads cost throughput: they take turns on one core.
THREADS = 8
# Calls in the process, also those being refused: the last bound, at which gRPC itself refuses without any detail.
MAX_CALLS = 512 + MAX_STREAMS
_REFUSING_THREADS = 2
# For calls that check guessable secrets. They wait for a slow hash, so that they hold no thread of other calls.
_CREDENTIAL_THREADS = 16
_MOST_CREDENTIALS = 48
# What calls get to notice that they were cancelled, after their grace.
_CANCELLED_SECONDS = 1.0
# Domain of errors and deadline in seconds of what the edge asks.
_OF_THE_EDGE = ("rapport", 2.0)
# The largest body of a door, with room for what a request holds beside it.
_MAX_MESSAGE = 8 * 2**20 + ROOM


@dataclass(frozen=True, slots=True)
class _Served:
    """What answers the calls of a method: its handler on the threads of `pool`, or a refusal."""

    handler: grpc.RpcMethodHandler
    overloaded: grpc.RpcMethodHandler
    draining: grpc.RpcMethodHandler
    pool: CallPool | StreamPool
    deadline: float


def _on(pool: CallPool | StreamPool, handler: grpc.RpcMethodHandler) -> grpc.RpcMethodHandler:
    """The handler, served by the threads of `pool`."""
    codecs = handler.request_deserializer, handler.response_serializer
    if handler.response_streaming:
        return grpc.unary_stream_rpc_method_handler(on_threads(pool, handler.unary_stream), *codecs)
    return grpc.unary_unary_rpc_method_handler(on_threads(pool, handler.unary_unary), *codecs)


class _Methods(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpc is untyped
    """Finds the handler of a path, and admits the call to it."""

    def __init__(
        self,
        handlers: Mapping[str, grpc.RpcMethodHandler],
        calls: CallPool,
        credentials: CallPool,
        streams: StreamPool,
        refusing: ThreadPoolExecutor,
        drain: Drain,
        telemetry: Telemetry | None,
    ) -> None:
        self._drain = drain
        self._refusing = refusing
        self._telemetry = telemetry
        self._served = {}
        for path, handler in handlers.items():
            streaming = handler.response_streaming
            contract = _contract(path)
            guessable = contract is not None and contract.rate == "CREDENTIAL"
            pool: CallPool | StreamPool = streams if streaming else credentials if guessable else calls
            domain, limit = (f"{contract.service}.rapport", contract.deadline) if contract else _OF_THE_EDGE
            note = functools.partial(telemetry.refused, contract) if telemetry and contract else None
            overloaded, draining = (
                grpc.stream_unary_rpc_method_handler(refusal)
                for refusal in (
                    Refusal("OVERLOADED", domain, refusing, pool.wait, note),
                    Refusal("DRAINING", domain, refusing, note=note),
                )
            )
            self._served[path] = _Served(
                handler if pool is calls else _on(pool, handler), overloaded, draining, pool, limit
            )

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        """The handler, or one that refuses: for want of room, or of such a method. Health has a handler of its own."""
        served = self._served.get(details.method)
        if served is None:
            return None if details.method in HEALTH else self._unknown(details.method)
        if self._drain.begun():
            return served.draining
        return served.handler if served.pool.admits(served.deadline) else served.overloaded

    def _unknown(self, path: str) -> grpc.RpcMethodHandler:
        note = functools.partial(self._telemetry.unknown, path) if self._telemetry else None
        return grpc.stream_unary_rpc_method_handler(Refusal("UNKNOWN_METHOD", "rapport", self._refusing, note=note))


def _contract(path: str) -> MethodContract | None:
    """The contract of a method; what the edge itself asks stands in none of ours."""
    return load_service(path.split(".")[1]).methods[path] if path.startswith("/rapport.") else None


class Server:
    """A server over handlers, with health by proto service. `drain` is begun when the server is stopped.

    pings: by service, what its health depends on; hear: told of questions after it; see mesh.runtime.health.
    """

    def __init__(
        self,
        handlers: Mapping[str, grpc.RpcMethodHandler],
        areas: Sequence[str],
        certificates: Path,
        drain: Drain | None = None,
        max_streams: int = MAX_STREAMS,
        telemetry: Telemetry | None = None,
        pings: Mapping[str, Callable[[float], None]] | None = None,
        hear: Callable[[grpc.ServicerContext], None] | None = None,
    ) -> None:
        self._drain = drain or Drain()
        self._health = Health(areas, pings, hear=hear)
        self._refusing_pool = SteadyPool(_REFUSING_THREADS, thread_name_prefix="refusing")
        self.calls = CallPool(THREADS)
        self.credentials = CallPool(_CREDENTIAL_THREADS, _MOST_CREDENTIALS - _CREDENTIAL_THREADS)
        self.streams = StreamPool(max_streams)
        pools = self.calls, self.credentials, self.streams, self._refusing_pool
        self._server = grpc.server(
            self.calls,
            handlers=[_Methods(handlers, *pools, self._drain, telemetry)],
            options=[("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", _MAX_MESSAGE)],
            maximum_concurrent_rpcs=MAX_CALLS,
        )
        self._health.join(self._server)
        self._certificates = certificates

    def start(self, port: int, host: str = LOOPBACK) -> int:
        """Listen on a port (0: any) of an address and serve; the port."""
        address = f"{host}:{port}"
        bound = self._server.add_secure_port(address, server_credentials(self._certificates))
        self._server.start()
        self._health.start()
        return int(bound)

    def stop(self, grace: float) -> None:
        """Say NOT_SERVING, refuse new calls, end streams, and let calls in progress end within `grace` seconds."""
        self._health.drain()
        self._drain.begin()
        # One that nobody can end is left: the process must not wait for it for ever.
        self._server.stop(grace).wait(grace + _CANCELLED_SECONDS)
        self._health.stop()
        self._refusing_pool.shutdown(wait=False)
        self.credentials.shutdown(wait=False)
        self.streams.shutdown(wait=False)
