"""How a new consumer comes to hold what one holds that was there from the start: by a snapshot of the owner.

Owns how far each snapshot has come (`snapshots`), which is written together with what it brought, so that it goes on
after a restart. The positions of the inbox follow the snapshot: events that are contained in it take no second effect.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from rapport.mesh.v1 import changes_pb2
from sqlalchemy import bindparam, select

from mesh.events.inbox import Inbox
from mesh.events.owner import Owner, resource_of, state_event
from mesh.runtime.call import Write
from mesh.store.mesh_tables import snapshots
from mesh.store.statement import Statement, upsert

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from threading import Event as Flag

    from mesh.events.envelope import Event
    from mesh.runtime.environment import Environment
    from mesh.store.transaction import Transaction

    Apply = Callable[[Write, Any, int], None]
    Passed = Callable[[str, str, Collection[str]], None]

_SECONDS = 10.0
_CHUNK = 200
_KEY = (snapshots.c.type == bindparam("type"), snapshots.c.tenant == bindparam("whose"))
_READ = Statement(select(snapshots.c.cursor, snapshots.c.complete_us).where(*_KEY), name="read snapshot")
_NOTE = upsert(snapshots, key=["type", "tenant"], set=["cursor", "complete_us"], name="note snapshot")


def is_complete(environment: Environment, tenant: str, type_: str) -> bool:
    """Whether the snapshot of a resource type has been taken in for a tenant."""
    rows = environment.store.read(_READ, tenant=None, timeout=_SECONDS, type=type_, whose=tenant)
    return bool(rows and rows[0][1])


def bootstrap(
    environment: Environment,
    tenant: str,
    type_: str,
    apply: Apply,
    stopped: Flag | None = None,
    *,
    passed: Passed | None = None,
    since_us: int = 0,
) -> bool:
    """Take in all resources of a type that a tenant has; goes on where it ended before. Whether it is complete.

    A snapshot that was complete before `since_us` is taken in anew.

    `apply(write, resource, sequence)` runs once per resource, or again after a restart, and in the transaction that
    moves the inbox to `sequence`. A consumer that runs meanwhile may have handled a later event: apply() leaves what it
    holds with a higher sequence as it is. Resources that are deleted come with their `delete_time`.
    `passed(after, upto, ids)` runs before a chunk is noted: between two ids (empty: the first, the last) it has these.

    Raises:
        Failure, CallFailed: the owner does not answer; call again later.
        StoreError: the database is busy or away.
    """
    rows = environment.store.read(_READ, tenant=None, timeout=_SECONDS, type=type_, whose=tenant)
    cursor, complete_us = rows[0] if rows else ("", 0)
    if complete_us:
        if complete_us >= since_us:
            return True
        cursor = ""
    intake = _Intake(environment, tenant, type_, apply, passed)
    with contextlib.closing(Owner(environment.caller).changes(intake.resource, tenant, cursor=cursor)) as told:
        for change in told:
            if stopped is not None and stopped.is_set():
                return False
            if intake.take(change):
                return True
    return False


class _Intake:
    """Takes in one snapshot, chunk by chunk."""

    def __init__(self, environment: Environment, tenant: str, type_: str, apply: Apply, passed: Passed | None) -> None:
        self.resource = resource_of(type_)
        self._environment, self._tenant, self._apply, self._passed = environment, tenant, apply, passed
        self._inbox = Inbox(environment.store, {}, now_us=environment.clock.now_us)
        self._chunk: dict[str, tuple[Event, Any]] = {}
        self._after = ""

    def take(self, change: Any) -> bool:
        """Take one change; whether it was the last one."""
        if change.kind == changes_pb2.CHANGE_KIND_CURRENT:
            event = state_event(self.resource, self._tenant, change)
            self._chunk[event.id] = (event, getattr(change, self.resource.singular))
        complete: bool = change.kind == changes_pb2.CHANGE_KIND_SNAPSHOT_COMPLETE
        if complete or len(self._chunk) >= _CHUNK:
            self._take_in(change.cursor, complete=complete)
        return complete

    def _take_in(self, reached: str, *, complete: bool) -> None:
        complete_us = self._environment.clock.now_us() if complete else 0

        def note(tx: Transaction) -> None:
            tx.defer(_NOTE, type=self.resource.type, tenant=self._tenant, cursor=reached, complete_us=complete_us)

        ids = [row.id for _, row in self._chunk.values()]
        if self._passed is not None:
            # Before it is noted how far this has come: what was not swept is swept after a restart.
            self._passed(self._after, "" if complete else ids[-1], frozenset(ids))
        self._inbox.overtake([event for event, _ in self._chunk.values()], apply=self._run, note=note)
        self._after = ids[-1] if ids else self._after
        self._chunk.clear()

    def _run(self, transaction: Transaction, event: Event) -> None:
        write = Write.of_service(self._environment, transaction, self._tenant)
        self._apply(write, self._chunk[event.id][1], event.sequence)
