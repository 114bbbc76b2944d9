"""A backlog of events that is published and handled: calls hardly notice, in processes for both or for calls alone."""

from __future__ import annotations

import statistics
import time
from contextlib import closing
from typing import TYPE_CHECKING

import httpx
import jwt
import pytest
from rapport.mesh.v1 import purge_pb2
from sqlalchemy import bindparam, func, insert, select, update

from mesh.control import run_file
from mesh.events.envelope import stream_of
from mesh.events.redis_connection import RedisConnection
from mesh.runtime.clock import SystemClock
from mesh.runtime.ids import Ids
from mesh.runtime.settings import read_settings
from mesh.store.mesh_tables import outbox
from mesh.store.statement import Statement
from mesh.store.store import Store
from mesh.testing.eventually import eventually
from mesh.testing.keep_alive import HttpClient
from mesh.testing.running import RunningMesh, running_mesh
from services.customers.tables import metadata

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.bench, pytest.mark.timeout(400)]
WINDOW_SECONDS = 3.0
ROUNDS = 3
PACE_SECONDS = 0.01
EVENTS = 100_000
# What processes of their own for calls are held to, and what those for both reach beside neighbours on their core.
SLOWER = {"split": 1.5, "default": 3.0}
_BATCH = 500
_NEVER = 2**62
_KIND = purge_pb2.PurgeDue.DESCRIPTOR.full_name
_COLUMNS = {c.name: bindparam(c.name, type_=c.type) for c in outbox.columns if c.name != "seq"}
_ADD = Statement(insert(outbox).values(_COLUMNS), name="add event")
_RELEASE = Statement(update(outbox).where(outbox.c.due_us == bindparam("kept")).values(due_us=0), name="release events")
_DUE = Statement(
    select(func.count()).select_from(outbox).where(outbox.c.published == 0, outbox.c.name.is_(None)),
    name="count events",
)


class Load:
    """Reads of one contact, timed, and a backlog of events that make their consumer look into its tables."""

    def __init__(self, mesh: RunningMesh) -> None:
        settings = read_settings(mesh.environment)
        run = run_file.read(settings.home)
        assert run is not None
        self._redis = RedisConnection(run.redis_url)
        self._store = Store(settings.database("customers"), service="customers", metadata=metadata)
        self._port, self._token = mesh.port, mesh.token()
        self._tenant = jwt.decode(self._token, options={"verify_signature": False})["tenant"]
        self._ids = Ids(SystemClock())
        headers = {"authorization": f"Bearer {self._token}"}
        made = httpx.post(f"{mesh.url}/v1/contacts", json={"familyName": "Known"}, headers=headers, timeout=30)
        self._path = f"/v1/contacts/{made.raise_for_status().json()['id']}"

    def close(self) -> None:
        """Give up the connections."""
        self._redis.close()
        self._store.close()

    def window(self) -> list[float]:
        """Seconds that each read took."""
        taken = []
        with closing(HttpClient(self._port, self._token)) as reader:
            until = time.monotonic() + WINDOW_SECONDS
            while time.monotonic() < until:
                began = time.monotonic()
                status, body = reader.get(self._path)
                taken.append(time.monotonic() - began)
                assert status == 200, body
                time.sleep(PACE_SECONDS)  # the pace of the load, not a wait for anything
        return taken

    def keep(self) -> None:
        """Write the events, due at no time."""
        data = purge_pb2.PurgeDue(table="idempotency_keys").SerializeToString()
        for _ in range(EVENTS // _BATCH):
            with self._store.transaction(tenant=None, timeout=30) as transaction:
                transaction.write_many(_ADD, [self._row(data) for _ in range(_BATCH)])

    def _row(self, data: bytes) -> dict[str, object]:
        whose = {"event_id": self._ids.new("evt"), "tenant": self._tenant, "aggregate": "idempotency_keys"}
        empty = {"sequence": 0, "actor": "", "trace": "", "name": None, "published": 0, "time_us": 1}
        return {**whose, **empty, "type": _KIND, "data": data, "due_us": _NEVER}

    def release(self) -> None:
        """Let them all be due now."""
        with self._store.transaction(tenant=None, timeout=30) as transaction:
            transaction.write(_RELEASE, kept=_NEVER)

    def left(self) -> int:
        """How many of them nobody has handled yet."""
        ((unpublished,),) = self._store.read(_DUE, tenant=None, timeout=30)
        groups = self._redis.call("XINFO", "GROUPS", stream_of("customers"))
        told = [dict(zip(group[::2], group[1::2], strict=True)) for group in groups]
        own = next(each for each in told if each[b"name"] == b"customers")
        return int(unpublished) + int(own[b"lag"] or 0) + int(own[b"pending"])


@pytest.mark.parametrize("form", ["default", "split"])
def test_calls_hardly_notice_a_backlog_of_events(tmp_path: Path, form: str) -> None:
    options = ("--roles", "split") if form == "split" else ()
    with running_mesh(tmp_path, options=options) as mesh, closing(Load(mesh)) as load:
        eventually(lambda: load.left() == 0, within=60, of="the end of what is there")
        load.window()  # connections, caches and compiled statements
        idle, busy = [], []
        for _ in range(ROUNDS):
            load.keep()
            idle += load.window()
            load.release()
            busy += load.window()
            assert load.left() > 0, "the backlog has ended before the window"
            eventually(lambda: load.left() == 0, within=120, of="the end of the backlog")
        p99 = [statistics.quantiles(taken, n=100)[-1] for taken in (idle, busy)]
        print(f"\np99 of GetContact: {p99[0] * 1e3:.1f} ms, with a backlog {p99[1] * 1e3:.1f} ms")
        assert p99[1] <= SLOWER[form] * p99[0]
