"""One resource at a time: what refers to one thing comes to refer to another, noted, and back again.

Owns the journal (`reference_journal`): of each reference field that a move has changed what it held before and after,
and of a resource that the move made redundant that it was deleted.
"""

from __future__ import annotations

import itertools
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rapport.mesh.v1 import references_pb2
from sqlalchemy import BigInteger, bindparam, delete, select

from mesh.contract.failure import Failure
from mesh.contract.reference_values import held, put, replaced
from mesh.resource.writing import change, deleting
from mesh.runtime import audit
from mesh.store.mesh_tables import reference_journal
from mesh.store.statement import TENANT, Statement, upsert
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mesh.resource.resource import Resource
    from mesh.resource.writing import Facts
    from mesh.runtime.call import Write

_log = logging.getLogger(__name__)
_CAUSE = references_pb2.ReferencesMoved.DESCRIPTOR.full_name
_GONE = "delete_time"
_j = reference_journal.c
_KEY = ("move", "resource", "id", "field")
_NOTE = upsert(reference_journal, key=_KEY, set=["after"], name="journal move")
_OF_MOVE = (_j.tenant_id == TENANT, _j.move == bindparam("of_move", type_=TEXT))
_NOTED = Statement(
    select(_j.resource, _j.id, _j.field, _j.before, _j.after)
    .where(*_OF_MOVE)
    .order_by(_j.resource, _j.id, _j.field)
    .limit(bindparam("limit", type_=BigInteger)),
    name="read journal",
)
_UNNOTE = Statement(
    delete(reference_journal).where(
        _j.tenant_id == TENANT, *(_j[name] == bindparam(f"of_{name}", type_=TEXT) for name in _KEY)
    ),
    name="drop note",
)


@dataclass(frozen=True, slots=True)
class Note:
    """What a move has changed: a field of a resource by its type and id, what it held, and what it holds since.

    `after` is None where an earlier release did not note it.
    """

    resource: str
    id: str
    field: str
    before: str
    after: str | None


def notes_of(read: Any, move: str, limit: int) -> list[Note]:
    """The first notes of a move, those of one resource together and complete."""
    found = [Note(*row) for row in read(_NOTED, of_move=move, limit=limit)]
    if len(found) < limit:
        return found
    last = (found[-1].resource, found[-1].id)
    complete = [note for note in found if (note.resource, note.id) != last]
    return complete or found


def drop(write: Write, move: str, notes: Iterable[Note]) -> None:
    """Forget notes of a move."""
    write.write_many(
        _UNNOTE, [{"of_move": move, "of_resource": n.resource, "of_id": n.id, "of_field": n.field} for n in notes]
    )


def by_resource(notes: Iterable[Note]) -> list[tuple[str, str, list[Note]]]:
    """Notes by the type and id of what they are of, in their order."""
    parts = itertools.groupby(notes, key=lambda note: (note.resource, note.id))
    return [(kind, identity, list(each)) for (kind, identity), each in parts]


def repoint(
    write: Write,
    resource: Resource[Any],
    row: Sequence[Any],
    field: str,
    value: str,
    facts: Facts,
    move: Mapping[str, Any],
) -> None:
    """Let one reference field of the resource of a locked row hold a value, recorded, and noted as of a move.

    Where two resources became one, what would say nothing any more is deleted besides; what could not be brought back
    by an undo stays as it is.
    """
    before = resource.build(resource.message, row)
    merged = move["reason"] == references_pb2.MOVE_REASON_MERGE
    if merged and not resource.contract.soft_delete and resource.redundant(write, before):
        return

    def alter(after: Any) -> None:
        put(after, field, value)

    if merged and _is_redundant(write, resource, before, alter):
        mark = deleting(write.now_us)

        def end(after: Any) -> None:
            alter(after)
            mark(after)

        after, _ = change(write, resource, row, end, facts, kind="Deleted")
    else:
        after = _changed(write, resource, row, alter, facts, field)
    fields = {field, *(each.name for each in resource.references.fields)}
    notes = {name: (_state(before, name), _state(after, name)) for name in (*fields, _GONE)}
    for name, (was, now) in notes.items():
        if was != now:
            note = {"move": move["id"], "resource": resource.contract.type, "id": row[1], "field": name}
            write.write(_NOTE, **note, before=was, after=now)
    _record(write, resource, row[1], [name for name, (was, now) in notes.items() if was != now])


def _is_redundant(write: Write, resource: Resource[Any], before: Any, alter: Any) -> bool:
    if not resource.contract.soft_delete or before.HasField(_GONE):
        return False
    trial = type(before)()
    trial.CopyFrom(before)
    alter(trial)
    return bool(resource.redundant(write, trial))


def _changed(
    write: Write,
    resource: Resource[Any],
    row: Sequence[Any],
    alter: Any,
    facts: Facts,
    what: str,
    kind: str = "Updated",
) -> Any:
    """The resource of a row, altered by its rule; where that refuses it, the alteration alone."""
    try:
        return change(write, resource, row, alter, facts, kind=kind)[0]
    except Failure as failure:
        name = f"{resource.contract.collection}/{row[1]}"
        _log.warning("only %s of %s is moved, its rule refuses the rest: %s", what, name, failure.reason)
        before, after = (resource.build(resource.message, row) for _ in range(2))
        alter(after)
        resource.update(write, kind, before, after, row[0], settle=False)
        return after


def restore(
    write: Write,
    resource: Resource[Any],
    row: Sequence[Any],
    notes: Sequence[Note],
    move: Mapping[str, Any],
    facts: Facts,
) -> list[Note]:
    """Let the fields of one resource hold again what they held before a move; the notes of those that stay."""
    now = resource.build(resource.message, row)
    left = {
        n.field: n.after if n.after is not None else replaced(n.before, move["from_id"], move["to_id"]) for n in notes
    }
    due = [n for n in notes if _state(now, n.field) == left[n.field] and left[n.field] != n.before]

    def alter(after: Any) -> None:
        for note in due:
            _set(after, note.field, note.before)

    if due:
        kind = "Undeleted" if any(note.field == _GONE for note in due) else "Updated"
        _changed(write, resource, row, alter, facts, "a reference", kind)
        _record(write, resource, row[1], [note.field for note in due])
    return [n for n in notes if n not in due and _state(now, n.field) != n.before]


def restored(resource: Resource[Any], row: Sequence[Any], notes: Iterable[Note]) -> Any:
    """The resource of a row as it would be with all of these taken back."""
    after = resource.build(resource.message, row)
    for note in notes:
        _set(after, note.field, note.before)
    return after


def _record(write: Write, resource: Resource[Any], identity: str, changed: Sequence[str]) -> None:
    name = f"{resource.contract.collection}/{identity}"
    audit.note(write, f"{resource.contract.singular}.updated", _CAUSE, name, changed)


def _state(resource: Any, field: str) -> str:
    if field != _GONE:
        return held(resource, field)
    return "deleted" if _GONE in resource.DESCRIPTOR.fields_by_name and resource.HasField(_GONE) else ""


def _set(resource: Any, field: str, value: str) -> None:
    if field == _GONE:
        resource.ClearField(_GONE)
    else:
        put(resource, field, value)
