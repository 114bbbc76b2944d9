"""A server with more calls than it has room for, over a real port: who is refused, how fast, and who is not."""

from __future__ import annotations

import itertools
import statistics
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from mesh.runtime.admission import MAX_WAITING, CallPool
from mesh.runtime.credentials import channel
from mesh.runtime.server import MAX_CALLS, THREADS, Server
from mesh.testing.eventually import eventually
from mesh.testing.load import capacity, offer
from tests.contract.refusals import Refusal, refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mesh.testing.local import LocalMesh

GET = "/rapport.customers.v1.ContactService/GetContact"
ROOM = THREADS + MAX_WAITING
# Seconds of a call's work, and what its caller waits for it: much longer than admission lets it wait for a thread.
WORK, PATIENCE = 0.04, 1.0
# Of what can be served, what is at twice as much: short runs lose some at their beginning.
GOODPUT = 0.75


class Gate:
    """A handler that lets no call end until it is opened, and counts those that it sees."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.seen = 0

    def __call__(self, request: bytes, context: grpc.ServicerContext) -> bytes:
        del context
        self.seen += 1
        assert self.open.wait(30)
        return request


class Work:
    """A handler whose calls each take a thread for a while, as those of a slow database do."""

    def __init__(self) -> None:
        self.never = threading.Event()

    def __call__(self, request: bytes, context: grpc.ServicerContext) -> bytes:
        del context
        self.never.wait(WORK)
        return request


@contextmanager
def served(mesh: LocalMesh, gate: Callable[[bytes, grpc.ServicerContext], bytes]) -> Iterator[grpc.Channel]:
    """A channel to a server whose one method is the gate."""
    certificates = mesh.settings.certificates
    server = Server({GET: grpc.unary_unary_rpc_method_handler(gate)}, ["customers"], certificates("customers"))
    with channel(certificates("edge"), "127.0.0.1", server.start(0), "customers") as opened:
        try:
            yield opened
        finally:
            if isinstance(gate, Gate):
                gate.open.set()
            server.stop(5)


def refused(call: grpc.Future) -> Refusal:
    with pytest.raises(grpc.RpcError) as failure:
        call.result(timeout=10)
    return refusal_of(failure.value)


def check_burst(opened: grpc.Channel, gate: Gate) -> None:
    """What is beyond the room is refused at once and says when to come back; health answers, the others finish."""
    method = opened.unary_unary(GET)
    calls = [method.future(b"%d" % number, timeout=30) for number in range(ROOM)]
    eventually(lambda: gate.seen == THREADS, of="every thread at work")
    took = []
    for _ in range(20):
        refused(method.future(b"over", timeout=5))
        started = time.monotonic()
        refusal = refused(method.future(b"over", timeout=5))
        took.append(time.monotonic() - started)
        assert (refusal.code, refusal.reason) == ("RESOURCE_EXHAUSTED", "customers.rapport/OVERLOADED")
        assert refusal.retry_after >= 1
    # The median: a neighbour on the same cores may hold a single one back.
    assert statistics.median(took) < 1
    health: Any = health_pb2_grpc.HealthStub(opened)
    assert health.Check(health_pb2.HealthCheckRequest(), timeout=10).status == health_pb2.HealthCheckResponse.SERVING
    gate.open.set()
    assert [call.result(timeout=10) for call in calls] == [b"%d" % number for number in range(ROOM)]
    assert method(b"later", timeout=5) == b"later", "room that was left is given again"
    assert gate.seen == ROOM + 1


def test_a_burst_beyond_the_room_is_refused_at_once_while_health_answers_and_the_others_finish(mesh: LocalMesh) -> None:
    gate = Gate()
    with served(mesh, gate) as opened:
        check_burst(opened, gate)


def test_without_admission_the_same_burst_waits(mesh: LocalMesh) -> None:
    gate = Gate()
    with (
        mock.patch.object(CallPool, "admits", return_value=True),
        served(mesh, gate) as opened,
        pytest.raises(AssertionError),
    ):
        check_burst(opened, gate)


def test_a_call_whose_deadline_passes_while_it_waits_never_reaches_its_handler(mesh: LocalMesh) -> None:
    gate = Gate()
    with served(mesh, gate) as opened:
        method = opened.unary_unary(GET)
        calls = [method.future(b"", timeout=30) for _ in range(THREADS)]
        eventually(lambda: gate.seen == THREADS, of="every thread at work")
        assert refused(method.future(b"", timeout=0.1)).code == "DEADLINE_EXCEEDED"
        # The server hears of it on a timer of its own, a little later than the client.
        heard = time.monotonic() + 0.5
        eventually(lambda: time.monotonic() > heard, of="the server's own deadline")
        gate.open.set()
        for call in calls:
            call.result(timeout=10)
        assert method(b"next", timeout=5) == b"next"
    assert gate.seen == THREADS + 1


def test_a_call_waits_for_a_quarter_of_its_deadline_at_most() -> None:
    release = threading.Event()
    pool = CallPool(2)
    assert pool.admits(0.1), "nobody is there"
    for _ in range(2 + 6):
        pool.submit(release.wait, 30)
    pool._turn = 0.5  # seconds between two that are taken
    assert pool.wait() == pytest.approx(3.0)
    assert not pool.admits(11.9)
    assert pool.admits(12.1)
    release.set()
    pool.shutdown()
    assert pool.wait() == 0


def test_who_comes_while_nobody_is_taken_waits_no_less_than_that() -> None:
    release = threading.Event()
    pool = CallPool(1)
    for _ in range(2):
        pool.submit(release.wait, 30)
    eventually(lambda: pool.wait() > 0.05, of="a queue that stands still")
    assert not pool.admits(0.2)
    release.set()
    pool.shutdown()


def test_calls_of_which_most_time_goes_by_outside_of_their_thread_are_waited_for_all_the_same() -> None:
    """A handler that takes no time, in a process that gets to a call every 10 ms."""
    ticks = itertools.count(0, 10_000_000)
    pool = CallPool(1)
    with mock.patch("mesh.runtime.admission.time.perf_counter_ns", side_effect=lambda: next(ticks)):
        for _ in range(200):
            pool._calls += 1
            pool._serve(0, int)
        pool._calls = 1 + 20
        assert pool.wait() == pytest.approx(20 * 0.01, rel=0.01)
        assert not pool.admits(4 * 0.19)
    pool.shutdown()


def check_goodput(opened: grpc.Channel, rounds: int = 1) -> None:
    """Twice the calls that can be served cost none of those that can; the others are told so.

    rounds: how often it is tried, as the machine may be slower for a while than it was when the peak was measured.
    """
    method = opened.unary_unary(GET)
    for _ in range(rounds):
        peak = capacity(lambda: method(b"", timeout=30), seconds=1.5, callers=2 * THREADS)
        offered = offer(lambda: method.future(b"", timeout=PATIENCE), rate=2 * peak, seconds=5)
        if offered.goodput >= GOODPUT * peak:
            break
    assert offered.goodput >= GOODPUT * peak, f"{offered} of {peak:.0f}/s"
    assert offered.codes["RESOURCE_EXHAUSTED"] > 0.5 * (sum(offered.codes.values()) - offered.codes["OK"]), offered


@pytest.mark.shows("operation.overload")
def test_twice_the_load_leaves_as_many_calls_served(mesh: LocalMesh) -> None:
    with served(mesh, Work()) as opened:
        check_goodput(opened, rounds=3)


def test_with_a_queue_as_long_as_deadlines_everybody_is_served_too_late(mesh: LocalMesh) -> None:
    with (
        mock.patch.object(CallPool, "admits", return_value=True),
        served(mesh, Work()) as opened,
        pytest.raises(AssertionError, match="goodput"),
    ):
        check_goodput(opened)


def test_grpcs_own_bound_leaves_room_for_refusals() -> None:
    assert ROOM < MAX_CALLS
