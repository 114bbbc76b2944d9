"""What keeps the members of segments right: this service's own events, steps of building, and time that passes.

Each event asks only those segments whose filter reads what has changed. An event tells what to look at and not what is
so: decisions rest on the records as they are.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import events_pb2, resource_events_pb2, resources_pb2
from rapport.mesh.v1 import references_pb2
from sqlalchemy import BigInteger, bindparam, delete, select

from mesh.store.statement import TENANT, Statement, any_of
from mesh.store.tables import TEXT
from services.customers.domain.segments import BUILDING, DYNAMIC, READY, Flag, Said
from services.customers.service.segment_definitions import Definition, Definitions
from services.customers.service.segment_filters import EMPLOYMENT
from services.customers.service.segment_members import NOW_DUE, Members
from services.customers.tables import contacts, relations, segment_dues, segment_members

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.events.envelope import Event
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Write

    Effect = Callable[[Write, Event], None]

CHUNK = 500
"""Contacts that one transaction looks at."""
_CONTACT = "customers.rapport/Contact"
_limit, _cursor = bindparam("limit", type_=BigInteger), bindparam("cursor", type_=TEXT)
_ALL = Statement(
    select(contacts.c.id)
    .where(contacts.c.tenant_id == TENANT, contacts.c.id > _cursor, contacts.c.delete_time.is_(None))
    .order_by(contacts.c.id)
    .limit(_limit),
    name="contacts for segment",
)
_m = segment_members.c
_OF_SEGMENT = (_m.tenant_id == TENANT, _m.segment_id == bindparam("segment", type_=TEXT))
_MEMBERS = Statement(
    select(_m.contact_id).where(*_OF_SEGMENT, _m.contact_id > _cursor).order_by(_m.contact_id).limit(_limit),
    name="members of segment",
)
_FLAGS = Statement(
    select(_m.segment_id, _m.flag)
    .where(_m.tenant_id == TENANT, _m.contact_id == bindparam("contact", type_=TEXT), _m.flag != int(Flag.NONE))
    .order_by(_m.segment_id),
    name="flags of contact",
)
_BROUGHT = Statement(
    select(_m.segment_id, _m.contact_id)
    .where(_m.tenant_id == TENANT, _m.move_id == bindparam("move", type_=TEXT))
    .order_by(_m.segment_id, _m.contact_id),
    name="flags that a move has brought",
)
_EMPLOYED = Statement(
    select(relations.c.id, relations.c.from_contact_id)
    .where(*EMPLOYMENT, relations.c.to_company_id == bindparam("company", type_=TEXT), relations.c.id > _cursor)
    .order_by(relations.c.id)
    .limit(_limit),
    name="contacts who work for company",
)


def _forgetting(table: Any) -> tuple[Statement, Statement]:
    mine = (table.c.tenant_id == TENANT, table.c.segment_id == bindparam("segment", type_=TEXT))
    some = Statement(select(table.c.contact_id).where(*mine).limit(_limit), name=f"some {table.name}")
    gone = Statement(delete(table).where(*mine, any_of(table.c.contact_id, "contacts")), name=f"forget {table.name}")
    return some, gone


_FORGETTING = [_forgetting(table) for table in (segment_members, segment_dues)]


class Following:
    """Keeps the members of these segments."""

    def __init__(self, segments: Resource[Any], definitions: Definitions, members: Members) -> None:
        self._segments, self._definitions, self._members = segments, definitions, members

    def effects(self) -> dict[str, Effect]:
        """By event type, what follows from it."""
        own = resource_events_pb2
        events: dict[Any, Effect] = {
            own.ContactCreated: self._contact,
            own.ContactUpdated: self._contact,
            own.ContactDeleted: self._contact_ended,
            own.ContactUndeleted: self._contact_ended,
            events_pb2.SegmentBuildContinued: self._build,
            events_pb2.CompanySegmentsContinued: self._company_continued,
            events_pb2.SegmentsDue: self._due,
            references_pb2.ReferencesMoved: self._moved,
            references_pb2.ReferencesRestored: self._restored,
        }
        for verb in ("Created", "Updated", "Deleted", "Undeleted"):
            events[getattr(own, f"Interaction{verb}")] = self._interaction(getattr(own, f"Interaction{verb}"))
            events[getattr(own, f"Relation{verb}")] = self._relation(getattr(own, f"Relation{verb}"))
            if verb != "Created":
                events[getattr(own, f"Company{verb}")] = self._company(getattr(own, f"Company{verb}"))
        return {event.DESCRIPTOR.full_name: effect for event, effect in events.items()}

    # ---- contacts and what belongs to them

    def _contact(self, write: Write, event: Event) -> None:
        told = resource_events_pb2.ContactUpdated.FromString(event.data)
        definitions = self._definitions.shared(write)
        if event.type == resource_events_pb2.ContactUpdated.DESCRIPTOR.full_name:
            changed = {*told.changed_paths, "update_time"}
            definitions = [
                each for each in definitions if each.filter is not None and changed & each.filter.reads.paths
            ]
        self._members.decide(write, [told.contact.id], definitions)

    def _contact_ended(self, write: Write, event: Event) -> None:
        """A contact that is deleted leaves everything, segments that are deleted too; by hand it may be back later."""
        identity = resource_events_pb2.ContactDeleted.FromString(event.data).contact.id
        definitions = self._definitions.shared(write)
        known = {each.id for each in definitions}
        others = [Definition(each, None) for each in self._members.segments_of(write, identity) if each not in known]
        self._members.decide(write, [identity], [*definitions, *others])

    def _interaction(self, kind: Any) -> Effect:
        def follow(write: Write, event: Event) -> None:
            told = kind.FromString(event.data)
            ids = {*told.interaction.contact_ids, *told.previous.contact_ids}
            reading = [each for each in self._definitions.shared(write) if each.filter and each.filter.reads.measures]
            self._members.decide(write, ids, reading)

        return follow

    def _relation(self, kind: Any) -> Effect:
        def follow(write: Write, event: Event) -> None:
            told = kind.FromString(event.data)
            if told.relation.kind == resources_pb2.RELATION_KIND_EMPLOYMENT:
                ids = {told.relation.from_contact_id, told.previous.from_contact_id} - {""}
                self._members.decide(write, ids, self._of_companies(write, ()))

        return follow

    def _of_companies(self, write: Write, changed: Sequence[str]) -> Sequence[Definition]:
        """The segments that read some of these fields of companies; without any, all that read one."""
        found = []
        for each in self._definitions.shared(write):
            paths = {term.field for term in each.filter.reads.employed} if each.filter else set()
            if paths and (not changed or paths & {*changed, "update_time"}):
                found.append(each)
        return found

    def _company(self, kind: Any) -> Effect:
        def follow(write: Write, event: Event) -> None:
            told = kind.FromString(event.data)
            paths = getattr(told, "changed_paths", ()) if kind is resource_events_pb2.CompanyUpdated else ()
            self._employees(write, events_pb2.CompanySegmentsContinued(company_id=told.company.id, changed_paths=paths))

        return follow

    def _company_continued(self, write: Write, event: Event) -> None:
        self._employees(write, events_pb2.CompanySegmentsContinued.FromString(event.data))

    def _employees(self, write: Write, step: events_pb2.CompanySegmentsContinued) -> None:
        """Decide on the next of those who work for a company, and go on with those behind them."""
        definitions = self._of_companies(write, step.changed_paths)
        if not definitions:
            return
        rows = write.read(_EMPLOYED, company=step.company_id, cursor=step.cursor, limit=CHUNK)
        self._members.decide(write, {row[1] for row in rows}, definitions)
        if len(rows) == CHUNK:
            step.cursor = rows[-1][0]
            write.publish(f"companies/{step.company_id}/segments", 0, step)

    def _moved(self, write: Write, event: Event) -> None:
        """What was said by hand of a contact that becomes part of another one is said of that one, unless more is."""
        moved = references_pb2.ReferencesMoved.FromString(event.data)
        if moved.type != _CONTACT or moved.reason != references_pb2.MOVE_REASON_MERGE or not moved.to_id:
            return
        known = {each.id: each for each in self._definitions.shared(write)}
        for segment, flag in write.read(_FLAGS, contact=moved.from_id):
            brought = partial(_unless_said, Said(flag, event.id))
            self._members.decide(write, [moved.to_id], [known.get(segment, Definition(segment, None))], brought)

    def _restored(self, write: Write, event: Event) -> None:
        """What a merge has brought, and nobody has said again by hand, goes with its undoing."""
        move = references_pb2.ReferencesRestored.FromString(event.data).move
        known = {each.id: each for each in self._definitions.shared(write)}
        for segment, contact in write.read(_BROUGHT, move=move):
            unsaid = partial(_unless_brought, move)
            self._members.decide(write, [contact], [known.get(segment, Definition(segment, None))], unsaid)

    # ---- from the beginning

    def _build(self, write: Write, event: Event) -> None:
        step = events_pb2.SegmentBuildContinued.FromString(event.data)
        if step.forget:
            self._forget(write, step)
            return
        rows = write.read(self._segments.locked, id=step.segment_id)
        segment = self._segments.build(resources_pb2.Segment, rows[0]) if rows else None
        if segment is None or segment.HasField("delete_time") or segment.generation != step.generation:
            return
        known = [each for each in self._definitions.shared(write) if each.id == segment.id]
        if segment.type == DYNAMIC:
            ids = [row[0] for row in write.read(_ALL, cursor=step.cursor, limit=CHUNK)]
        else:
            known = [Definition(segment.id, None)]
            found = write.read(_MEMBERS, segment=segment.id, cursor=step.cursor, limit=CHUNK)
            ids = [row[0] for row in found]
        self._members.decide(write, ids, known)
        if len(ids) == CHUNK:
            step.cursor = ids[-1]
            write.publish(f"segments/{segment.id}/build", 0, step)
        elif segment.state == BUILDING:
            after = resources_pb2.Segment()
            after.CopyFrom(segment)
            after.state = READY
            after.build_time.FromMicroseconds(write.now_us)
            self._segments.update(write, "Updated", segment, after, rows[0][0])

    @staticmethod
    def _forget(write: Write, step: events_pb2.SegmentBuildContinued) -> None:
        more = False
        for some, gone in _FORGETTING:
            ids = [row[0] for row in write.read(some, segment=step.segment_id, limit=CHUNK)]
            if ids:
                write.write(gone, segment=step.segment_id, contacts=ids)
            more = more or len(ids) == CHUNK
        if more:
            write.publish(f"segments/{step.segment_id}/build", 0, step)

    # ---- time that passes

    def _due(self, write: Write, event: Event) -> None:
        del event
        definitions = self._definitions.shared(write)
        pairs = [(segment, contact) for segment, contact in write.read(NOW_DUE, now=write.now_us, limit=CHUNK)]
        # Whoever is still to be looked at later is noted anew; a segment may be gone, or its filter another one.
        self._members.forget_dues(write, pairs)
        wanted = {segment for segment, _ in pairs}
        self._members.decide(write, {contact for _, contact in pairs}, [d for d in definitions if d.id in wanted])
        self._members.wind(write)


def _unless_said(other: Said, own: Said) -> Said:
    """What is said of one of two: its own flag, or else the other's."""
    return own if own.flag else other


def _unless_brought(move: str, said: Said) -> Said:
    """What is said without what a move has brought."""
    return Said() if said.move == move else said
