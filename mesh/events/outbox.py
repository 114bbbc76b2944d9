"""The outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert

from mesh.store.mesh_tables import outbox
from mesh.store.statement import Statement

if TYPE_CHECKING:
    from mesh.events.envelope import Event
    from mesh.store.transaction import Transaction

_COLUMNS = [column.name for column in outbox.columns if column.name != "seq"]
_INSERT = Statement(insert(outbox).values({name: bindparam(name, type_=outbox.c[name].type) for name in _COLUMNS}))


def publish(transaction: Transaction, event: Event) -> None:
    """Publish with the commit of the transaction."""
    transaction.defer(
        _INSERT,
        event_id=event.id,
        tenant=event.tenant,
        aggregate=event.aggregate,
        sequence=event.sequence,
        type=event.type,
        data=event.data,
        time_us=event.time_us,
        actor=event.actor,
        trace=event.trace,
        due_us=0,
        name=None,
    )
