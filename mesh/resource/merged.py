"""Where ids lead whose resources have become part of others: rows of chains all lead to their end.

Owns the table `merged_ids`. An id leads on as long as what it leads to is there; undoing a merge takes it out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from mesh.store.mesh_tables import merged_ids, reference_rows
from mesh.store.statement import TENANT, Statement, any_of
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mesh.runtime.call import Write

    Read = Callable[..., Sequence[Sequence[Any]]]

_MOST_STEPS = 20
"""How long a chain of copies may be that is followed."""
_ID = re.compile("([a-z]{3})_[0-9A-HJKMNP-TV-Z]{26}")

_c, _r = merged_ids.c, reference_rows.c
_FIND = Statement(select(_c.id, _c.into_id).where(_c.tenant_id == TENANT, any_of(_c.id, "ids")), name="find merged ids")
_COPIED = Statement(
    select(_r.id, _r.merged_into).where(_r.tenant_id == TENANT, any_of(_r.id, "ids"), _r.merged_into != ""),
    name="find merged references",
)
_TOLD = Statement(
    select(_c.id, _c.into_id, _c.sequence, _c.time_us).where(_c.tenant_id == TENANT, any_of(_c.id, "ids")),
    name="tell merged ids",
)
_MERGES = Statement(select(_c.merge_id).where(_c.tenant_id == TENANT, _c.id == bindparam("id")), name="merge of id")
_OF = (_c.tenant_id == TENANT, _c.into_id == bindparam("of_into", type_=TEXT))
_MEMBERS = Statement(select(_c.id).where(*_OF).order_by(_c.id), name="find what became part")
_COUNT = Statement(
    select(func.count()).select_from(merged_ids).where(_c.tenant_id == TENANT, any_of(_c.into_id, "ids")),
    name="count what became part",
)
_VIA = Statement(select(_c.id).where(_c.tenant_id == TENANT, any_of(_c.via_id, "ids")), name="find merged by way of")
_LEAD = Statement(
    update(merged_ids)
    .where(_c.tenant_id == TENANT, any_of(_c.id, "ids"))
    .values(into_id=bindparam("to", type_=_c.into_id.type)),
    name="lead merged ids",
)
_NOTE = Statement(insert(merged_ids), name="note merged id")
_RELEASE = Statement(delete(merged_ids).where(_c.tenant_id == TENANT, _c.id == bindparam("of_id")), name="release id")
_FORGET = Statement(delete(merged_ids).where(*_OF), name="forget merged ids")


def resolve(read: Read, ids: Sequence[str]) -> Mapping[str, str]:
    """By id, where it leads; of those that do. In the service that owns them."""
    return {row[0]: row[1] for row in read(_FIND, ids=list(ids))} if ids else {}


def resolve_all(read: Read, ids: Sequence[str]) -> Mapping[str, str]:
    """The same for ids of this and other services; of others as far as it has been heard here."""
    found = dict(resolve(read, ids))
    at = {identity: identity for identity in ids if identity not in found}
    for _ in range(_MOST_STEPS):
        steps = {row[0]: row[1] for row in read(_COPIED, ids=sorted(set(at.values())))} if at else {}
        at = {identity: steps[place] for identity, place in at.items() if place in steps}
        if not at:
            break
        found.update(at)
    return found


def led(read: Read, values: Sequence[Any], prefixes: frozenset[str]) -> list[Any]:
    """The values of a filter, with where they lead in place of ids that do; `prefixes` are those of what can merge."""
    ids = [v for v in values if isinstance(v, str) and (match := _ID.fullmatch(v)) and match[1] in prefixes]
    into = resolve_all(read, sorted(set(ids))) if ids else {}
    return [into.get(value, value) if isinstance(value, str) else value for value in values]


def told(read: Read, ids: Sequence[str]) -> Mapping[str, tuple[str, int, int]]:
    """By id, where it leads, the number of the event that told of it, and when that was, in microseconds."""
    return {row[0]: (row[1], row[2], row[3]) for row in read(_TOLD, ids=list(ids))} if ids else {}


def merge_of(read: Read, identity: str) -> str:
    """Id of the merge by which a resource became part of another; empty where it did not."""
    rows = read(_MERGES, id=identity)
    return str(rows[0][0]) if rows else ""


def members(read: Read, identity: str) -> list[str]:
    """Ids of all that have become part of a resource, directly or not."""
    return [row[0] for row in read(_MEMBERS, of_into=identity)]


def count(read: Read, ids: Iterable[str]) -> int:
    """How many have become part of these."""
    ((found,),) = read(_COUNT, ids=sorted(ids))
    return int(found)


def note(write: Write, identity: str, into: str, merge: str, sequence: int) -> None:
    """Let an id lead to another one, and with it those that led to it. The event with this number tells of it."""
    inside = members(write.read, identity)
    if inside:
        write.write(_LEAD, ids=inside, to=into)
    row = {"id": identity, "into_id": into, "via_id": into, "merge_id": merge, "sequence": sequence}
    write.write(_NOTE, **row, time_us=write.now_us)


def release(write: Write, identity: str) -> None:
    """Let an id, and those that led where it leads by way of it, lead to itself again."""
    write.write(_RELEASE, of_id=identity)
    level = [identity]
    while level:
        level = [row[0] for row in write.read(_VIA, ids=level)]
        if level:
            write.write(_LEAD, ids=level, to=identity)


def forget(write: Write, identity: str) -> list[str]:
    """Let nothing lead to a resource that is gone for good; the ids that did."""
    gone = members(write.read, identity)
    if gone:
        write.write(_FORGET, of_into=identity)
    return gone
