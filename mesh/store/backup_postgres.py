"""Backing up and restoring a PostgreSQL database: COPY in one repeatable read, and one transaction that replaces all.

Tables are copied as text, which every release of PostgreSQL reads. Restoring drops the tables, makes them as they were
at the archive's revisions, fills them and brings them to this code's schema: all in the one transaction of swap().
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import errors, sql
from sqlalchemy.exc import DBAPIError

from mesh.store import roles
from mesh.store.backup import VERSIONS, Saved
from mesh.store.errors import Busy, StoreError, Unavailable
from mesh.store.migrate import heads, migrate_to

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL, Connection, MetaData

_PAUSE = "1s"
_TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY relname"""
_COLUMNS = """
SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(quote_ident(%s)) AND attnum > 0 AND NOT attisdropped
AND attgenerated = '' ORDER BY attnum"""
_NUMBERED = """
SELECT t.relname, a.attname, pg_get_serial_sequence(quote_ident(t.relname), a.attname)
FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
AND pg_get_serial_sequence(quote_ident(t.relname), a.attname) IS NOT NULL"""
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_SEES_ALL = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


class PostgresSource:
    """See mesh.store.backup.Source. Whoever publishes an event writes a row of `outbox`: that table is what pauses."""

    def __init__(self, url: URL) -> None:
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        try:
            self._gate, self._reader = psycopg.connect(dsn, autocommit=True), psycopg.connect(dsn)
            self._reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            self._reader.read_only = True
        except psycopg.Error as error:
            raise Unavailable("the database cannot be reached") from error

    def pause(self) -> None:
        """See Source."""
        try:
            self._gate.execute("BEGIN")
            self._gate.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(_PAUSE))
            self._gate.execute("LOCK TABLE outbox IN SHARE MODE")
        except errors.LockNotAvailable as error:
            raise Busy("a writer does not end") from error
        except psycopg.Error as error:
            raise StoreError("the database cannot be paused") from error

    def pin(self) -> None:
        """See Source. A role that row-level security stops would save the rows of no tenant: it is refused."""
        try:
            found = self._reader.execute(_SEES_ALL).fetchone()
        except psycopg.Error as error:
            raise Unavailable("the database cannot be read") from error
        if found is None or not found[0]:
            raise StoreError("the role may not see the rows of all tenants: it needs BYPASSRLS")

    def resume(self) -> None:
        """See Source."""
        with suppress(psycopg.Error):
            self._gate.execute("ROLLBACK")

    def save(self, folder: Path) -> Saved:
        """See Source."""
        try:
            with self._reader.cursor() as cursor:
                names = [name for (name,) in cursor.execute(_TABLES).fetchall()]
                columns = {n: [c for (c,) in cursor.execute(_COLUMNS, (n,)).fetchall()] for n in names}
                revisions = {name: _version(cursor, name) for name in VERSIONS if name in names}
                tables = [name for name in names if name not in VERSIONS]
                rows = {name: _copied(cursor, name, columns[name], folder) for name in tables}
                sequences = {f"{t}.{c}": _last(cursor, s) for t, c, s in cursor.execute(_NUMBERED).fetchall()}
        except psycopg.Error as error:
            raise StoreError("the database cannot be copied") from error
        return Saved(revisions, rows, {name: columns[name] for name in tables}, sequences)

    def close(self) -> None:
        """See Source."""
        self._gate.close()
        self._reader.close()


class PostgresTarget:
    """See mesh.store.backup.Target: a transaction. Once it is committed it is not undone."""

    connection: Connection

    def __init__(self, url: URL, service: str, metadata: MetaData) -> None:
        self._url, self._service, self._metadata = url, service, metadata
        self._stack = ExitStack()
        self._lifted: list[str] = []
        self._swapped = False

    def load(self, folder: Path, saved: Saved) -> None:
        """See Target."""
        self._begin()
        try:
            with self._driver().cursor() as cursor:
                names = [name for (name,) in cursor.execute(_TABLES).fetchall()]
                if names:
                    dropped = sql.SQL(", ").join(map(sql.Identifier, names))
                    cursor.execute(sql.SQL("DROP TABLE {} CASCADE").format(dropped))
            migrate_to(self.connection, self._service, saved.revisions)
            with self._driver().cursor() as cursor:
                for name, columns in saved.columns.items():
                    _filled(cursor, name, columns, folder)
                for column, last in saved.sequences.items():
                    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", (*column.split("."), last))
            migrate_to(self.connection, self._service, heads(self._service))
        except (psycopg.Error, DBAPIError) as error:
            raise StoreError("the tables cannot be filled") from error

    def keep(self) -> None:
        """See Target."""
        self._begin()
        try:
            migrate_to(self.connection, self._service, heads(self._service))
        except (psycopg.Error, DBAPIError) as error:
            raise StoreError("the tables cannot be brought to this schema") from error

    def prepare(self) -> None:
        """See Target."""
        try:
            roles.apply_fences(self.connection, self._metadata, self._lifted)
            self.connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        except DBAPIError as error:
            raise StoreError("the fences cannot be put up") from error

    def swap(self) -> None:
        """See Target."""
        try:
            self.connection.commit()
            self._swapped = True
        except DBAPIError as error:
            raise StoreError("the restored database cannot be committed") from error

    def undo(self) -> bool:
        """See Target."""
        if hasattr(self, "connection") and not self._swapped:
            self.connection.rollback()
        return not self._swapped

    def close(self) -> None:
        """See Target."""
        self._stack.close()

    def _begin(self) -> None:
        try:
            self.connection = self._stack.enter_context(roles.owner_connection(self._url))
            others = self.connection.exec_driver_sql(_OTHERS).scalar_one()
            if others:
                raise Busy("the database is in use")
            roles.wait_for_turn(self.connection, self._service)
            self._lifted = roles.lift_fences(self.connection)
        except DBAPIError as error:
            raise Unavailable("the database cannot be reached") from error

    def _driver(self) -> psycopg.Connection[Any]:
        found = self.connection.connection.driver_connection
        assert isinstance(found, psycopg.Connection)
        return found


def _version(cursor: psycopg.Cursor[Any], table: str) -> int:
    row = cursor.execute(sql.SQL("SELECT version_num FROM {}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0


def _last(cursor: psycopg.Cursor[Any], sequence: str) -> int:
    """At least 1: that of a sequence which has given out none."""
    row = cursor.execute(
        "SELECT last_value FROM pg_sequences WHERE to_regclass(%s)"
        " = to_regclass(quote_ident(schemaname) || '.' || quote_ident(sequencename))",
        (sequence,),
    ).fetchone()
    return int(row[0]) if row and row[0] else 1


def _copied(cursor: psycopg.Cursor[Any], table: str, columns: list[str], folder: Path) -> int:
    """Write a table's rows into its file; how many there are."""
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    command = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(listed, sql.Identifier(table))
    with (folder / f"{table}.copy").open("xb") as out, cursor.copy(command) as told:
        for block in told:
            out.write(block)
    return cursor.rowcount


def _filled(cursor: psycopg.Cursor[Any], table: str, columns: Any, folder: Path) -> None:
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), listed)
    with (folder / f"{table}.copy").open("rb") as read, cursor.copy(command) as told:
        while block := read.read(1 << 20):
            told.write(block)
