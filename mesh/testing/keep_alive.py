"""A keep-alive HTTP/1.1 client for load on loopback: cheap, so that the server and not the load is what is busy."""

from __future__ import annotations

import socket
import threading

_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


class HttpClient:
    """Calls on one connection per thread, without a token for those who have none yet."""

    def __init__(self, port: int, token: str = "") -> None:
        self._port = port
        bearer = f"Authorization: Bearer {token}\r\n" if token else ""
        self._head = f" HTTP/1.1\r\nHost: 127.0.0.1\r\n{bearer}".encode()
        self._local = threading.local()
        self._opened: list[socket.socket] = []

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body."""
        return self._answer(b"GET " + path.encode() + self._head + b"\r\n")

    def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer to JSON."""
        told = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        return self._answer(b"POST " + path.encode() + self._head + told.encode() + body)

    def _answer(self, request: bytes) -> tuple[int, bytes]:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = socket.create_connection(("127.0.0.1", self._port), timeout=30)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._opened.append(connection)
        connection.sendall(request)
        return _answer(connection)

    def close(self) -> None:
        """Close every connection."""
        for connection in self._opened:
            connection.close()


def _answer(connection: socket.socket) -> tuple[int, bytes]:
    received = b""
    while _END not in received:
        received += _more(connection)
    head, _, body = received.partition(_END)
    length = int(head.lower().partition(_LENGTH)[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += _more(connection)
    return int(head[9:12]), body


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(65_536)
    if not part:
        raise ConnectionError("the server has closed the connection")
    return part
