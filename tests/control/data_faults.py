"""Real faults in the databases, in Redis and in the clocks of a mesh at rest, and their mending."""

from __future__ import annotations

import os
import sqlite3
import struct
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING
from unittest import mock

from mesh.events import embedded_redis
from mesh.events.envelope import stream_of
from mesh.runtime.clock import shared_clock
from mesh.runtime.ports import free_port
from mesh.store import statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.control.worlds import OnPostgres, Resting, Sight

LONG_AGO_US = 3_600_000_000


@contextmanager
def lost_database(world: Resting) -> Iterator[Sight]:
    aside = world.file("users").with_name("aside.db")
    world.file("users").rename(aside)
    try:
        yield world.sight
    finally:
        aside.rename(world.file("users"))


@contextmanager
def at_revision(world: Resting, revision: str) -> Iterator[Sight]:
    ((before,),) = world.sql("users", "SELECT version_num FROM mesh_version")
    world.sql("users", "UPDATE mesh_version SET version_num = ?", revision)
    try:
        yield world.sight
    finally:
        world.sql("users", "UPDATE mesh_version SET version_num = ?", before)


@contextmanager
def lost_index(world: Resting) -> Iterator[Sight]:
    ((made,),) = world.sql("users", "SELECT sql FROM sqlite_schema WHERE name = 'outbox_due'")
    world.sql("users", "DROP INDEX outbox_due")
    try:
        yield world.sight
    finally:
        world.sql("users", made)


@contextmanager
def broken_page(world: Resting) -> Iterator[Sight]:
    """The page of an index says that it holds another kind of thing."""
    ((root,),) = world.sql(
        "customers", "SELECT rootpage FROM sqlite_schema WHERE name = 'contact_hooks_by_create_time'"
    )
    world.sql("customers", "PRAGMA wal_checkpoint(TRUNCATE)")
    ((size,),) = world.sql("customers", "PRAGMA page_size")
    with world.file("customers").open("r+b") as file:
        file.seek((root - 1) * size)
        before = file.read(size)
        file.seek((root - 1) * size)
        file.write(struct.pack(">B", 99) + before[1:])
    try:
        yield world.sight
    finally:
        with world.file("customers").open("r+b") as file:
            file.seek((root - 1) * size)
            file.write(before)


@contextmanager
def journal(world: Resting) -> Iterator[Sight]:
    world.sql("users", "PRAGMA journal_mode = DELETE")
    try:
        yield world.sight
    finally:
        world.sql("users", "PRAGMA journal_mode = WAL")


@contextmanager
def grown_log(world: Resting) -> Iterator[Sight]:
    """Somebody reads on and on, and the log behind them has grown."""
    with closing(sqlite3.connect(world.file("users"), isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM tenants").fetchall()
        world.sql("users", "UPDATE signing_keys SET slot = slot")
        os.truncate(world.file("users").with_name("users.db-wal"), 300 << 20)
        yield world.sight


@contextmanager
def busy_writer(world: Resting) -> Iterator[Sight]:
    with closing(sqlite3.connect(world.file("users"), isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        yield world.sight


@contextmanager
def no_room_for_files(world: Resting, tmp: Path) -> Iterator[Sight]:
    (tmp / "file").touch()
    yield world.changed(blobs_url=f"file://{tmp}/file/blobs")


@contextmanager
def lost_guard(world: Resting) -> Iterator[Sight]:
    with mock.patch.object(statement, "check_fence", return_value=True):
        yield world.sight


@contextmanager
def redis_with(world: Resting, setting: str, fault: str, mended: str) -> Iterator[Sight]:
    with world.redis() as redis:
        redis.call("CONFIG", "SET", setting, fault)
        try:
            yield world.sight
        finally:
            redis.call("CONFIG", "SET", setting, mended)


@contextmanager
def old_redis(world: Resting) -> Iterator[Sight]:
    with mock.patch.object(embedded_redis, "OLDEST", 99):
        yield world.sight


@contextmanager
def no_redis(world: Resting) -> Iterator[Sight]:
    yield world.changed(redis_url=f"redis://127.0.0.1:{free_port()}/0")


@contextmanager
def stream(world: Resting, *commands: tuple[str, ...]) -> Iterator[Sight]:
    """An event of 1970 in the stream of `users`, and what was done with it."""
    with world.redis() as redis:
        for command in (("XADD", stream_of("users"), "1-1", "x", "y"), *commands):
            redis.call(*command)
        yield world.sight


@contextmanager
def moved_clock(world: Resting) -> Iterator[Sight]:
    shared_clock(world.settings.clock_file).advance(timedelta(days=3))
    try:
        yield world.sight
    finally:
        world.settings.clock_file.unlink()


@contextmanager
def wrong_clock(world: Resting) -> Iterator[Sight]:
    slow = SimpleNamespace(now_us=lambda: world.now_us - 40_000_000)
    yield replace(world.sight, clock=slow)


@contextmanager
def old_signing_key(world: Resting) -> Iterator[Sight]:
    world.sql("users", "UPDATE signing_keys SET create_time = ?", world.now_us - 24 * 60 * LONG_AGO_US)
    try:
        yield world.sight
    finally:
        world.sql("users", "UPDATE signing_keys SET create_time = ?", world.now_us)


@contextmanager
def few_connections(world: OnPostgres) -> Iterator[Sight]:
    limit = "ALTER DATABASE checks_users CONNECTION LIMIT"
    with world.altered("users", f"{limit} 2", f"{limit} -1") as sight:
        yield sight
