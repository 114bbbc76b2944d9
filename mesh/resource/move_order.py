"""How the owner of a resource tells that references to it move: numbered, so that moves are made in this order.

Owns the table `reference_turns`, with the number of the last move of each resource. Its moves are an aggregate of their
own: no state of the resource takes their place, and one that a dying process held is waited for by those behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.mesh.v1 import references_pb2
from sqlalchemy import bindparam, delete, select

from mesh.store.mesh_tables import reference_turns
from mesh.store.statement import TENANT, Statement, insert_ignore, upsert

if TYPE_CHECKING:
    from mesh.events.envelope import Event
    from mesh.runtime.call import Write

_LAST = Statement(
    select(reference_turns.c.last)
    .where(reference_turns.c.tenant_id == TENANT, reference_turns.c.id == bindparam("id"))
    .with_for_update(),
    name="lock last move",
)
_NOTE = upsert(reference_turns, key=["id"], set=["last"], name="note last move")
_FIRST = insert_ignore(reference_turns, ["id"], name="note first move")
_FORGET = Statement(
    delete(reference_turns).where(reference_turns.c.tenant_id == TENANT, reference_turns.c.id == bindparam("id")),
    name="forget last move",
)


def tell(write: Write, kind: str, from_id: str, to_id: str, reason: references_pb2.MoveReason) -> Event:
    """Let what refers to a resource of this type refer to another one, or to none; the resource is locked."""
    number = _next(write, from_id)
    moved = references_pb2.ReferencesMoved(type=kind, from_id=from_id, to_id=to_id, reason=reason)
    return write.publish(f"references/{from_id}", number, moved)


def tell_merge(write: Write, kind: str, collection: str, from_id: str, to_id: str) -> tuple[Event, Any]:
    """The same of a resource that has become part of another one; all merges of a collection are one aggregate.

    So whoever follows them hears of a chain of merges, and of what is undone of it, in its order.
    """
    moved = references_pb2.ReferencesMoved(
        type=kind, from_id=from_id, to_id=to_id, reason=references_pb2.MOVE_REASON_MERGE
    )
    return write.publish(f"references/{collection}", _next(write, collection), moved), moved


def tell_restored(write: Write, kind: str, collection: str, move: str) -> Event:
    """Let what a merge has moved, by the id of the event that told of it, refer again to what it referred to."""
    restored = references_pb2.ReferencesRestored(move=move, type=kind)
    return write.publish(f"references/{collection}", _next(write, collection), restored)


def take_turn(write: Write, collection: str) -> int:
    """Wait for those who merge at the same time; how many moves there were."""
    write.write(_FIRST, id=collection, last=0)
    return int(write.read(_LAST, id=collection)[0][0])


def _next(write: Write, identity: str) -> int:
    rows = write.read(_LAST, id=identity)
    number = int(rows[0][0]) + 1 if rows else 1
    write.write(_NOTE, id=identity, last=number)
    return number


def forget(write: Write, identity: str) -> None:
    """There are no more moves of a resource that is gone for good."""
    write.write(_FORGET, id=identity)
