"""What faults are planted into: a mesh that runs, one at rest on SQLite beside a Redis, one at rest on PostgreSQL."""

from __future__ import annotations

import importlib
import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from mesh.checks.check import results
from mesh.checks.registry import all_checks
from mesh.checks.view import View
from mesh.contract.catalog import all_services
from mesh.control import run_file
from mesh.control.certificates import CONTROL, EDGE, OPERATOR, Authority, Identity
from mesh.runtime.clock import SystemClock
from mesh.runtime.settings import Settings, read_settings
from mesh.store.store import Store
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mesh.checks.check import Check, Result
    from mesh.contract.catalog import Catalog
    from mesh.events.redis_connection import RedisConnection
    from mesh.runtime.clock import Clock
    from mesh.testing.postgres import PostgresServer
    from mesh.testing.redis import RedisServer
    from mesh.testing.running import RunningMesh

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Sight:
    """A mesh as a command would see it: the settings it has, and what a fault puts in the place of the rest."""

    settings: Settings
    clock: Clock = SystemClock()  # noqa: RUF009  # it has no state
    unread: Mapping[str, str] | None = None
    catalog: Catalog | None = None

    def look(self, checks: Iterable[Check]) -> list[Result]:
        with View(self.settings, self.clock, self.unread or {}) as view:
            if self.catalog is not None:
                catalog = self.catalog
                view._once("catalog", lambda: catalog)
            return list(results(checks, view))

    def failed(self, checks: Iterable[Check] | None = None) -> dict[str, Result]:
        found = self.look(all_checks() if checks is None else checks)
        return {each.name: each for each in found if each.verdict == "failed"}


def settled(home: Path, **variables: str) -> Settings:
    """The settings of a mesh in a home, with certificates, and with databases at head."""
    home.mkdir(parents=True, exist_ok=True)
    settings = read_settings({"MESH_HOME": str(home), **variables})
    authority(settings).renew(identities())
    for service in all_services():
        metadata = importlib.import_module(f"services.{service}.tables").metadata
        store = Store(settings.database(service), service=service, metadata=metadata, pool_size=1)
        store.migrate()
        store.close()
    return settings


def identities() -> tuple[Identity, ...]:
    return (CONTROL, EDGE, OPERATOR, *map(Identity, all_services()))


def authority(settings: Settings) -> Authority:
    return Authority(settings.home / "certs", settings.trust_domain, SystemClock())


class Resting:
    """A mesh that does not run, with real files and a real Redis of its own."""

    def __init__(self, home: Path, redis: RedisServer) -> None:
        self.redis_server = redis
        self.settings = settled(home, REDIS_URL=redis.url)
        folder = home / "secrets"
        folder.mkdir(mode=0o700)
        (folder / "root.key").touch(mode=0o600)
        (folder / "root.key").write_text(bytes(range(32)).hex())
        key = {"slot": 1, "kid": "key_1", "public": b"p", "sealed_private": b"s", "create_time": self.now_us}
        self.insert("users", "signing_keys", **key)

    @property
    def now_us(self) -> int:
        return SystemClock().now_us()

    @property
    def sight(self) -> Sight:
        return Sight(self.settings)

    def changed(self, **settings: Any) -> Sight:
        return Sight(replace(self.settings, **settings))

    def file(self, service: str) -> Path:
        return self.settings.home / "data" / f"{service}.db"

    def sql(self, service: str, statement: str, *values: Any) -> list[Any]:
        with closing(sqlite3.connect(self.file(service), timeout=5)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def insert(self, service: str, table: str, **row: Any) -> None:
        marks = ", ".join("?" * len(row))
        self.sql(service, f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", *row.values())

    @contextmanager
    def row(self, service: str, table: str, **row: Any) -> Iterator[Sight]:
        """A row more, of which every other column is empty or 0."""
        kinds = self.sql(service, f"SELECT name, type FROM pragma_table_info('{table}')")
        blank = {"BLOB": b"", "TEXT": ""}
        self.insert(service, table, **{**{n: blank.get(k, 0) for n, k in kinds if n not in ("seq", "name")}, **row})
        try:
            yield self.sight
        finally:
            self.sql(service, f"DELETE FROM {table}")

    @contextmanager
    def redis(self) -> Iterator[RedisConnection]:
        connection = self.redis_server.connection()
        try:
            yield connection
        finally:
            connection.call("FLUSHALL")
            connection.close()


class OnPostgres:
    """Databases of a mesh in a real PostgreSQL; no mesh runs."""

    def __init__(self, home: Path, server: PostgresServer) -> None:
        self.server = server
        self.settings = settled(home, DATABASE_URL=server.url("checks_{service}"))
        self.sql("customers", "INSERT INTO custom_versions (tenant_id, resource, version) VALUES ('ten_1', 'x', 1)")

    @property
    def sight(self) -> Sight:
        return Sight(self.settings)

    def sql(self, service: str, statement: str) -> None:
        with psycopg.connect(self.server.url(f"checks_{service}"), autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def altered(self, service: str, fault: str, mended: str) -> Iterator[Sight]:
        self.sql(service, fault)
        try:
            yield self.sight
        finally:
            self.sql(service, mended)


class Running:
    """A mesh that runs; `tree` is the code that its instances run, a copy that may be touched."""

    def __init__(self, mesh: RunningMesh, tree: Path) -> None:
        self.mesh, self.tree = mesh, tree
        self.settings = read_settings(dict(mesh.environment))

    @property
    def sight(self) -> Sight:
        return Sight(self.settings)

    @property
    def run(self) -> run_file.Run:
        found = run_file.read(self.settings.home)
        assert found is not None
        return found

    def instance(self, name: str) -> run_file.Instance:
        return next(each for each in self.run.instances if each.name == name)

    @contextmanager
    def told(self, **changes: Any) -> Iterator[Sight]:
        """The run file says something else."""
        before = self.run
        replace(before, **changes).write(self.settings.home)
        try:
            yield self.sight
        finally:
            before.write(self.settings.home)

    def told_of(self, name: str, **changes: Any) -> Any:
        """The run file says something else of an instance."""
        return self.told(instances=tuple(replace(i, **changes) if i.name == name else i for i in self.run.instances))

    def again(self, name: str, pid: int) -> None:
        """Wait until another process than this one has taken an instance's place, and all is well."""

        def there() -> bool:
            now = self.instance(name)
            return now.pid not in (0, pid) and now.state == "healthy"

        eventually(there, within=60, of=f"{name} is back")


def copied_code(folder: Path) -> Path:
    """The product's code, with the times it has."""
    for part in ("mesh", "services", "gen"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def touched(file: Path) -> tuple[int, int]:
    """Make a file a second younger; its times before, for os.utime."""
    now = file.stat()
    os.utime(file, ns=(now.st_atime_ns, now.st_mtime_ns + 1_000_000_000))
    return now.st_atime_ns, now.st_mtime_ns
