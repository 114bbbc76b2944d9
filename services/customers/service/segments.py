"""SegmentService: segments as they are kept, who is in one, by whose word, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import events_pb2, resources_pb2, segment_service_pb2

from mesh.contract.failure import Failure, below, invalid
from mesh.resource.resource import Resource
from mesh.resource.scopes import Breadth
from mesh.resource.writing import absent, unknown
from services.customers.domain.segments import DYNAMIC, LIMITS, Flag, Said, build_again, decide_segment
from services.customers.service.segment_definitions import Definition
from services.customers.tables import segments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.runtime.call import Call, Commit, View, Write
    from services.customers.service.segment_definitions import Definitions
    from services.customers.service.segment_filters import SegmentFilter
    from services.customers.service.segment_members import Members

_Segment = resources_pb2.Segment


def check_reading(view: View, found: SegmentFilter) -> None:
    """Refuse a filter that asks for records of which its author may not read all.

    Raises:
        Failure: PERMISSION_DENIED.
    """
    for permission in needed(found):
        if view.scope(permission) < Breadth.ALL:
            raise Failure("PERMISSION_DENIED", metadata={"permission": permission})


def needed(found: SegmentFilter) -> list[str]:
    """What one needs, beside the contacts, to read all that a filter reads."""
    of_interactions = ["interactions.read"] if found.reads.measures else []
    return [*of_interactions, *(["companies.read", "relations.read"] if found.reads.employed else [])]


class Segments:
    """The resource of segments, and the methods that are more than the standard ones, but for those that only read."""

    def __init__(
        self, contacts: Resource[Any], tags: Resource[Any], definitions: Definitions, members: Members
    ) -> None:
        self._contacts, self._tags, self._definitions, self._members = contacts, tags, definitions, members
        self.segments = Resource(
            _Segment, segments, decide=decide_segment, gather=self._gather, settle=self._settle, forget=_forget
        )

    def _gather(self, view: View, sent: Sequence[_Segment]) -> str:
        """Who asks; whoever writes a filter may read what it asks for."""
        for each in sent:
            if each.filter.strip():
                with below("segment"):
                    check_reading(view, self._definitions.filter(view, each.filter))
        return view.user_id

    def _settle(self, write: Write, before: _Segment | None, after: _Segment) -> None:
        """Look at what a definition rests on, as it stays until the write ends, and have its members found."""
        there = before is not None and not before.HasField("delete_time")
        if after.HasField("delete_time"):
            if there:
                self._definitions.change(write)
            return
        if before is not None and before.generation == after.generation:
            return
        if after.type == DYNAMIC:
            self._check_tags(write, self._definitions.settled(write, after.filter))
        others = self._definitions.change(write, after.type)
        if not there and others >= LIMITS[after.type]:
            raise Failure("TOO_MANY_SEGMENTS", metadata={"limit": str(LIMITS[after.type])})
        if after.generation:
            self._begin(write, after)

    @staticmethod
    def _begin(write: Write, segment: _Segment) -> None:
        step = events_pb2.SegmentBuildContinued(segment_id=segment.id, generation=segment.generation)
        write.publish(f"segments/{segment.id}/build", 0, step)

    def _check_tags(self, write: Write, found: SegmentFilter) -> None:
        """Hold the tags of a filter, which are not deleted before the write ends."""
        for tag in sorted(found.reads.tags):
            rows = write.read(self._tags.locked, id=tag)
            if not rows or rows[0][self._tags.deleted] is not None:
                raise invalid("filter", f"there is no tag {tag!r}")

    # ---- writing

    def rebuild_segment(self, call: Call, request: segment_service_pb2.RebuildSegmentRequest) -> _Segment:
        """The segment, whose members are going to be found anew."""
        with call.commit() as commit:
            row = self._locked(commit, request.id)
            before: _Segment = self.segments.build(_Segment, row)
            after = _Segment()
            after.CopyFrom(before)
            build_again(after)
            changed = self.segments.update(commit, "Updated", before, after, row[0], settle=False)
            self._begin(commit, after)
            commit.audit(f"segments/{request.id}", changed)
            return commit.reply(after)

    def add_segment_members(self, call: Call, request: segment_service_pb2.AddSegmentMembersRequest) -> _Segment:
        """The segment, with these contacts in it whatever its filter says."""
        return self._flag(call, request, Flag.ADDED)

    def remove_segment_members(self, call: Call, request: segment_service_pb2.RemoveSegmentMembersRequest) -> _Segment:
        """The segment, without these contacts whatever its filter says."""
        return self._flag(call, request, Flag.REMOVED)

    def reset_segment_members(self, call: Call, request: segment_service_pb2.ResetSegmentMembersRequest) -> _Segment:
        """The segment, which finds these contacts by its filter again, or does not."""
        return self._flag(call, request, Flag.NONE)

    def _flag(self, call: Call, request: Any, flag: Flag) -> _Segment:
        with call.commit() as commit:
            segment: _Segment = self.segments.build(_Segment, self._locked(commit, request.id))
            self._check_contacts(commit, request.contact_ids)
            known = [each for each in self._definitions.shared(commit) if each.id == segment.id]
            # In a static segment whom nobody has put there is no member: no flag is needed to keep somebody out.
            said = Said(flag if segment.type == DYNAMIC or flag == Flag.ADDED else Flag.NONE)
            self._members.decide(commit, request.contact_ids, known or [Definition(segment.id, None)], lambda _: said)
            commit.audit(f"segments/{segment.id}")
            return commit.reply(segment)

    def _locked(self, commit: Commit, identity: str) -> Sequence[Any]:
        """The row of a segment that the caller may change, held until the end of the write.

        Raises:
            Failure: NOT_FOUND, PERMISSION_DENIED.
        """
        sight, own = self.segments.visible(commit.call), self.segments.scopes.writable(commit.call)
        rows = commit.read(self.segments.lock(sight), id=identity, **sight.parameters)
        if not rows or rows[0][self.segments.deleted] is not None:
            raise unknown(self.segments, identity)
        if not commit.read(self.segments.one(own), id=identity, **own.parameters):
            raise Failure("PERMISSION_DENIED")
        return rows[0]

    def _check_contacts(self, commit: Commit, ids: Sequence[str]) -> None:
        """Refuse contacts that the caller does not see, or that are deleted."""
        sight = self._contacts.visible(commit.call)
        rows = commit.read(self._contacts.several(sight), ids=sorted(set(ids)), **sight.parameters)
        live = {row[1] for row in rows if row[self._contacts.deleted] is None}
        for identity in ids:
            if identity not in live:
                raise absent(commit.call, commit.read, self._contacts, identity)


def _forget(write: Write, identity: str) -> None:
    """Have what is kept of the members of a segment that is gone for good removed."""
    step = events_pb2.SegmentBuildContinued(segment_id=identity, forget=True)
    write.publish(f"segments/{identity}/build", 0, step)
