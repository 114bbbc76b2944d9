"""Attacks on a real Envoy: whatever is done to it, another client is served, and it stays the process that it was."""

from __future__ import annotations

import statistics
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import httpx
import psutil
import pytest

from mesh.edge import door, envoy, limits
from mesh.testing.eventually import eventually
from tests.edge import attacks
from tests.edge.conftest import edge_at
from tests.edge.planted import told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from conftest import Edge

    Body: TypeAlias = tuple[Callable[[], bytes], dict[str, str], int]

# The largest thing that this edge serves without asking anybody.
LARGE = "/docs/swagger-ui-bundle.js"
SECONDS = 1.0
# Each answer at least within this; the median is what tells of a hold-up, as a machine that others work on takes
# some for itself.
_PATIENCE, _MEDIAN = 30.0, 1.0
_MOST_MEMORY = 256 << 20
_PAUSE = 0.01


@dataclass
class Bystander:
    """A client who has nothing to do with it, and what it waited for its answers."""

    edge: Edge
    waited: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def call(self, client: httpx.Client) -> None:
        """Read a contact, and note how long that took or what came instead."""
        began = time.monotonic()
        try:
            status = client.get("/v1/contacts/con_1", headers=self.bearer).status_code
            if status != 200:
                self.failed.append(str(status))
        except httpx.HTTPError as error:
            self.failed.append(type(error).__name__)
        self.waited.append(time.monotonic() - began)

    @property
    def bearer(self) -> dict[str, str]:
        """Its token, of a tenant that nobody attacks."""
        return self.edge.bearer(tenant="ten_bystander")

    def served(self, more: int) -> None:
        """Wait for so many more answers."""
        wanted = len(self.waited) + more
        eventually(lambda: len(self.waited) >= wanted, within=60, of="others are served")


def address(edge: Edge) -> attacks.Address:
    return edge.settings.edge_host, edge.settings.edge_port


def memory(edge: Edge) -> int:
    """Bytes that Envoy has in memory."""
    return int(psutil.Process(edge.envoy.pid).memory_info().rss)


@contextmanager
def unimpressed(edge: Edge, most: int = _MOST_MEMORY) -> Iterator[Bystander]:
    """During what is done inside, others are served, and Envoy is the same and has grown by less than `most` bytes."""
    pid, before = edge.envoy.pid, memory(edge)
    bystander, over, grown = Bystander(edge), threading.Event(), 0

    def go_on() -> None:
        nonlocal grown
        with httpx.Client(base_url=edge.settings.edge_url, trust_env=False, timeout=_PATIENCE) as client:
            while not over.wait(_PAUSE):
                bystander.call(client)
                grown = max(grown, memory(edge) - before)

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        bystander.served(1)
        yield bystander
        bystander.served(2)
    finally:
        over.set()
        thread.join()
    assert bystander.failed == []
    assert statistics.median(bystander.waited) < _MEDIAN
    assert edge.envoy.look() is None
    assert edge.envoy.pid == pid, "Envoy is another process"
    assert grown < most, f"{grown >> 20} MiB more"


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


# The bounds in `door` that end who holds on.
BOUNDS = ("SLOWEST_HEADERS", "SLOWEST_REQUEST", "SLOWEST_READER", "IDLE")


def ended(edge: Edge, seconds: float) -> dict[str, bool]:
    """Of those who hold on, who is ended within the time, and told so where there is somebody to tell."""
    at = address(edge)
    headers, body = attacks.slow_headers(at, 1)[0], attacks.slow_bodies(at, 1, edge.signer.token())[0]
    unread, silent = attacks.stalled_window(at, 1, LARGE, "127.0.0.5"), attacks.idle(at, 1)[0]
    held = (headers, body, unread, silent)
    found, until = dict.fromkeys(held, b""), time.monotonic() + seconds
    while time.monotonic() < until and (silent.open or b" 408 " not in found[body]):
        for connection in held:
            found[connection] += connection.read(0.1)
    attacks.close(held)
    return {
        "headers": b" 408 " in found[headers],
        "body": b" 408 " in found[body],
        "answer": attacks.resets(found[unread]) == 1,
        "nothing": not silent.open,
    }


@pytest.mark.shows("operation.hardening")
def test_who_is_too_slow_is_told_so_and_ended(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    def bounded(by: str) -> AbstractContextManager[None]:
        return told(edge, monkeypatch, door, **dict.fromkeys(BOUNDS, by))

    with unimpressed(edge), bounded("0.5s"):
        eventually(lambda: set(ended(edge, 5).values()) == {True}, within=60, of="all of them are ended")
    with bounded("0s"):
        eventually(lambda: set(ended(edge, 1.5).values()) == {False}, within=60, of="the fault: without bounds none is")


def refused(edge: Edge, source: str) -> bool:
    """Whether somebody at this address is refused a document after some."""
    transport = httpx.HTTPTransport(local_address=source)
    with httpx.Client(base_url=edge.settings.edge_url, transport=transport, timeout=_PATIENCE) as client:
        return any(client.head(LARGE).status_code == 429 for _ in range(150))


@pytest.mark.shows("operation.hardening")
def test_an_address_gets_some_documents_and_then_is_refused(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(edge, "127.0.0.6")
    assert edge.http.head(LARGE).status_code == 200, "an address takes from another's budget"
    with told(edge, monkeypatch, limits, of_documents=dict):
        eventually(lambda: not refused(edge, "127.0.0.7"), within=60, of="the fault: all are served")


def refused_streams(edge: Edge) -> int:
    """How many of 400 requests at once on one connection are refused before they begin."""
    gate = threading.Event()
    edge.customers.answer = lambda *_: gate.wait(30) and None
    path, bearer = attacks.PATH, edge.bearer()["authorization"]
    with attacks.stalled_window(address(edge), 400, path, bearer=bearer) as held:
        try:
            return attacks.resets(held.read(1))
        finally:
            gate.set()


def test_a_connection_holds_so_many_requests_and_no_more(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused_streams(edge) == 400 - door.MAX_STREAMS
    with told(edge, monkeypatch, door, MAX_STREAMS=1000):
        eventually(lambda: refused_streams(edge) == 0, within=60, of="the fault: all of them are taken")


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AbstractContextManager[Edge]]:
    """An edge with little memory to plan with."""
    monkeypatch.setattr(envoy, "MOST_MEMORY", 256 << 20)
    return lambda: edge_at(tmp_path)


def check_memory(edge: Edge) -> None:
    """700 MiB of answers that nobody reads, from many addresses: they are dropped, others are served."""
    with unimpressed(edge, most=384 << 20) as bystander:
        held = []
        for number in range(25):
            held.append(attacks.stalled_window(address(edge), 20, LARGE, f"127.0.1.{number + 1}"))
            bystander.served(6)
        attacks.close(held)


@pytest.mark.shows("operation.hardening")
def test_memory_is_bounded_whatever_is_asked_for_and_not_read(
    small: Callable[[], AbstractContextManager[Edge]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with small() as edge:
        check_memory(edge)
    monkeypatch.setattr(envoy, "_WHEN_FULL", ())
    with small() as edge, pytest.raises(AssertionError, match="MiB more"):
        check_memory(edge)


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
    first, headers, content, wanted = SHAPES[name]
    host = () if any(header.startswith("host:") for header in headers) else ("host: edge",)
    token = f"authorization: Bearer {edge.signer.token()}"
    status, answer = attacks.raw(address(edge), attacks.request(*host, token, *headers, body=content, first=first), 2)
    assert status == wanted, answer
    assert answer.count(b"HTTP/1.1 ") <= 1, "a second request was found in the first"
    assert edge.customers.calls == edge.users.calls == []


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
    headers = [*FORBIDDEN[name], *edge.bearer().items()]
    assert attacks.one_of(address(edge), headers) in ("reset", "closed", "431")
    assert edge.customers.calls == []


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
    content, headers, wanted = BODIES[name]
    sent = content()
    with unimpressed(edge):
        answers = {
            edge.http.post("/v1/contacts", content=sent, headers=edge.bearer() | headers).status_code for _ in "12345"
        }
    assert answers == {wanted}
    assert "CreateContact" not in edge.customers.calls
