"""HTTP to servers outside of the mesh that a tenant has named: bounded in time and size, and never to a place within.

A name is looked up once, every address that it has is judged, and the connection goes to one that was judged: no name
leads elsewhere a moment later. Redirections are not followed. Servers on the machine itself are reached outside of
production alone, by names that say so.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from urllib.parse import SplitResult

LONGEST = 256 * 1024
"""Bytes of an answer."""
SECONDS = 3.0
"""From looking up the name to the last byte."""
_AT_ONCE, _OF_ONE = 4, 2
_MOST_ADDRESSES = 2
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
# IPv4 in the clothes of IPv6: NAT64, 6to4 and Teredo lead to addresses that nobody has judged.
_DISGUISES = tuple(ipaddress.ip_network(each) for each in ("64:ff9b::/32", "2002::/16", "2001::/32"))


class OutboundError(Exception):
    """A server could not be asked, or answers beyond all bounds; the text says why, and holds nothing that it sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said, of whatever status."""

    status: int
    body: bytes


class Outbound:
    """The way out of one process. loopback: whether servers on this machine may be reached; they need no TLS then."""

    def __init__(self, *, loopback: bool = False) -> None:
        self._loopback = loopback
        self._busy: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._lookups = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="lookup")

    def allows(self, url: str) -> bool:
        """Whether a server is reached at such an address, as far as its form goes."""
        try:
            parts = urlsplit(url)
            _ = parts.port
        except ValueError:
            return False
        if not parts.hostname or "@" in parts.netloc or not url.isascii() or any(each <= " " for each in url):
            return False
        return parts.scheme == "https" or (parts.scheme == "http" and self._is_here(parts))

    def get(self, url: str, *, tenant: str, seconds: float, headers: Mapping[str, str] | None = None) -> Answer:
        """What a server answers to GET.

        Raises:
            OutboundError.
        """
        return self._ask("GET", url, b"", tenant, seconds, headers or {})

    def post(
        self,
        url: str,
        form: Mapping[str, str],
        *,
        tenant: str,
        seconds: float,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """What a server answers to a form.

        Raises:
            OutboundError.
        """
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self._ask("POST", url, urlencode(form).encode(), tenant, seconds, {**kind, **(headers or {})})

    def _ask(self, verb: str, url: str, body: bytes, tenant: str, seconds: float, headers: Mapping[str, str]) -> Answer:
        if not self.allows(url):
            msg = "its address is none that may be called"
            raise OutboundError(msg)
        parts = urlsplit(url)
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        own = {"accept": "application/json", "accept-encoding": "identity", "connection": "close"}
        with self._turn(tenant):
            try:
                ends = time.monotonic() + min(seconds, SECONDS)
                connection = _connection(parts, self._addresses(parts, ends), ends)
                with _ending(connection):
                    connection.request(verb, path, body or None, {**own, **headers})
                    response = connection.getresponse()
                    read = response.read(LONGEST + 1)
                    if response.length and len(read) <= LONGEST:
                        raise http.client.IncompleteRead(read)
            except (OSError, http.client.HTTPException, ValueError) as fault:
                msg = f"it cannot be reached ({type(fault).__name__})"
                raise OutboundError(msg) from None
        if len(read) > LONGEST:
            msg = f"it says more than {LONGEST} bytes"
            raise OutboundError(msg)
        return Answer(response.status, read)

    @contextmanager
    def _turn(self, tenant: str) -> Iterator[None]:
        """A place among the few that may wait, so that a slow server keeps nobody from theirs."""
        with self._lock:
            if self._busy.total() >= _AT_ONCE or self._busy[tenant] >= _OF_ONE:
                msg = "too many wait for answers from outside"
                raise OutboundError(msg)
            self._busy[tenant] += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy[tenant] -= 1
                self._busy += Counter()

    def _addresses(self, parts: SplitResult, ends: float) -> list[str]:
        """Where to connect to: the addresses of a name all of which may be called."""
        port = parts.port or _port(parts)
        # A lookup cannot be ended; it is left to itself, and those that hang leave no place to further ones.
        looked_up = self._lookups.submit(socket.getaddrinfo, parts.hostname, port, type=socket.SOCK_STREAM)
        try:
            found = looked_up.result(timeout=max(ends - time.monotonic(), 0))
        except TimeoutError:
            looked_up.cancel()
            raise
        addresses = [str(each[4][0]) for each in found]
        if not addresses or not all(may_call(each, here=self._is_here(parts)) for each in addresses):
            msg = "its address is none that may be called"
            raise OutboundError(msg)
        return addresses[:_MOST_ADDRESSES]

    def _is_here(self, parts: SplitResult) -> bool:
        return self._loopback and parts.hostname in _LOOPBACK


def may_call(address: str, *, here: bool) -> bool:
    """Whether an IP address is one of the public internet; `here`: of this machine instead."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    if mapped is not None:
        ip = mapped
    if here:
        return ip.is_loopback
    disguised = any(ip.version == each.version and ip in each for each in _DISGUISES)
    # Deprecated, and used within sites all the same (RFC 3879).
    of_site = getattr(ip, "is_site_local", False)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not of_site and not disguised


def _port(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80


class _Plain(http.client.HTTPConnection):
    """A connection to addresses that were judged, under the name that they were looked up by.

    ends: when it is over, on the monotonic clock, in seconds. Its socket is held here too: http.client lets go of one
    that is to be closed as soon as the header has come, and reads on.
    """

    def __init__(self, host: str, port: int, addresses: Sequence[str], ends: float) -> None:
        super().__init__(host, port)
        self.ends = ends
        self._addresses = addresses
        self._over = threading.Event()
        self._opened: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the first of the addresses that takes it."""
        for address in self._addresses[:-1]:
            with suppress(OSError):
                # Half of what is left: the other address is to have its chance.
                return self.hold(socket.create_connection((address, self.port), self._left() / 2))
        return self.hold(socket.create_connection((self._addresses[-1], self.port), self._left()))

    def hold(self, opened: socket.socket) -> None:
        """Have a socket that end() ends, also where that came first.

        Raises:
            TimeoutError: the time was over before.
        """
        self.sock = self._opened = opened
        opened.settimeout(self._left())
        if self._over.is_set():
            raise TimeoutError

    def end(self) -> None:
        """End it, from another thread, whatever it waits for."""
        self._over.set()
        if self._opened is not None:
            with suppress(OSError):
                # Not that of TLS, which is not to be meddled with from another thread.
                socket.socket.shutdown(self._opened, socket.SHUT_RDWR)

    def is_over(self) -> bool:
        """Whether end() came."""
        return self._over.is_set()

    def _left(self) -> float:
        left = self.ends - time.monotonic()
        if left <= 0 or self._over.is_set():
            raise TimeoutError
        return left


class _Secure(_Plain):
    """The same over TLS, whose certificate is that of the name."""

    def connect(self) -> None:
        """Connect, and shake hands once the connection can be ended from elsewhere."""
        super().connect()
        context = ssl.create_default_context()
        secured = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        self.hold(secured)
        secured.do_handshake()


def _connection(parts: SplitResult, addresses: Sequence[str], ends: float) -> _Plain:
    kind = _Secure if parts.scheme == "https" else _Plain
    return kind(str(parts.hostname), parts.port or _port(parts), addresses, ends)


@contextmanager
def _ending(connection: _Plain) -> Iterator[None]:
    """End a connection in time, however slowly its other end goes on.

    Raises:
        OutboundError: it was not done by then; what was read so far may look like all.
    """
    timer = threading.Timer(max(connection.ends - time.monotonic(), 0), connection.end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        connection.close()
    if connection.is_over():
        msg = "it takes too long"
        raise OutboundError(msg)
