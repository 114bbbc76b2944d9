"""Spans: of sampled calls only, through services and events, and without any value of a request."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import pytest
from opentelemetry.trace import SpanKind

from mesh.contract import catalog
from mesh.control.spans import SpanStore
from mesh.runtime import chain
from mesh.runtime.clock import SystemClock
from mesh.runtime.exporters import encode_spans
from mesh.runtime.ids import Ids
from mesh.runtime.tracing import Span, Tracer, traceparent
from tests.contract.refusals import personal

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

    from tests.contract.world import World

CREATE = "/rapport.customers.v1.ContactService/CreateContact"
TRACE_ID = "a1" * 16
SAMPLED = f"00-{TRACE_ID}-{'b2' * 8}-01"
UNSAMPLED = SAMPLED[:-1] + "0"


def traced(world: World, request: Any, trace: str) -> list[ReadableSpan]:
    """The spans that a call leaves, whether it fails or not."""
    world.mesh.spans.clear()
    method = catalog.load().methods[CREATE]
    with suppress(grpc.RpcError):
        world.mesh.call(method, request, token=world.tenant.token, metadata=[("traceparent", trace)])
    return list(world.mesh.spans)


def named(spans: list[ReadableSpan], kind: str) -> list[ReadableSpan]:
    return [span for span in spans if span.kind.name == kind]


def test_a_sampled_call_leaves_spans_of_itself_and_its_statements(world: World) -> None:
    request = world.request(catalog.load().methods[CREATE])
    request.contact.ClearField("owner_id")

    spans = traced(world, request, SAMPLED)

    # Its service may look up who calls, which is another call in the same trace.
    (server,) = (span for span in named(spans, "SERVER") if span.name == CREATE[1:])
    assert server.parent is not None
    assert f"{server.parent.span_id:016x}" == "b2" * 8
    assert {span.name for span in named(spans, "INTERNAL")} >= {"insert contacts", "commit"}
    assert {f"{span.context.trace_id:032x}" for span in spans if span.context} == {TRACE_ID}
    assert all(s.start_time and s.end_time and s.start_time <= s.end_time for s in spans)


def test_a_span_holds_no_value_of_a_request(world: World) -> None:
    request = world.request(catalog.load().methods[CREATE])

    text = "\n".join(span.to_json() for span in traced(world, request, SAMPLED))

    assert text
    assert [value for value in personal(request) if value in text] == []


def test_a_call_that_is_not_sampled_makes_no_span(world: World) -> None:
    request = world.request(catalog.load().methods[CREATE])

    with mock.patch.object(Span, "__init__", side_effect=AssertionError("a span was made")):
        assert traced(world, request, UNSAMPLED) == []


def test_a_fault_of_ours_is_kept_whether_sampled_or_not(world: World) -> None:
    request = world.request(catalog.load().methods[CREATE])

    with mock.patch.object(chain, "validate", side_effect=RuntimeError("hunter2")):
        (span,) = traced(world, request, UNSAMPLED)

    assert span.status.description == "INTERNAL"
    assert "hunter2" not in span.to_json()


def test_a_link_that_forgets_to_begin_spans_is_found(world: World) -> None:
    request = world.request(catalog.load().methods[CREATE])

    with mock.patch.object(type(world.mesh.host("customers").environment.telemetry), "_finish"):
        assert named(traced(world, request, SAMPLED), "SERVER") == []


@pytest.mark.parametrize(
    "given", ["", "00", SAMPLED.upper(), f"ff{SAMPLED[2:]}", f"00-{'0' * 32}-{'b2' * 8}-01", "x\ny"]
)
def test_what_is_no_traceparent_is_not_taken_over(given: str) -> None:
    assert traceparent(given) == ""
    assert traceparent(SAMPLED) == SAMPLED


def test_the_request_id_of_the_edge_becomes_the_trace_id_and_the_ratio_holds() -> None:
    clock = SystemClock()
    tracer = Tracer(Ids(clock), clock, instance="", ratio=0.5, exporters=[lambda span: None])

    made = [tracer.new_trace() for _ in range(2000)]

    assert tracer.new_trace("2b33fa8f-cffd-4f4c-a3aa-8f57ae40f222")[3:35] == "2b33fa8fcffd4f4ca3aa8f57ae40f222"
    assert all(traceparent(each) for each in made)
    assert 850 < sum(each.endswith("1") for each in made) < 1150


def test_the_store_of_spans_is_bounded_and_finds_the_slowest() -> None:
    collected: list[ReadableSpan] = []
    clock = SystemClock()
    tracer = Tracer(Ids(clock), clock, instance="one", ratio=1, exporters=[collected.append])
    for number in range(50):
        trace = tracer.new_trace()
        span = tracer.span(trace, "customers", f"call {number}", SpanKind.SERVER, 0)
        span.end("", {"number": number}, 1000 * (100 - number))
    store = SpanStore(most=20)

    store.Export(encode_spans(collected), None)

    (slowest,) = store.find("slow")
    assert (slowest.name, slowest.duration_us, slowest.instance) == ("call 30", 70, "one")
    assert store.find("00" * 16) == []
    assert SpanStore(kept_seconds=-1).find("last") == []
