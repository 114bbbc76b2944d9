"""Bringing a database to this code's schema: the mesh's tables, the service's tables, the tenancy fences.

Owns revisions, who may migrate when several processes start at once, and that a script takes effect as a whole.
Scripts are ordinary alembic files named by revision, ``NNNN_what.py``; alembic is imported only when one has to run.
"""

import fcntl
import importlib.util
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, MetaData, NullPool, Row, column, create_engine, inspect, select, table
from sqlalchemy.exc import SQLAlchemyError

from mesh.store.errors import StoreError
from mesh.store.sqlite import database_file

_SCRIPT = re.compile(r"(\d{4})_\w+\.py")
_TABLE = re.compile(r"op\.(?:(?:create|drop)_table|add_column|batch_alter_table)\(\s*\"(\w+)\"")


@dataclass(frozen=True, slots=True)
class Branch:
    """A linear row of scripts and the table that tells how far a database has come."""

    version_table: str
    folder: Path
    head: int


@dataclass(frozen=True, slots=True)
class Step:
    """A script that has not run: its revision, and the tables that it makes or changes, as its text names them."""

    revision: str
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a database has come on a branch, and the scripts between there and this code."""

    branch: str
    found: int
    head: int
    steps: tuple[Step, ...]


def standings(url: URL, *, service: str) -> list[Standing]:
    """How far a database has come; one that is not there yet is not made. Raises StoreError when it does not answer."""
    branches = _branches(service, None)
    if url.get_backend_name() == "sqlite" and not database_file(url).exists():
        return [_standing(branch, 0) for branch in branches]
    from mesh.store import roles

    if url.get_backend_name() == "postgresql" and not roles.database_exists(url):
        return [_standing(branch, 0) for branch in branches]
    driven = url.set(query={}) if url.get_backend_name() == "sqlite" else url.set(drivername="postgresql+psycopg")
    try:
        with create_engine(driven, poolclass=NullPool).connect() as connection:
            return standings_of(connection, service)
    except SQLAlchemyError as error:
        raise StoreError("the database does not answer") from error


def standings_of(connection: Connection, service: str) -> list[Standing]:
    """The same over a connection that is open."""
    return [_standing(branch, _version(connection, branch.version_table)) for branch in _branches(service, None)]


def _standing(branch: Branch, found: int) -> Standing:
    scripts = sorted(
        (int(match[1]), path) for path in branch.folder.glob("*.py") if (match := _SCRIPT.fullmatch(path.name))
    )
    steps = tuple(Step(path.stem, _tables_of(path)) for revision, path in scripts if revision > found)
    return Standing(branch.version_table.removesuffix("_version"), found, branch.head, steps)


def _tables_of(script: Path) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_TABLE.findall(script.read_text(encoding="utf-8"))))


def migrate(url: URL, *, service: str, metadata: MetaData, folder: Path | None) -> None:
    """See Store.migrate()."""
    branches = _branches(service, folder)
    try:
        if url.get_backend_name() == "sqlite":
            _migrate_sqlite(url, branches)
        else:
            _migrate_postgres(url, service, metadata, branches)
    except SQLAlchemyError as error:
        raise StoreError("a migration failed") from error


def fence(url: URL, *, service: str, metadata: MetaData) -> None:
    """See Store.fence()."""
    from mesh.store import roles

    try:
        with roles.owner_connection(url) as connection, connection.begin():
            roles.wait_for_turn(connection, service)
            roles.apply_fences(connection, metadata, ())
    except SQLAlchemyError as error:
        raise StoreError("the fences could not be put up") from error


def heads(service: str) -> dict[str, int]:
    """The revisions that this code brings a service's database to, by table of versions."""
    return {branch.version_table: branch.head for branch in _branches(service, None)}


def migrate_to(connection: Connection, service: str, revisions: Mapping[str, int]) -> None:
    """Run the scripts up to these revisions in the transaction of a connection; no fence is put up."""
    for branch in _branches(service, None):
        if branch.version_table in revisions:
            _run(connection, branch, revisions[branch.version_table])


def _branches(service: str, folder: Path | None) -> list[Branch]:
    branches = [_branch("mesh_version", Path(__file__).parent / "migrations")]
    folder = folder or _service_folder(service)
    return branches if folder is None else [*branches, _branch("service_version", folder)]


def _branch(version_table: str, folder: Path) -> Branch:
    found = [int(match[1]) for match in (_SCRIPT.fullmatch(path.name) for path in folder.glob("*.py")) if match]
    return Branch(version_table, folder, max(found, default=0))


def _service_folder(service: str) -> Path | None:
    try:
        spec = importlib.util.find_spec(f"services.{service}.migrations")
    except ModuleNotFoundError:
        return None
    locations = list(spec.submodule_search_locations or ()) if spec is not None else []
    return Path(locations[0]) if locations else None


def _migrate_sqlite(url: URL, branches: Sequence[Branch]) -> None:
    path = database_file(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url.set(query={}), isolation_level="AUTOCOMMIT", poolclass=NullPool, connect_args={"timeout": 60.0}
    )
    with engine.connect() as connection:
        if path.exists() and path.stat().st_size and not _behind(connection, branches):
            return
    with _file_lock(path.with_name(path.name + ".migrate")), engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection.exec_driver_sql(
            "BEGIN IMMEDIATE"
        )  # foreign keys stay off: a batch rebuild of a parent must not cascade
        try:
            for branch in _behind(connection, branches):
                _run(connection, branch)
            _check_references(connection)
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise


def _check_references(connection: Connection) -> None:
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise StoreError("a migration left rows that refer to nothing")


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate_postgres(url: URL, service: str, metadata: MetaData, branches: Sequence[Branch]) -> None:
    from mesh.store import roles

    with roles.owner_connection(url) as connection:
        if not _behind(connection, branches):
            return
        connection.rollback()
        with connection.begin():
            roles.wait_for_turn(connection, service)
            behind = _behind(connection, branches)
            if behind:
                lifted = roles.lift_fences(connection)
                for branch in behind:
                    _run(connection, branch)
                roles.apply_fences(connection, metadata, lifted)


def _behind(connection: Connection, branches: Sequence[Branch]) -> list[Branch]:
    behind = []
    for branch in branches:
        version = _version(connection, branch.version_table)
        if version > branch.head + 1:
            raise StoreError(f"the database is {version - branch.head} revisions ahead of this code")
        if version < branch.head:
            behind.append(branch)
    return behind


def _version(connection: Connection, version_table: str) -> int:
    if not inspect(connection).has_table(version_table):
        return 0
    row: Row[Any] | None = connection.execute(select(column("version_num")).select_from(table(version_table))).first()
    return int(row[0]) if row is not None else 0


def _run(connection: Connection, branch: Branch, upto: int = 0) -> None:
    """Bring a branch to a revision, or to its head."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(branch.folder))
    config.set_main_option("version_locations", str(branch.folder))
    config.set_main_option("path_separator", "newline")
    scripts = ScriptDirectory.from_config(config)
    if scripts.get_heads() != [f"{branch.head:04}"]:
        raise StoreError(f"the scripts of {branch.version_table} are not one line that ends at {branch.head:04}")

    def upgrades(revision: Any, _: Any) -> Any:
        return scripts._upgrade_revs(f"{upto:04}" if upto else "head", revision)  # noqa: SLF001 - alembic documents this call for code without env.py

    with EnvironmentContext(config, scripts, fn=upgrades) as environment:
        environment.configure(connection=connection, version_table=branch.version_table)
        environment.run_migrations()
