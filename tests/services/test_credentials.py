"""The certificate of a server: gRPC is told of another one when there is one, and never otherwise."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import sys
import threading
import time
from concurrent import futures
from typing import TYPE_CHECKING

import grpc
import pytest
from cryptography import x509

from mesh.control.certificates import EDGE, Authority, Identity
from mesh.runtime import credentials
from mesh.runtime.clock import SystemClock
from mesh.runtime.credentials import Renewals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USERS = Identity("users")
CALLERS = 8
SECONDS = 4
# A server in a process of its own, which may end.
SERVER = """
import sys, time
from concurrent import futures
from pathlib import Path
import grpc
from mesh.runtime import credentials
{fault}
server = grpc.server(futures.ThreadPoolExecutor(1))
print(server.add_secure_port("127.0.0.1:0", credentials.server_credentials(Path(sys.argv[1]))), flush=True)
server.start()
time.sleep(300)
"""


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    made = Authority(tmp_path, "rapport", SystemClock())
    made.renew([USERS, EDGE])
    return made


@pytest.fixture
def port(tmp_path: Path, authority: Authority) -> Iterator[int]:
    """Where a server of users listens that has no methods."""
    server = grpc.server(futures.ThreadPoolExecutor(1))
    bound = server.add_secure_port("127.0.0.1:0", credentials.server_credentials(tmp_path / "users"))
    server.start()
    yield bound
    server.stop(0).wait(10)


def shown(port: int) -> int:
    """The serial number of the certificate that a new handshake is made with."""
    found = ssl.get_server_certificate(("127.0.0.1", port), timeout=10)
    return x509.load_pem_x509_certificate(found.encode()).serial_number


def issued(folder: Path) -> int:
    return x509.load_pem_x509_certificate((folder / "users" / "current" / "tls.crt").read_bytes()).serial_number


def test_grpc_is_told_of_each_certificate_once(tmp_path: Path, authority: Authority) -> None:
    renewals = Renewals(tmp_path / "users")
    assert [renewals() is None for _ in range(3)] == [False, True, True]
    authority.renew([USERS], now=True)
    assert [renewals() is None for _ in range(3)] == [False, True, True]


def test_one_that_is_written_over_the_last_is_told_too(tmp_path: Path, authority: Authority) -> None:
    renewals = Renewals(tmp_path / "users")
    renewals.latest()
    current = (tmp_path / "users" / "current").resolve()
    authority.renew([USERS], now=True)
    renewed = (tmp_path / "users" / "current").resolve()
    renewals.latest()
    for name in ("tls.key", "tls.crt"):
        (renewed / name).write_bytes((current / name).read_bytes())
    assert renewals() is not None
    assert renewals() is None


def test_a_handshake_after_a_renewal_is_made_with_the_new_certificate(
    tmp_path: Path, authority: Authority, port: int
) -> None:
    first = shown(port)
    assert first == issued(tmp_path)
    authority.renew([USERS], now=True)
    assert shown(port) == issued(tmp_path) != first


def outlives(folder: Path, seconds: float, fault: str = "") -> bool:
    """Whether a server still runs after so many seconds of handshakes at once, or has ended meanwhile."""
    command = (sys.executable, "-c", SERVER.format(fault=fault), str(folder / "users"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    own = folder / "edge" / "current"
    context.load_cert_chain(own / "tls.crt", own / "tls.key")
    context.set_alpn_protocols(["h2"])
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        port, until = int(server.stdout.readline()), time.monotonic() + seconds

        def shake_hands() -> None:
            while time.monotonic() < until and server.poll() is None:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as plain:
                    context.wrap_socket(plain).close()

        callers = [threading.Thread(target=shake_hands) for _ in range(CALLERS)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        lives = server.poll() is None
        server.kill()
    return lives


@pytest.mark.usefixtures("authority")
def test_a_server_outlives_many_handshakes_at_once(tmp_path: Path) -> None:
    assert outlives(tmp_path, SECONDS)


@pytest.mark.usefixtures("authority")
def test_a_server_that_tells_its_certificate_at_each_handshake_ends(tmp_path: Path) -> None:
    """The fault of gRPC is still there, and what keeps clear of it still needed."""
    told = "credentials.Renewals.__call__ = credentials.Renewals.latest"
    assert not outlives(tmp_path, 60, told)
