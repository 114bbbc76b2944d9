"""Servers that tenants name are asked within bounds, and none within the mesh or beside it is."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from mesh.runtime import outbound
from mesh.runtime.outbound import LONGEST, Outbound, OutboundError, may_call
from mesh.testing.openid_provider import openid_provider

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.shows("upstream.outbound")


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.0.0.1",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "224.0.0.1",
        ),
        *(
            "::1",
            "fe80::1%eth0",
            "fc00::1",
            "fec0::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
        ),
        *("ff02::1", "2001:0:7f00:1::", "240.0.0.1", "198.18.0.1", "255.255.255.255"),
    ],
)
def test_no_address_within_is_called(address: str) -> None:
    assert not may_call(address, here=False)


def test_addresses_of_the_internet_are_called() -> None:
    assert may_call("93.184.215.14", here=False)
    assert may_call("2606:2800:21f::1", here=False)
    assert may_call("127.0.0.1", here=True)
    assert not may_call("93.184.215.14", here=True), "a name of this machine leads nowhere else"


@pytest.mark.parametrize(
    ("url", "developing", "production"),
    [
        ("https://login.example/x", True, True),
        ("https://login.example:8443", True, True),
        ("http://login.example", False, False),
        ("http://127.0.0.1:3000", True, False),
        ("http://localhost:3000", True, False),
        ("http://127.0.0.1.evil.example", False, False),
        ("http://2130706433", False, False),
        ("https://user@login.example", False, False),
        ("https://", False, False),
        ("https://login.example:x", False, False),
        ("https://lögin.example", False, False),
        ("https://login.example/a b", False, False),
        ("https://login.example/\r\nhost: x", False, False),
        ("file:///etc/passwd", False, False),
        ("ftp://login.example", False, False),
    ],
)
def test_addresses_are_https_or_on_the_machine_in_development(url: str, *, developing: bool, production: bool) -> None:
    assert Outbound(loopback=True).allows(url) == developing
    assert Outbound().allows(url) == production


def test_a_name_is_judged_by_every_address_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    def addresses(*found: str) -> Callable[..., list[tuple[object, ...]]]:
        return lambda *_, **__: [(0, 0, 0, "", (each, 443)) for each in found]

    connected: list[object] = []
    monkeypatch.setattr(outbound.socket, "create_connection", lambda address, timeout: connected.append(address))
    for found in (["10.0.0.1"], ["93.184.215.14", "127.0.0.1"], []):
        monkeypatch.setattr(outbound.socket, "getaddrinfo", addresses(*found))
        with pytest.raises(OutboundError, match="none that may be called"):
            Outbound(loopback=True).get("https://login.example", tenant="t", seconds=1)
    assert not connected


@contextmanager
def server(say: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that says the same to everybody, byte for byte."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    accepted, _ = listening.accept()
                except OSError:
                    return
                with accepted:
                    accepted.recv(65536)
                    try:
                        say(accepted)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def dripping(to: socket.socket) -> None:
    to.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    for _ in range(40):
        to.sendall(b"x")
        time.sleep(0.05)  # what is slow here is the server


def dripping_header(to: socket.socket) -> None:
    to.sendall(b"HTTP/1.1 200 OK\r\nx: ")
    for _ in range(40):
        to.sendall(b"x")
        time.sleep(0.05)  # the same


def dripping_to_the_end(to: socket.socket) -> None:
    to.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
    for _ in range(40):
        to.sendall(b"x")
        time.sleep(0.05)  # the same


@pytest.mark.parametrize("say", [dripping, dripping_header, dripping_to_the_end])
def test_who_speaks_too_slowly_is_left(say: Callable[[socket.socket], None]) -> None:
    began = time.monotonic()
    with server(say) as url, pytest.raises(OutboundError):
        Outbound(loopback=True).get(url, tenant="t", seconds=0.3)
    assert time.monotonic() - began < 1.5


def test_the_time_counts_from_the_lookup_and_over_every_address(monkeypatch: pytest.MonkeyPatch) -> None:
    connect, looked_up = socket.create_connection, [(0, 0, 0, "", ("127.0.0.1", 0))] * 2
    allowed: list[float] = []

    def slow_first(address: tuple[str, int], timeout: float) -> socket.socket:
        allowed.append(timeout)
        if len(allowed) == 1:
            time.sleep(timeout)  # an address that swallows what is sent to it
            raise TimeoutError
        return connect(address, timeout)

    monkeypatch.setattr(outbound.socket, "create_connection", slow_first)
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *_, **__: looked_up)
    began = time.monotonic()
    with server(dripping_to_the_end) as url, pytest.raises(OutboundError):
        Outbound(loopback=True).get(url, tenant="t", seconds=0.6)
    assert time.monotonic() - began < 1.5
    assert sum(allowed) < 0.7
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *_, **__: time.sleep(1.0))
    began = time.monotonic()
    with pytest.raises(OutboundError):
        Outbound(loopback=True).get("http://localhost:1", tenant="t", seconds=0.2)
    assert time.monotonic() - began < 0.9


def test_who_says_too_much_is_left_and_nobody_is_sent_elsewhere() -> None:
    def floods(to: socket.socket) -> None:
        to.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (LONGEST + 10))

    def sends_on(to: socket.socket) -> None:
        to.sendall(b"HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n")

    with server(floods) as url, pytest.raises(OutboundError, match="more than"):
        Outbound(loopback=True).get(url, tenant="t", seconds=3)
    with server(sends_on) as url:
        assert Outbound(loopback=True).get(url, tenant="t", seconds=3).status == 302
    with server(lambda to: to.sendall(b"nonsense\r\n\r\n")) as url, pytest.raises(OutboundError):
        Outbound(loopback=True).get(url, tenant="t", seconds=3)


def test_a_slow_server_takes_no_more_than_its_tenants_places() -> None:
    way, failed = Outbound(loopback=True), []
    with openid_provider() as slow, openid_provider() as quick:
        slow.slow_seconds = 1.5

        def ask() -> None:
            try:
                way.get(f"{slow.url}/keys", tenant="slow", seconds=3)
            except OutboundError as fault:
                failed.append(str(fault))

        waiting = [threading.Thread(target=ask) for _ in range(5)]
        for each in waiting:
            each.start()
        while len(slow.asked) < 2:
            time.sleep(0.01)  # until all that may are being served
        assert way.get(f"{quick.url}/keys", tenant="quick", seconds=3).status == 200
        for each in waiting:
            each.join()
        assert failed == ["too many wait for answers from outside"] * 3
        slow.slow_seconds = 0
        assert way.get(f"{slow.url}/keys", tenant="slow", seconds=3).status == 200, "places are given back"
