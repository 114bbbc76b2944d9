"""TimelineService, and what keeps timelines as events say."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from rapport.customers.v1 import timeline_service_pb2
from sqlalchemy import BigInteger, and_, bindparam, delete, func, or_, select, tuple_

from mesh.contract.pages import page_size
from mesh.resource.scopes import Breadth
from mesh.resource.writing import Facts, change, unknown
from mesh.store.statement import TENANT, Statement, any_of, upsert
from mesh.store.tables import TEXT
from services.customers.domain.timeline import INTERACTIONS, SOURCES, Told
from services.customers.tables import timeline_entries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mesh.events.envelope import Event
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Write
    from services.customers.domain.timeline import Entry, Source

Reply = TypeVar(
    "Reply", timeline_service_pb2.ListContactTimelineResponse, timeline_service_pb2.ListCompanyTimelineResponse
)
_c = timeline_entries.c
_COLUMNS = ("time", "kind", "title", "resource", "actor_id", "changed_paths")
_KEEP = upsert(timeline_entries, key=["subject_id", "id"], set=_COLUMNS, name="keep timeline entry")
_WHOSE = Statement(
    select(_c.subject_id).where(_c.tenant_id == TENANT, _c.id == bindparam("entry", type_=TEXT)), name="whose timelines"
)
_DROP = Statement(
    delete(timeline_entries).where(_c.tenant_id == TENANT, _c.id == bindparam("entry", type_=TEXT)),
    name="drop timeline entries",
)
_FORGET = Statement(
    delete(timeline_entries).where(_c.tenant_id == TENANT, _c.subject_id == bindparam("subject", type_=TEXT)),
    name="forget timeline",
)
_LAST = Statement(
    select(func.max(_c.time)).where(
        _c.tenant_id == TENANT, any_of(_c.subject_id, "subjects"), any_of(_c.kind, "kinds")
    ),
    name="last interaction",
)


def forget_timeline(write: Write, subject: str) -> None:
    """Remove the timeline of a contact or company that is gone for good."""
    write.write(_FORGET, subject=subject)


class Timelines:
    """The timelines of these resources, by the prefix of their ids; `facts` makes what a rule rests on at a time."""

    def __init__(self, subjects: Mapping[str, tuple[Resource[Any], Callable[[int], Any]]]) -> None:
        self._subjects = subjects

    def effects(self) -> dict[str, Callable[[Write, Event], None]]:
        """By event type, what keeps the timelines."""
        return {kind: self._effect(source) for kind, source in SOURCES.items()}

    def _effect(self, source: Source) -> Callable[[Write, Event], None]:
        def keep(write: Write, event: Event) -> None:
            message = source.event.FromString(event.data)
            told = source.entries(message, Told(event.id, event.time_us, event.actor))
            replaced = source.replaces(message)
            met = {row[0] for row in write.read(_WHOSE, entry=replaced)} if replaced else set()
            if met:
                write.write(_DROP, entry=replaced)
            write.write_many(_KEEP, [_row(entry) for entry in told])
            met |= {entry.subject_id for entry in told if entry.kind in INTERACTIONS}
            for subject in sorted(met):
                self._note_last(write, subject)

        return keep

    def _note_last(self, write: Write, subject: str) -> None:
        """Keep when a contact or company was last met; of one that has become part of another, when that one was."""
        resource, facts = self._subjects[subject.partition("_")[0]]
        rows = write.read(resource.locked, id=subject)
        if not rows:
            subject = resource.led(write.read, [subject]).get(subject, "")
            rows = write.read(resource.locked, id=subject)
        subjects = [subject, *resource.inside(write.read, subject)]
        ((last_us,),) = write.read(_LAST, subjects=subjects, kinds=sorted(INTERACTIONS))

        def note(after: Any) -> None:
            if last_us is None:
                after.ClearField("last_interaction_time")
            else:
                after.last_interaction_time.FromMicroseconds(last_us)

        for row in rows:
            change(write, resource, row, note, Facts({}, facts(write.now_us)))

    # ---- reading

    def list_contact_timeline(
        self, call: Call, request: timeline_service_pb2.ListContactTimelineRequest
    ) -> timeline_service_pb2.ListContactTimelineResponse:
        """One page, the latest first."""
        return self._page(call, request, timeline_service_pb2.ListContactTimelineResponse())

    def list_company_timeline(
        self, call: Call, request: timeline_service_pb2.ListCompanyTimelineRequest
    ) -> timeline_service_pb2.ListCompanyTimelineResponse:
        """One page, the latest first."""
        return self._page(call, request, timeline_service_pb2.ListCompanyTimelineResponse())

    def _page(self, call: Call, request: Any, reply: Reply) -> Reply:
        resource, _ = self._subjects[request.id.partition("_")[0]]
        subject = resource.led(call.read, [request.id]).get(request.id, request.id)
        if subject not in resource.readable(call, [subject]):
            raise unknown(resource, request.id)
        # Entries stay with the one that they are of; who has become part of another is told of with it.
        inside: Sequence[str] = resource.inside(call.read, subject)
        caller, pages, kinds = call.identity, call.environment.pages, sorted(set(request.kinds))
        binding = (caller.tenant, caller.principal, call.contract.path, request.id, ",".join(map(str, kinds)))
        after = pages.read(binding, request.page_token, 2) if request.page_token else ()
        size, breadth = page_size(request.page_size), Breadth(call.scope("interactions.read"))
        parameters: dict[str, Any] = {f"k{number}": value for number, value in enumerate(after)}
        rows = call.read(
            _listing(continues=bool(after), chosen=bool(kinds), breadth=breadth, several=bool(inside)),
            **({"subjects": [subject, *inside]} if inside else {"subject": subject}),
            limit=size + 1,
            kinds=kinds,
            met=sorted(INTERACTIONS),
            me=call.user_id,
            **parameters,
        )
        for row in rows[:size]:
            reply.entries.append(_entry(row))
        if len(rows) > size:
            reply.next_page_token = pages.make(binding, [rows[size - 1][1], rows[size - 1][0]])
        return reply


@cache
def _listing(*, continues: bool, chosen: bool, breadth: Breadth, several: bool) -> Statement:
    """Entries of one timeline, or of several as one, where each stands once.

    Of interactions, whoever may not read all of them sees their own, or none.
    """
    whose = any_of(_c.subject_id, "subjects") if several else _c.subject_id == bindparam("subject", type_=TEXT)
    conditions = [_c.tenant_id == TENANT, whose]
    if chosen:
        conditions.append(any_of(_c.kind, "kinds"))
    other = ~any_of(_c.kind, "met")
    if breadth is Breadth.NONE:
        conditions.append(other)
    elif breadth is not Breadth.ALL:
        conditions.append(or_(other, _c.actor_id == bindparam("me", type_=TEXT)))
    if continues:
        position = tuple_(bindparam("k0", type_=BigInteger), bindparam("k1", type_=TEXT))
        conditions.append(tuple_(_c.time, _c.id) < position)
    core = select(_c.id, *(_c[name] for name in _COLUMNS)).where(and_(*conditions))
    core = core.distinct() if several else core
    core = core.order_by(_c.time.desc(), _c.id.desc()).limit(bindparam("limit", type_=BigInteger))
    return Statement(core, name="list timeline")


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "subject_id": entry.subject_id,
        "id": entry.id,
        "time": entry.time_us,
        "kind": entry.kind,
        "title": entry.title,
        "resource": entry.resource,
        "actor_id": entry.actor_id,
        "changed_paths": ",".join(entry.changed_paths),
    }


def _entry(row: Sequence[Any]) -> timeline_service_pb2.TimelineEntry:
    identity, time_us, kind, title, resource, actor_id, paths = row
    entry = timeline_service_pb2.TimelineEntry(
        id=identity,
        kind=kind,
        title=title,
        resource=resource,
        actor_id=actor_id,
        changed_paths=[path for path in paths.split(",") if path],
    )
    entry.time.FromMicroseconds(time_us)
    return entry
