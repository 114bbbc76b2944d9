"""SegmentService: what only reads. Whoever sees a segment sees of its members those contacts that they may see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import resources_pb2, segment_service_pb2
from sqlalchemy import BigInteger, bindparam, func, literal, select

from mesh.contract.pages import page_size
from mesh.resource.custom_index import ABSENT
from mesh.resource.mapping import read_columns
from mesh.resource.reading import seen
from mesh.resource.scopes import Breadth, Sight
from mesh.resource.standard import MAX_COUNT
from mesh.resource.writing import unknown
from mesh.store.statement import TENANT, Statement
from mesh.store.tables import TEXT
from services.customers.domain.segment_fields import NO_TIME, Employed, Measure
from services.customers.domain.segments import DYNAMIC, Flag, cause, is_member
from services.customers.service.segment_readings import read_all, turn_of
from services.customers.service.segments import Segments, check_reading, needed
from services.customers.tables import contacts, segment_members, segments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call
    from services.customers.service.segment_definitions import Definitions
    from services.customers.service.segment_filters import Clause, SegmentFilter
    from services.customers.service.segment_members import Members

_m = segment_members.c
_limit = bindparam("limit", type_=BigInteger)
_segment, _contact = bindparam("segment", type_=TEXT), bindparam("contact", type_=TEXT)
_SHOWN = 10
_ONE = Statement(
    select(_m.member, _m.flag, _m.since_us).where(
        _m.tenant_id == TENANT, _m.segment_id == _segment, _m.contact_id == _contact
    ),
    name="read segment member",
)


class SegmentMethods(Segments):
    """The methods of SegmentService that are more than the standard ones."""

    def __init__(
        self,
        contact: Resource[Any],
        company: Resource[Any],
        tags: Resource[Any],
        definitions: Definitions,
        members: Members,
    ) -> None:
        super().__init__(contact, tags, definitions, members)
        self._company = company

    def list_segment_members(
        self, call: Call, request: segment_service_pb2.ListSegmentMembersRequest
    ) -> segment_service_pb2.ListSegmentMembersResponse:
        """One page."""
        pages = call.environment.pages
        binding = (call.identity.tenant, call.identity.principal, call.contract.path, request.id, str(request.removed))
        after = pages.read(binding, request.page_token, 1)[0] if request.page_token else ""
        segment = self._visible(call, request.id)
        size, sight = page_size(request.page_size), self._contacts.visible(call)
        statement = _listing(self._contacts, sight.breadth, removed=request.removed)
        rows = call.read(statement, segment=segment.id, after=after, limit=size + 1, **sight.parameters)
        reply = segment_service_pb2.ListSegmentMembersResponse(state=segment.state)
        for identity, name, member, flag, since_us in rows[:size]:
            added = reply.members.add(contact_id=identity, display_name=name)
            added.cause = segment_service_pb2.MembershipCause.ValueType(cause(flag, member=bool(member)))
            added.since_time.FromMicroseconds(since_us)
        if len(rows) > size:
            reply.next_page_token = pages.make(binding, [rows[size - 1][0]])
        return reply

    def count_segment_members(
        self, call: Call, request: segment_service_pb2.CountSegmentMembersRequest
    ) -> segment_service_pb2.CountSegmentMembersResponse:
        """How many members the caller sees, up to a bound."""
        segment, sight = self._visible(call, request.id), self._contacts.visible(call)
        statement = _counting(self._contacts, sight.breadth)
        ((found,),) = call.read(statement, segment=segment.id, limit=MAX_COUNT + 1, **sight.parameters)
        return segment_service_pb2.CountSegmentMembersResponse(
            count=min(found, MAX_COUNT),
            capped=found > MAX_COUNT,
            all=sight.breadth is Breadth.ALL,
            state=segment.state,
        )

    def list_contact_segments(
        self, call: Call, request: segment_service_pb2.ListContactSegmentsRequest
    ) -> segment_service_pb2.ListContactSegmentsResponse:
        """One page of the segments that a contact is in."""
        pages = call.environment.pages
        binding = (call.identity.tenant, call.identity.principal, call.contract.path, request.id)
        after = pages.read(binding, request.page_token, 1)[0] if request.page_token else ""
        contact = self._contacts.led(call.read, [request.id]).get(request.id, request.id)
        if contact not in self._contacts.readable(call, [contact]):
            raise unknown(self._contacts, request.id)
        size, sight = page_size(request.page_size), self.segments.visible(call)
        statement = _of_contact(self.segments, sight.breadth)
        rows = call.read(statement, contact=contact, after=after, limit=size + 1, **sight.parameters)
        reply = segment_service_pb2.ListContactSegmentsResponse()
        for row in rows[:size]:
            self.segments.build(reply.segments.add, row)
        if len(rows) > size:
            reply.next_page_token = pages.make(binding, [rows[size - 1][1]])
        return reply

    def preview_segment(
        self, call: Call, request: segment_service_pb2.PreviewSegmentRequest
    ) -> segment_service_pb2.PreviewSegmentResponse:
        """Whom a filter finds, of the contacts that the caller sees."""
        found = self._definitions.filter(call, request.filter)
        check_reading(call, found)
        sight = self._contacts.visible(call)
        where, parameters = matching(self._contacts, found, sight, call.environment.clock.now_us())
        some = select(contacts.c.id).where(*where).limit(_limit).subquery()
        count = Statement(select(func.count()).select_from(some), name="count preview")
        ((number,),) = call.read(count, limit=MAX_COUNT + 1, **parameters)
        shown = select(*read_columns(contacts, resources_pb2.Contact)).where(*where).order_by(contacts.c.id.desc())
        reply = segment_service_pb2.PreviewSegmentResponse(count=min(number, MAX_COUNT), capped=number > MAX_COUNT)
        for row in call.read(Statement(shown.limit(_limit), name="preview segment"), limit=_SHOWN, **parameters):
            self._contacts.build(reply.contacts.add, row)
        self._contacts.hide(call, reply.contacts)
        return reply

    def explain_segment_membership(
        self, call: Call, request: segment_service_pb2.ExplainSegmentMembershipRequest
    ) -> segment_service_pb2.ExplainSegmentMembershipResponse:
        """What is kept of a contact in a segment, and what would be decided now, clause by clause."""
        segment = self._visible(call, request.id)
        contact = seen(call, self._contacts, request.contact_id)
        held = call.read(_ONE, segment=segment.id, contact=contact.id)
        member, flag, since_us = held[0] if held else (0, int(Flag.NONE), 0)
        reply = segment_service_pb2.ExplainSegmentMembershipResponse(member=bool(member))
        if held:
            reply.since_time.FromMicroseconds(since_us)
        if segment.type == DYNAMIC:
            self._explain(call, segment.filter, contact, reply)
        alive = not contact.HasField("delete_time")
        reply.decided = is_member(flag, matches=reply.matches, alive=alive)
        reply.cause = segment_service_pb2.MembershipCause.ValueType(cause(flag, member=reply.decided))
        return reply

    def _explain(self, call: Call, text: str, contact: Any, reply: Any) -> None:
        found, now_us = self._definitions.filter(call, text), call.environment.clock.now_us()
        read = read_all(call.read, self._contacts, [contact], [found], now_us)[contact.id]
        reply.matches = found.test(now_us)(read)
        shown = all(call.scope(permission) >= Breadth.ALL for permission in needed(found))
        for clause in found.clauses:
            part = reply.clauses.add(expression=clause.text, depth=clause.depth)
            part.holds = found.holds(clause, read, now_us)
            own = not isinstance(clause.reads, Measure | Employed)
            part.value = self._value(clause, read) if own or shown else ""
        turn = turn_of(found, read, now_us)
        if turn is not None:
            reply.review_time.FromMicroseconds(turn)

    def _value(self, clause: Clause, read: Mapping[Any, Any]) -> str:
        """What a clause read, as a filter would write it."""
        if clause.reads is None:
            return ""
        value = read[clause.reads]
        if isinstance(clause.reads, Measure):
            return str(value) if clause.reads.counts else "" if value == NO_TIME else _moment(value)
        if isinstance(clause.reads, Employed):
            return "true" if value else "false"
        if isinstance(value, tuple):
            return ", ".join(value)
        field = resources_pb2.Contact.DESCRIPTOR.fields_by_name.get(clause.reads)
        if field is not None and field.message_type and field.message_type.name == "Timestamp":
            return "" if value is None else _moment(value)
        return "" if value is None or value in ABSENT else str(value)

    def _visible(self, call: Call, identity: str) -> resources_pb2.Segment:
        found: resources_pb2.Segment = seen(call, self.segments, identity)
        return found


def matching(
    resource: Resource[Any], found: SegmentFilter, sight: Sight, now_us: int
) -> tuple[list[ColumnElement[bool]], dict[str, Any]]:
    """The conditions that contacts in sight meet where a filter finds them at a time, with their parameters."""
    where, parameters = found.condition(now_us)
    live = [contacts.c.tenant_id == TENANT, contacts.c.delete_time.is_(None)]
    return [*live, *resource.scopes.conditions(sight.breadth), *where], {**parameters, **sight.parameters}


def _members(resource: Resource[Any], breadth: Breadth) -> list[ColumnElement[bool]]:
    """Rows of a segment whose contact is in sight."""
    joined = (contacts.c.tenant_id == TENANT, contacts.c.id == _m.contact_id, contacts.c.delete_time.is_(None))
    return [_m.tenant_id == TENANT, _m.segment_id == _segment, *joined, *resource.scopes.conditions(breadth)]


@cache
def _listing(resource: Resource[Any], breadth: Breadth, *, removed: bool) -> Statement:
    chosen = _m.flag == literal(int(Flag.REMOVED)) if removed else _m.member == literal(1)
    core = select(_m.contact_id, contacts.c.display_name, _m.member, _m.flag, _m.since_us).where(
        *_members(resource, breadth), chosen, _m.contact_id > bindparam("after", type_=TEXT)
    )
    return Statement(core.order_by(_m.contact_id).limit(_limit), name="list segment members")


@cache
def _counting(resource: Resource[Any], breadth: Breadth) -> Statement:
    core = select(_m.contact_id).where(*_members(resource, breadth), _m.member == literal(1))
    return Statement(select(func.count()).select_from(core.limit(_limit).subquery()), name="count segment members")


@cache
def _of_contact(resource: Resource[Any], breadth: Breadth) -> Statement:
    """Live segments in sight that a contact is in."""
    core = select(*read_columns(segments, resources_pb2.Segment)).where(
        segments.c.tenant_id == TENANT,
        segments.c.delete_time.is_(None),
        _m.tenant_id == TENANT,
        _m.contact_id == _contact,
        _m.segment_id == segments.c.id,
        _m.member == literal(1),
        segments.c.id > bindparam("after", type_=TEXT),
        *resource.scopes.conditions(breadth),
    )
    return Statement(core.order_by(segments.c.id).limit(_limit), name="list contact segments")


def _moment(time_us: int) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_us)
    return moment.isoformat().replace("+00:00", "Z")
