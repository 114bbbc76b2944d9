"""Trace context (W3C) and the spans of sampled calls. Who is not sampled pays for a look at one character.

Owns the form of `traceparent`, who is sampled, and what a span holds: names, ids, sizes and times, never a value of a
field. Where spans go is the exporters' matter.
"""

from __future__ import annotations

import re
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.runtime.clock import Clock
    from mesh.runtime.ids import Ids

    Attributes = dict[str, str | int]

TRACE_HEADER = "traceparent"
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_REQUEST_ID = re.compile(r"(?!0{32})[0-9a-f]{32}")
# The last character of a traceparent whose sampled flag is set.
SAMPLED = frozenset("13579bdf")
_FLAGS = TraceFlags(TraceFlags.SAMPLED)
_SCOPE = InstrumentationScope("rapport")
# Spans of statements and calls within one span: work in chunks must not flood the store of spans.
_MOST_WITHIN = 100

current_span: ContextVar[Span | None] = ContextVar("current_span", default=None)


def traceparent(given: str) -> str:
    """What a caller gave as its trace, or nothing where it has not that form: it goes into logs and events."""
    return given if _TRACEPARENT.fullmatch(given) else ""


class Tracer:
    """Makes the spans of one process.

    ratio: share of the calls without a traceparent that are sampled. exporters: each is handed every span that ended.
    """

    def __init__(
        self, ids: Ids, clock: Clock, *, instance: str, ratio: float, exporters: Sequence[Callable[[ReadableSpan], Any]]
    ) -> None:
        self._ids = ids
        self._clock = clock
        self._instance = instance
        self._below = int(ratio * 2**32) if exporters else 0
        self._exporters = exporters
        self._resources: dict[str, Resource] = {}

    def new_trace(self, request_id: str = "") -> str:
        """A `traceparent` for a call that came without one. The edge's request id, a UUID, becomes its trace id."""
        made = self._ids.new_trace()
        given = request_id and request_id.replace("-", "")
        if given and _REQUEST_ID.fullmatch(given):
            made = f"00-{given}{made[35:]}"
        # The middle of the id is random in every version of UUID that a request id may be.
        return f"{made[:-1]}1" if self._below and int(made[27:35], 16) < self._below else made

    def span(self, trace: str, service: str, name: str, kind: SpanKind, started: int) -> Span:
        """A span below the one in `trace`, begun at `started` on the performance counter in nanoseconds."""
        offset = self._clock.now_us() * 1000 - time.perf_counter_ns()
        return Span(self, (trace[3:35], self._ids.new_span(), trace[36:52]), service, name, kind, started, offset)

    def new_span(self) -> str:
        """The id of a span."""
        return self._ids.new_span()

    def export(self, span: Span, ended: int, failed: str, attributes: Attributes) -> None:
        """Hand a span that has ended to the exporters."""
        if not self._exporters:
            return
        resource = self._resources.get(span.service)
        if resource is None:
            names = {"service.name": span.service, "service.instance.id": self._instance or span.service}
            resource = self._resources.setdefault(span.service, Resource(names))
        number = int(span.trace_id, 16)
        readable = ReadableSpan(
            name=span.name,
            context=SpanContext(number, int(span.span_id, 16), is_remote=False, trace_flags=_FLAGS),
            parent=SpanContext(number, int(span.parent, 16), is_remote=True, trace_flags=_FLAGS)
            if span.parent
            else None,
            resource=resource,
            attributes=attributes,
            kind=span.kind,
            status=Status(StatusCode.ERROR, failed) if failed else Status(StatusCode.UNSET),
            start_time=span.started + span.offset,
            end_time=ended + span.offset,
            instrumentation_scope=_SCOPE,
        )
        for export in self._exporters:
            export(readable)


class Span:
    """A call, an effect or a statement that is sampled; `started` on the performance counter, in nanoseconds.

    ids: of the trace, its own, and its parent's (empty: none).
    """

    __slots__ = (
        "kind", "name", "offset", "parent", "service", "span_id", "started", "trace_id", "tracer", "within",
    )  # fmt: skip

    def __init__(
        self,
        tracer: Tracer,
        ids: tuple[str, str, str],
        service: str,
        name: str,
        kind: SpanKind,
        started: int,
        offset: int,
    ) -> None:
        self.tracer = tracer
        self.trace_id, self.span_id, self.parent = ids
        self.service, self.name, self.kind, self.started, self.offset = service, name, kind, started, offset
        self.within = 0

    @property
    def traceparent(self) -> str:
        """What is handed to whoever goes on from here."""
        return f"00-{self.trace_id}-{self.span_id}-01"

    def below(self, name: str, kind: SpanKind, started: int) -> Span:
        """A span within this one."""
        ids = (self.trace_id, self.tracer.new_span(), self.span_id)
        return Span(self.tracer, ids, self.service, name, kind, started, self.offset)

    def statement(self, name: str, started: int, ended: int) -> None:
        """Note a statement that was run within this span."""
        self.within += 1
        if self.within <= _MOST_WITHIN:
            self.below(name, SpanKind.INTERNAL, started).end("", {"db.operation.name": name}, ended)

    def calls(self, name: str, metadata: list[tuple[str, str]]) -> Span:
        """A span for a call to another service, whose metadata is made to say so."""
        child = self.below(name, SpanKind.CLIENT, time.perf_counter_ns())
        metadata[:] = [*(pair for pair in metadata if pair[0] != TRACE_HEADER), (TRACE_HEADER, child.traceparent)]
        return child

    def end(self, failed: str, attributes: Attributes, ended: int | None = None) -> None:
        """Tell that it is over; `failed` is a reason or a code, empty where it succeeded."""
        self.tracer.export(self, time.perf_counter_ns() if ended is None else ended, failed, attributes)
