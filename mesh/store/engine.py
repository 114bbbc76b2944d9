"""What the store asks of a database engine. Owns the two interfaces; an engine fulfils them, Store and Transaction use them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from mesh.store.compiled import DialectName, Params
from mesh.store.statement import Statement

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Deferred:
    """A statement that waits for the commit. ``tenant`` is empty outside of any tenant."""

    statement: Statement
    tenant: str
    params: Params


class Session(Protocol):
    """One writing transaction, begun by its first statement. Every error ends it: only rollback() may follow."""

    def read(self, statement: Statement, tenant: str, params: Params) -> list[Row]: ...

    def write(self, statement: Statement, tenant: str, params: Params) -> int: ...

    def write_many(self, statement: Statement, tenant: str, rows: Sequence[Params]) -> int: ...

    def commit(self, deferred: Sequence[Deferred], check: Callable[[], None]) -> None:
        """Run ``deferred`` in order, then ``check``, then commit."""

    def rollback(self) -> None:
        """Undo everything; never raises. Harmless after commit()."""


class Engine(Protocol):
    """A database; ``deadline`` is on the monotonic clock, in seconds."""

    @property
    def dialect(self) -> DialectName: ...

    def read(self, statement: Statement, tenant: str, params: Params, deadline: float) -> list[Row]: ...

    def session(self, deadline: float) -> Session: ...

    def ping(self, deadline: float) -> None: ...

    def forget_idle(self) -> None: ...

    def close(self) -> None: ...
