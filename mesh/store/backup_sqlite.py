"""Backing up and restoring a SQLite file: by SQLite's own backup, in one read transaction, and by renaming files."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import NullPool, create_engine

from mesh.store.backup import VERSIONS, Saved
from mesh.store.errors import StoreError
from mesh.store.migrate import migrate
from mesh.store.sqlite import database_file, translated

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL, Connection, MetaData

_PAUSE_SECONDS = 1.0
_SIDES = ("-wal", "-shm")


class SqliteSource:
    """See mesh.store.backup.Source. The read transaction pins its moment: writers go on in the log behind it."""

    def __init__(self, url: URL, service: str) -> None:
        self._service = service
        path = database_file(url)
        try:
            self._writer, self._reader = _opened(path), _opened(path)
            self._reader.execute("PRAGMA query_only = ON")
        except sqlite3.Error as error:
            raise translated(error, {}) from error

    def pause(self) -> None:
        """See Source: one writer at a time may write, and that is this one."""
        self._run(self._writer, "BEGIN IMMEDIATE")

    def pin(self) -> None:
        """See Source."""
        self._run(self._reader, "BEGIN", "SELECT 1 FROM sqlite_schema LIMIT 1")

    def resume(self) -> None:
        """See Source."""
        with suppress(sqlite3.Error):
            self._writer.rollback()

    def save(self, folder: Path) -> Saved:
        """See Source. The copy is read once through before it counts as one."""
        path = folder / f"{self._service}.db"
        try:
            with closing(sqlite3.connect(path)) as copy:
                self._reader.backup(copy)
            return _checked(path)
        except sqlite3.Error as error:
            raise translated(error, {}) from error

    def close(self) -> None:
        """See Source."""
        self._writer.close()
        self._reader.close()

    def _run(self, connection: sqlite3.Connection, *statements: str) -> None:
        try:
            for statement in statements:
                connection.execute(statement).fetchall()
        except sqlite3.Error as error:
            raise translated(error, {}) from error


class SqliteTarget:
    """See mesh.store.backup.Target: a file with the ending `.restoring`, renamed over the old one."""

    connection: Connection

    def __init__(self, url: URL, service: str, metadata: MetaData) -> None:
        self._service, self._metadata = service, metadata
        self._live = database_file(url)
        self._live.parent.mkdir(parents=True, exist_ok=True)
        self._made = self._live.with_name(f"{self._live.name}.restoring")
        self._old = self._live.with_name(f"{self._live.name}.replaced")
        self._first = not self._live.exists()
        _remove(self._made)
        self._url = url.set(database=str(self._made), query={})
        self._engine = create_engine(self._url, poolclass=NullPool)

    def load(self, folder: Path, saved: Saved) -> None:
        """See Target."""
        shutil.copyfile(folder / f"{self._service}.db", self._made)
        self._made.chmod(0o600)
        migrate(self._url, service=self._service, metadata=self._metadata, folder=None)
        self.connection = self._engine.connect()

    def keep(self) -> None:
        """See Target."""
        if self._live.exists():
            with closing(_opened(self._live)) as live, closing(sqlite3.connect(self._made)) as copy:
                live.backup(copy)
        migrate(self._url, service=self._service, metadata=self._metadata, folder=None)
        self.connection = self._engine.connect()

    def prepare(self) -> None:
        """See Target. What the logs beside both files hold is in the files afterwards."""
        self.connection.commit()
        self.connection.close()
        for path in (self._made, self._live):
            if path.exists():
                _put_log_away(path)

    def swap(self) -> None:
        """See Target."""
        if self._live.exists():
            self._live.replace(self._old)
        self._made.replace(self._live)

    def undo(self) -> bool:
        """See Target."""
        if self._old.exists():
            self._old.replace(self._live)
        elif self._first:
            self._live.unlink(missing_ok=True)
        return True

    def close(self) -> None:
        """See Target."""
        if hasattr(self, "connection"):
            self.connection.close()
        self._engine.dispose()
        _remove(self._made)
        self._old.unlink(missing_ok=True)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, isolation_level=None, timeout=_PAUSE_SECONDS)


def _checked(path: Path) -> Saved:
    """What a copy holds. Raises StoreError for one that SQLite does not find whole."""
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)) as copy:
        if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise StoreError("the copy of a database is not whole")
        listed = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        tables = [name for (name,) in copy.execute(listed)]
        rows = {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608
        revisions = {
            name: int(copy.execute(f"SELECT version_num FROM {name}").fetchone()[0])  # noqa: S608 - constants
            for name in VERSIONS
            if name in tables
        }
    return Saved(revisions=revisions, rows={name: n for name, n in rows.items() if name not in VERSIONS})


def _put_log_away(path: Path) -> None:
    """Let the file alone hold everything. A log that is left beside another file would be taken for that file's."""
    with closing(sqlite3.connect(path, timeout=_PAUSE_SECONDS)) as connection:
        if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            raise StoreError("the database is in use")
    for side in _SIDES:
        path.with_name(path.name + side).unlink(missing_ok=True)


def _remove(path: Path) -> None:
    for ending in ("", *_SIDES, ".migrate"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
