"""Looks into a store from outside: everything that is in it, and everything that is asked of it. Never changes it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from sqlalchemy import MetaData, NullPool, create_engine, make_url, select
from sqlalchemy.dialects import registry

from mesh.runtime.call import current_call
from mesh.store.mesh_tables import mesh_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import Connection

    from mesh.store.statement import Statement
    from mesh.store.store import Store
    from mesh.store.transaction import Transaction

# Each is another after every commit of others: the counter of a file, and the end of the log of changes.
_SQLITE_VERSION = "PRAGMA data_version"
_POSTGRESQL_VERSION = "SELECT pg_current_wal_insert_lsn()::text"

# The rows of each table, by its name, in the order of the key.
Content = dict[str, list[tuple[Any, ...]]]


class Inspection:
    """Reads a service's database over a connection of its own, with an owner's rights: no fence stands in its way.

    Not for several threads. What it read is kept until the database says that something was written.
    """

    def __init__(self, url: str, metadata: MetaData) -> None:
        parsed = make_url(url)
        self._file: Path | None = None
        if parsed.get_backend_name() == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        else:
            parsed = parsed.set(query={})
            self._file = Path(parsed.database or "")
        self._engine = create_engine(parsed, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._metadata = metadata
        self._connection: Connection | None = None
        self._inode = 0
        self._version: Any = None
        self._content: Content = {}

    def content(self) -> Content:
        """All rows of the service's own tables and of the mesh's, as the driver gives them."""
        cursor = self._cursor()
        cursor.execute(_SQLITE_VERSION if self._file else _POSTGRESQL_VERSION)
        version = self._inode, cursor.fetchall()
        if version != self._version:
            reads = _reads(self._metadata, self._engine.dialect.name)
            self._content = {name: cursor.execute(read).fetchall() for name, read in reads.items()}
            self._version = version
        cursor.close()
        return self._content

    def close(self) -> None:
        """End the connection; it is opened again where content is asked for."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _cursor(self) -> Any:
        inode = self._file.stat().st_ino if self._file else 0
        if inode != self._inode:  # a restored database is another file
            self.close()
            self._inode = inode
        if self._connection is None:
            self._connection, self._version = self._engine.connect(), None
        return self._connection.connection.cursor()


@cache
def _reads(metadata: MetaData, dialect: str) -> Mapping[str, str]:
    """What reads each of a service's own tables and of the mesh's, by its name."""
    everything = MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(everything)
    mesh_tables(everything)
    spoken = registry.load(dialect)()
    return {
        table.name: str(select(table).order_by(*table.primary_key.columns).compile(dialect=spoken))
        for table in everything.sorted_tables
    }


class _Record(list[str]):
    """The names asked for by calls and by the test itself; what a process does beside them is not theirs."""

    def __init__(self) -> None:
        super().__init__()
        self._test = threading.get_ident()

    def note(self, name: str) -> None:
        if current_call.get() is not None or threading.get_ident() == self._test:
            self.append(name)


@contextmanager
def recorded(store: Store) -> Iterator[list[str]]:
    """The names of the statements that a store runs meanwhile; `transaction` for the beginning of one."""
    names = _Record()
    read, begin = store.read, store.transaction

    def recorded_read(statement: Statement, /, **more: Any) -> Any:
        names.note(statement.name)
        return read(statement, **more)

    def recorded_transaction(**more: Any) -> Transaction:
        names.note("transaction")
        transaction = begin(**more)
        for verb in ("read", "write", "write_many", "defer"):
            setattr(transaction, verb, _named(getattr(transaction, verb), names))
        return transaction

    with mock.patch.multiple(store, read=recorded_read, transaction=recorded_transaction):
        yield names


def _named(run: Callable[..., Any], names: _Record) -> Callable[..., Any]:
    def recorded_run(statement: Statement, /, *rest: Any, **more: Any) -> Any:
        names.note(statement.name)
        return run(statement, *rest, **more)

    return recorded_run
