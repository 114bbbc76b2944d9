"""A keep-alive HTTP/1.1 client for load on loopback: cheap, so that the server and not the load is what is busy."""

from __future__ import annotations

import socket
import threading

_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


class HttpClient:
    """GETs on one connection per thread."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._tail = f" HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        self._local = threading.local()
        self._opened: list[socket.socket] = []

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = socket.create_connection(("127.0.0.1", self._port), timeout=30)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._opened.append(connection)
        connection.sendall(b"GET " + path.encode() + self._tail)
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
