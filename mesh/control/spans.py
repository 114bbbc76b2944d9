"""The spans of the last minutes: an OTLP collector in the control plane, which `mesh trace` asks.

Only processes of the mesh may send, and only the operator may ask. Memory is bounded by number and age.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from concurrent import futures
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.proto.trace.v1 import trace_pb2

from mesh.runtime import credentials
from mesh.runtime.settings import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

KEPT_SECONDS = 900.0
MOST_SPANS = 20_000
# Spans of one trace that are shown.
MOST_SHOWN = 2000
FIND = "/mesh.control.Spans/Find"
_THREADS = 4
_ERROR = trace_pb2.Status.STATUS_CODE_ERROR


@dataclass(frozen=True, slots=True)
class Stored:
    """A span: ids in hex, `start_us` since 1970, `status` the reason of a failure or nothing."""

    trace: str
    span: str
    parent: str
    name: str
    kind: str
    service: str
    instance: str
    start_us: int
    duration_us: int
    status: str
    attributes: dict[str, str | int]


class SpanStore(trace_service_pb2_grpc.TraceServiceServicer):
    """Keeps spans for 15 minutes, and no more than 20,000: the oldest go first. Thread-safe."""

    def __init__(self, kept_seconds: float = KEPT_SECONDS, most: int = MOST_SPANS) -> None:
        self._seconds, self._most = kept_seconds, most
        self._spans: deque[tuple[float, Stored]] = deque(maxlen=most)
        self._lock = threading.Lock()

    def Export(  # noqa: N802  # the name is OTLP's
        self, request: trace_service_pb2.ExportTraceServiceRequest, context: object
    ) -> trace_service_pb2.ExportTraceServiceResponse:
        """Keep the spans of a batch."""
        del context
        now = time.monotonic()
        with self._lock:
            self._spans.extend((now, span) for span in _spans(request))
            self._forget(now)
        return trace_service_pb2.ExportTraceServiceResponse()

    def find(self, wanted: str) -> list[Stored]:
        """The spans of a trace by its id, or of the `last` or the `slow`est one that is kept, in order of time."""
        with self._lock:
            self._forget(time.monotonic())
            kept = [span for _, span in self._spans]
        known = {span.span for span in kept}
        roots = [span for span in kept if span.kind == "SERVER" and span.parent not in known]
        if wanted == "last":
            wanted = max(roots, key=lambda span: span.start_us).trace if roots else ""
        elif wanted == "slow":
            wanted = max(roots, key=lambda span: span.duration_us).trace if roots else ""
        found = [span for span in kept if span.trace == wanted]
        return sorted(found, key=lambda span: span.start_us)[:MOST_SHOWN]

    def _forget(self, now: float) -> None:
        while self._spans and now - self._spans[0][0] > self._seconds:
            self._spans.popleft()


def _spans(request: trace_service_pb2.ExportTraceServiceRequest) -> Iterator[Stored]:
    for group in request.resource_spans:
        names = {pair.key: pair.value.string_value for pair in group.resource.attributes}
        for scope in group.scope_spans:
            for span in scope.spans:
                yield Stored(
                    trace=span.trace_id.hex(),
                    span=span.span_id.hex(),
                    parent=span.parent_span_id.hex(),
                    name=span.name,
                    kind=trace_pb2.Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
                    service=names.get("service.name", ""),
                    instance=names.get("service.instance.id", ""),
                    start_us=span.start_time_unix_nano // 1000,
                    duration_us=(span.end_time_unix_nano - span.start_time_unix_nano) // 1000,
                    status=(span.status.message or "ERROR") if span.status.code == _ERROR else "",
                    attributes={pair.key: pair.value.string_value or pair.value.int_value for pair in span.attributes},
                )


class Collector:
    """The server of a span store, on a port of an address: `senders` and `asker` are SPIFFE ids."""

    def __init__(
        self,
        certificates: Path,
        senders: frozenset[str],
        asker: str,
        store: SpanStore | None = None,
        port: int = 0,
        host: str = LOOPBACK,
    ) -> None:
        self.store = store or SpanStore()
        self._asker = asker
        self._server = grpc.server(
            futures.ThreadPoolExecutor(_THREADS, thread_name_prefix="spans"),
            interceptors=(_Senders(senders),),
            options=(("grpc.so_reuseport", 0),),
        )
        register: Any = trace_service_pb2_grpc.add_TraceServiceServicer_to_server
        register(self.store, self._server)
        service, _, method = FIND[1:].partition("/")
        handlers = {method: grpc.unary_unary_rpc_method_handler(self._find)}
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
        self.port = int(self._server.add_secure_port(f"{host}:{port}", credentials.server_credentials(certificates)))
        self._server.start()

    def stop(self) -> None:
        """End at once."""
        self._server.stop(0).wait()

    def _find(self, wanted: bytes, context: grpc.ServicerContext) -> bytes:
        if credentials.peer(context) != self._asker:
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "only the operator may ask")
        return json.dumps([asdict(span) for span in self.store.find(wanted.decode())]).encode()


class _Senders(grpc.ServerInterceptor):  # type: ignore[misc]  # grpc is untyped
    """Takes spans from the services of this mesh only."""

    def __init__(self, senders: frozenset[str]) -> None:
        self._senders = senders

    def intercept_service(
        self, continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler], details: grpc.HandlerCallDetails
    ) -> grpc.RpcMethodHandler | None:
        """Hand on a handler that looks at the sender first."""
        handler = continuation(details)
        if handler is None or details.method == FIND:
            return handler
        serve = handler.unary_unary

        def take(request: object, context: grpc.ServicerContext) -> object:
            if credentials.peer(context) not in self._senders:
                context.abort(grpc.StatusCode.PERMISSION_DENIED, "only services may send")
            return serve(request, context)

        return handler._replace(unary_unary=take)


def ask(certificates: Path, place: tuple[str, int], wanted: str) -> list[Stored]:
    """What the collector at a place has of a trace; see SpanStore.find(). grpc.RpcError where it is away."""
    with credentials.channel(certificates, *place, "control") as channel:
        answer: bytes = channel.unary_unary(FIND)(wanted.encode(), timeout=10)
    return [Stored(**each) for each in json.loads(answer)]
