"""Every call leaves one access line that names the peer, whatever kind of call it is and however it ends."""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import pytest
from rapport.customers.v1 import contact_service_pb2

from mesh.contract import catalog
from mesh.contract.method import AccessKind
from mesh.runtime import telemetry
from mesh.runtime.admission import CallPool
from mesh.runtime.client import TENANT_HEADER
from mesh.runtime.credentials import channel
from mesh.testing.eventually import eventually
from tests.contract.refusals import refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.contract.method import MethodContract
    from tests.contract.world import World

GET = "/rapport.customers.v1.ContactService/GetContact"
LOOK_UP = "rapport.users.v1.DirectoryService/LookUpPrincipal"
WATCH = "/rapport.customers.v1.ContactService/WatchContacts"


def line_of(world: World, call: Callable[[list[tuple[str, str]]], object]) -> dict[str, Any]:
    """The one access line of a call, which is handed the metadata that tells it from others.

    What the call asks of the directory has a line of its own in the same trace.
    """
    trace = secrets.token_hex(16)
    with suppress(grpc.RpcError):
        call([("traceparent", f"00-{trace}-{secrets.token_hex(8)}-00")])

    def lines() -> list[dict[str, Any]]:
        of_trace = (each for each in world.mesh.access_log.read_text().splitlines() if trace in each)
        return [line for line in map(json.loads, of_trace) if line["method"] != LOOK_UP]

    (line,) = eventually(lines)
    return dict(line)


def spiffe(world: World, name: str) -> str:
    return world.mesh.settings.spiffe_id(name)


def service_method() -> MethodContract:
    """One that services call, and not for every call of somebody else."""
    methods = (m for m in catalog.load().methods.values() if m.full_name != LOOK_UP)
    return next(m for m in methods if m.access.kind is AccessKind.SERVICE and not m.server_streaming)


def call_path(world: World, path: str, metadata: list[tuple[str, str]]) -> None:
    """Call what no contract has, as the edge."""
    certificates = world.mesh.settings.certificates("edge")
    with channel(certificates, "127.0.0.1", world.mesh.port("customers"), "customers") as opened:
        opened.unary_unary(path)(b"", timeout=10, metadata=metadata)


def test_a_call_of_a_user_names_the_edge_that_sent_it(world: World) -> None:
    request = contact_service_pb2.GetContactRequest(id="con_01J9ZQ4T5V8W9X0Y1Z2A3B4C5D")
    line = line_of(world, lambda sent: world.mesh.call(GET, request, token=world.tenant.token, metadata=sent))
    assert (line["peer"], line["principal"]) == (spiffe(world, "edge"), world.tenant.id)


def test_a_call_without_credentials_names_its_peer_too(world: World) -> None:
    request = contact_service_pb2.GetContactRequest()
    line = line_of(world, lambda sent: world.mesh.call(GET, request, metadata=sent))
    assert (line["peer"], line["principal"], line["reason"]) == (spiffe(world, "edge"), "", "UNAUTHENTICATED")


def test_a_call_of_a_service_names_that_service(world: World) -> None:
    method = service_method()
    peer = next(name for name in world.mesh.services if name in method.access.peers or "*" in method.access.peers)

    def call(sent: list[tuple[str, str]]) -> None:
        claim = [*sent, (TENANT_HEADER, world.tenant.tenant)]
        world.mesh.call(method, world.request(method), identity=peer, metadata=claim)

    line = line_of(world, call)
    assert (line["peer"], line["principal"]) == (spiffe(world, peer), f"service:{peer}")


def test_a_stream_names_its_peer(world: World) -> None:
    def call(sent: list[tuple[str, str]]) -> None:
        request = contact_service_pb2.WatchContactsRequest()
        watch = world.mesh.call(WATCH, request, token=world.tenant.token, metadata=sent)
        next(watch)
        watch.cancel()

    assert line_of(world, call)["peer"] == spiffe(world, "edge")


def test_a_call_that_is_refused_for_want_of_room_names_its_peer(world: World) -> None:
    request = contact_service_pb2.GetContactRequest()
    with mock.patch.object(CallPool, "admits", return_value=False):
        line = line_of(world, lambda sent: world.mesh.call(GET, request, metadata=sent))
    assert (line["peer"], line["reason"], line["ms"]) == (spiffe(world, "edge"), "OVERLOADED", 0)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/rapport.customers.v1.ContactService/StealContact", "rapport.customers.v1.ContactService/StealContact"),
        ("/grpc.health.v1.Health/Guess", "grpc.health.v1.Health/Guess"),
        ("/admin/hunter2%22/x", ""),
        (f"/a/{'b' * 500}", ""),
    ],
)
def test_an_unknown_method_is_refused_and_leaves_a_line_that_repeats_nothing_but_names(
    world: World, path: str, told: str
) -> None:
    line = line_of(world, lambda sent: call_path(world, path, sent))
    assert (line["service"], line["method"], line["peer"]) == ("", told, spiffe(world, "edge"))
    assert (line["code"], line["reason"]) == (grpc.StatusCode.UNIMPLEMENTED.value[0], "UNKNOWN_METHOD")


def test_an_unknown_method_is_refused_with_its_reason(world: World) -> None:
    with pytest.raises(grpc.RpcError) as failure:
        call_path(world, "/rapport.customers.v1.ContactService/StealContact", [])
    assert refusal_of(failure.value).reason == "rapport/UNKNOWN_METHOD"


def test_lines_without_their_peer_are_found(world: World) -> None:
    with mock.patch.object(telemetry, "peer", return_value=""), pytest.raises(AssertionError):
        test_an_unknown_method_is_refused_and_leaves_a_line_that_repeats_nothing_but_names(world, "/a/b", "a/b")
