"""A service that writes down every event it handles: an effect that shows order, loss and repetition.

Run as a program it is a consumer that can be killed.
"""

from __future__ import annotations

import itertools
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, Text, bindparam, delete, select, update

from mesh.events import outbox
from mesh.events.consumer import Consumer
from mesh.events.envelope import Event
from mesh.store import TENANT, Statement, Store, insert_ignore, tenant_table
from mesh.store.mesh_tables import MESH
from mesh.store.tables import is_tenant_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mesh.store import Transaction

MIGRATIONS = Path(__file__).parent / "migrations"
JOURNAL = MetaData()
SOON = 10.0
HAPPENED, FAILED = "test.v1.Happened", "test.v1.Failed"

journals = tenant_table(
    "journals", JOURNAL, Column("id", Text, primary_key=True), Column("entries", Text, nullable=False)
)
OWN = (journals.c.tenant_id == TENANT, journals.c.id == bindparam("id"))
BEGIN = insert_ignore(journals, ["id"])
WRITE = Statement(update(journals).where(*OWN).values(entries=journals.c.entries + bindparam("entry", type_=Text)))
READ = Statement(select(journals.c.entries).where(*OWN))
CLEAR_MESH = [Statement(delete(table)) for table in MESH.tables.values() if not is_tenant_table(table)]
CLEAR_JOURNALS = Statement(delete(journals).where(journals.c.tenant_id == TENANT))


def open_store(url: str) -> Store:
    return Store(url, service="journal", metadata=JOURNAL, migrations=MIGRATIONS)


def clear(store: Store) -> None:
    with store.transaction(tenant=None, timeout=SOON) as tx:
        for statement in CLEAR_MESH:
            tx.defer(statement)
        for tenant in ("acme", "umbrella"):
            with tx.as_tenant(tenant):
                tx.defer(CLEAR_JOURNALS)


def write_down(tx: Transaction, event: Event) -> None:
    tx.defer(BEGIN, id=event.aggregate, entries="")
    tx.defer(WRITE, id=event.aggregate, entry=f"{event.timer or event.data.decode()} ")


def entries(store: Store, tenant: str, aggregate: str) -> list[str]:
    rows = store.read(READ, tenant=tenant, timeout=SOON, id=aggregate)
    return rows[0][0].split() if rows else []


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000_000

    def __call__(self) -> int:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += int(seconds * 1_000_000)


class Source:
    """Makes the events of a service, with consecutive numbers per aggregate."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._ids = itertools.count(1)

    def event(self, sequence: int, *, aggregate: str = "a", tenant: str = "acme", kind: str = HAPPENED) -> Event:
        number = next(self._ids)
        return Event(
            id=f"evt_{self.name}_{number:09}",
            tenant=tenant,
            aggregate=aggregate,
            sequence=sequence,
            type=kind,
            data=(str(sequence) if sequence else f"u{number}").encode(),
            time_us=1_000_000_000 + number,
            source=self.name,
            actor="usr_1",
        )

    def row(self, count: int, **options: str) -> list[Event]:
        return [self.event(sequence, **options) for sequence in range(1, count + 1)]


def publish(store: Store, events: Iterable[Event]) -> None:
    with store.transaction(tenant=None, timeout=SOON) as tx:
        for event in events:
            outbox.publish(tx, event)


def numbers(count: int) -> list[str]:
    return [str(number) for number in range(1, count + 1)]


def consumer(store: Store, redis_url: str, source: str, *, member: str = "one", **options: object) -> Consumer:
    handlers: dict[str, Callable[[Transaction, Event], None]] = {HAPPENED: write_down}
    defaults: dict[str, object] = {"handlers": handlers, "now_us": lambda: time.time_ns() // 1000, "claim_after": 0.5}
    return Consumer(
        store, service="journal", member=member, subscribes=[source], redis_url=redis_url, **{**defaults, **options}
    )


if __name__ == "__main__":
    database_url, redis_url, source, member = sys.argv[1:]
    store = open_store(database_url)
    print("started", flush=True)
    consumer(store, redis_url, source, member=member).run()
