"""Requests are received before a thread takes their calls: slow senders hold none, and gRPC's rules still hold."""

from __future__ import annotations

import inspect
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING
from unittest import mock

import grpc
import pytest
from grpc import _server
from grpc._cython import cygrpc

from mesh.runtime import admission
from mesh.runtime.credentials import channel
from mesh.runtime.receiving import RESPOND
from mesh.runtime.server import THREADS, Server
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.testing.local import LocalMesh

GET = "/rapport.customers.v1.ContactService/GetContact"


class Slow:
    """A request that comes when it is let go."""

    def __init__(self) -> None:
        self.gone = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        assert self.gone.wait(30)
        yield b"late"


@contextmanager
def served(mesh: LocalMesh) -> Iterator[tuple[grpc.Channel, Server, list[bytes]]]:
    """A channel to a server whose one method answers with its request, the server, and the requests it has seen."""
    seen: list[bytes] = []

    def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
        del context
        seen.append(request)
        return request

    certificates = mesh.settings.certificates
    server = Server({GET: grpc.unary_unary_rpc_method_handler(answer)}, ["customers"], certificates("customers"))
    with channel(certificates("edge"), "127.0.0.1", server.start(0), "customers") as opened:
        try:
            yield opened, server, seen
        finally:
            server.stop(5)


def check_slow_senders(mesh: LocalMesh) -> None:
    """As many slow senders as there are threads, twice over, and others do not wait for them."""
    with served(mesh) as (opened, server, _), ExitStack() as ending:
        slow = [Slow() for _ in range(2 * THREADS)]
        for each in slow:
            ending.callback(each.gone.set)
        calls = [opened.stream_unary(GET).future(iter(each), timeout=30) for each in slow]
        eventually(lambda: server.calls.calls == len(slow), of="all of them having come")
        assert opened.unary_unary(GET)(b"quick", timeout=5) == b"quick"
        ending.close()
        assert [call.result(timeout=10) for call in calls] == [b"late"] * len(slow)
        eventually(lambda: server.calls.calls == 0, of="all of them having ended")


def test_who_sends_a_request_slowly_holds_no_thread(mesh: LocalMesh) -> None:
    check_slow_senders(mesh)


def test_without_receiving_ahead_slow_senders_hold_them_all(mesh: LocalMesh) -> None:
    with mock.patch.object(admission, "MOST_RECEIVED", 0), pytest.raises(grpc.RpcError) as failure:
        check_slow_senders(mesh)
    assert failure.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


def test_beyond_a_number_of_calls_requests_stay_with_their_senders(mesh: LocalMesh) -> None:
    with mock.patch.object(admission, "MOST_RECEIVED", THREADS), pytest.raises(grpc.RpcError) as failure:
        check_slow_senders(mesh)
    assert failure.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


def test_a_call_without_a_request_is_refused_as_grpc_does(mesh: LocalMesh) -> None:
    with served(mesh) as (opened, server, seen):
        with pytest.raises(grpc.RpcError) as failure:
            opened.stream_unary(GET)(iter(()), timeout=10)
        assert failure.value.code() is grpc.StatusCode.UNIMPLEMENTED
        assert "exactly one request message" in failure.value.details()
        eventually(lambda: server.calls.calls == 0, of="its end")
        assert not seen


def test_a_call_that_is_cancelled_while_its_request_is_awaited_ends_unserved(mesh: LocalMesh) -> None:
    with served(mesh) as (opened, server, seen):
        slow = Slow()
        call = opened.stream_unary(GET).future(iter(slow), timeout=30)
        eventually(lambda: server.calls.calls == 1, of="its having come")
        call.cancel()
        eventually(lambda: server.calls.calls == 0, of="its end")
        slow.gone.set()
        assert not seen
        assert opened.unary_unary(GET)(b"next", timeout=5) == b"next"


def test_a_request_that_waits_beyond_its_deadline_is_not_served(mesh: LocalMesh) -> None:
    with served(mesh) as (opened, server, seen):
        # The threads are kept by something else, as by slow calls, while the request is received.
        held = threading.Event()
        for _ in range(THREADS):
            server.calls.submit(held.wait, 30)
        with pytest.raises(grpc.RpcError) as failure:
            opened.unary_unary(GET)(b"too late", timeout=0.2)
        assert failure.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        # The server hears of it by itself, a moment after the client.
        eventually(lambda: not any(state.client is _server._OPEN for state in states(server)), of="its deadline")
        held.set()
        eventually(lambda: server.calls.calls == 0, of="its end")
        assert not seen


def states(server: Server) -> set[_server._RPCState]:
    return set(server._server._state.rpc_states)


def test_grpc_hands_calls_to_pools_as_it_did() -> None:
    """What mesh.runtime.receiving relies on; it does not stand in grpc's documentation."""
    assert list(inspect.signature(RESPOND).parameters) == [
        "rpc_event", "state", "behavior", "argument_thunk", "request_deserializer", "response_serializer",
    ]  # fmt: skip
    assert list(inspect.signature(_server._receive_message).parameters) == ["state", "call", "request_deserializer"]
    assert isinstance(_server._RECEIVE_MESSAGE_TOKEN, str)
    state = _server._RPCState()
    assert (state.request, state.due) == (None, set())
    assert _server._is_rpc_state_active(state)
    assert cygrpc.ReceiveMessageOperation(0).type() == cygrpc.OperationType.receive_message
