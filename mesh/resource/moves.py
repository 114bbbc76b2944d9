"""Moves: everything that refers to a resource comes to refer to another one, or to none.

Owns the process rows (`reference_moves`) and the journal of what a move has changed. An event only adds a process row;
a worker does the work in chunks, each in one transaction with the position reached, so that it goes on where it ended
and nothing is done twice. Moves of one resource are made in the order in which its owner told of them, each after the
end of the one before. Each resource changes by its own rule; the target is one that its owner has vouched for. A
move is owed: where the rule refuses a resource, that may be older than it, the reference alone is changed.
"""

from __future__ import annotations

import enum
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rapport.mesh.v1 import purge_pb2, references_pb2
from sqlalchemy import BigInteger, bindparam, delete, exists, select, update

from mesh.contract.failure import Failure
from mesh.contract.references import OnDelete, references_of
from mesh.resource import references
from mesh.resource.holding import held, holding, put, replaced, sought
from mesh.resource.writing import NO_FACTS, Facts, change
from mesh.runtime import audit
from mesh.runtime.call import View, Write
from mesh.runtime.identity import service_identity
from mesh.store.mesh_tables import reference_journal, reference_moves
from mesh.store.statement import TENANT, Statement, insert_ignore
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mesh.contract.references import ReferenceField
    from mesh.events.envelope import Event
    from mesh.resource.resource import Resource
    from mesh.runtime.environment import Environment
    from mesh.runtime.identity import Identity

_log = logging.getLogger(__name__)
CHUNK = 200
_CAUSE = references_pb2.ReferencesMoved.DESCRIPTOR.full_name
_SECONDS = 10.0
# A write that was decided before the move began may still commit after its rows were passed: all are looked at again.
_SETTLE_US = 30_000_000
# How long a move can be undone after it has ended.
KEPT_US = 90 * 24 * 3600 * 1_000_000

_DONE = 3
_m, _j = reference_moves.c, reference_journal.c
_BEGIN = insert_ignore(reference_moves, ["id"], name="begin move")
_before = reference_moves.alias("earlier").c
_DUE = Statement(
    select(_m.tenant, _m.id)
    .where(
        _m.due_us <= bindparam("now", type_=BigInteger),
        _m.state < _DONE,
        ~exists().where(
            _before.state < _DONE,
            _before.tenant == _m.tenant,
            _before.type == _m.type,
            _before.from_id == _m.from_id,
            _before.number < _m.number,
        ),
    )
    .order_by(_m.due_us, _m.id)
    .limit(1),
    name="find move",
)
_READ = Statement(select(reference_moves).where(_m.id == bindparam("move")), name="read move")
_LOCK = Statement(select(reference_moves).where(_m.id == bindparam("move")).with_for_update(), name="lock move")
_ADVANCE = Statement(
    update(reference_moves)
    .where(_m.id == bindparam("move"))
    .values({name: bindparam(f"new_{name}", type_=_m[name].type) for name in ("state", "place", "after_id", "due_us")}),
    name="advance move",
)
_NOTE_KEY = ("move", "resource", "id", "field")
_NOTE = insert_ignore(reference_journal, _NOTE_KEY, name="journal move")
_CHANGED = Statement(
    select(_j.resource, _j.id, _j.field, _j.before)
    .where(_j.tenant_id == TENANT, _j.move == bindparam("of_move", type_=TEXT))
    .order_by(_j.resource, _j.id, _j.field),
    name="read journal",
)

_NOTED = Statement(
    select(_j.resource, _j.id, _j.field)
    .where(_j.tenant_id == TENANT, _j.move == bindparam("of_move", type_=TEXT))
    .limit(CHUNK),
    name="read notes",
)
_UNNOTE = Statement(
    delete(reference_journal).where(
        _j.tenant_id == TENANT, *(_j[name] == bindparam(f"of_{name}", type_=TEXT) for name in _NOTE_KEY)
    ),
    name="drop note",
)
_FORGET = Statement(
    delete(reference_moves).where(_m.id == bindparam("of_move", type_=TEXT), _m.state >= _DONE), name="forget move"
)
# Moves that ended before their end had a time.
_TIMELESS = Statement(
    select(_m.tenant, _m.id, _m.state).where(_m.state >= _DONE, _m.due_us == 0).limit(CHUNK), name="find ended moves"
)


class Phase(enum.IntEnum):
    """How far a move has come."""

    MOVING = 1
    SETTLING = 2
    DONE = _DONE
    UNDONE = 4


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing a move gave: how many fields hold again what they held, and which were changed since and stay."""

    restored: int
    kept: Sequence[tuple[str, str, str]]


def begin(write: Write, event: Event, moved: references_pb2.ReferencesMoved) -> None:
    """Note that references are to be moved. The id of the event is the id of the move."""
    if moved.reason == references_pb2.MOVE_REASON_MERGE:
        references.merge(write, moved.type, moved.from_id, moved.to_id)
    write.write(
        _BEGIN,
        id=event.id,
        tenant=event.tenant,
        type=moved.type,
        from_id=moved.from_id,
        to_id=moved.to_id,
        reason=moved.reason,
        actor=event.actor,
        trace=event.trace,
        state=Phase.MOVING,
        place=0,
        after_id="",
        due_us=0,
        number=event.sequence,
    )


def forget(write: Write, move: str) -> None:
    """Remove an ended move with its journal, a chunk at a time; it cannot be undone any more."""
    noted = write.read(_NOTED, of_move=move)
    if noted:
        write.write_many(_UNNOTE, [{"of_move": move, "of_resource": r, "of_id": i, "of_field": f} for r, i, f in noted])
    if len(noted) == CHUNK:
        _forget_at(write, move, write.now_us)
    else:
        write.write(_FORGET, of_move=move)


def _forget_at(write: Write, move: str, due_us: int) -> None:
    write.set_timer(f"reference_moves/{move}", "purge", due_us, purge_pb2.PurgeDue(move=move))


def _end(write: Write, move: str, state: int) -> None:
    """Note that a move has ended now, and have it forgotten when its time is over."""
    write.write(_ADVANCE, move=move, new_state=state, new_place=0, new_after_id="", new_due_us=write.now_us)
    _forget_at(write, move, write.now_us + KEPT_US)


def _concerns(field: ReferenceField, kind: str, reason: int) -> bool:
    """Whether a move changes a field: one that is to be kept changes only where two resources became one."""
    merged = reason == references_pb2.MOVE_REASON_MERGE
    return field.target == kind and (merged or field.on_delete is OnDelete.CLEAR)


class Moves:
    """The moves of one service's resources."""

    def __init__(self, environment: Environment, resources: Sequence[Resource[Any]]) -> None:
        self._environment = environment
        self._fields = [(resource, field) for resource in resources for field in references_of(resource.contract)]
        self._holding = {(r.contract.type, f.name): holding(r, f) for r, f in self._fields}
        self._locking = {(r.contract.type, f.name): holding(r, f, lock=True) for r, f in self._fields}

    def step(self) -> bool:
        """Move one chunk of the move that is due; False where none is."""
        environment = self._environment
        store, now_us = environment.store, environment.clock.now_us()
        due = store.read(_DUE, tenant=None, timeout=_SECONDS, now=now_us)
        for tenant, move in due:
            seen = _named(store.read(_READ, tenant=None, timeout=_SECONDS, move=move))
            view = View(environment, self._identity(tenant, seen["actor"]), time.monotonic() + _SECONDS)
            facts = self._gather(view, seen)
            with store.transaction(tenant=tenant, timeout=_SECONDS) as transaction:
                if _named(transaction.read(_LOCK, move=move)) != seen:
                    continue  # another process was faster
                write = Write.of_service(environment, transaction, tenant, actor=seen["actor"], trace=seen["trace"])
                self._chunk(write, seen, facts)
        return bool(due)

    def _identity(self, tenant: str, actor: str) -> Identity:
        return service_identity(self._environment.service, tenant, actor)

    def _concerned(self, move: Mapping[str, Any]) -> Sequence[tuple[Resource[Any], ReferenceField]]:
        return [(r, f) for r, f in self._fields if _concerns(f, move["type"], move["reason"])]

    def _gather(self, view: View, move: Mapping[str, Any]) -> Facts:
        """What the rule needs for the next chunk, as it would be written; references were vouched for."""
        concerned = self._concerned(move)
        if move["place"] >= len(concerned):
            return NO_FACTS
        resource, field = concerned[move["place"]]
        statement = self._holding[resource.contract.type, field.name]
        place = {"held": sought(field, move["from_id"]), "after": move["after_id"], "limit": CHUNK}
        sent = [resource.build(resource.message, row) for row in view.read(statement, **place)]
        for each in sent:
            put(each, field.name, replaced(held(each, field.name), move["from_id"], move["to_id"]))
        return Facts({}, resource.gather(view, sent))

    def _chunk(self, write: Write, move: Mapping[str, Any], facts: Facts) -> None:
        concerned = self._concerned(move)
        state, place, after_id, due_us = move["state"], move["place"], "", 0
        if place < len(concerned):
            resource, field = concerned[place]
            statement = self._locking[resource.contract.type, field.name]
            sought_id = sought(field, move["from_id"])
            rows = write.read(statement, held=sought_id, after=move["after_id"], limit=CHUNK)
            for row in rows:
                was = held(resource.build(resource.message, row), field.name)
                becomes = replaced(was, move["from_id"], move["to_id"])
                repoint(write, resource, row, field.name, becomes, facts)
                note = {"move": move["id"], "resource": resource.contract.type, "id": row[1], "field": field.name}
                write.write(_NOTE, **note, before=was)
            if len(rows) == CHUNK:
                after_id = rows[-1][1]
            else:
                place += 1
        elif state == Phase.MOVING:
            state, place, due_us = Phase.SETTLING, 0, write.now_us + _SETTLE_US
        else:
            _end(write, move["id"], Phase.DONE)
            return
        advanced = {"new_state": state, "new_place": place, "new_after_id": after_id, "new_due_us": due_us}
        write.write(_ADVANCE, move=move["id"], **advanced)

    def date(self) -> bool:
        """Have a chunk of the moves that ended without a time forgotten when theirs is over; whether there were any."""
        environment = self._environment
        ended = environment.store.read(_TIMELESS, tenant=None, timeout=_SECONDS)
        for tenant, move, state in ended:
            with environment.store.transaction(tenant=tenant, timeout=_SECONDS) as transaction:
                _end(Write.of_service(environment, transaction, tenant), move, state)
        return bool(ended)

    def undo_move(self, tenant: str, move: str, actor: str = "") -> Undone:
        """Let every field that a move changed, and that nobody changed since, hold again what it held."""
        environment = self._environment
        journal = environment.store.read(_CHANGED, tenant=tenant, timeout=_SECONDS, of_move=move)
        by_type = {resource.contract.type: resource for resource, _ in self._fields}
        restored, kept = 0, []
        for start in range(0, len(journal), CHUNK):
            part = journal[start : start + CHUNK]
            view = View(environment, self._identity(tenant, actor), time.monotonic() + _SECONDS)
            facts = [self._facts_of(view, by_type[kind], identity, field, was) for kind, identity, field, was in part]
            with environment.store.transaction(tenant=tenant, timeout=_SECONDS) as transaction:
                write = Write.of_service(environment, transaction, tenant, actor=actor)
                process = _named(transaction.read(_LOCK, move=move))
                for (kind, identity, field, was), known in zip(part, facts, strict=True):
                    resource = by_type[kind]
                    rows = transaction.read(resource.locked, id=identity)
                    now = held(resource.build(resource.message, rows[0]), field) if rows else None
                    if now == replaced(was, process["from_id"], process["to_id"]):
                        repoint(write, resource, rows[0], field, was, known)
                        restored += 1
                    elif now != was:
                        kept.append((kind, identity, field))
                _end(write, move, Phase.UNDONE)
        return Undone(restored, tuple(kept))

    @staticmethod
    def _facts_of(view: View, resource: Resource[Any], identity: str, field: str, value: str) -> Facts:
        sent = [resource.build(resource.message, row) for row in view.read(resource.by_id, id=identity)]
        for each in sent:
            put(each, field, value)
        return Facts({}, resource.gather(view, sent))


def _named(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """The process row by the names of its columns; nothing where it is gone."""
    return dict(zip((column.name for column in reference_moves.columns), rows[0], strict=True)) if rows else {}


def repoint(write: Write, resource: Resource[Any], row: Sequence[Any], field: str, value: str, facts: Facts) -> None:
    """Let one reference field of the resource of a locked row hold a value as held() tells it, recorded."""

    def alter(after: Any) -> None:
        put(after, field, value)

    try:
        _, changed = change(write, resource, row, alter, facts)
    except Failure as failure:
        name = f"{resource.contract.collection}/{row[1]}"
        _log.warning("only %s of %s is moved, its rule refuses the rest: %s", field, name, failure.reason)
        before = resource.build(resource.message, row)
        after = resource.build(resource.message, row)
        alter(after)
        changed = resource.update(write, "Updated", before, after, row[0], settle=False)
    name = f"{resource.contract.collection}/{row[1]}"
    audit.note(write, f"{resource.contract.singular}.updated", _CAUSE, name, changed)
