"""Real faults in a mesh that runs: one for each check that needs one, and its mending."""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import signal
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from unittest import mock

import services
from mesh.contract.catalog import Catalog, load
from mesh.edge import envoy, transcoder
from mesh.runtime.ports import free_port
from mesh.testing.eventually import eventually
from tests.control.worlds import Sight, touched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mesh.contract.method import MethodContract
    from tests.control.worlds import Running


@contextmanager
def few_files(world: Running) -> Iterator[Sight]:
    pid = world.instance("customers-1").pid
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (512, before[1]))
    try:
        yield world.sight
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


@contextmanager
def another_redis(world: Running) -> Iterator[Sight]:
    """The same Redis, as another shell would name it."""
    url = world.run.redis_url.replace("127.0.0.1", "localhost")
    yield Sight(replace(world.settings, redis_url=url))


@contextmanager
def dead_instance(world: Running) -> Iterator[Sight]:
    gone = replace(world.instance("customers-1"), name="customers-9", pid=2**22 - 1, state="unhealthy")
    with world.told(instances=(*world.run.instances, gone)) as sight:
        yield sight


@contextmanager
def silent_control_plane(world: Running) -> Iterator[Sight]:
    with world.told(metrics_port=free_port()) as sight:
        yield sight


@contextmanager
def stopped_instance(world: Running) -> Iterator[Sight]:
    pid = world.instance("customers-1").pid
    os.kill(pid, signal.SIGSTOP)
    try:
        noticed = lambda: world.instance("customers-1").state == "unhealthy"  # noqa: E731
        eventually(noticed, within=30, of="the control plane notices")
        yield world.sight
    finally:
        os.kill(pid, signal.SIGCONT)
        eventually(lambda: not noticed(), within=30, of="the control plane notices that it is back")


@contextmanager
def everywhere(world: Running) -> Iterator[Sight]:
    pid = world.instance("customers-1").pid
    before = os.sched_getaffinity(pid)
    os.sched_setaffinity(pid, os.sched_getaffinity(0))
    try:
        yield world.sight
    finally:
        os.sched_setaffinity(pid, before)


@contextmanager
def instance_of_newer_code(world: Running) -> Iterator[Sight]:
    file = world.tree / "services" / "users" / "__init__.py"
    before = touched(file)
    _kill(world, "customers-1")
    try:
        yield world.sight
    finally:
        os.utime(file, ns=before)
        _kill(world, "customers-1")


@contextmanager
def newer_code_on_disk(world: Running) -> Iterator[Sight]:
    file = world.tree / "services" / "users" / "__init__.py"
    before = touched(file)
    try:
        with mock.patch.object(services, "__path__", [str(world.tree / "services")]):
            yield world.sight
    finally:
        os.utime(file, ns=before)


@contextmanager
def relay_of_nobody(world: Running) -> Iterator[Sight]:
    """Somebody took the lease while the instance that had it was away."""
    with (world.settings.home / "data" / "customers.db.relay").open("w") as lease:
        pid = world.instance("customers-1").pid
        os.kill(pid, signal.SIGKILL)

        def taken() -> bool:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            return False

        eventually(taken, within=10, of="the lease is free")
        world.again("customers-1", pid)
        yield world.sight
    eventually(lambda: not _relays_lack(world), within=30, of="the relay has its lease again")


@contextmanager
def stopped_edge(world: Running) -> Iterator[Sight]:
    pid = world.instance("edge").pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield world.sight
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def open_administration(world: Running) -> Iterator[Sight]:
    socket = world.settings.home / "run" / "edge" / envoy.ADMIN
    socket.chmod(0o666)
    try:
        yield world.sight
    finally:
        socket.chmod(0o600)


@contextmanager
def newer_contracts(world: Running, change: Callable[[MethodContract], MethodContract | None]) -> Iterator[Sight]:
    """This code's contracts say something else of a method than the mesh that runs was started with."""
    known = load()
    methods = {path: changed for path, method in known.methods.items() if (changed := change(method)) is not None}
    yield replace(world.sight, catalog=Catalog(MappingProxyType(methods), known.resources))


def without_one(method: MethodContract) -> MethodContract | None:
    return None if method.name == "CountContacts" else method


def with_more_time(method: MethodContract) -> MethodContract:
    return replace(method, deadline=method.deadline + 30) if method.name == "GetContact" else method


def with_larger_bodies(method: MethodContract) -> MethodContract:
    return replace(method, largest_body=100 << 20) if method.http_door else method


@contextmanager
def newer_messages(world: Running) -> Iterator[Sight]:
    fewer = {"proto_descriptor_bin": "bmV3"}
    with mock.patch.object(transcoder, "transcoder", return_value=fewer):
        yield world.sight


@contextmanager
def renamed_key(world: Running) -> Iterator[Sight]:
    """The services go on with the key that they hold."""
    ((before,),) = _users(world, "SELECT kid FROM signing_keys")
    _users(world, "UPDATE signing_keys SET kid = 'key_other', create_time = create_time - 60000000")
    try:
        yield world.sight
    finally:
        _users(world, "UPDATE signing_keys SET kid = ?, create_time = create_time + 60000000", before)


def _users(world: Running, statement: str, *values: Any) -> list[Any]:
    with closing(sqlite3.connect(world.settings.home / "data" / "users.db", timeout=5)) as connection, connection:
        return connection.execute(statement, values).fetchall()


def _kill(world: Running, name: str) -> None:
    pid = world.instance(name).pid
    os.kill(pid, signal.SIGKILL)
    world.again(name, pid)
    eventually(lambda: not _relays_lack(world), within=30, of="the relay has its lease again")


def _relays_lack(world: Running) -> bool:
    from mesh.checks.instances import relays

    (found,) = world.sight.look([relays])
    return found.verdict != "ok"
