"""Looks into a store from outside: everything that is in it, and everything that is asked of it. Never changes it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

from sqlalchemy import MetaData, NullPool, create_engine, make_url, select

from mesh.store.mesh_tables import mesh_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mesh.store.statement import Statement
    from mesh.store.store import Store
    from mesh.store.transaction import Transaction

# The rows of each table, by its name, in the order of the key.
Content = dict[str, list[tuple[Any, ...]]]


class Inspection:
    """Reads a service's database over a connection of its own, with an owner's rights: no fence stands in its way."""

    def __init__(self, url: str, metadata: MetaData) -> None:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        else:
            parsed = parsed.set(query={})
        everything = MetaData()
        for table in metadata.sorted_tables:
            table.to_metadata(everything)
        mesh_tables(everything)
        self._engine = create_engine(parsed, poolclass=NullPool)
        self._reads = {
            table.name: select(table).order_by(*table.primary_key.columns) for table in everything.sorted_tables
        }

    def content(self) -> Content:
        """All rows of the service's own tables and of the mesh's."""
        with self._engine.connect() as connection:
            return {name: [tuple(row) for row in connection.execute(read)] for name, read in self._reads.items()}


@contextmanager
def recorded(store: Store) -> Iterator[list[str]]:
    """The names of the statements that a store runs meanwhile; `transaction` for the beginning of one."""
    names: list[str] = []
    read, begin = store.read, store.transaction

    def recorded_read(statement: Statement, /, **more: Any) -> Any:
        names.append(statement.name)
        return read(statement, **more)

    def recorded_transaction(**more: Any) -> Transaction:
        names.append("transaction")
        transaction = begin(**more)
        for verb in ("read", "write", "write_many", "defer"):
            setattr(transaction, verb, _named(getattr(transaction, verb), names))
        return transaction

    with mock.patch.multiple(store, read=recorded_read, transaction=recorded_transaction):
        yield names


def _named(run: Callable[..., Any], names: list[str]) -> Callable[..., Any]:
    def recorded_run(statement: Statement, /, *rest: Any, **more: Any) -> Any:
        names.append(statement.name)
        return run(statement, *rest, **more)

    return recorded_run
