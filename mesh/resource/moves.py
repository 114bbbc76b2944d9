"""Moves: everything that refers to a resource comes to refer to another one, or to none.

Owns the process rows (`reference_moves`); what a move has changed is in the journal. An event only adds a process row;
a worker does the work in chunks, each in one transaction with the position reached, so that it goes on where it ended
and nothing is done twice. Moves of one resource are made in the order in which its owner told of them, each after the
end of the one before. Each resource changes by its own rule; the target is one that its owner has vouched for. A
move is owed: where the rule refuses a resource, that may be older than it, the reference alone is changed.
"""

from __future__ import annotations

import enum
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rapport.mesh.v1 import purge_pb2, references_pb2
from sqlalchemy import BigInteger, and_, bindparam, delete, exists, or_, select, update

from mesh.contract.reference_values import held, put, replaced
from mesh.contract.references import OnDelete, references_of
from mesh.resource import references
from mesh.resource.holding import holding, sought
from mesh.resource.repointing import Note, by_resource, drop, notes_of, repoint, restore, restored
from mesh.resource.writing import NO_FACTS, Facts
from mesh.runtime.call import View, Write
from mesh.runtime.identity import service_identity
from mesh.store.mesh_tables import reference_moves
from mesh.store.statement import Statement, insert_ignore

if TYPE_CHECKING:
    from mesh.contract.references import ReferenceField
    from mesh.events.envelope import Event
    from mesh.resource.resource import Resource
    from mesh.runtime.environment import Environment
    from mesh.runtime.identity import Identity

_log = logging.getLogger(__name__)
CHUNK = 200
_SECONDS = 10.0
# A write that was decided before the move began may still commit after its rows were passed: all are looked at again.
_SETTLE_US = 30_000_000
# How long a move can be undone after it has ended.
KEPT_US = 90 * 24 * 3600 * 1_000_000

_DONE = 3
_m = reference_moves.c
_BEGIN = insert_ignore(reference_moves, ["id"], name="begin move")
_before = reference_moves.alias("earlier").c
# Two that end in the same resource need not wait for each other, unless one of them is undone.
_MEET = or_(
    _before.from_id == _m.to_id,
    _before.to_id == _m.from_id,
    and_(_before.to_id == _m.to_id, or_(_before.state == 0, _m.state == 0)),
)
_BOTH_MERGE = and_(_before.reason == references_pb2.MOVE_REASON_MERGE, _m.reason == references_pb2.MOVE_REASON_MERGE)
_WAITS = exists().where(
    _before.state < _DONE,
    _before.tenant == _m.tenant,
    _before.type == _m.type,
    _before.number < _m.number,
    # Behind a merge that settles the next one may move, and then settles after it.
    or_(_before.from_id == _m.from_id, and_(_BOTH_MERGE, _MEET, or_(_before.state < 2, _m.state == 2))),
)
_DUE = Statement(
    select(_m.tenant, _m.id)
    .where(_m.due_us <= bindparam("now", type_=BigInteger), _m.state < _DONE, ~_WAITS)
    .order_by(_m.due_us, _m.id)
    .limit(1),
    name="find move",
)
_WAITING = Statement(select(_m.id).where(_m.id == bindparam("move"), _WAITS), name="move waits")
_READ = Statement(select(reference_moves).where(_m.id == bindparam("move")), name="read move")
_LOCK = Statement(select(reference_moves).where(_m.id == bindparam("move")).with_for_update(), name="lock move")
_ADVANCE = Statement(
    update(reference_moves)
    .where(_m.id == bindparam("move"))
    .values({name: bindparam(f"new_{name}", type_=_m[name].type) for name in ("state", "place", "after_id", "due_us")}),
    name="advance move",
)
_UNDO = Statement(
    update(reference_moves)
    .where(_m.id == bindparam("move"), _m.tenant == bindparam("of_tenant"), _m.state != 4)
    .values(state=0, place=0, after_id="", due_us=0, number=bindparam("new_number", type_=BigInteger)),
    name="undo move",
)
_FORGET = Statement(delete(reference_moves).where(_m.id == bindparam("of_move"), _m.state >= _DONE), name="forget move")
# Moves that ended before their end had a time.
_TIMELESS = Statement(
    select(_m.tenant, _m.id, _m.state).where(_m.state >= _DONE, _m.due_us == 0).limit(CHUNK), name="find ended moves"
)


Gathered = tuple[Sequence[Note], Mapping[str, Facts]]
"""Notes of a move, and the facts for undoing them by the type of what they are of."""


class Phase(enum.IntEnum):
    """How far a move has come."""

    UNDOING = 0
    MOVING = 1
    SETTLING = 2
    DONE = _DONE
    UNDONE = 4


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing a move gave: how many fields hold again what they held, and which were changed since and stay."""

    restored: int
    kept: Sequence[tuple[str, str, str]]


def undo(write: Write, event: Event, restored: references_pb2.ReferencesRestored) -> None:
    """Note that a move is to be undone, as far as it has come."""
    write.write(_UNDO, move=restored.move, of_tenant=write.tenant, new_number=event.sequence)


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
    noted = notes_of(write.read, move, CHUNK)
    drop(write, move, noted)
    if noted:
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
        self._by_type = {resource.contract.type: resource for resource in resources}
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
            if seen["state"] == Phase.UNDOING:
                self._undo_chunk(view, seen)
                continue
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

    def _chunk(self, write: Write, move: Mapping[str, Any], facts: Facts, limit: int = 0) -> int:
        """Move the next rows, at most `limit`, or a chunk of them; how many there were."""
        write.inherited = move["reason"] == references_pb2.MOVE_REASON_MERGE
        concerned = self._concerned(move)
        state, place, after_id, due_us = move["state"], move["place"], "", 0
        rows: Sequence[Any] = ()
        limit = limit or CHUNK
        if place < len(concerned):
            resource, field = concerned[place]
            statement = self._locking[resource.contract.type, field.name]
            sought_id = sought(field, move["from_id"])
            rows = write.read(statement, held=sought_id, after=move["after_id"], limit=limit)
            for row in rows:
                was = held(resource.build(resource.message, row), field.name)
                becomes = replaced(was, move["from_id"], move["to_id"])
                repoint(write, resource, row, field.name, becomes, facts, move)
            if len(rows) == limit:
                after_id = rows[-1][1]
            else:
                place += 1
        elif state == Phase.MOVING:
            state, place, due_us = Phase.SETTLING, 0, write.now_us + _SETTLE_US
        else:
            _end(write, move["id"], Phase.DONE)
            return 0
        advanced = {"new_state": state, "new_place": place, "new_after_id": after_id, "new_due_us": due_us}
        write.write(_ADVANCE, move=move["id"], **advanced)
        return len(rows)

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
        store = self._environment.store
        done = Undone(0, ())
        while True:
            view = View(self._environment, self._identity(tenant, actor), time.monotonic() + _SECONDS)
            seen = {**_named(store.read(_READ, tenant=None, timeout=_SECONDS, move=move)), "actor": actor}
            part = self._undo_chunk(view, seen)
            done = Undone(done.restored + part.restored, (*done.kept, *part.kept))
            if not notes_of(view.read, move, 1):
                return done

    def _undo_chunk(self, view: View, seen: Mapping[str, Any]) -> Undone:
        environment, tenant = self._environment, seen["tenant"]
        gathered = self.gather_undo(view, seen["id"])
        with environment.store.transaction(tenant=tenant, timeout=_SECONDS) as transaction:
            write = Write.of_service(environment, transaction, tenant, actor=seen["actor"], trace=seen["trace"])
            for kind in sorted(gathered[1]):
                self._by_type[kind].enter(write)
            undone = self.undo_now(write, seen["id"], gathered)
        for kind, identity, path in undone.kept:
            _log.info("%s of %s was changed since its move and stays", path, self.name(kind, identity))
        return undone

    def gather_undo(self, view: View, move: str) -> Gathered:
        """The next notes of a move that is to be undone, with the facts for that, by type; before the write begins."""
        notes = notes_of(view.read, move, CHUNK)
        sent: dict[str, list[Any]] = {}
        for kind, identity, part in by_resource(notes):
            for row in view.read(self._by_type[kind].by_id, id=identity):
                sent.setdefault(kind, []).append(restored(self._by_type[kind], row, part))
        return notes, {k: Facts({}, self._by_type[k].gather(view, each)) for k, each in sent.items()}

    def undo_now(self, write: Write, move: str, gathered: Gathered) -> Undone:
        """Undo what was gathered of a move, within a write; the rest, if any, follows by itself.

        So does all of it where it has to wait for an earlier one.
        """
        if write.read(_WAITING, move=move):
            return Undone(0, ())
        process = _named(write.read(_LOCK, move=move))
        notes, facts = gathered
        write.inherited = bool(process) and process["reason"] == references_pb2.MOVE_REASON_MERGE
        count, kept = 0, []
        for kind, identity, part in by_resource(notes):
            resource = self._by_type[kind]
            stays = part
            for row in write.read(resource.locked, id=identity):
                stays = restore(write, resource, row, part, process, facts.get(kind, NO_FACTS))
                count += len(part) - len(stays)
            kept += [(note.resource, note.id, note.field) for note in stays]
        drop(write, move, notes)
        if process and not notes_of(write.read, move, 1):
            _end(write, move, Phase.UNDONE)
        return Undone(count, tuple(kept))

    def name(self, kind: str, identity: str) -> str:
        """A resource as it is named, as in `contacts/con_...`."""
        return f"{self._by_type[kind].contract.collection}/{identity}"

    def gather_all(self, view: View, kind: str, from_id: str, to_id: str) -> Sequence[Facts]:
        """The facts for the first chunk of each field that a merge moves; before the write begins."""
        move = {"type": kind, "reason": references_pb2.MOVE_REASON_MERGE, "from_id": from_id, "to_id": to_id}
        count = len(self._concerned(move))
        return [self._gather(view, {**move, "place": place, "after_id": ""}) for place in range(count)]

    def begin_now(
        self, write: Write, event: Event, moved: references_pb2.ReferencesMoved, facts: Sequence[Facts], budget: int
    ) -> int:
        """Begin a move within the write of the owner that tells of it, with the first chunk of each field.

        budget: how many rows it may move at most. What is more, and what slips in, follows by itself. Gives how many it
        has moved.
        """
        begin(write, event, moved)
        done = 0
        if write.read(_WAITING, move=event.id):
            return done
        for place, known in enumerate(facts):
            process = _named(write.read(_LOCK, move=event.id))
            if process["place"] != place or done >= budget:
                return done
            done += self._chunk(write, process, known, min(CHUNK, budget - done))
        # With nothing left it settles from here on, and none that comes after it has to wait.
        process = _named(write.read(_LOCK, move=event.id))
        if process["place"] == len(facts):
            self._chunk(write, process, NO_FACTS)
        return done


def _named(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """The process row by the names of its columns; nothing where it is gone."""
    return dict(zip((column.name for column in reference_moves.columns), rows[0], strict=True)) if rows else {}
