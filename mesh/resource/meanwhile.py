"""What has been moved while a resource was away: what it refers to may have been handed over, cleared or merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.mesh.v1 import references_pb2
from sqlalchemy import BigInteger, and_, bindparam, or_, select

from mesh.contract.reference_values import held, put, replaced
from mesh.contract.references import OnDelete, references_of
from mesh.resource.moves import Phase
from mesh.store.mesh_tables import reference_moves
from mesh.store.statement import Statement, any_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from mesh.contract.resource import ResourceContract
    from mesh.runtime.call import Write

_m = reference_moves.c
_PASSED = Statement(
    select(_m.id, _m.from_id, _m.to_id, _m.reason)
    .where(
        _m.tenant == bindparam("of_tenant"),
        _m.type == bindparam("of_type"),
        any_of(_m.from_id, "ids"),
        or_(
            and_(_m.state > int(Phase.UNDOING), _m.state < int(Phase.DONE)),
            and_(_m.state == int(Phase.DONE), _m.due_us >= bindparam("since", type_=BigInteger)),
        ),
    )
    .order_by(_m.number, _m.id),
    name="find passed moves",
)


def catch_up(write: Write, contract: ResourceContract, resource: Any, since_us: int, but: Collection[str] = ()) -> None:
    """Let a resource that was away since then refer to what its references would have been moved to.

    but: the ids of moves that are being taken back.
    """
    for field in references_of(contract):
        value = held(resource, field.name)
        asked = {"of_tenant": write.tenant, "of_type": field.target, "ids": value.split(","), "since": since_us}
        for move, from_id, to_id, reason in write.read(_PASSED, **asked) if value else ():
            if move in but:
                continue
            if reason == references_pb2.MOVE_REASON_MERGE or field.on_delete is OnDelete.CLEAR:
                value = replaced(value, from_id, to_id)
        put(resource, field.name, value)
