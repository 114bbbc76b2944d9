"""What a restored mesh must not believe any more: copies, positions ahead of their owners, what Redis had.

Owns the rule. Copies are dropped, and the services take them in anew from their owners when they start. An inbox that
is ahead of an owner goes back to it, since what it had handled has never happened. What an owner keeps of its events is
published once more: whoever has handled one knows it by its number or its id. It runs before any service serves.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Text, bindparam, delete, func, insert, select, update

from mesh.contract.catalog import load_service
from mesh.events import outbox
from mesh.store.mesh_tables import MESH, inbox, inbox_waiting, parked_events, restores
from mesh.store.tables import is_restored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection, MetaData, Table

_PAGE = 500
_KEY, _REACHED = bindparam("whose", type_=Text), bindparam("reached", type_=BigInteger)
_w, _p = inbox_waiting.c, parked_events.c
_POSITIONS = select(inbox.c.key, inbox.c.sequence).where(inbox.c.key > _KEY).order_by(inbox.c.key).limit(_PAGE)
_BACK = update(inbox).where(inbox.c.key == _KEY).values(sequence=_REACHED, waiting=0)
_FORGET = delete(inbox).where(inbox.c.key == _KEY)
_DROP = (
    delete(inbox_waiting).where(_w.key == _KEY, _w.sequence > _REACHED),
    delete(parked_events).where(_p.key == _KEY, _p.sequence > _REACHED),
)


@dataclass(frozen=True, slots=True)
class Restored:
    """A service's database, behind no fence and not yet served."""

    connection: Connection
    metadata: MetaData


def rebuild(databases: Mapping[str, Restored], *, created_us: int, now_us: int) -> int:
    """Do it in the databases of all services, by name; how many positions were ahead of their owners."""
    ahead = 0
    for name, database in databases.items():
        for table in (*MESH.tables.values(), *database.metadata.tables.values()):
            if not is_restored(table):
                database.connection.execute(delete(table))
        ahead += _go_back(databases, name)
        outbox.publish_all_again(database.connection)
        last = database.connection.execute(select(func.max(restores.c.time_us))).scalar() or 0
        moment = max(now_us, last + 1)
        database.connection.execute(insert(restores).values(time_us=moment, created_us=created_us))
    return ahead


def _go_back(databases: Mapping[str, Restored], consumer: str) -> int:
    connection = databases[consumer].connection
    count = 0
    for page in _pages(connection):
        for (source, tenant, collection), rows in groupby(page, key=lambda row: tuple(row[0].split("/", 3)[:3])):
            keys = dict(rows)
            table = _owned(databases, source, collection)
            if table is None:
                continue
            ids = [key.split("/", 3)[3] for key in keys]
            known = select(table.c.id, table.c.sequence).where(table.c.tenant_id == tenant, table.c.id.in_(ids))
            owned = dict(tuple(row) for row in databases[source].connection.execute(known))
            for (key, sequence), identity in zip(keys.items(), ids, strict=True):
                if sequence > owned.get(identity, 0):
                    count += 1
                    _set_back(connection, key, owned.get(identity, 0))
    return count


def _pages(connection: Connection) -> Iterator[Sequence[tuple[str, int]]]:
    """The positions, page by page; all of a page is read before any of it is changed."""
    after = ""
    while page := [(row[0], row[1]) for row in islice(connection.execute(_POSITIONS, {"whose": after}), _PAGE)]:
        yield page
        after = page[-1][0]


def _owned(databases: Mapping[str, Restored], source: str, collection: str) -> Table | None:
    """The table of a collection whose events are numbered."""
    if source not in databases:
        return None
    resources = load_service(source).resources.values()
    contract = next((each for each in resources if each.collection == collection and not each.silent), None)
    return None if contract is None else databases[source].metadata.tables.get(contract.plural)


def _set_back(connection: Connection, key: str, reached: int) -> None:
    values = {"whose": key, "reached": reached}
    for statement in _DROP:
        connection.execute(statement, values)
    if not reached:
        connection.execute(_FORGET, {"whose": key})
        return
    first = connection.execute(
        select(_w.sequence).where(_w.key == key, _w.sequence > 0).order_by(_w.sequence).limit(1)
    ).scalar()
    connection.execute(_BACK, values)
    if first:
        connection.execute(update(inbox).where(inbox.c.key == key).values(waiting=first))
