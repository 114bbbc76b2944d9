"""Undoing a merge: those that became part of a resource are there again, with what belonged to them.

Owns the order of that write. Later writes win, field by field, and are told; what has been handed over, cleared or
merged meanwhile is so in what comes back too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from google.protobuf.message import Message
from rapport.mesh.v1 import references_pb2

from mesh.contract.failure import Failure
from mesh.resource import erased, merged, move_order, moves
from mesh.resource.meanwhile import catch_up
from mesh.resource.merging import Merging, ended
from mesh.resource.taking_back import TakingBack
from mesh.resource.writing import NO_FACTS, change, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.runtime.call import Call, Commit

M = TypeVar("M", bound=Message)
R = TypeVar("R", bound=Message)
Kept = tuple[str, str]
"""A resource, as in `contacts/con_...`, and the path of what stays as it is."""


@dataclass(slots=True)
class _Undone:
    """What came of it: the resources, what was changed since, and the paths of the survivor that changed back."""

    resources: list[Any] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


class Undoing(Generic[M]):
    """Undoes merges of one kind of resource."""

    def __init__(self, merging: Merging[M]) -> None:
        self._resource, self._merges = merging.resource, merging.merges
        self._moves, self._beside, self._merging = merging.moves, merging.beside, merging
        self._taking = TakingBack(merging.resource)

    def undo(self, call: Call, merge: str, reply: Callable[[Sequence[M], Sequence[Kept], Any], R]) -> R:
        """Undo a merge, and answer with the survivor and the others, what stays as it is, and the merge.

        Raises:
            Failure: NOT_FOUND, PERMISSION_DENIED, MERGE_NOT_LATEST, MERGE_SURVIVOR_DELETED.
        """
        merges = self._merges.resource
        sight = merges.visible(call)
        if not call.read(merges.one(sight), id=merge, **sight.parameters):
            raise unknown(merges, merge)
        record = self._merges.record(call.read, merge)
        gathered = {part.move: self._moves.gather_undo(call, part.move) for part in record.parts}
        own = self._resource.gather(call, [])
        with call.commit() as commit:
            self._resource.enter(commit)
            move_order.take_turn(commit, self._resource.contract.collection)
            ((*row,),) = commit.read(merges.locked, id=merge) or [()]
            if not row:
                raise unknown(merges, merge)
            kept = merges.build(merges.message, row)
            undone = _Undone()
            if not kept.HasField("undo_time"):
                self._split(commit, kept, record, gathered, own, undone)
                commit.inherited = False

                def mark(after: Any) -> None:
                    after.undo_time.FromMicroseconds(commit.now_us)

                kept, _ = change(commit, merges, row, mark, NO_FACTS)
            ids = [kept.survivor_id, *kept.merged_ids]
            commit.audit(f"{self._resource.contract.collection}/{kept.survivor_id}", undone.changed)
            return commit.reply(reply(self._shown(commit, ids), undone.kept, kept))

    def _shown(self, commit: Commit, ids: Sequence[str]) -> list[M]:
        """The resources as they are, as far as they are there and the caller sees them."""
        resource, sight = self._resource, self._resource.visible(commit.call)
        rows = {row[1]: row for row in commit.read(resource.several(sight), ids=list(ids), **sight.parameters)}
        found = [resource.build(resource.message, rows[each]) for each in ids if each in rows]
        resource.hide(commit.call, found)
        return found

    def _split(self, commit: Commit, merge: Any, record: Any, gathered: Any, own: Any, undone: _Undone) -> None:
        row = self._survivor(commit, merge)
        commit.inherited = True
        self._beside.hold(commit, [merge.survivor_id, *merge.merged_ids])
        self._beside.unmake(commit, record.made_ids)
        self._take_back(commit, row, merge, own, undone)
        for part in reversed(record.parts):
            self._bring_back(commit, part, record, merge, own, undone)
            self._restore(commit, part.move, gathered, undone)
        name = self._resource.contract.collection
        refreshed = self._beside.refresh(commit, [merge.survivor_id, *merge.merged_ids])
        undone.kept += [(f"{name}/{identity}", path) for identity, path in refreshed]

    def _survivor(self, commit: Commit, merge: Any) -> Sequence[Any]:
        """The locked row of the survivor, where it can be taken apart by this caller now."""
        resource = self._resource
        sight = resource.visible(commit.call)
        rows = commit.read(resource.lock(sight), id=merge.survivor_id, **sight.parameters)
        if not rows:
            later = merged.merge_of(commit.read, merge.survivor_id)
            raise (
                Failure("MERGE_NOT_LATEST", metadata={"merge_id": later})
                if later
                else unknown(resource, merge.survivor_id)
            )
        # Who is being erased is not taken apart: what comes out would stay.
        if erased.among(commit.read, [merge.survivor_id, *merge.merged_ids]):
            raise unknown(resource, merge.survivor_id)
        latest = self._merges.latest(commit.read, merge.survivor_id)
        if latest != merge.id:
            raise Failure("MERGE_NOT_LATEST", metadata={"merge_id": latest})
        if rows[0][resource.deleted] is not None:
            raise Failure("MERGE_SURVIVOR_DELETED")
        self._merging.check_rights(commit.call, commit.read, [merge.survivor_id], "write")
        return rows[0]

    def _take_back(self, commit: Commit, row: Sequence[Any], merge: Any, own: Any, undone: _Undone) -> None:
        resource, record = self._resource, self._merges.record(commit.read, merge.id)
        before, after = (resource.message.FromString(each) for each in (record.before, record.after))
        own_moves = [part.move for part in record.parts]
        for each in (before, after):
            catch_up(commit, resource.contract, each, merge.create_time.ToMicroseconds(), own_moves)
        paths, undone.changed = self._taking.take_back(commit, row, before, after, own)
        undone.kept += [(f"{resource.contract.collection}/{row[1]}", path) for path in paths]

    def _bring_back(self, commit: Commit, part: Any, record: Any, merge: Any, own: Any, undone: _Undone) -> None:
        resource, contract = self._resource, self._resource.contract
        old = resource.message.FromString(part.resource)
        gone = ended(old, merge.survivor_id, merge.create_time.ToMicroseconds())
        own_moves = [each.move for each in record.parts]
        catch_up(commit, contract, old, merge.create_time.ToMicroseconds(), own_moves)
        back = resource.message()
        back.CopyFrom(old)
        name = f"{contract.collection}/{resource.id(old)}"
        undone.kept += [(name, path) for path in self._taking.free(commit, back)]
        back = resource.decide(old, back, own)
        merged.release(commit, resource.id(old))
        resource.bring_back(commit, gone, back, part.sequence + 1)

    def _restore(self, commit: Commit, move: str, gathered: Any, undone: _Undone) -> None:
        """Let what referred to a resource refer to it again: here now, elsewhere when this is heard."""
        contract = self._resource.contract
        event = move_order.tell_restored(commit, contract.type, contract.collection, move)
        moves.undo(commit, event, references_pb2.ReferencesRestored(move=move, type=contract.type))
        done = self._moves.undo_now(commit, move, gathered[move])
        undone.kept += [(self._moves.name(kind, identity), path) for kind, identity, path in done.kept]
