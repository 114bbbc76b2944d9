"""What a service keeps of its calls and events, and may hold values of a person: replies, events on their way.

Events are not taken out, since those behind them wait for them: of each nothing is left but which resource it tells of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import LargeBinary, Text, bindparam, delete, select, update

from mesh.resource.erased import redacted
from mesh.store.mesh_tables import attempts, idempotency_keys, inbox_waiting, jobs, outbox
from mesh.store.statement import TENANT, Statement, contains

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rapport.mesh.v1 import subject_pb2
    from sqlalchemy import Table

    from mesh.runtime.call import View, Write

BATCH = 100
_PAGE = 500
_k = idempotency_keys.c
_REPLIES = Statement(
    select(_k.principal, _k.method, _k.request_id)
    .where(_k.tenant_id == TENANT, contains(_k.reply, "raw", folded=True))
    .limit(BATCH),
    name="find replies about person",
)
_EMPTY = Statement(
    update(idempotency_keys)
    .where(
        _k.tenant_id == TENANT,
        *(_k[name] == bindparam(f"of_{name}", type_=Text) for name in ("principal", "method", "request_id")),
    )
    .values(reply=bindparam("nothing", type_=LargeBinary)),
    name="empty reply",
)
_FORGET = tuple(
    Statement(delete(table).where(table.c.id == bindparam("of_id", type_=Text)), name=f"forget {table.name} of person")
    for table in (attempts, jobs)
)


class _Events:
    """A table of events, whose rows are known by these columns."""

    def __init__(self, table: Table, keys: Sequence[str]) -> None:
        self.keys = keys
        place = table.c.seq if "seq" in table.c else table.c.event_id
        self._first: Any = 0 if "seq" in table.c else ""
        self._find = Statement(
            select(place, table.c.type, table.c.data, *(table.c[name] for name in keys))
            .where(
                table.c.tenant == bindparam("whose", type_=Text),
                place > bindparam("after", type_=place.type),
                contains(table.c.data, "raw", folded=True),
            )
            .order_by(place)
            .limit(_PAGE),
            name=f"find {table.name} about person",
        )
        which = [table.c[name] == bindparam(f"of_{name}", type_=table.c[name].type) for name in keys]
        self.redact = Statement(
            update(table).where(*which).values(data=bindparam("left", type_=LargeBinary)), name=f"redact {table.name}"
        )

    def found(self, view: View, raw: bytes, quoted: Sequence[str]) -> Iterator[dict[str, Any]]:
        """What is to be written over, with what is left of it."""
        after = self._first
        while rows := view.read(self._find, whose=view.identity.tenant, after=after, raw=raw):
            after = rows[-1][0]
            for row in rows:
                left = redacted(row[1], bytes(row[2]), view.environment.service, quoted)
                if left != bytes(row[2]):
                    yield {"left": left, **{f"of_{name}": row[3 + at] for at, name in enumerate(self.keys)}}


_EVENTS = {"outbox": _Events(outbox, ["seq"]), "inbox_waiting": _Events(inbox_waiting, ["key", "sequence", "event_id"])}


@dataclass(slots=True)
class Kept:
    """What was found of a person: replies, and by table events with what is to be left of them."""

    replies: list[dict[str, Any]]
    events: dict[str, list[dict[str, Any]]]

    def __bool__(self) -> bool:
        return bool(self.replies or any(self.events.values()))


def find(view: View, subject: subject_pb2.Subject) -> Kept:
    """What is kept and holds an id, an address or a number of the person."""
    quoted = [*subject.emails, *subject.phones]
    replies: dict[tuple[Any, ...], dict[str, Any]] = {}
    events: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {name: {} for name in _EVENTS}
    for text in (*subject.ids, *quoted):
        for row in view.read(_REPLIES, raw=text.encode()):
            key = dict(zip(("of_principal", "of_method", "of_request_id"), row, strict=True))
            replies[tuple(row)] = {**key, "nothing": b""}
        for name, table in _EVENTS.items():
            for found in table.found(view, text.encode(), quoted):
                events[name][tuple(found[f"of_{key}"] for key in table.keys)] = found
    return Kept(list(replies.values()), {name: list(found.values()) for name, found in events.items()})


def erase(write: Write, kept: Kept) -> dict[str, int]:
    """Empty the replies and write over the events; how many of each.

    A request that is sent once more gets an empty reply, and has no second effect.
    """
    write.write_many(_EMPTY, kept.replies)
    for name, found in kept.events.items():
        write.write_many(_EVENTS[name].redact, found)
    return {"replies": len(kept.replies), **{name: len(found) for name, found in kept.events.items()}}


def forget_work(write: Write, identity: str) -> None:
    """Forget what was to be done for a resource that is erased: its job, and its effects outside."""
    for statement in _FORGET:
        write.write(statement, of_id=identity)
