"""The PostgreSQL engine: prepared statements in libpq pipelines, behind row-level security.

Owns connections, the settings that travel with each statement (tenant, deadline) and the words for PostgreSQL's errors.
Roles, databases and policies are made by mesh.store.roles.
"""

import math
import time
from collections.abc import Callable, Sequence
from typing import Any, Literal

import psycopg
from psycopg import errors
from psycopg.pq.abc import PGresult
from sqlalchemy import URL

from mesh.store.compiled import Compiled, Params
from mesh.store.engine import Deferred, Row
from mesh.store.errors import (
    Busy,
    CheckViolation,
    ForeignKeyViolation,
    StoreError,
    TenantFenceError,
    Timeout,
    Unavailable,
)
from mesh.store.keys import Keys, unique_violation
from mesh.store.lease import AdvisoryLease
from mesh.store.pipeline import ConnectionLost, Message, PipelineConnection, StaleStatement
from mesh.store.pool import Pool
from mesh.store.roles import assume_runtime_role
from mesh.store.statement import Statement

_ROWS_PER_PIPELINE = 500
_LOCK_SHARE = 0.9
"""Lock waits end before the deadline, so that the caller learns Busy, which may be tried again, and not Timeout."""
_RENEW_BELOW = 0.8
"""The server's limits are set anew when less than this share of them is left of the call."""
_ROLLBACK_SECONDS = 2.0


_PLAIN: tuple[tuple[tuple[type[psycopg.Error], ...], type[StoreError], str], ...] = (
    (
        (errors.ForeignKeyViolation, errors.RestrictViolation),
        ForeignKeyViolation,
        "a row refers to one that is missing",
    ),
    (
        (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable),
        Busy,
        "another transaction holds the rows",
    ),
    ((errors.QueryCanceled,), Timeout, "the statement ran into its deadline"),
    ((errors.InsufficientPrivilege,), TenantFenceError, "row-level security refused the statement"),
)
_AWAY = ("08", "53", "57P", "58")
"""SQLSTATE classes: connection, resources, shutdown and system errors."""


def _control(sql: str, parameters: int = 0) -> Compiled:
    return Compiled(sql=sql, pack=lambda params: (), unpack=None, formats=(1,) * parameters, returns_rows=False)


_BEGIN, _COMMIT, _ROLLBACK = Message(_control("BEGIN")), Message(_control("COMMIT")), Message(_control("ROLLBACK"))
_SETTINGS = _control(
    "SELECT set_config('app.tenant', $1, true), set_config('statement_timeout', $2, true),"
    " set_config('lock_timeout', $3, true)",
    3,
)


_LOCK = _control("SELECT pg_try_advisory_lock(hashtext($1))", 1)


def _settings(tenant: str, deadline: float) -> Message:
    """Tenant and limits for the current transaction only (``true``): nothing of a call outlives it."""
    left = int((deadline - time.monotonic()) * 1000)
    if left <= 0:
        raise Timeout("no time left")
    return Message(_SETTINGS, (tenant, str(left), str(max(1, int(left * _LOCK_SHARE)))))


class _Outdated(Busy):
    """A statement was prepared before a migration; the next try prepares it again."""


class PostgresEngine:
    """See mesh.store.engine.Engine. The URL's user may be a plain role, the owner of the tables or a superuser."""

    dialect: Literal["postgresql"] = "postgresql"

    def __init__(self, url: URL, *, service: str, keys: Keys, pool_size: int) -> None:
        self.keys = keys
        self._arguments = connect_arguments(url, service)
        self.pool: Pool[PipelineConnection] = Pool(
            pool_size, connect=self._connect, usable=lambda connection: connection.quiet, close=PipelineConnection.close
        )

    def read(self, statement: Statement, tenant: str, params: Params, deadline: float) -> list[Row]:
        """Tenant, limits and statement in one round trip; up to the Sync they are one transaction.

        Runs a second time when the connection was cut while it lay in the pool, or a migration outdated the statement.
        """
        form = statement.compiled("postgresql")
        message = Message(form, form.pack(params))
        try:
            return self._read(form, message, tenant, deadline)
        except (_Outdated, Unavailable):
            if time.monotonic() >= deadline:
                raise
        self.pool.forget_idle()
        return self._read(form, message, tenant, deadline)

    def _read(self, form: Compiled, message: Message, tenant: str, deadline: float) -> list[Row]:
        connection = self.pool.acquire(deadline)
        try:
            rows = connection.rows(self.exchange(connection, [_settings(tenant, deadline), message], deadline)[1])
        finally:
            self.give_back(connection)
        return rows if form.unpack is None else list(map(form.unpack, rows))

    def session(self, deadline: float) -> "PostgresSession":
        """No connection is taken before the first statement."""
        return PostgresSession(self, deadline)

    def lease(self, name: str) -> AdvisoryLease:
        """See mesh.store.lease."""

        def take(connection: PipelineConnection, deadline: float) -> bool:
            (result,) = self.exchange(connection, [Message(_LOCK, (f"rapport:{name}",))], deadline)
            return bool(connection.rows(result)[0][0])

        return AdvisoryLease(self._connect, take)

    def ping(self, deadline: float) -> None:
        """A round trip. A pool in full use says nothing of the database."""
        try:
            connection = self.pool.acquire(deadline)
        except Busy:
            return
        try:
            self.exchange(connection, [_settings("", deadline)], deadline)
        finally:
            self.give_back(connection)

    def forget_idle(self) -> None:
        """After a migration: plans and roles of older connections may be out of date."""
        self.pool.forget_idle()

    def close(self) -> None:
        """See the pool."""
        self.pool.close()

    def exchange(self, connection: PipelineConnection, messages: Sequence[Message], deadline: float) -> list[PGresult]:
        """PipelineConnection.exchange() with the store's errors."""
        try:
            return connection.exchange(messages, deadline)
        except psycopg.Error as error:
            raise translated(error, self.keys) from error
        except StaleStatement as error:
            raise _Outdated("the schema changed under the statement") from error
        except ConnectionLost as error:
            raise Unavailable("the connection was lost") from error
        except TimeoutError as error:
            connection.close()
            raise Unavailable("the database stayed silent") from error

    def give_back(self, connection: PipelineConnection) -> None:
        """To the pool, unless a transaction is open on it or it is broken."""
        if connection.idle:
            self.pool.release(connection)
        else:
            self.pool.discard(connection)

    def _connect(self, deadline: float) -> PipelineConnection:
        seconds = max(2, math.ceil(deadline - time.monotonic()))
        try:
            raw: psycopg.Connection[Any] = psycopg.connect(**self._arguments, autocommit=True, connect_timeout=seconds)
            try:
                assume_runtime_role(raw)
                return PipelineConnection(raw)
            except BaseException:
                raw.close()
                raise
        except psycopg.Error as error:
            raise Unavailable("the database cannot be reached") from error


class PostgresSession:
    """See mesh.store.engine.Session. BEGIN travels with the first statement, COMMIT with the deferred ones."""

    def __init__(self, engine: PostgresEngine, deadline: float) -> None:
        self._engine = engine
        self._deadline = deadline
        self._connection: PipelineConnection | None = None
        self._begun = False
        self._tenant: str | None = None
        self._renew_at = 0.0

    def read(self, statement: Statement, tenant: str, params: Params) -> list[Row]:
        """A round trip; the first one begins the transaction."""
        form = statement.compiled("postgresql")
        result = self._run([(tenant, Message(form, form.pack(params)))])[-1]
        assert self._connection is not None
        rows = self._connection.rows(result)
        return rows if form.unpack is None else list(map(form.unpack, rows))

    def write(self, statement: Statement, tenant: str, params: Params) -> int:
        """A round trip, like read()."""
        form = statement.compiled("postgresql")
        return self._run([(tenant, Message(form, form.pack(params)))])[-1].command_tuples or 0

    def write_many(self, statement: Statement, tenant: str, rows: Sequence[Params]) -> int:
        """A round trip for every 500 rows."""
        form = statement.compiled("postgresql")
        messages = [(tenant, Message(form, form.pack(row))) for row in rows]
        affected = 0
        for start in range(0, len(messages), _ROWS_PER_PIPELINE):
            chunk = messages[start : start + _ROWS_PER_PIPELINE]
            affected += sum(result.command_tuples or 0 for result in self._run(chunk)[-len(chunk) :])
        return affected

    def commit(self, deferred: Sequence[Deferred], check: Callable[[], None]) -> None:
        """A round trip with everything that was deferred; ``check`` runs right before it is sent."""
        messages = []
        for each in deferred:
            form = each.statement.compiled("postgresql")
            messages.append((each.tenant, Message(form, form.pack(each.params))))
        check()
        if self._begun:
            self._run(messages, ending=_COMMIT)
        elif messages:
            self._run(messages, implicit=True)
        self._leave()

    def rollback(self) -> None:
        """A round trip when something was begun; a connection that does not answer is given up."""
        connection = self._connection
        if connection is None:
            return
        if self._begun and not connection.idle:
            try:
                connection.exchange([_ROLLBACK], time.monotonic() + _ROLLBACK_SECONDS)
            except (psycopg.Error, ConnectionLost, StaleStatement, TimeoutError):
                connection.close()
        self._leave()

    def _run(
        self, work: Sequence[tuple[str, Message]], *, ending: Message | None = None, implicit: bool = False
    ) -> list[PGresult]:
        """One round trip; again when the connection was cut while it lay in the pool and nothing can be committed.

        ``implicit``: up to the Sync it is a transaction without BEGIN and COMMIT.
        """
        fresh = not self._begun and not implicit
        try:
            return self._exchange(work, ending=ending, implicit=implicit)
        except Unavailable:
            if not fresh or ending is not None or time.monotonic() >= self._deadline:
                raise
            self._leave()
        self._engine.forget_idle()
        return self._exchange(work, ending=ending, implicit=implicit)

    def _exchange(
        self, work: Sequence[tuple[str, Message]], *, ending: Message | None, implicit: bool
    ) -> list[PGresult]:
        messages = [] if self._begun or implicit else [_BEGIN]
        for tenant, message in work:
            if tenant != self._tenant or time.monotonic() > self._renew_at:
                messages.append(_settings(tenant, self._deadline))
                self._tenant = tenant
                self._renew_at = self._deadline - _RENEW_BELOW * (self._deadline - time.monotonic())
            messages.append(message)
        if ending is not None:
            messages.append(ending)
        if self._connection is None:
            self._connection = self._engine.pool.acquire(self._deadline)
        self._begun = self._begun or not implicit
        return self._engine.exchange(self._connection, messages, self._deadline)

    def _leave(self) -> None:
        connection, self._connection = self._connection, None
        self._begun, self._tenant = False, None
        if connection is not None:
            self._engine.give_back(connection)


def connect_arguments(url: URL, service: str) -> dict[str, Any]:
    """What psycopg.connect() takes. A peer that is gone without a word is noticed within about 15 seconds."""
    query = {key: value for key, value in url.query.items() if isinstance(value, str)}
    given = {"host": url.host, "port": url.port, "user": url.username, "password": url.password, "dbname": url.database}
    quiet = {"keepalives_idle": 5, "keepalives_interval": 3, "keepalives_count": 3, "tcp_user_timeout": 15_000}
    return {
        **quiet,
        "application_name": f"rapport-{service}",
        **{k: v for k, v in given.items() if v is not None},
        **query,
    }


def translated(error: psycopg.Error, keys: Keys) -> StoreError:
    """The store's error for one of PostgreSQL's."""
    diagnostic = error.diag
    match error:
        case errors.UniqueViolation():
            table, columns = keys.get(diagnostic.constraint_name or "", (diagnostic.table_name or "", ()))
            return unique_violation(table, columns)
        case errors.CheckViolation():
            return CheckViolation(diagnostic.constraint_name or "")
        case errors.NotNullViolation():
            return CheckViolation(f"{diagnostic.table_name}.{diagnostic.column_name}")
    for kinds, kind, text in _PLAIN:
        if isinstance(error, kinds):
            return kind(text)
    if (error.sqlstate or "").startswith(_AWAY):
        return Unavailable("the database is not available")
    return StoreError("the statement failed")
