"""Attacks on a real Envoy: whatever is done to it, another client is served, and it stays the process that it was."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.edge import attacks
from tests.edge.bystander import LARGE, address, unimpressed

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Edge

    Body: TypeAlias = tuple[Callable[[], bytes], dict[str, str], int]

SECONDS = 1.0


def flood(edge: Edge, name: str) -> int:
    """Flood the edge from another process; how often that repeated what it does."""
    host, port = address(edge)
    command = [sys.executable, "-m", "tests.edge.attacks", name, host, str(port), str(SECONDS)]
    return int(subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout)


@pytest.mark.shows("operation.hardening")
@pytest.mark.parametrize("name", attacks.FLOODS)
def test_floods_of_frames_leave_others_served_and_reach_no_service(edge: Edge, name: str) -> None:
    with unimpressed(edge) as bystander:
        done = flood(edge, name)
    assert done >= 100
    assert len(edge.customers.calls) <= len(bystander.waited), "the flood reached the service"


def holding(edge: Edge) -> dict[str, Callable[[], list[attacks.Connection]]]:
    """What holds on to connections, and how many."""
    at = address(edge)
    return {
        "idle connections": lambda: attacks.idle(at, 2000),
        "slow headers": lambda: attacks.slow_headers(at, 300),
        "slow bodies": lambda: attacks.slow_bodies(at, 300, edge.signer.token()),
        "slow readers": lambda: attacks.slow_readers(at, 100, LARGE, "127.0.0.3"),
        "a closed window": lambda: [attacks.stalled_window(at, 250, LARGE, "127.0.0.4")],
    }


@pytest.mark.shows("operation.hardening")
@pytest.mark.parametrize("name", ["idle connections", "slow headers", "slow bodies", "slow readers", "a closed window"])
def test_clients_that_hold_on_leave_others_served(edge: Edge, name: str) -> None:
    with unimpressed(edge) as bystander:
        held = holding(edge)[name]()
        bystander.served(30)
        attacks.close(held)
    assert len(edge.customers.calls) <= len(bystander.waited), "what has not come whole reached the service"


GET, POST = f"GET {attacks.PATH} HTTP/1.1", "POST /v1/contacts HTTP/1.1"
CHUNKED = "transfer-encoding: chunked"
SMUGGLED = b"0\r\n\r\nGET /v1/contacts/con_2 HTTP/1.1\r\nhost: edge\r\n\r\n"
# First line, headers beside host and token, body, and the status that refuses it; 0: the connection ends.
SHAPES: dict[str, tuple[str, tuple[str, ...], bytes, int]] = {
    "length and chunks": (POST, ("content-length: 5", CHUNKED), SMUGGLED, 400),
    "two encodings": (POST, (CHUNKED, "transfer-encoding: identity"), SMUGGLED, 501),
    "an unknown encoding": (POST, ("transfer-encoding: xchunked",), SMUGGLED, 501),
    "two lengths": (POST, ("content-length: 5", "content-length: 6"), b"{}   ", 400),
    "a negative length": (POST, ("content-length: -5",), b"", 400),
    "a blank before the colon": (POST, ("content-length : 5",), b"{}   ", 400),
    "a zero byte": (GET, ("x-a: b\0c",), b"", 400),
    "an odd host": (GET, ("host: a b/<>",), b"", 400),
    "another server's address": ("GET http://127.0.0.1:1/rapport.users.v1.DirectoryService/Get HTTP/1.1", (), b"", 404),
    "a tunnel": ("CONNECT other:80 HTTP/1.1", (), b"", 0),
    "a server's options": ("OPTIONS * HTTP/1.1", (), b"", 404),
    "an old version": (f"GET {attacks.PATH} HTTP/1.0", (), b"", 426),
    "a WebSocket": (GET, ("connection: upgrade", "upgrade: websocket", "sec-websocket-version: 13"), b"", 401),
    "an escaped slash": ("GET /v1/contacts/a%2Fb HTTP/1.1", (), b"", 400),
    "an escaped way up": ("GET /v1/contacts/..%2f..%2fusers HTTP/1.1", (), b"", 400),
    "an escaped zero": ("GET /v1/contacts/%00 HTTP/1.1", (), b"", 400),
    "an escaped backslash": ("GET /v1/contacts/%5c HTTP/1.1", (), b"", 400),
    "a fragment": ("GET /v1/contacts/con_1#f HTTP/1.1", (), b"", 400),
    "a way up to a method of services": (
        "POST /rapport.customers.v1.ContactService/../../rapport.users.v1.DirectoryService/ListTenants HTTP/1.1",
        (), b"", 404,
    ),
    "a path of 70,000 letters": (f"GET /v1/contacts/{'a' * 70_000} HTTP/1.1", (), b"", 431),
    "120 headers": (GET, tuple(f"x-{number}: a" for number in range(120)), b"", 431),
    "a header of 100,000 letters": (GET, ("x-a: " + "a" * 100_000,), b"", 431),
    "a header that reads like another": (GET, ("x_rapport_tenant: ten_2",), b"", 400),
}  # fmt: skip


@pytest.mark.shows("operation.hardening")
@pytest.mark.parametrize("name", SHAPES)
def test_odd_shapes_of_requests_are_refused_and_reach_no_service(edge: Edge, name: str) -> None:
    check_shape(edge, name)
    assert edge.customers.calls == edge.users.calls == []


def check_shape(edge: Edge, name: str) -> None:
    first, headers, content, wanted = SHAPES[name]
    host = () if any(header.startswith("host:") for header in headers) else ("host: edge",)
    token = f"authorization: Bearer {edge.signer.token()}"
    status, answer = attacks.raw(address(edge), attacks.request(*host, token, *headers, body=content, first=first), 2)
    assert status == wanted, answer
    assert answer.count(b"HTTP/1.1 ") <= 1, "a second request was found in the first"


def test_what_names_the_same_thing_in_another_way_is_that_thing(edge: Edge) -> None:
    token = f"authorization: Bearer {edge.signer.token()}"
    for path in ("/v1/contacts//con_1", "/v1/x/../contacts/con_1", "http://other/v1/contacts/con_1"):
        request = attacks.request("host: edge", token, first=f"GET {path} HTTP/1.1")
        assert attacks.raw(address(edge), request, 2)[0] == 200, path
    assert edge.customers.calls == ["GetContact"] * 3


FORBIDDEN: dict[str, list[tuple[str, str]]] = {
    "an encoding of HTTP/1.1": [*attacks.fields(), ("transfer-encoding", "chunked")],
    "a connection's header": [*attacks.fields(), ("connection", "close")],
    "a name in capitals": [*attacks.fields(), ("X-A", "b")],
    "a line break": [*attacks.fields(), ("x-a", "b\r\nc: d")],
    "two paths": [*attacks.fields(), (":path", "/x")],
    "no path": attacks.fields()[:3],
    "a tunnel": attacks.fields(method="CONNECT"),
    "an upgrade": [*attacks.fields(), (":protocol", "websocket")],
    "a body that is not there": [*attacks.fields(), ("content-length", "5")],
    "120 headers": [*attacks.fields(), *((f"x-{number}", "a") for number in range(120))],
    "a header of 100,000 letters": [*attacks.fields(), ("x-a", "a" * 100_000)],
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_http2_forbids_ends_the_stream_or_the_connection(edge: Edge, name: str) -> None:
    check_forbidden(edge, name)
    assert edge.customers.calls == []


def check_forbidden(edge: Edge, name: str) -> None:
    headers = [*FORBIDDEN[name], *edge.bearer().items()]
    assert attacks.one_of(address(edge), headers) in ("reset", "closed", "431")


BODIES: dict[str, Body] = {
    "20,000 objects deep": (lambda: b'{"a":' * 20_000 + b"1" + b"}" * 20_000, {}, 400),
    "20,000 lists deep": (lambda: b"[" * 20_000 + b"]" * 20_000, {}, 400),
    "a number of 100,000 digits": (lambda: b'{"birthDate":{"year":' + b"9" * 100_000 + b"}}", {}, 400),
    "a number beyond all": (lambda: b'{"birthDate":{"year":1e999999999}}', {}, 400),
    "a text of 5 MB": (lambda: b'{"givenName":"' + b"a" * 5_000_000 + b'"}', {}, 413),
    "50 MB compressed to 50 KB": (lambda: attacks.bomb(50), {"content-encoding": "gzip"}, 400),
    "broken UTF-8": (lambda: b'{"givenName":"\xff\xfe"}', {}, 400),
    "half a letter": (lambda: b'{"givenName":"\\ud800"}', {}, 400),
}


@pytest.mark.shows("operation.hardening")
@pytest.mark.parametrize("name", BODIES)
def test_bodies_made_to_hurt_are_refused_before_a_service(edge: Edge, name: str) -> None:
    with unimpressed(edge):
        check_body(edge, name)
    assert "CreateContact" not in edge.customers.calls


def check_body(edge: Edge, name: str) -> None:
    content, headers, wanted = BODIES[name]
    sent = content()
    answers = {
        edge.http.post("/v1/contacts", content=sent, headers=edge.bearer() | headers).status_code for _ in "12345"
    }
    assert answers == {wanted}
