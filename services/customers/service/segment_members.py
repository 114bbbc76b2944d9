"""Who is in which segment: decided for some contacts and some segments at a time, in the write that is open.

Owns the tables `segment_members` and `segment_dues`. Whoever decides on a contact holds its row until the end of the
write, and reads what the decision rests on behind that: of two, the later one knows what the earlier one did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import events_pb2
from sqlalchemy import BigInteger, bindparam, delete, func, select

from mesh.resource.scopes import EVERYTHING
from mesh.store.statement import TENANT, Statement, any_of, upsert
from mesh.store.tables import TEXT
from services.customers.domain.segments import Said, is_member
from services.customers.service.segment_definitions import NEVER, clock, next_number, seen_clock, set_clock
from services.customers.service.segment_readings import read_all, turn_of
from services.customers.tables import segment_dues, segment_members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Write
    from services.customers.service.segment_definitions import Definition

MOST_TOLD = 200
"""Contacts that one event tells of."""
# A timer that is this much late was lost, as by a restore; it is set again.
_LATE_US = 60_000_000
_m, _d = segment_members.c, segment_dues.c
_SOME = (any_of(_m.segment_id, "segments"), any_of(_m.contact_id, "contacts"))
_READ = Statement(
    select(_m.segment_id, _m.contact_id, _m.member, _m.flag, _m.move_id, _m.since_us).where(
        _m.tenant_id == TENANT, *_SOME
    ),
    name="read segment members",
)
_READ_DUES = Statement(
    select(_d.segment_id, _d.contact_id, _d.due_us).where(
        _d.tenant_id == TENANT, any_of(_d.segment_id, "segments"), any_of(_d.contact_id, "contacts")
    ),
    name="read segment dues",
)
_KEEP = upsert(
    segment_members,
    key=["segment_id", "contact_id"],
    set=["member", "flag", "move_id", "since_us"],
    name="keep segment member",
)
_KEEP_DUE = upsert(segment_dues, key=["segment_id", "contact_id"], set=["due_us"], name="keep segment due")
_EARLIEST = Statement(select(func.min(_d.due_us)).where(_d.tenant_id == TENANT), name="earliest segment due")


def _drop(table: Any, name: str) -> Statement:
    pair = [table.c[each] == bindparam(f"of_{each}", type_=TEXT) for each in ("segment_id", "contact_id")]
    return Statement(delete(table).where(table.c.tenant_id == TENANT, *pair), name=name)


_DROP, _DROP_DUE = _drop(segment_members, "drop segment member"), _drop(segment_dues, "drop segment due")
_SEGMENTS_OF = Statement(
    select(_m.segment_id).where(_m.tenant_id == TENANT, _m.contact_id == bindparam("contact", type_=TEXT)),
    name="segments of contact",
)
_DUES_OF = Statement(
    select(_d.segment_id).where(_d.tenant_id == TENANT, _d.contact_id == bindparam("contact", type_=TEXT)),
    name="segment dues of contact",
)
NOW_DUE = Statement(
    select(_d.segment_id, _d.contact_id)
    .where(_d.tenant_id == TENANT, _d.due_us <= bindparam("now", type_=BigInteger))
    .order_by(_d.due_us, _d.segment_id, _d.contact_id)
    .limit(bindparam("limit", type_=BigInteger)),
    name="due segment members",
)
_FORGET = [
    Statement(
        delete(table).where(table.c.tenant_id == TENANT, table.c.contact_id == bindparam("contact", type_=TEXT)),
        name=f"forget contact in {table.name}",
    )
    for table in (segment_members, segment_dues)
]
Pair = tuple[str, str]


def forget_contact(write: Write, contact: str) -> None:
    """Remove what is kept of a contact that is gone for good; it was a member of nothing any more."""
    for statement in _FORGET:
        write.write(statement, contact=contact)


class Members:
    """The members of all segments of contacts."""

    def __init__(self, contact: Resource[Any]) -> None:
        self._contact = contact

    def decide(
        self,
        write: Write,
        contacts: Iterable[str],
        definitions: Sequence[Definition],
        say: Callable[[Said], Said] = lambda said: said,
    ) -> None:
        """Decide on each of these contacts in each of these segments; `say` changes what is said of it."""
        ids = sorted(set(contacts))
        if not ids or not definitions:
            return
        rows = write.read(self._contact.lock_several(EVERYTHING), ids=ids)
        alive = {
            row[1]: self._contact.build(self._contact.message, row)
            for row in rows
            if row[self._contact.deleted] is None
        }
        filters = [each.filter for each in definitions if each.filter is not None]
        read = read_all(write.read, self._contact, alive.values(), filters, write.now_us)
        segments = [each.id for each in definitions]
        held = {
            (segment, contact): (bool(member), Said(flag, move), since)
            for segment, contact, member, flag, move, since in write.read(_READ, segments=segments, contacts=ids)
        }
        changed: dict[Pair, tuple[bool, Said, int]] = {}
        told: dict[str, tuple[list[str], list[str]]] = {}
        for definition in sorted(definitions, key=lambda each: each.id):
            test = definition.filter.test(write.now_us) if definition.filter else None
            for identity in ids:
                was, said, since_us = held.get((definition.id, identity), (False, Said(), 0))
                matches = test is not None and identity in read and test(read[identity])
                says = say(said)
                member = is_member(says.flag, matches=matches, alive=identity in alive)
                if (member, says) != (was, said):
                    since_us = since_us if (member, says.flag) == (was, said.flag) else write.now_us
                    changed[definition.id, identity] = (member, says, since_us)
                if member != was:
                    told.setdefault(definition.id, ([], []))[0 if member else 1].append(identity)
        self._keep(write, changed)
        self._tell(write, told)
        self._time(write, ids, definitions, read)

    @staticmethod
    def _keep(write: Write, changed: Mapping[Pair, tuple[bool, Said, int]]) -> None:
        kept, dropped = [], []
        for (segment, contact), (member, said, since_us) in changed.items():
            if member or said.flag:
                row = {"segment_id": segment, "contact_id": contact, "move_id": said.move}
                kept.append({**row, "member": int(member), "flag": int(said.flag), "since_us": since_us})
            else:
                dropped.append({"of_segment_id": segment, "of_contact_id": contact})
        write.write_many(_KEEP, kept)
        write.write_many(_DROP, dropped)

    @staticmethod
    def _tell(write: Write, told: Mapping[str, tuple[list[str], list[str]]]) -> None:
        """Publish who has come and who has gone, in the order of the segments: two writes never wait crosswise."""
        for segment, (entered, left) in sorted(told.items()):
            for start in range(0, max(len(entered), len(left)), MOST_TOLD // 2):
                part = slice(start, start + MOST_TOLD // 2)
                event = events_pb2.SegmentMembersChanged(
                    segment_id=segment, entered_contact_ids=entered[part], left_contact_ids=left[part]
                )
                write.publish(f"segment-members/{segment}", next_number(write, segment), event)

    def _time(
        self,
        write: Write,
        ids: Sequence[str],
        definitions: Sequence[Definition],
        read: Mapping[str, Mapping[Any, Any]],
    ) -> None:
        """Keep when answers may change by themselves, and have the earliest of them looked at in time."""
        moving = {each.id: each.filter for each in definitions if each.filter is not None and each.filter.moves}
        fixed = [each.id for each in definitions if each.filter is None]
        if not moving and not fixed:
            return
        held = {
            (segment, contact): due
            for segment, contact, due in write.read(_READ_DUES, segments=[*moving, *fixed], contacts=list(ids))
        }
        due: dict[Pair, int] = {}
        for segment, filter_ in moving.items():
            for identity, values in read.items():
                turn = turn_of(filter_, values, write.now_us)
                if turn is not None:
                    due[segment, identity] = turn
        new = {pair: turn for pair, turn in due.items() if held.get(pair) != turn}
        gone = [{"of_segment_id": segment, "of_contact_id": contact} for segment, contact in held.keys() - due.keys()]
        write.write_many(_DROP_DUE, gone)
        write.write_many(_KEEP_DUE, [{"segment_id": s, "contact_id": c, "due_us": t} for (s, c), t in new.items()])
        if new:
            self._wake(write, min(new.values()))

    @staticmethod
    def _wake(write: Write, due_us: int) -> None:
        """Have the timer set for this time at the latest."""
        # Two that share it could not both go on to set it: who is likely to has it alone from the start.
        likely = seen_clock(write)
        set_for = clock(write, alone=due_us < likely or likely < write.now_us - _LATE_US)
        late = set_for < write.now_us - _LATE_US
        if due_us < set_for or late:
            # What is due behind a lost timer is older than what is kept just now.
            wake_us = write.now_us if late else due_us
            set_clock(write, wake_us)
            write.set_timer("segments", "due", wake_us, events_pb2.SegmentsDue())

    @staticmethod
    def wind(write: Write) -> None:
        """Set the timer anew, for whatever is due first; who keeps an earlier time waits until this write has ended."""
        clock(write, alone=True)
        ((earliest,),) = write.read(_EARLIEST)
        set_clock(write, NEVER if earliest is None else earliest)
        if earliest is not None:
            write.set_timer("segments", "due", earliest, events_pb2.SegmentsDue())

    @staticmethod
    def forget_dues(write: Write, pairs: Iterable[Pair]) -> None:
        """Forget when contacts are to be looked at."""
        write.write_many(
            _DROP_DUE, [{"of_segment_id": segment, "of_contact_id": contact} for segment, contact in pairs]
        )

    @staticmethod
    def segments_of(write: Write, contact: str) -> list[str]:
        """The segments that say anything of a contact, those that are deleted too."""
        found = {row[0] for each in (_SEGMENTS_OF, _DUES_OF) for row in write.read(each, contact=contact)}
        return sorted(found)
