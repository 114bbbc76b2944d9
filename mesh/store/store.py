"""The store of one service: reads and transactions on either engine, behind the tenant fence.

Owns which tenant a statement runs for and what a transaction does at its end. SQL dialects and drivers are the engines' matter.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import MetaData, make_url

from mesh.store.compiled import DialectName
from mesh.store.engine import Deferred, Engine, Row, Session
from mesh.store.errors import StoreError, TenantFenceError
from mesh.store.keys import unique_keys
from mesh.store.mesh_tables import MESH
from mesh.store.sqlite import SqliteEngine
from mesh.store.statement import Statement
from mesh.store.tables import TENANT_COLUMN, check_declared

Work = TypeVar("Work")
Result = TypeVar("Result")

_POOL_SIZE = 16
"""Connections per process and database: the 8 threads of the server, relay, consumers and jobs."""


class Store:
    """The database of one service. Thread-safe; connections are opened when needed.

    ``url`` is ``sqlite:///path[?synchronous=FULL]`` or ``postgresql://...``; ``migration_url`` names the role that owns the
    tables, when it is another one. ``migrations`` is the folder of the service's migration scripts.
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
    ) -> None:
        check_declared(metadata)
        self.service = service
        self.metadata = metadata
        self._url, self._migration_url = make_url(url), make_url(migration_url or url)
        self._migrations = migrations
        keys = unique_keys([*MESH.tables.values(), *metadata.tables.values()])
        self._engine: Engine
        if self._url.get_backend_name() == "sqlite":
            self._engine = SqliteEngine(self._url, keys=keys, pool_size=pool_size)
        else:
            from mesh.store.postgres import PostgresEngine  # 60 ms and 20 MiB that a SQLite process never needs

            self._engine = PostgresEngine(self._url, service=service, keys=keys, pool_size=pool_size)
        self.dialect: DialectName = self._engine.dialect

    def migrate(self) -> None:
        """Bring the database to this code's schema, creating it when it is missing; safe from several processes at once.

        Raises StoreError for a failing script (nothing of it stays) and for a database that is more than one revision ahead.
        """
        from mesh.store.migrate import migrate

        migrate(self._migration_url, service=self.service, metadata=self.metadata, folder=self._migrations)
        self._engine.forget_idle()

    def read(self, statement: Statement, /, *, tenant: str | None, timeout: float, **params: Any) -> list[Row]:
        """The rows of a select, in one round trip. ``tenant`` may be None for a statement without tenant tables only."""
        if not statement.is_select:
            raise TenantFenceError("a write needs a transaction")
        if statement.fenced:
            _bind_tenant(tenant, params)
        return self._engine.read(statement, tenant or "", params, time.monotonic() + timeout)

    @contextmanager
    def transaction(self, *, tenant: str | None, timeout: float) -> Iterator["Transaction"]:
        """Commit at normal exit, roll back on an exception. ``timeout`` bounds lock waits and statements, in seconds."""
        session = self._engine.session(time.monotonic() + timeout)
        transaction = Transaction(session, tenant)
        try:
            yield transaction
            transaction._commit()
        finally:
            transaction._ended = True
            session.rollback()
        for action in transaction._after:
            action()

    def ping(self, timeout: float) -> None:
        """Raise Unavailable, Busy or Timeout unless the database answers."""
        self._engine.ping(time.monotonic() + timeout)

    def close(self) -> None:
        """Close every connection; calls in progress end first."""
        self._engine.close()


class Transaction:
    """A writing transaction, for one thread. The first error ends it: nothing more runs and nothing is committed."""

    def __init__(self, session: Session, tenant: str | None) -> None:
        self.tenant = tenant
        self._session = session
        self._deferred: list[Deferred] = []
        self._checks: list[Callable[[], None]] = []
        self._after: list[Callable[[], None]] = []
        self._failed = False
        self._ended = False

    def read(self, statement: Statement, /, **params: Any) -> list[Row]:
        """The rows of a select, or of a write with RETURNING."""
        return self._run(self._session.read, statement, self._bound(statement, params))

    def write(self, statement: Statement, /, **params: Any) -> int:
        """The number of rows that were inserted, changed or deleted."""
        return self._run(self._session.write, statement, self._bound(statement, params))

    def write_many(self, statement: Statement, rows: Sequence[Mapping[str, Any]], /) -> int:
        """The number of rows that were affected over all of ``rows``."""
        if not rows:
            return 0
        return self._run(self._session.write_many, statement, [self._bound(statement, dict(row)) for row in rows])

    def defer(self, statement: Statement, /, **params: Any) -> None:
        """Run a write in the order of deferral right before COMMIT; on PostgreSQL in one round trip with it."""
        self._alive()
        self._deferred.append(Deferred(statement, self.tenant or "", self._bound(statement, params)))

    def before_commit(self, check: Callable[[], None]) -> None:
        """Run last; an exception from it rolls back. It must not use the transaction: on PostgreSQL the deferred writes
        travel together with COMMIT, and the check runs right before they are sent."""
        self._checks.append(check)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run once the commit is certain; an exception from it reaches the caller, but undoes nothing."""
        self._after.append(action)

    @contextmanager
    def as_tenant(self, tenant: str) -> Iterator[None]:
        """Run the statements of the block for ``tenant``: a batch of events may hold several tenants' events."""
        before, self.tenant = self.tenant, tenant
        try:
            yield
        finally:
            self.tenant = before

    def _run(self, call: Callable[[Statement, str, Work], Result], statement: Statement, params: Work) -> Result:
        self._alive()
        try:
            return call(statement, self.tenant or "", params)
        except BaseException:
            self._failed = True
            raise

    def _bound(self, statement: Statement, params: dict[str, Any]) -> dict[str, Any]:
        if statement.fenced:
            _bind_tenant(self.tenant, params)
        return params

    def _alive(self) -> None:
        if self._failed or self._ended:
            raise StoreError("the transaction is over")

    def _commit(self) -> None:
        self._alive()
        self._session.commit(self._deferred, self._check)

    def _check(self) -> None:
        for check in self._checks:
            check()


def _bind_tenant(tenant: str | None, params: dict[str, Any]) -> None:
    if TENANT_COLUMN in params:
        raise TenantFenceError("the tenant is not a parameter: the store fills it in")
    if not tenant:
        raise TenantFenceError("a statement over tenant tables needs a tenant")
    params[TENANT_COLUMN] = tenant
