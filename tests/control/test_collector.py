"""Where spans go: who may hand them to the control plane and ask for them, and a collector of the operator's own."""

from __future__ import annotations

import threading
from concurrent import futures
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.trace import SpanKind

from mesh.control.certificates import Authority, Identity
from mesh.control.spans import FIND, Collector
from mesh.runtime import credentials
from mesh.runtime.clock import SystemClock
from mesh.runtime.exporters import processors
from mesh.runtime.ids import Ids
from mesh.runtime.settings import read_settings
from mesh.runtime.tracing import Tracer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRUST = "rapport"
SENDER, ASKER, STRANGER = "customers", "operator", "edge"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certs")
    Authority(folder, TRUST, SystemClock()).renew([Identity(name) for name in ("control", SENDER, ASKER, STRANGER)])
    return folder


@pytest.fixture
def collector(certificates: Path) -> Iterator[Collector]:
    senders, asker = frozenset({f"spiffe://{TRUST}/{SENDER}"}), f"spiffe://{TRUST}/{ASKER}"
    made = Collector(certificates / "control", senders, asker)
    yield made
    made.stop()


def send(certificates: Path, collector: Collector, identity: str, **metadata: str) -> None:
    with credentials.channel(certificates / identity, "127.0.0.1", collector.port, "control") as channel:
        stub: Any = trace_service_pb2_grpc.TraceServiceStub
        request = trace_service_pb2.ExportTraceServiceRequest()
        stub(channel).Export(request, timeout=10, metadata=list(metadata.items()))


def find(certificates: Path, collector: Collector, identity: str, **metadata: str) -> None:
    with credentials.channel(certificates / identity, "127.0.0.1", collector.port, "control") as channel:
        channel.unary_unary(FIND)(b"last", timeout=10, metadata=list(metadata.items()))


@pytest.mark.parametrize("metadata", [{}, {"authorization": "Bearer a.b.c"}], ids=["a peer", "a peer with a token"])
def test_only_services_send_spans_and_only_the_operator_asks(
    certificates: Path, collector: Collector, metadata: dict[str, str]
) -> None:
    send(certificates, collector, SENDER)
    find(certificates, collector, ASKER)
    for act, identities in ((send, (ASKER, STRANGER)), (find, (SENDER, STRANGER))):
        for identity in identities:
            with pytest.raises(grpc.RpcError) as refused:
                act(certificates, collector, identity, **metadata)
            assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


def test_who_has_no_identity_of_the_mesh_reaches_nothing(collector: Collector) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{collector.port}") as channel, pytest.raises(grpc.RpcError) as refused:
        channel.unary_unary(FIND)(b"last", timeout=10)
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE


def test_a_collector_that_believes_everybody_is_found(certificates: Path, collector: Collector) -> None:
    with mock.patch.object(credentials, "peer", return_value=f"spiffe://{TRUST}/{ASKER}"):
        find(certificates, collector, STRANGER)


class Backend(trace_service_pb2_grpc.TraceServiceServicer):
    """An OTLP collector of somebody else: keeps what it is sent."""

    def __init__(self) -> None:
        self.came = threading.Event()
        self.spans: list[Any] = []

    def Export(self, request: Any, context: object) -> trace_service_pb2.ExportTraceServiceResponse:  # noqa: N802
        del context
        self.spans += [(of.resource, span) for of in request.resource_spans for s in of.scope_spans for span in s.spans]
        self.came.set()
        return trace_service_pb2.ExportTraceServiceResponse()


def test_spans_reach_the_collector_that_the_settings_name(tmp_path: Path) -> None:
    backend, server = Backend(), grpc.server(futures.ThreadPoolExecutor(2))
    register: Any = trace_service_pb2_grpc.add_TraceServiceServicer_to_server
    register(backend, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    settings = read_settings({"MESH_HOME": str(tmp_path), "MESH_OTLP_ENDPOINT": f"http://127.0.0.1:{port}"})
    (processor,) = processors(settings, SENDER)
    clock = SystemClock()
    tracer = Tracer(Ids(clock), clock, instance="customers-1", ratio=1, exporters=[processor.on_end])
    trace = tracer.new_trace()
    tracer.span(trace, SENDER, "rapport.customers.v1.ContactService/GetContact", SpanKind.SERVER, 0).end("", {"n": 1})
    assert backend.came.wait(10)
    processor.shutdown()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
    server.stop(0).wait()
    ((resource, span),) = backend.spans
    assert span.trace_id.hex() == trace[3:35]
    assert span.name == "rapport.customers.v1.ContactService/GetContact"
    assert {pair.key: pair.value.string_value for pair in resource.attributes}["service.name"] == SENDER
