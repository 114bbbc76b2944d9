"""The telemetry link: what a process tells of its calls, in its log, its metrics and its spans.

One object per process, bound once per method at start. It never sees a value of a field: names, ids, codes and sizes.
"""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry.trace import SpanKind

from mesh.runtime.credentials import peer
from mesh.runtime.metrics import MethodMeter, Timings
from mesh.runtime.tracing import SAMPLED, TRACE_HEADER, current_span, traceparent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import grpc

    from mesh.contract.method import MethodContract
    from mesh.events.envelope import Event
    from mesh.runtime.access_log import AccessLog
    from mesh.runtime.call import Call
    from mesh.runtime.errors import Outcome
    from mesh.runtime.tracing import Tracer

    Ended = Callable[[Call, Outcome | None, int, int, int], None]

_PATH = re.compile(r"/[A-Za-z0-9_.]{1,100}/[A-Za-z0-9_]{1,100}")


class Telemetry:
    """What is counted, logged and traced in a process: lines go to `log`, spans are made by `tracer`."""

    def __init__(self, log: AccessLog, tracer: Tracer) -> None:
        self.log = log
        self.tracer = tracer
        self.meters: dict[str, MethodMeter] = {}
        self.statements: dict[str, Timings] = {}
        self.events: dict[str, Timings] = {}

    def of(self, method: MethodContract) -> Ended:
        """What is to be called when a call of the method has ended.

        It takes the call, how it failed (None: it did not), when a thread took it on the performance counter in
        nanoseconds, and the sizes of request and reply in bytes.
        """
        record = self.meter(method).record
        log = self.log

        def ended(call: Call, failed: Outcome | None, started: int, received: int, sent: int) -> None:
            took = time.perf_counter_ns() - started
            if failed is None:
                record(0, "", took)
            else:
                record(failed.status.code, failed.reason, took)
            log.write(call, failed, took, received, sent)
            if call.span is not None or (failed is not None and (failed.fault or call.trace[-1:] in SAMPLED)):
                self._finish(call, failed, started, started + took)

        return ended

    def begin(self, call: Call, started: int) -> None:
        """Have a span for a sampled call; what it does from now on on this thread belongs to it."""
        contract = call.contract
        span = self.tracer.span(call.trace, contract.service, contract.full_name, SpanKind.SERVER, started)
        call.span, call.trace = span, span.traceparent
        current_span.set(span)

    def _finish(self, call: Call, failed: Outcome | None, started: int, ended: int) -> None:
        """End the span of a call; one that was not sampled and ended by a fault of ours has one all the same."""
        contract, span = call.contract, call.span
        current_span.set(None)
        if span is None:
            trace = call.trace or self.tracer.new_trace()
            span = self.tracer.span(trace, contract.service, contract.full_name, SpanKind.SERVER, started)
        attributes: dict[str, str | int] = {
            "rpc.system": "grpc",
            "rpc.grpc.status_code": failed.status.code if failed else 0,
            "rapport.tenant": call.identity.tenant,
            "rapport.principal": call.identity.principal,
        }
        if failed and failed.fault:
            attributes["rapport.fault"] = failed.fault
        span.end(failed.reason if failed else "", attributes, ended)

    @contextmanager
    def effect(self, service: str, event: Event) -> Iterator[str]:
        """The trace of an event's effect in a service, below the call that published it where that one is sampled."""
        if event.trace[-1:] not in SAMPLED:
            yield event.trace
            return
        span = self.tracer.span(event.trace, service, event.type, SpanKind.CONSUMER, time.perf_counter_ns())
        current_span.set(span)
        failed = "FAILED"
        try:
            yield span.traceparent
            failed = ""
        finally:
            current_span.set(None)
            span.end(failed, {"messaging.message.id": event.id, "messaging.source": event.source})

    def refused(self, method: MethodContract, failed: Outcome, context: grpc.ServicerContext) -> None:
        """Note a call that was refused before it had a thread."""
        self.meter(method).record(failed.status.code, failed.reason, 0)
        self.log.write_refused(method.service, method.full_name, failed, _trace(context), peer(context))

    def unknown(self, path: str, failed: Outcome, context: grpc.ServicerContext) -> None:
        """Note a call of a method that is not served. A path of another form than methods have is not repeated."""
        method = path[1:] if _PATH.fullmatch(path) else ""
        self.log.write_refused("", method, failed, _trace(context), peer(context))

    def meter(self, method: MethodContract) -> MethodMeter:
        """The numbers of a method."""
        return self.meters.setdefault(method.path, MethodMeter(method))

    def of_statements(self, service: str) -> Callable[[str, int, int], None]:
        """What a service's store is to call for each of its statements; see mesh.store.store.Store."""
        observe = self.statements.setdefault(service, Timings()).observe

        def observed(name: str, started: int, ended: int) -> None:
            observe(name or "other", ended - started)
            span = current_span.get()
            if span is not None:
                span.statement(name, started, ended)

        return observed

    def of_events(self, service: str) -> Timings:
        """The time from an event to its effect in a service, by type of event."""
        return self.events.setdefault(service, Timings())


def _trace(context: grpc.ServicerContext) -> str:
    """The trace that the caller of an unread call gave, if any."""
    metadata: Any = context.invocation_metadata()
    return traceparent(dict(metadata).get(TRACE_HEADER, ""))
