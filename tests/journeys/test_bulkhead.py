"""A dependency that takes 2 seconds for everything: calls that do not need it hardly notice."""

from __future__ import annotations

import itertools
import statistics
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import httpx
import psycopg
import pytest

from mesh.testing.keep_alive import HttpClient
from mesh.testing.planted import planted
from mesh.testing.postgres import postgres_server
from mesh.testing.running import running_mesh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mesh.testing.running import RunningMesh

pytestmark = pytest.mark.slow
SLOW_SECONDS = 2.0
WINDOW_SECONDS = 3.0
ROUNDS = 3
ASKERS = 12
PACE_SECONDS = 0.02


@contextmanager
def users_slow(database: str) -> Iterator[None]:
    """Whoever reads the users' table waits for 2 seconds; the database answers everything else, health checks too."""
    ended = threading.Event()

    def hold() -> None:
        with psycopg.connect(database) as connection:
            while not ended.is_set():
                connection.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
                ended.wait(SLOW_SECONDS)
                connection.commit()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


class Load:
    """Reads of one contact, timed, beside writes that name owners whom only `users` can know."""

    def __init__(self, mesh: RunningMesh) -> None:
        self._mesh = mesh
        self._token = mesh.token()
        headers = {"authorization": f"Bearer {self._token}"}
        self._client = httpx.Client(base_url=mesh.url, headers=headers, timeout=30)
        made = self._client.post("/v1/contacts", json={"familyName": "Known"})
        self._path = f"/v1/contacts/{made.json()['id']}"
        self._numbers = itertools.count()
        self._unexpected: list[str] = []

    def close(self) -> None:
        """Give up the connections."""
        self._client.close()

    def window(self) -> list[float]:
        """Seconds that each read took."""
        ended = threading.Event()
        askers = [threading.Thread(target=self._ask, args=(ended,)) for _ in range(ASKERS)]
        for asker in askers:
            asker.start()
        try:
            with closing(HttpClient(self._mesh.port, self._token)) as reader:
                return self._read(reader)
        finally:
            ended.set()
            for asker in askers:
                asker.join()
            assert not self._unexpected, self._unexpected[0]

    def _read(self, reader: HttpClient) -> list[float]:
        taken = []
        until = time.monotonic() + WINDOW_SECONDS
        while time.monotonic() < until:
            began = time.monotonic()
            status, body = reader.get(self._path)
            taken.append(time.monotonic() - began)
            # Where every thread waits for `users`, a read may end at its deadline, or be refused after a wait for one.
            assert status in (200, 429, 504), body
            time.sleep(PACE_SECONDS)  # the pace of the load, not a wait for anything
        return taken

    def _ask(self, ended: threading.Event) -> None:
        while not ended.is_set():
            owner = f"usr_{next(self._numbers):026}"
            answer = self._client.post("/v1/contacts", json={"familyName": "New", "ownerId": owner})
            if answer.status_code not in (400, 429, 503, 504):
                self._unexpected.append(answer.text)
            ended.wait(0.25)


def p99_ratio(mesh: RunningMesh, database: str) -> float:
    """p99 of reads while `users` is slow over p99 while it is not, from alternating windows."""
    fast, slow = [], []
    with closing(Load(mesh)) as load:
        load.window()  # connections, caches and compiled statements
        for _ in range(ROUNDS):
            fast += load.window()
            with users_slow(database):
                slow += load.window()
    p99 = [statistics.quantiles(taken, n=100)[-1] for taken in (fast, slow)]
    print(f"\np99 of GetContact: {p99[0] * 1e3:.1f} ms, with users {SLOW_SECONDS:g} s slow {p99[1] * 1e3:.1f} ms")
    return p99[1] / p99[0]


@pytest.mark.shows("seams.bulkhead")
def test_reads_of_contacts_hardly_notice_that_users_is_slow(tmp_path: Path) -> None:
    with postgres_server() as server, running_mesh(tmp_path, DATABASE_URL=server.url("b_{service}")) as mesh:
        assert p99_ratio(mesh, server.url("b_users")) <= 1.5


def test_without_the_bulkhead_they_do(tmp_path: Path) -> None:
    """The planted fault: every thread of `customers` may wait for `users`."""
    fault = planted(tmp_path / "fault", "mesh.runtime.client", "MAX_WAITING = 64")
    settings = {"DATABASE_URL": "", **fault}
    with postgres_server() as server:
        settings["DATABASE_URL"] = server.url("b_{service}")
        with running_mesh(tmp_path / "home", **settings) as mesh:
            assert p99_ratio(mesh, server.url("b_users")) > 5
