"""Who of several instances gets how many calls, at the edge and inside: those that fail few, canaries their share.

And how many calls are in progress or sent again, which is bounded on both sides.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import pytest
from rapport.customers.v1 import resources_pb2

from mesh.control import plan, proxyless
from mesh.control.registry import Entry
from mesh.control.wanted import Kind
from mesh.edge import clusters, routes
from mesh.runtime.ports import free_port
from mesh.testing.eventually import eventually
from mesh.testing.stand_in import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.edge.conftest import Edge

AREA = "xds:///rapport.customers.v1.ContactService"
SIDES = ("edge", "inside")
WINDOW = 300


class Told:
    """What callers were told, by the name of who answered or the code of the failure; there once their block ends."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    @property
    def failed(self) -> int:
        return sum(count for name, count in self.counts.items() if name.isupper())


@contextmanager
def calling(edge: Edge, side: str, threads: int = 4) -> Iterator[Told]:
    """Calls of GetContact for as long as the block lasts."""
    settings = edge.settings
    (settings.home / "run").mkdir(exist_ok=True)
    instance = plan.InstancePlan("users-9", Kind("users", ""), ("users",), 0)
    own = {"PYTHONPATH": settings.python_path or ":".join(sys.path)}
    program = plan.instance_program(instance, settings, edge.publisher.port, own)
    target, token = (edge.target, edge.signer.token()) if side == "edge" else (AREA, "")
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("caller.py")), target, token, str(threads)],
        env=dict(program.environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    told = Told()
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "calling\n"
        try:
            yield told
            told.counts = json.loads(process.communicate("end\n", timeout=20)[0])
        finally:
            process.kill()


@contextmanager
def instances(edge: Edge, count: int, *, canary: bool = False) -> Iterator[list[StandIn]]:
    """So many instances of customers, each answering with its name; the last one a canary or not."""
    certificates = edge.settings.certificates("customers")
    registry = edge.publisher.registry
    with ExitStack() as stack:
        found = [edge.customers]
        for number in range(2, count + 1):
            found.append(StandIn(edge.catalog, certificates, "customers", f"customers-{number}"))
            stack.callback(found[-1].stop)
        for each in found:
            each.answer = lambda *_, name=each.entry.instance: resources_pb2.Contact(id=name)
        for each in found[1:]:
            entry = each.entry = Entry(each.entry.instance, "customers", each.entry.port, canary=canary)
            registry.enter(entry)
            registry.judge(entry, healthy=True)
            stack.callback(registry.leave, entry.instance)
        yield found


def share(one: StandIn, everyone: list[StandIn]) -> float:
    """Which part of the next calls it gets."""
    before, own = sum(len(each.calls) for each in everyone), len(one.calls)
    eventually(lambda: sum(len(each.calls) for each in everyone) >= before + WINDOW, within=30, of="more calls")
    return (len(one.calls) - own) / (sum(len(each.calls) for each in everyone) - before)


def unavailable(_name: str, _request: Any, context: grpc.ServicerContext) -> None:
    context.abort(grpc.StatusCode.UNAVAILABLE, "out of order")


def check_left_out(edge: Edge, side: str, within: float = 8) -> Told:
    """One of three begins to fail: what it gets falls from a third to nearly nothing."""
    with instances(edge, 3) as found, calling(edge, side) as told:
        eventually(lambda: all(each.calls for each in found), of="calls for everyone")
        assert share(found[2], found) > 0.2
        found[2].answer = unavailable
        eventually(lambda: share(found[2], found) < 0.03, within=within, of="the failing one left out")
    return told


@pytest.mark.shows("operation.outlier")
@pytest.mark.parametrize("side", SIDES)
def test_an_instance_that_answers_with_faults_is_left_out_and_the_others_serve(edge: Edge, side: str) -> None:
    told = check_left_out(edge, side)

    good = sum(told.counts.get(f"customers-{number}", 0) for number in (1, 2, 3))
    print(side, told.counts)
    # The edge sends such reads again itself; inside, the client of the mesh does, which this caller is not.
    assert told.failed == 0 if side == "edge" else told.failed < good / 2


HOOK = "/rapport.customers.v1.IntakeService/CreateContactHook"


def refused_by_the_dead(edge: Edge) -> list[grpc.StatusCode]:
    """What callers of a method that may not be repeated are told while two of three instances accept nothing."""
    assert not edge.catalog.methods[HOOK].retried
    registry, told = edge.publisher.registry, []
    dead = [Entry(f"customers-{number}", "customers", free_port()) for number in (8, 9)]
    with grpc.insecure_channel(edge.target) as channel:
        for each in dead:
            registry.enter(each)
            registry.judge(each, healthy=True)
        try:
            eventually(edge.publisher.discovery.edge_is_current, of="the edge knows")
            for _ in range(10):
                bearer = (("authorization", f"Bearer {edge.signer.token()}"),)
                call = channel.unary_unary(HOOK).future(b"", timeout=15, metadata=bearer)
                told += [call.code()] if call.code() is not grpc.StatusCode.OK else []
        finally:
            for each in dead:
                registry.leave(each.instance)
    return told


def test_a_call_that_may_not_be_repeated_goes_on_where_no_instance_has_seen_it(edge: Edge) -> None:
    assert refused_by_the_dead(edge) == []


def test_without_that_its_caller_is_told_of_an_instance_that_is_gone(edge: Edge) -> None:
    """The planted fault."""
    with mock.patch.object(routes, "RETRY_UNSEEN", "retriable-headers"):
        edge.tell()
        assert set(refused_by_the_dead(edge)) == {grpc.StatusCode.UNAVAILABLE}
    edge.tell()


@pytest.mark.parametrize("side", SIDES)
def test_without_outlier_detection_it_goes_on_getting_calls(edge: Edge, side: str) -> None:
    off = {"interval": "0.5s", "enforcing_failure_percentage": 0, "enforcing_success_rate": 0,
           "enforcing_consecutive_5xx": 0}  # fmt: skip
    with mock.patch.object(clusters, "_OUTLIERS", off), mock.patch.object(proxyless, "OUTLIERS", off):
        edge.tell()
        with pytest.raises(AssertionError, match="left out"):
            check_left_out(edge, side, within=3)
    edge.tell()


@pytest.mark.shows("operation.outlier")
@pytest.mark.parametrize("side", SIDES)
def test_calls_in_progress_are_bounded_and_more_are_refused_at_once(edge: Edge, side: str) -> None:
    at_once, most, lock = 0, 0, threading.Lock()
    go_on = threading.Event()

    def slow(*_: Any) -> resources_pb2.Contact:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        go_on.wait(1)
        with lock:
            at_once -= 1
        return resources_pb2.Contact(id="customers-1")

    with mock.patch.object(clusters, "MAX_CALLS", 3), mock.patch.object(proxyless, "MAX_REQUESTS", 3):
        edge.tell()
        eventually(edge.publisher.discovery.edge_is_current, of="the edge knows")
        edge.customers.answer = slow
        with calling(edge, side, threads=8) as told:
            eventually(lambda: most >= 3, of="as many as there may be")
            eventually(lambda: len(edge.customers.calls) >= 6, of="further calls")
            go_on.set()
    edge.tell()

    assert most == 3
    assert told.failed > told.counts["customers-1"]


@pytest.mark.shows("operation.outlier")
def test_what_is_sent_again_by_the_edge_is_a_share_of_what_is_called(edge: Edge) -> None:
    """With a budget of a fifth, and room for one retry beside, 16 callers of what always fails."""

    def sent_per_call() -> float:
        edge.tell()
        eventually(edge.publisher.discovery.edge_is_current, of="the edge knows")
        edge.customers.calls.clear()
        with calling(edge, "edge", threads=16) as told:
            eventually(lambda: len(edge.customers.calls) > WINDOW, within=30, of="calls")
        return len(edge.customers.calls) / told.failed

    edge.customers.answer = unavailable
    with mock.patch.object(clusters, "MIN_RETRIES", 1):
        budgeted = sent_per_call()
    unbounded = sent_per_call()
    edge.tell()
    print(f"sent per call: {budgeted:.2f}, with room for 32 retries {unbounded:.2f}")
    assert budgeted < 1.6
    assert unbounded > 2.5


@pytest.mark.shows("operation.canary")
@pytest.mark.parametrize("side", SIDES)
def test_a_canary_gets_its_share(edge: Edge, side: str) -> None:
    with instances(edge, 2, canary=True) as found, calling(edge, side) as told:
        edge.publisher.registry.share("customers", 10)
        eventually(lambda: 0 < share(found[1], found) < 0.25, of="a share at all")
        shares = [share(found[1], found) for _ in range(4)]
        edge.publisher.registry.share("customers", 50)
        eventually(lambda: share(found[1], found) > 0.4, of="another share")
        edge.publisher.registry.leave(found[1].entry.instance)
        eventually(lambda: share(found[1], found) == 0, of="none at all")
    print(side, shares, told.counts)
    # 1,200 calls at 10 %: the standard deviation is 0.9 %.
    assert 0.06 < sum(shares) / len(shares) < 0.14
    assert told.failed == 0


def test_a_canary_that_nobody_weighs_apart_gets_as_much_as_the_others(edge: Edge) -> None:
    """The planted fault: without a locality of its own the share is no tenth."""
    with instances(edge, 2) as found, calling(edge, "edge"):
        eventually(lambda: bool(found[1].calls), of="calls")
        assert share(found[1], found) > 0.14
