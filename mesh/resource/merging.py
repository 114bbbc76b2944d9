"""Merging: several resources become one, in one write of their owner; who held the others' ids is led to the one.

Owns the order of that write. What the one that stays looks like is the service's rule (`combine`), and so is what
stands beside it (`Beside`); what refers to the others is moved as by every other cause, here with the write as far as
one chunk of each field goes, elsewhere when the event comes. How it is undone is the matter of mesh.resource.undoing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from google.protobuf.message import Message
from rapport.mesh.v1 import references_pb2

from mesh.contract.etags import check_etag, etag
from mesh.contract.failure import Failure
from mesh.resource import erased, merged, move_order
from mesh.resource.provenance import origins
from mesh.resource.writing import Facts, absent, decide, unknown

if TYPE_CHECKING:
    from mesh.resource.merges import Merges
    from mesh.resource.moves import Moves
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit, Write

M = TypeVar("M", bound=Message)
R = TypeVar("R", bound=Message)
MOST_INSIDE = 500
"""How many resources one may consist of."""
MOST_MOVED = 1_000
"""How many references one write moves, whatever they stand in; the rest follows."""
Row = Sequence[Any]


class Beside(Generic[M]):
    """What stands beside resources that are merged, and is no reference alone; here nothing."""

    def plan(self, read: merged.Read, survivor: M, others: Sequence[M], after: M) -> Any:
        """What is to be made for what the resources come to together; `after` may be changed for it."""
        del read, survivor, others, after

    def settle(self, write: Write, plan: Any, survivor: str) -> Sequence[str]:
        """Make what was planned, when references have moved; the ids of what is to go when the merge is undone."""
        del write, plan, survivor
        return ()

    def hold(self, write: Write, ids: Sequence[str]) -> None:
        """From here on references move; what follows from that for these resources is settled at the end."""
        del write, ids

    def unmake(self, write: Write, made: Sequence[str]) -> None:
        """Remove what settle() made."""
        del write, made

    def refresh(self, write: Write, ids: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Bring what follows from what stands beside these resources up to date, when a merge was undone.

        Gives what could not come back, each with the id of the resource and the path of the field.
        """
        del write, ids
        return ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a caller wants merged: into which, whose values fields take by their names, and the survivor's etag."""

    survivor: str
    others: Sequence[str]
    choices: Mapping[str, str]
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Found(Generic[M]):
    """The rows of a merge; `others` are those that are not part of the survivor yet."""

    row: Row
    survivor: M
    rows: Sequence[Row]
    others: Sequence[M]


class Merging(Generic[M]):
    """Merges of one kind of resource.

    combine(survivor, others, choices) is the survivor with what it gets of the others; pure.
    """

    def __init__(
        self,
        resource: Resource[M],
        merges: Merges[Any],
        moves: Moves,
        combine: Callable[[M, Sequence[M], Mapping[str, str]], M],
        beside: Beside[M],
    ) -> None:
        self.resource, self.merges, self.moves, self.beside = resource, merges, moves, beside
        self._combine = combine

    def preview(self, call: Call, asked: Asked) -> M:
        """The survivor as it would be; nothing is written.

        Raises:
            Failure: as merge().
        """
        own = self.resource.gather(call, [])
        found = self._find(call, call.read, asked, lock=False)
        after, _ = self._combined(call, call.read, found, asked, own)
        self.resource.hide(call, [after])
        return after

    def merge(self, call: Call, asked: Asked, reply: Callable[[M, Any], R]) -> R:
        """Merge, and answer with the survivor and the merge; without one where nothing was left to be done.

        Raises:
            Failure: NOT_FOUND, MERGED, PERMISSION_DENIED, MERGE_IMPOSSIBLE, MERGE_TOO_LARGE, ETAG_MISMATCH.
        """
        resource, contract = self.resource, self.resource.contract
        own = resource.gather(call, [])
        # What moves may ask of others is asked before the write, as for every other one.
        facts = {o: self.moves.gather_all(call, contract.type, o, asked.survivor) for o in dict.fromkeys(asked.others)}
        with call.commit() as commit:
            resource.enter(commit)
            number = move_order.take_turn(commit, contract.collection)
            found = self._find(call, commit.read, asked, lock=True)
            if not found.others:
                commit.audit(f"{contract.collection}/{asked.survivor}")
                return commit.reply(reply(self._shown(call, found.survivor), self._earlier(commit, asked)))
            merge = commit.environment.ids.new(self.merges.resource.contract.prefix)
            self.beside.hold(commit, [asked.survivor])
            after, plan = self._combined(commit, commit.read, found, asked, own)
            commit.inherited = True
            record = references_pb2.MergeRecord(before=found.survivor.SerializeToString())
            told = [self._end(commit, each, row, asked.survivor, merge, record) for each, row in _pairs(found)]
            others = {f"{contract.collection}/{resource.id(each)}": each for each in found.others}
            commit.origins = origins(found.survivor, others, after)
            changed = resource.update(commit, "Updated", found.survivor, after, found.row[0])
            commit.origins = {}
            left = MOST_MOVED
            for event, moved in told:
                left -= self.moves.begin_now(commit, event, moved, facts[moved.from_id], left)
            record.made_ids.extend(self.beside.settle(commit, plan, asked.survivor))
            ((*row,),) = commit.read(resource.by_id, id=asked.survivor)
            survivor = resource.build(resource.message, row)
            record.after = survivor.SerializeToString()
            kept = self._keep(commit, merge, found, changed, record, number)
            commit.audit(f"{contract.collection}/{asked.survivor}", changed)
            return commit.reply(reply(self._shown(call, survivor), kept))

    def _shown(self, call: Call, resource: M) -> M:
        self.resource.hide(call, [resource])
        return resource

    def _find(self, call: Call, read: merged.Read, asked: Asked, *, lock: bool) -> Found[M]:
        """What is to be merged, where the caller may; locked in the order of ids."""
        resource = self.resource
        ids = [asked.survivor, *dict.fromkeys(asked.others)]
        if asked.survivor in asked.others:
            raise _impossible(f"other_ids[{list(asked.others).index(asked.survivor)}]", "is the one that stays")
        sight = resource.visible(call)
        statement = resource.lock_several(sight) if lock else resource.several(sight)
        rows = {row[1]: row for row in read(statement, ids=ids, **sight.parameters)}
        into = resource.led(read, [identity for identity in ids if identity not in rows])
        there = [each for each in ids if each in rows or into.get(each) != asked.survivor]
        for identity in there:
            if identity not in rows:
                raise absent(call, read, resource, identity)
        # An erasure that has begun knows of no more than it began with.
        for identity in sorted(erased.among(read, there)):
            raise unknown(resource, identity)
        for identity in there:
            if rows[identity][resource.deleted] is not None:
                at = list(asked.others).index(identity) if identity in asked.others else -1
                raise _impossible(f"other_ids[{at}]" if at >= 0 else "id", "is deleted")
        self.check_rights(call, read, there, "write")
        self.check_rights(call, read, there[1:], "delete")
        if merged.count(read, there) + len(there) > MOST_INSIDE:
            raise Failure("MERGE_TOO_LARGE", fields={"other_ids": "are too many"}, metadata={"limit": str(MOST_INSIDE)})
        check_etag(asked.etag, rows[asked.survivor][0])
        built = {each: resource.build(resource.message, rows[each]) for each in there}
        others = there[1:]
        return Found(rows[asked.survivor], built[asked.survivor], [rows[o] for o in others], [built[o] for o in others])

    def check_rights(self, call: Call, read: merged.Read, ids: Sequence[str], verb: str) -> None:
        """Refuse a caller who may not do this to all of them.

        Raises:
            Failure: PERMISSION_DENIED.
        """
        permission = f"{self.resource.contract.collection}.{verb}"
        sight = self.resource.scopes.reaching(call, permission)
        rows = read(self.resource.several(sight), ids=list(ids), **sight.parameters) if ids else ()
        if len(rows) < len(ids):
            raise Failure("PERMISSION_DENIED", metadata={"permission": permission})

    def _combined(self, reader: Any, read: merged.Read, found: Found[M], asked: Asked, own: Any) -> tuple[M, Any]:
        """The survivor with what it gets, as its rule leaves it, and what is to be made beside it."""
        resource, others = self.resource, []
        for each in found.others:
            other = resource.message()
            other.CopyFrom(each)
            if resource.custom:
                resource.custom.inheritable(reader, other)
            others.append(other)
        after = self._combine(found.survivor, others, asked.choices)
        # What they refer to was looked at when they came to refer to it.
        after = decide(resource, found.survivor, after, Facts({}, own))
        return after, self.beside.plan(read, found.survivor, found.others, after)

    def _end(
        self, write: Write, other: M, row: Row, into: str, merge: str, record: references_pb2.MergeRecord
    ) -> tuple[Any, Any]:
        """Take one out of the table, let its id lead to the survivor, and tell that what refers to it moves."""
        contract = self.resource.contract
        self.resource.remove(write, other, ended(other, into, write.now_us), row[0] + 1)
        identity = self.resource.id(other)
        merged.note(write, identity, into, merge, row[0] + 1)
        told = move_order.tell_merge(write, contract.type, contract.collection, identity, into)
        record.parts.add(resource=other.SerializeToString(), sequence=row[0] + 1, move=told[0].id)
        return told

    def _keep(
        self, commit: Commit, identity: str, found: Found[M], changed: Sequence[str], record: Any, number: int
    ) -> Any:
        merges = self.merges.resource
        kept = merges.message(
            id=identity,
            etag=etag(1),
            survivor_id=self.resource.id(found.survivor),
            merged_ids=[self.resource.id(each) for each in found.others],
            merger_id=commit.call.user_id,
            changed_paths=changed,
        )
        kept.create_time.FromMicroseconds(commit.now_us)
        kept.update_time.FromMicroseconds(commit.now_us)
        kept.expire_time.FromMicroseconds(commit.now_us + int(merges.contract.retention * 1_000_000))
        commit.inherited = False
        merges.insert(commit, [kept], number=number, record=record.SerializeToString())
        return kept

    def _earlier(self, commit: Commit, asked: Asked) -> Any:
        """The merge by which all of this was done before, as long as it is kept."""
        merges = self.merges.resource
        rows = commit.read(merges.by_id, id=merged.merge_of(commit.read, asked.others[0]))
        return merges.build(merges.message, rows[0]) if rows else None


def ended(resource: M, into: str, now_us: int) -> M:
    """A resource that has become part of another one, as it is told of."""
    gone: Any = type(resource)()
    gone.CopyFrom(resource)
    gone.merged_into_id = into
    gone.delete_time.FromMicroseconds(now_us)
    made: M = gone
    return made


def _pairs(found: Found[M]) -> list[tuple[M, Row]]:
    return list(zip(found.others, found.rows, strict=True))


def _impossible(field: str, why: str) -> Failure:
    return Failure("MERGE_IMPOSSIBLE", fields={field: why})
