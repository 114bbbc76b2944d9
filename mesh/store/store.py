"""The store of one service: its database on either engine, behind the tenant fence.

Owns the choice of the engine and what may run outside of a transaction. Dialects and drivers are the engines' matter.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, make_url

from mesh.store.engine import Engine, Row
from mesh.store.errors import Busy, TenantFenceError, Timeout
from mesh.store.keys import unique_keys
from mesh.store.lease import Lease
from mesh.store.mesh_tables import MESH
from mesh.store.pool import PoolCounts
from mesh.store.sqlite import SqliteEngine
from mesh.store.statement import Statement
from mesh.store.tables import check_declared
from mesh.store.transaction import Transaction, bind_tenant

_POOL_SIZE = 16
"""Connections per process and database: the 8 threads of the server, relay, consumers and jobs."""


class Store:
    """The database of one service. Thread-safe; connections are opened when needed.

    ``url`` is ``sqlite:///path[?synchronous=FULL]`` or ``postgresql://...``; ``migration_url`` names the role that owns
    the tables, when it is another one. ``migrations`` is the folder of the service's scripts, when it is elsewhere than
    in services/<service>/migrations. ``observe`` is told the name of every statement, and when it began and
    ended on the performance counter, in nanoseconds.

    Raises ValueError for a table of ``metadata`` that neither tenant_table() nor global_table() made.
    """

    def __init__(
        self,
        url: str,
        *,
        service: str,
        metadata: MetaData,
        migration_url: str | None = None,
        migrations: Path | None = None,
        pool_size: int = _POOL_SIZE,
        observe: Callable[[str, int, int], None] | None = None,
    ) -> None:
        check_declared(metadata)
        self.service = service
        self.metadata = metadata
        self._observe = observe
        self._url, self._migration_url = make_url(url), make_url(migration_url or url)
        self._migrations = migrations
        keys = unique_keys([*MESH.tables.values(), *metadata.tables.values()])
        self._engine: Engine
        if self._url.get_backend_name() == "sqlite":
            self._engine = SqliteEngine(self._url, keys=keys, pool_size=pool_size)
        else:
            from mesh.store.postgres import PostgresEngine  # 60 ms and 20 MiB that a SQLite process never needs

            self._engine = PostgresEngine(self._url, service=service, keys=keys, pool_size=pool_size)
        self.dialect = self._engine.dialect
        """``sqlite`` or ``postgresql``."""

    def migrate(self) -> None:
        """Bring the database to this code's schema, creating it when missing; several processes may do so at once.

        Raises StoreError for a failing script (nothing of it stays) and for a database more than one revision ahead.
        """
        from mesh.store.migrate import migrate

        migrate(self._migration_url, service=self.service, metadata=self.metadata, folder=self._migrations)
        self._engine.forget_idle()

    def fence(self) -> None:
        """Put up row-level security anew on every tenant table, as migrations do; SQLite has none.

        Raises StoreError where that cannot be done.
        """
        if self.dialect == "postgresql":
            from mesh.store.migrate import fence

            fence(self._migration_url, service=self.service, metadata=self.metadata)

    def read(self, statement: Statement, /, *, tenant: str | None, timeout: float, **params: Any) -> list[Row]:
        """The rows of a select, in one round trip. ``tenant`` is None only for a statement without tenant tables."""
        if not statement.is_select:
            raise TenantFenceError("a write needs a transaction")
        if statement.fenced:
            bind_tenant(tenant, params)
        started = time.perf_counter_ns()
        try:
            return self._engine.read(statement, tenant or "", params, time.monotonic() + timeout)
        except Busy as error:
            # A lone read conflicts with nobody: what it waited for has only used up its time.
            raise Timeout("a read waited for all of its time") from error
        finally:
            if self._observe is not None:
                self._observe(statement.name, started, time.perf_counter_ns())

    def transaction(self, *, tenant: str | None, timeout: float) -> Transaction:
        """A context manager: commits at normal exit, rolls back on an exception.

        ``timeout`` bounds lock waits and statements, in seconds. ``tenant`` may be None for statements without tenant
        tables, or when the tenants follow by as_tenant().
        """
        return Transaction(self._engine.session(time.monotonic() + timeout), tenant, self._observe)

    def lease(self, name: str) -> Lease:
        """A lease over this database that one process at a time can hold; see mesh.store.lease."""
        return self._engine.lease(name)

    def ping(self, timeout: float) -> None:
        """Raise Unavailable, Busy or Timeout unless the database answers."""
        self._engine.ping(time.monotonic() + timeout)

    def connections(self) -> PoolCounts:
        """How the pool of connections is used at this moment."""
        return self._engine.pool.counts()

    def close(self) -> None:
        """Close every connection; calls in progress end first."""
        self._engine.close()
