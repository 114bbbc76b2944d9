"""A look at a database from the outside: whether it is sound, at this code's schema, and fenced. It changes nothing.

What belongs to one engine alone is in mesh.store.soundness (SQLite) and mesh.store.fencing (PostgreSQL).
"""

from pathlib import Path

from sqlalchemy import URL, Connection, MetaData, NullPool, create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import Table

from mesh.store.errors import StoreError
from mesh.store.mesh_tables import MESH
from mesh.store.migrate import Standing, standings_of
from mesh.store.sqlite import database_file

_SECONDS = 1
_COLUMNS = {
    "sqlite": "SELECT m.name, p.name FROM sqlite_schema m, pragma_table_info(m.name) p WHERE m.type = 'table'",
    "postgresql": "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
    "WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT a.attisdropped",
}
_INDEXES = {
    "sqlite": "SELECT name FROM sqlite_schema WHERE type = 'index'",
    "postgresql": "SELECT relname FROM pg_class WHERE relkind IN ('i', 'I') "
    "AND relnamespace = current_schema()::regnamespace",
}


class Examination:
    """One database, for one thread; to be closed. Its methods raise StoreError where the database does not answer."""

    def __init__(self, url: str, *, service: str, metadata: MetaData) -> None:
        self.service = service
        self.metadata = metadata
        self._url = make_url(url)
        self._connection: Connection | None = None

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._url.get_backend_name()

    @property
    def file(self) -> Path:
        """Of SQLite: the database's file."""
        return database_file(self._url)

    def tables(self) -> list[Table]:
        """Everything that the database should hold: the mesh's tables and the service's own."""
        return [*MESH.tables.values(), *self.metadata.tables.values()]

    def connection(self) -> Connection:
        """A connection in autocommit, whose statements end after a second; it has its user's rights."""
        if self._connection is None:
            try:
                self._connection = create_engine(
                    _driven(self._url), isolation_level="AUTOCOMMIT", poolclass=NullPool, connect_args=_patience(self)
                ).connect()
            except SQLAlchemyError as error:
                raise StoreError("the database does not answer") from error
        return self._connection

    def rows(self, text: str) -> list[tuple[object, ...]]:
        """What a statement without parameters answers."""
        try:
            return [tuple(row) for row in self.connection().exec_driver_sql(text)]
        except SQLAlchemyError as error:
            raise StoreError("the statement failed") from error

    def run(self, text: str) -> None:
        """A statement that answers nothing."""
        try:
            self.connection().exec_driver_sql(text)
        except SQLAlchemyError as error:
            raise StoreError("the statement failed") from error

    def standings(self) -> list[Standing]:
        """How far the database has come, by branch."""
        return standings_of(self.connection(), self.service)

    def missing(self) -> list[str]:
        """Tables, columns and indexes that this code needs and the database lacks; what it has beyond is not told."""
        columns = {(str(table), str(column)) for table, column in self.rows(_COLUMNS[self.dialect])}
        tables, indexes = {table for table, _ in columns}, {str(row[0]) for row in self.rows(_INDEXES[self.dialect])}
        lacking = []
        for table in self.tables():
            if table.name not in tables:
                lacking.append(f"table {table.name}")
                continue
            lacking += [f"column {table.name}.{c.name}" for c in table.columns if (table.name, c.name) not in columns]
            lacking += [f"index {index.name}" for index in table.indexes if index.name not in indexes]
        return lacking

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _driven(url: URL) -> URL:
    if url.get_backend_name() == "sqlite":
        return url.set(query={})
    return url.set(drivername="postgresql+psycopg")


def _patience(examination: Examination) -> dict[str, object]:
    if examination.dialect == "sqlite":
        return {"timeout": float(_SECONDS)}
    return {"connect_timeout": 2 * _SECONDS, "options": f"-c statement_timeout={_SECONDS * 1000}"}
