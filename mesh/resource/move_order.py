"""How the owner of a resource tells that references to it move: numbered, so that moves are made in this order.

Owns the table `reference_turns`, with the number of the last move of each resource. Its moves are an aggregate of their
own: no state of the resource takes their place, and one that a dying process held is waited for by those behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.mesh.v1 import references_pb2
from sqlalchemy import bindparam, delete, select

from mesh.store.mesh_tables import reference_turns
from mesh.store.statement import TENANT, Statement, upsert

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
_FORGET = Statement(
    delete(reference_turns).where(reference_turns.c.tenant_id == TENANT, reference_turns.c.id == bindparam("id")),
    name="forget last move",
)


def tell(write: Write, kind: str, from_id: str, to_id: str, reason: references_pb2.MoveReason) -> Event:
    """Let what refers to a resource of this type refer to another one, or to none; the resource is locked."""
    rows = write.read(_LAST, id=from_id)
    number = (rows[0][0] if rows else 0) + 1
    write.write(_NOTE, id=from_id, last=number)
    moved = references_pb2.ReferencesMoved(type=kind, from_id=from_id, to_id=to_id, reason=reason)
    return write.publish(f"references/{from_id}", number, moved)


def forget(write: Write, identity: str) -> None:
    """There are no more moves of a resource that is gone for good."""
    write.write(_FORGET, id=identity)
