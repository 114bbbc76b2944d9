"""What the store asks of a database engine: two interfaces that an engine fulfils. Store and Transaction use them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from mesh.store.compiled import DialectName, Params
from mesh.store.lease import Lease
from mesh.store.pool import Pool
from mesh.store.statement import Statement

Row = tuple[Any, ...]


class Deferred(NamedTuple):
    """A statement that waits for the commit. ``tenant`` is empty outside of any tenant."""

    statement: Statement
    tenant: str
    params: Params


class Session(Protocol):
    """One writing transaction, begun by its first statement. Every error ends it: only rollback() may follow."""

    def read(self, statement: Statement, tenant: str, params: Params) -> list[Row]:
        """The rows of a select or of a write with RETURNING."""

    def write(self, statement: Statement, tenant: str, params: Params) -> int:
        """The number of affected rows."""

    def write_many(self, statement: Statement, tenant: str, rows: Sequence[Params]) -> int:
        """The number of affected rows over all ``rows``."""

    def commit(self, deferred: Sequence[Deferred], check: Callable[[], None]) -> None:
        """Run ``deferred`` in order, then ``check``, then commit."""

    def rollback(self) -> None:
        """Undo everything; never raises. Harmless after commit()."""


class Engine(Protocol):
    """A database; ``deadline`` is on the monotonic clock, in seconds."""

    pool: Pool[Any]
    """Its connections."""

    @property
    def dialect(self) -> DialectName:
        """Which form of a statement it runs."""

    def read(self, statement: Statement, tenant: str, params: Params, deadline: float) -> list[Row]:
        """The rows of a select outside of any transaction."""

    def session(self, deadline: float) -> Session:
        """A transaction that has not begun."""

    def lease(self, name: str) -> Lease:
        """A lease that one process at a time can hold, not taken yet."""

    def ping(self, deadline: float) -> None:
        """Return when the database has answered."""

    def forget_idle(self) -> None:
        """Close the connections that nobody uses."""

    def close(self) -> None:
        """Close all connections, those in use when they come back."""
