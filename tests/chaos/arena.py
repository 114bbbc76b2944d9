"""A mesh that is broken on purpose: what it runs on, and how each fault of a schedule is done to it."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import psycopg

from mesh.control import run_file
from mesh.runtime.clock import shared_clock
from mesh.testing.outage import pid_of
from mesh.testing.planted import planted
from mesh.testing.postgres import PostgresServer, postgres_server
from mesh.testing.redis import RedisServer, redis_server
from mesh.testing.running import RunningMesh, running_mesh
from tests.chaos.schedule import Fault, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# All seeds run on one mesh: a program that dies under every seed would soon be waited for longer than a seed takes.
_SOON = ("mesh.control.child", "LONGEST_PAUSE = 0.5")
# What a hash costs who tries passwords is not what companies sign up here for.
_CHEAP = (
    "services.users.service.passwords",
    "_HASHER = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)",
)
_BUSY = 5.0


@dataclass
class Arena:
    """A running mesh and the stores below it, which belong to the test."""

    mesh: RunningMesh
    redis: RedisServer
    postgres: PostgresServer | None
    options: tuple[str, ...]
    _turns: dict[str, threading.Lock] = field(
        default_factory=lambda: {"redis": threading.Lock(), "sql": threading.Lock()}
    )

    def whole(self) -> bool:
        """Whether nothing is broken any more."""
        now = run_file.read(self.mesh.home)
        if now is None or any(each.state not in ("healthy", "serving") for each in now.instances):
            return False
        try:
            return httpx.get(f"{self.mesh.url}/healthz", timeout=_BUSY).is_success
        except httpx.TransportError:
            return False

    def strike(self, step: Step) -> None:
        """Do one step, and undo it where it lasts for a while."""
        deeds: dict[Fault, Callable[[Step], None]] = {
            Fault.KILL: lambda step: self._signal(step.victim, signal.SIGKILL),
            Fault.EDGE: lambda _: self._signal("edge", signal.SIGKILL),
            Fault.FREEZE: self._freeze,
            Fault.REDIS_DOWN: self._redis,
            Fault.REDIS_LOST: self._redis,
            Fault.STORE_SLOW: self._slow,
            Fault.STORE_DOWN: self._store,
            Fault.CLOCK: self._clock,
            Fault.CONTROL: self._control,
            Fault.KEEPER: self._keeper,
        }
        deeds[step.fault](step)

    def play(self, steps: tuple[Step, ...]) -> None:
        """Do all steps, each at its moment, and return when all are undone."""
        began = time.monotonic()
        errors: list[BaseException] = []

        def strike(step: Step) -> None:
            time.sleep(max(0.0, began + step.at - time.monotonic()))  # the schedule, not a wait for the product
            try:
                self.strike(step)
            except Exception as error:  # noqa: BLE001  # raised where the test is
                errors.append(error)

        threads = [threading.Thread(target=strike, args=(step,), name=str(step)) for step in steps]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]

    def _signal(self, name: str, number: signal.Signals) -> int:
        """Send a signal; one that is not there just now has got its share."""
        pid = pid_of(self.mesh, name)
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        return pid

    def _freeze(self, step: Step) -> None:
        pid = self._signal(step.victim, signal.SIGSTOP)
        time.sleep(step.seconds)
        if pid and pid == pid_of(self.mesh, step.victim):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def _redis(self, step: Step) -> None:
        with self._turns["redis"]:
            self.redis.stop()
            if step.fault is Fault.REDIS_LOST:
                self.redis.forget()
            time.sleep(step.seconds)
            self.redis.start()

    def _store(self, step: Step) -> None:
        assert self.postgres is not None
        with self._turns["sql"]:
            self.postgres.stop(how=signal.SIGQUIT)
            time.sleep(step.seconds)
            self.postgres.start()

    def _slow(self, step: Step) -> None:
        with self._turns["sql"], contextlib.ExitStack() as stack:
            if self.postgres is None:
                file = self.mesh.home / "data" / f"{step.victim}.db"
                held = stack.enter_context(contextlib.closing(sqlite3.connect(file, timeout=_BUSY)))
                held.execute("BEGIN IMMEDIATE")
            else:
                url = self.postgres.url(f"rapport_{step.victim}")
                connection = stack.enter_context(psycopg.connect(url))
                connection.execute("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE")
            time.sleep(step.seconds)

    def _clock(self, step: Step) -> None:
        shared_clock(self.mesh.home / "clock").advance(timedelta(seconds=step.seconds))

    def _control(self, _: Step) -> None:
        """The keeper starts another one, which takes over what runs."""
        now = run_file.read(self.mesh.home)
        if now is not None and run_file.runs(now.pid):
            os.kill(now.pid, signal.SIGKILL)

    def _keeper(self, _: Step) -> None:
        pid = run_file.holder(self.mesh.home)
        assert pid
        os.kill(pid, signal.SIGKILL)
        self.mesh.mesh("up", "--no-demo", *self.options, timeout=120)


@contextmanager
def arena(home: Path, *, engine: str, faults: tuple[tuple[str, str], ...] = ()) -> Iterator[Arena]:
    """A mesh with two instances of each of two services. faults: modules and what is planted in them."""
    options = ("customers", "users", "--replicas", "2")
    with ExitStack() as stack:
        settings = {"MESH_PROFILE": "test", **planted(home / "planted", *_SOON, _CHEAP, *faults)}
        redis = stack.enter_context(redis_server())
        postgres = stack.enter_context(postgres_server()) if engine == "postgresql" else None
        if postgres is not None:
            settings["DATABASE_URL"] = postgres.url("rapport_{service}")
        mesh = stack.enter_context(
            running_mesh(home / "mesh", options=("--no-demo", *options), REDIS_URL=redis.url, **settings)
        )
        yield Arena(mesh, redis, postgres, options)
