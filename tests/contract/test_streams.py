"""Server streams over a real port: how long they live, who may have one, and what else goes on meanwhile."""

from __future__ import annotations

import dataclasses
import itertools
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import pytest
from rapport.customers.v1 import contact_service_pb2

from mesh.contract import catalog
from mesh.contract.failure import Failure
from mesh.runtime import chain as chains
from mesh.runtime.access_log import AccessLog
from mesh.runtime.admission import StreamPool
from mesh.runtime.after import Places, ReadAfter
from mesh.runtime.chain import Chain
from mesh.runtime.credentials import channel
from mesh.runtime.drain import Drain
from mesh.runtime.links import AuthoriseLink, IdentityLink
from mesh.runtime.server import THREADS, Server
from mesh.runtime.service import Service
from mesh.runtime.telemetry import Telemetry
from mesh.runtime.tokens import KeyRing, TokenVerifier
from mesh.testing.eventually import eventually
from tests.contract.refusals import refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mesh.runtime.stream import StreamCall
    from mesh.testing.local import LocalMesh, Member
    from tests.contract.world import World

# Streams borrow the paths and the policy of these two methods: what matters is that they are streams.
WATCH = "/rapport.customers.v1.ContactService/ListContacts"
OWN_WATCH = "/rapport.customers.v1.ContactService/WatchContacts"
GET = "/rapport.customers.v1.ContactService/GetContact"
PLACES = 12
Page = contact_service_pb2.ListContactsResponse


class Feed:
    """A handler that yields a page, and then one every 20 ms until the stream must end; it keeps its calls."""

    def __init__(self) -> None:
        self.calls: list[StreamCall] = []
        self.ended = 0

    def __call__(self, call: StreamCall, request: object) -> Iterator[Page]:
        del request
        self.calls.append(call)
        try:
            for number in itertools.count():
                yield Page(next_page_token=str(number))
                if call.gone.wait(0.02):
                    return
        finally:
            self.ended += 1


class Streaming:
    """A server of `customers` whose ListContacts is a feed, with a client that has the owner's token."""

    def __init__(self, mesh: LocalMesh, member: Member, deadline: float = 30.0) -> None:
        self.feed = Feed()
        self.drain = Drain()
        host = mesh.host("customers")
        environment = host.environment
        verifier = TokenVerifier(KeyRing(host._fetch_keys), mesh.settings.issuer, environment.clock)
        identify = IdentityLink(verifier, mesh.settings.trust_domain, environment.telemetry.tracer.new_trace)
        authorise = AuthoriseLink(environment.directory)
        links = Chain(
            environment,
            identify,
            host.rate,
            authorise,
            Telemetry(AccessLog(mesh.clock, mesh._log), environment.telemetry.tracer),
            self.drain,
            ReadAfter(Service("customers"), Places()),
        )
        contract = dataclasses.replace(
            catalog.load_service("customers").methods[WATCH], server_streaming=True, deadline=deadline
        )
        served = {**host.handlers, WATCH: links.stream(contract, self.feed)}
        certificates = mesh.settings.certificates
        self.server = Server(served, [], certificates("customers"), self.drain, max_streams=PLACES)
        self.channel = channel(certificates("edge"), "127.0.0.1", self.server.start(0), "customers")
        self._credentials = [("authorization", f"Bearer {member.token}")]

    def watch(self, request: bytes = b"", timeout: float = 10) -> Any:
        call = self.channel.unary_stream(WATCH, response_deserializer=Page.FromString)
        return call(request, timeout=timeout, metadata=self._credentials)

    def get(self) -> Any:
        request = contact_service_pb2.GetContactRequest(id=f"con_{'0' * 26}").SerializeToString()
        return self.channel.unary_unary(GET)(request, timeout=5, metadata=self._credentials)


@contextmanager
def streaming(world: World, deadline: float = 30.0) -> Iterator[Streaming]:
    made = Streaming(world.mesh, world.tenant, deadline)
    try:
        with made.channel:
            yield made
    finally:
        made.server.stop(5)


def start_no_streams(
    thread: threading.Thread, start: Callable[[threading.Thread], None] = threading.Thread.start
) -> None:
    """Start a thread, unless it is for a stream."""
    if thread.name.startswith("stream"):
        msg = "can't start new thread"
        raise RuntimeError(msg)
    start(thread)


def refused(replies: Any) -> Any:
    with pytest.raises(grpc.RpcError) as failure:
        for _ in replies:
            pass
    return refusal_of(failure.value)


def test_a_stream_yields_what_its_handler_does_until_the_caller_leaves(world: World) -> None:
    with streaming(world) as made:
        replies = made.watch()
        assert [next(replies).next_page_token for _ in range(3)] == ["0", "1", "2"]
        assert made.feed.calls[0].identity.principal == world.tenant.id
        replies.cancel()
        eventually(lambda: made.feed.ended == 1, of="the handler's end")


def test_a_stream_lives_as_long_as_its_contract_allows_and_no_longer(world: World) -> None:
    with streaming(world, deadline=0.3) as made:
        refusal = refused(made.watch())
        assert (refusal.code, refusal.reason) == ("DEADLINE_EXCEEDED", "customers.rapport/DEADLINE_EXCEEDED")
        eventually(lambda: made.feed.ended == 1, of="the handler's end")


def test_a_stream_passes_the_same_links_as_any_call(world: World) -> None:
    with streaming(world) as made:
        assert refused(made.watch(b"\xff")).code == "INVALID_ARGUMENT"
        made._credentials = []
        assert refused(made.watch()).code == "UNAUTHENTICATED"
        assert made.feed.calls == []


def test_the_end_of_one_server_leaves_the_streams_of_another(world: World) -> None:
    with streaming(world):
        pass  # it serves the other methods with the handlers of the mesh's own server
    first = next(world.mesh.call(OWN_WATCH, contact_service_pb2.WatchContactsRequest(), token=world.tenant.token))
    assert first.cursor


def test_a_server_that_can_start_no_more_threads_goes_on_hearing_calls(world: World) -> None:
    with streaming(world) as made:
        with pytest.raises(grpc.RpcError):
            made.get()  # on a thread that goes on to live
        with mock.patch.object(threading.Thread, "start", start_no_streams):
            assert refused(made.watch(timeout=0.5)).code == "DEADLINE_EXCEEDED"
        with pytest.raises(grpc.RpcError) as failure:
            made.get()
        assert refusal_of(failure.value).code == "NOT_FOUND", "the call was served"


def test_beyond_the_cap_streams_are_refused_while_calls_go_on(world: World) -> None:
    with streaming(world) as made:
        check_cap(made)


def check_cap(made: Streaming) -> None:
    """Every place is taken; the next stream is told when to come back, calls have their threads, a place is reused."""
    assert PLACES > THREADS
    open_streams = [made.watch() for _ in range(PLACES)]
    for replies in open_streams:
        assert next(replies).next_page_token == "0"
    refusal = refused(made.watch(timeout=2))
    assert (refusal.code, refusal.reason) == ("RESOURCE_EXHAUSTED", "customers.rapport/OVERLOADED")
    assert refusal.retry_after >= 1
    with pytest.raises(grpc.RpcError) as failure:
        made.get()
    assert refusal_of(failure.value).code == "NOT_FOUND", "the call was served"
    open_streams[0].cancel()
    eventually(lambda: made.feed.ended == 1, of="a place")
    eventually(lambda: has_place(made), of="the place taken")


def has_place(made: Streaming) -> bool:
    replies = made.watch()
    try:
        next(replies)
    except grpc.RpcError:
        return False
    replies.cancel()
    return True


def test_without_admission_of_streams_the_cap_is_not_kept(world: World) -> None:
    with (
        mock.patch.object(StreamPool, "admits", return_value=True),
        streaming(world) as made,
        pytest.raises((AssertionError, grpc.RpcError)),
    ):
        check_cap(made)


def test_a_drain_ends_streams_at_once_and_refuses_new_calls(world: World) -> None:
    with streaming(world) as made:
        replies = made.watch()
        next(replies)
        made.drain.begin()
        for refusal in (refused(replies), refused(made.watch())):
            assert (refusal.code, refusal.reason) == ("UNAVAILABLE", "customers.rapport/DRAINING")
            assert refusal.retry_after > 0
        with pytest.raises(grpc.RpcError) as failure:
            made.get()
        assert refusal_of(failure.value).reason == "customers.rapport/DRAINING"


def test_without_the_drain_link_a_draining_process_takes_new_calls(world: World) -> None:
    with streaming(world) as made, mock.patch.object(Drain, "begun", return_value=False):
        made.drain.begin()
        with pytest.raises(grpc.RpcError) as failure:
            made.get()
        assert refusal_of(failure.value).reason == "customers.rapport/NOT_FOUND"


def test_who_loses_the_right_to_read_loses_the_stream(world: World) -> None:
    with mock.patch.object(chains, "_RECHECK_SECONDS", 0.0), streaming(world) as made:
        replies = made.watch()
        next(replies)
        with mock.patch.object(AuthoriseLink, "__call__", side_effect=Failure("PERMISSION_DENIED")):
            assert refused(replies).code == "PERMISSION_DENIED"
