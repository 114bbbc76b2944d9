"""The SQLite engine: one file in WAL mode, statements on pooled DBAPI connections.

Owns pragmas, the order of writers, deadlines and the words for SQLite's errors. It knows no tenants: the one fence here
is the guard that every Statement has passed.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from sqlalchemy import URL

from mesh.store.compiled import Compiled, Params
from mesh.store.engine import Deferred, Row
from mesh.store.errors import Busy, CheckViolation, ForeignKeyViolation, StoreError, Timeout, Unavailable
from mesh.store.keys import Keys, unique_violation
from mesh.store.lease import FileLease
from mesh.store.pool import Pool
from mesh.store.statement import Statement

_INSTRUCTIONS_PER_LOOK = 20_000
"""Virtual machine steps between two looks at the deadline: about a millisecond; a Get takes fewer than a hundred."""
_WAL_LIMIT_BYTES = 64 << 20
_LOOK_MS = 1
"""Between two looks at what another process holds, as the write lock. SQLite alone sleeps longer each time, up to 100
ms, while it is free: of three processes of four writers each, p99 of the wait was 78-105 ms, and 26-35 ms with this."""


class _Connection:
    """A DBAPI connection and the deadline of the call that uses it."""

    __slots__ = ("deadline", "raw")

    def __init__(self, raw: sqlite3.Connection) -> None:
        self.raw = raw
        self.deadline = 0.0
        raw.set_progress_handler(self._expired, _INSTRUCTIONS_PER_LOOK)

    def _expired(self) -> bool:
        return time.monotonic() > self.deadline

    def execute(self, sql: str, values: tuple[Any, ...], deadline: float) -> sqlite3.Cursor:
        """Run a statement that other processes may keep waiting, as soon as they do not; `deadline` is for all of it.

        Raises:
            Timeout: there is no time left.
            sqlite3.Error: they did for all of that, or something else is wrong.
        """
        if deadline <= time.monotonic():
            raise Timeout("no time left")
        self.deadline = deadline
        while True:
            try:
                return self.raw.execute(sql, values)
            except sqlite3.OperationalError as error:
                # The kinds of a code are in its upper bits.
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or self._expired():
                    raise


class SqliteEngine:
    """See mesh.store.engine.Engine. ``url`` may carry ``?synchronous=NORMAL|FULL`` (FULL: acknowledged = on disk)."""

    dialect: Literal["sqlite"] = "sqlite"

    def __init__(self, url: URL, *, keys: Keys, pool_size: int) -> None:
        self.keys = keys
        self.writer = threading.Lock()
        """Writers of this process queue here: SQLite's own busy handler sleeps and is unfair."""
        self.path, self._synchronous = database_file(url), _synchronous(url)
        self.pool: Pool[_Connection] = Pool(
            pool_size,
            connect=self._connect,
            usable=lambda connection: True,
            close=lambda connection: connection.raw.close(),
        )

    def read(self, statement: Statement, tenant: str, params: Params, deadline: float) -> list[Row]:
        """Never waits for a writer: WAL readers see the last commit."""
        form = statement.compiled("sqlite")
        values = form.pack(params)
        connection = self.pool.acquire(deadline)
        try:
            rows = connection.execute(form.sql, values, deadline).fetchall()
        except sqlite3.Error as error:
            raise translated(error, self.keys) from error
        finally:
            self.pool.release(connection)
        return rows if form.unpack is None else list(map(form.unpack, rows))

    def session(self, deadline: float) -> "SqliteSession":
        """No lock is taken before the first statement."""
        return SqliteSession(self, deadline)

    def lease(self, name: str) -> FileLease:
        """See mesh.store.lease."""
        return FileLease(self.path.with_name(f"{self.path.name}.{name}"))

    def ping(self, deadline: float) -> None:
        """Open the file anew and read its schema: connections that are open do not notice that a file is gone."""
        self.pool.check_open()
        connection = self._connect(deadline)
        try:
            connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1", (), deadline).fetchall()
        except sqlite3.Error as error:
            raise translated(error, self.keys) from error
        finally:
            connection.raw.close()

    def forget_idle(self) -> None:
        """See the pool."""
        self.pool.forget_idle()

    def close(self) -> None:
        """See the pool."""
        self.pool.close()

    def _connect(self, deadline: float) -> _Connection:
        try:
            raw = sqlite3.connect(
                f"file:{quote(str(self.path))}?mode=rw",
                uri=True,
                isolation_level=None,
                cached_statements=256,
                check_same_thread=False,
            )
            try:
                raw.execute(f"PRAGMA synchronous = {self._synchronous}")
                raw.execute("PRAGMA foreign_keys = ON")
                raw.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES}")
                raw.execute(f"PRAGMA busy_timeout = {_LOOK_MS}")
                return _Connection(raw)
            except BaseException:
                raw.close()
                raise
        except sqlite3.Error as error:
            raise translated(error, self.keys) from error


class SqliteSession:
    """See mesh.store.engine.Session: BEGIN IMMEDIATE at the first statement, in the order of this process's writers."""

    def __init__(self, engine: SqliteEngine, deadline: float) -> None:
        self._engine = engine
        self._deadline = deadline
        self._connection: _Connection | None = None

    def read(self, statement: Statement, tenant: str, params: Params) -> list[Row]:
        """The first statement takes the write lock, so what it reads stays true."""
        form = statement.compiled("sqlite")
        rows: list[Row] = self._execute(form, params).fetchall()
        return rows if form.unpack is None else list(map(form.unpack, rows))

    def write(self, statement: Statement, tenant: str, params: Params) -> int:
        """Like read()."""
        return self._execute(statement.compiled("sqlite"), params).rowcount

    def write_many(self, statement: Statement, tenant: str, rows: Sequence[Params]) -> int:
        """One prepared statement over all rows."""
        if len(rows) == 1:
            return self.write(statement, tenant, rows[0])
        form = statement.compiled("sqlite")
        values = [form.pack(row) for row in rows]
        connection = self._begun()
        try:
            with closing(connection.raw.executemany(form.sql, values)) as cursor:
                return cursor.rowcount
        except sqlite3.Error as error:
            raise translated(error, self._engine.keys) from error

    def commit(self, deferred: Sequence[Deferred], check: Callable[[], None]) -> None:
        """Under ``synchronous=FULL`` the rows are on disk when it returns."""
        for statement, alike in groupby(deferred, key=attrgetter("statement")):
            self.write_many(statement, "", [each.params for each in alike])
        check()
        connection = self._connection
        if connection is not None:
            try:
                connection.raw.execute("COMMIT")
            except sqlite3.Error as error:
                raise translated(error, self._engine.keys) from error
            self._leave(connection)

    def rollback(self) -> None:
        """Gives the write lock to the next one."""
        connection = self._connection
        if connection is None:
            return
        try:
            if connection.raw.in_transaction:
                connection.raw.execute("ROLLBACK")
        except sqlite3.Error:
            self._connection = None
            self._engine.pool.discard(connection)
            self._engine.writer.release()
        else:
            self._leave(connection)

    def _execute(self, form: Compiled, params: Params) -> sqlite3.Cursor:
        values = form.pack(params)
        connection = self._begun()
        try:
            return connection.raw.execute(form.sql, values)
        except sqlite3.Error as error:
            raise translated(error, self._engine.keys) from error

    def _begun(self) -> _Connection:
        connection = self._connection
        if connection is not None:
            if time.monotonic() > self._deadline:
                raise Timeout("no time left")
            return connection
        if not self._engine.writer.acquire(timeout=max(0.0, self._deadline - time.monotonic())):
            raise Busy("other writers took all the time")
        try:
            connection = self._engine.pool.acquire(self._deadline)
            try:
                connection.execute("BEGIN IMMEDIATE", (), self._deadline)
            except BaseException as error:
                self._engine.pool.release(connection)
                if isinstance(error, sqlite3.Error):
                    raise translated(error, self._engine.keys) from error
                raise
        except BaseException:
            self._engine.writer.release()
            raise
        self._connection = connection
        return connection

    def _leave(self, connection: _Connection) -> None:
        self._connection = None
        self._engine.pool.release(connection)
        self._engine.writer.release()


def database_file(url: URL) -> Path:
    """The file that ``sqlite:///path`` names. A database in memory would be another one for every connection."""
    if not url.database or url.database == ":memory:":
        raise ValueError("the store needs a SQLite file")
    return Path(url.database)


def _synchronous(url: URL) -> str:
    mode = str(url.query.get("synchronous", "NORMAL")).upper()
    if mode not in ("NORMAL", "FULL") or set(url.query) - {"synchronous"}:
        raise ValueError("a SQLite URL takes synchronous=NORMAL or synchronous=FULL and nothing else")
    return mode


def translated(error: sqlite3.Error, keys: Keys) -> StoreError:
    """The store's error for one of SQLite's."""
    code = getattr(error, "sqlite_errorname", "")
    if code in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID"):
        return _unique(str(error), keys)
    if code == "SQLITE_CONSTRAINT_FOREIGNKEY":
        return ForeignKeyViolation("a row refers to one that is missing, or is referred to")
    if code in ("SQLITE_CONSTRAINT_CHECK", "SQLITE_CONSTRAINT_NOTNULL"):
        return CheckViolation(str(error).partition(": ")[2])
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Busy("another writer holds the database")
    if code.startswith("SQLITE_INTERRUPT"):
        return Timeout("the statement ran into its deadline")
    if code.startswith(
        ("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_FULL", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_READONLY")
    ):
        return Unavailable("the database file cannot be used")
    return StoreError("the statement failed")


def _unique(text: str, keys: Keys) -> StoreError:
    """From "UNIQUE constraint failed: t.a, t.b", or "... failed: index 'name'" for a key with an expression."""
    failed = text.partition(": ")[2]
    if failed.startswith("index "):
        table, columns = keys.get(failed[len("index ") :].strip("'"), ("", ()))
        return unique_violation(table, columns)
    pairs = [each.split(".", 1) for each in failed.split(", ")]
    return unique_violation(pairs[0][0], (column for _, column in pairs))
