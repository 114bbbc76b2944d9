"""Where spans go: to the control plane over the mesh's own TLS, and to a collector of the operator's choice.

Batches are sent by threads of their own from bounded queues; what does not fit or cannot be sent is dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from mesh.runtime import credentials

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from opentelemetry.sdk.trace import ReadableSpan

    from mesh.runtime.settings import Settings

_SECONDS = 5.0
_QUEUE = 2048
_DELAY_MS = 500
_CONTROL = "control"


class ControlExporter(SpanExporter):
    """Sends spans to the control plane at `address` (host:port) with the identity in `certificates`."""

    def __init__(self, address: str, certificates: Path) -> None:
        self._host, _, port = address.rpartition(":")
        self._port = int(port)
        self._certificates = certificates
        self._channel: grpc.Channel | None = None

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send a batch, once. A connection that failed is made anew, with the certificate that is current then."""
        if self._channel is None:
            self._channel = credentials.channel(self._certificates, self._host, self._port, _CONTROL)
        try:
            stub: Any = TraceServiceStub  # the wheel's stubs have no types
            stub(self._channel).Export(encode_spans(spans), timeout=_SECONDS)
        except grpc.RpcError:
            self.shutdown()
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Close the connection."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None


def processors(settings: Settings, identity: str) -> list[BatchSpanProcessor]:
    """What hands the spans of a process on, as its settings say; nothing where they name nobody."""
    exporters: list[SpanExporter] = []
    if settings.spans_address:
        exporters.append(ControlExporter(settings.spans_address, settings.certificates(identity)))
    if settings.otlp_endpoint:
        # With it come metrics and logs of the SDK, which every process would load for the few that have a collector.
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

        exporters.append(OTLPSpanExporter(endpoint=settings.otlp_endpoint, timeout=_SECONDS))
    return [BatchSpanProcessor(each, max_queue_size=_QUEUE, schedule_delay_millis=_DELAY_MS) for each in exporters]
