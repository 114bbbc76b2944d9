"""A writing transaction: which tenant each statement runs for, and what happens at its end.

SQL dialects and drivers are the engines' matter.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from mesh.store.engine import Deferred, Row, Session
from mesh.store.errors import StoreError, TenantFenceError
from mesh.store.statement import Statement
from mesh.store.tables import TENANT_COLUMN

Work = TypeVar("Work")
Result = TypeVar("Result")


class Transaction:
    """A writing transaction, for one thread. The first error ends it: nothing more runs and nothing is committed."""

    def __init__(
        self, session: Session, tenant: str | None, observe: Callable[[str, int, int], None] | None = None
    ) -> None:
        self.tenant = tenant
        self._session = session
        self._observe = observe
        self._deferred: list[Deferred] = []
        self._checks: list[Callable[[], None]] = []
        self._after: list[Callable[[], None]] = []
        self._over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._alive()
                started = time.perf_counter_ns()
                try:
                    self._session.commit(self._deferred, self._check)
                finally:
                    if self._observe is not None:
                        self._observe("commit", started, time.perf_counter_ns())
        finally:
            self._over = True
            self._session.rollback()
        if kind is None:
            for action in self._after:
                action()

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
        """Run ``check`` last; an exception from it rolls back.

        It must not use the transaction: on PostgreSQL the deferred writes travel together with COMMIT, and the check
        runs right before they are sent.
        """
        self._checks.append(check)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run once the commit is certain; an exception from it reaches the caller, but undoes nothing."""
        self._after.append(action)

    def as_tenant(self, tenant: str) -> "_AsTenant":
        """Run the statements of the block for ``tenant``: a batch of events may hold several tenants' events."""
        return _AsTenant(self, tenant)

    def _run(self, call: Callable[[Statement, str, Work], Result], statement: Statement, params: Work) -> Result:
        self._alive()
        observe, started = self._observe, time.perf_counter_ns()
        try:
            return call(statement, self.tenant or "", params)
        except BaseException:
            self._over = True
            raise
        finally:
            if observe is not None:
                observe(statement.name, started, time.perf_counter_ns())

    def _bound(self, statement: Statement, params: dict[str, Any]) -> dict[str, Any]:
        if statement.fenced:
            bind_tenant(self.tenant, params)
        return params

    def _alive(self) -> None:
        if self._over:
            raise StoreError("the transaction is over")

    def _check(self) -> None:
        for check in self._checks:
            check()


class _AsTenant:
    """A block of a transaction; every event of a batch opens one, so it is no generator."""

    __slots__ = ("_tenant", "_transaction")

    def __init__(self, transaction: Transaction, tenant: str) -> None:
        self._transaction = transaction
        self._tenant: str | None = tenant

    def __enter__(self) -> None:
        self._swap()

    def __exit__(self, *_: object) -> None:
        self._swap()

    def _swap(self) -> None:
        self._transaction.tenant, self._tenant = self._tenant, self._transaction.tenant


def bind_tenant(tenant: str | None, params: dict[str, Any]) -> None:
    """Fill in the tenant of a fenced statement; nobody else may."""
    if TENANT_COLUMN in params:
        raise TenantFenceError("the tenant is not a parameter: the store fills it in")
    if not tenant:
        raise TenantFenceError("a statement over tenant tables needs a tenant")
    params[TENANT_COLUMN] = tenant
