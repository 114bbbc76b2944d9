"""AuditService, as far as it is about the chain as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import audit_service_pb2, events_pb2, resources_pb2
from sqlalchemy import BigInteger, bindparam, select, update

from mesh.contract.failure import invalid
from mesh.resource.mapping import read_columns
from mesh.runtime.audit import note
from mesh.store.statement import TENANT, Statement
from services.users.domain.audit import FIRST, broken_at
from services.users.tables import audit_chains, audit_entries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from mesh.events.envelope import Event
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Write

MOST_CHECKED = 2_000
_PAGE = 500
_NAME = "erase origins"
_END = Statement(
    select(audit_chains.c.position).where(audit_chains.c.tenant_id == TENANT), name="read end of audit chain"
)
_FROM = Statement(
    select(*read_columns(audit_entries, resources_pb2.AuditEntry))
    .where(
        audit_entries.c.tenant_id == TENANT,
        audit_entries.c.position >= bindparam("first", type_=BigInteger),
        audit_entries.c.position <= bindparam("last", type_=BigInteger),
    )
    .order_by(audit_entries.c.position)
    .limit(_PAGE),
    name="read audit chain",
)


_OF_USER = (audit_entries.c.actor_id == bindparam("user"),)
_BY_USER = (audit_entries.c.principal_id == bindparam("user"), audit_entries.c.actor_id == "")
_ERASED = {"address": "", "user_agent": "", "origin_salt": ""}


def _erasing(*whose: ColumnElement[bool]) -> Statement:
    some = (
        select(audit_entries.c.id)
        .where(audit_entries.c.tenant_id == TENANT, audit_entries.c.origin_salt != "", *whose)
        .limit(_PAGE)
    )
    where = (audit_entries.c.tenant_id == TENANT, audit_entries.c.id.in_(some))
    return Statement(update(audit_entries).where(*where).values(_ERASED), name="erase audit origins")


_ERASE = (_erasing(*_OF_USER), _erasing(*_BY_USER))


def erase_origins(write: Write, user_id: str) -> None:
    """Have it forgotten where a user called from; the entries stay, and so does the chain."""
    write.set_timer(f"users/{user_id}", _NAME, write.now_us, events_pb2.AuditOriginsDue(user_id=user_id))


class AuditMethods:
    """The methods of AuditService that are more than the standard ones."""

    def __init__(self, entry: Resource[resources_pb2.AuditEntry]) -> None:
        self._entry = entry

    def verify_audit_chain(
        self, call: Call, request: audit_service_pb2.VerifyAuditChainRequest
    ) -> audit_service_pb2.VerifyAuditChainResponse:
        """How far the chain holds. What the end of the chain says is there has to be there."""
        end = sum(row[0] for row in call.read(_END))
        first, last = request.from_position or 1, min(request.to_position or end, end)
        if first > end + 1 and not request.from_digest:
            raise invalid("from_position", "lies behind the end of the chain")
        reply = audit_service_pb2.VerifyAuditChainResponse()
        before = self._digest_before(call, first)
        if before is None or (request.from_digest and request.from_digest != before):
            reply.broken_position = min(first - 1, end + 1)
            return reply
        stop = min(last, first + MOST_CHECKED - 1)
        at = first
        while at <= stop:
            # Each page ends at the place where it would if nothing were missing.
            until = min(stop, at + _PAGE - 1)
            page = self._page(call, at, until)
            broken = broken_at(page, before, at)
            if broken is None and len(page) < until - at + 1:
                broken = at + len(page)
            sound = page if broken is None else page[: broken - at]
            if sound:
                before, reply.to_position, reply.to_digest = sound[-1].digest, sound[-1].position, sound[-1].digest
            reply.checked += len(sound)
            if broken is not None:
                reply.broken_position = broken
                return reply
            at = until + 1
        reply.more = stop < end
        return reply

    def erase(self, write: Write, event: Event) -> None:
        """Erase a part of where a user called from, and go on in a transaction of its own where there may be more."""
        user_id = events_pb2.AuditOriginsDue.FromString(event.data).user_id
        if max(write.write(statement, user=user_id) for statement in _ERASE) >= _PAGE:
            erase_origins(write, user_id)
        else:
            note(write, "user.origins_erased", event.type, f"users/{user_id}", [])

    def _digest_before(self, call: Call, position: int) -> bytes | None:
        """The digest that a chain has before a position; None where the entry there is missing."""
        if position == 1:
            return FIRST
        found = self._page(call, position - 1, position - 1)
        return bytes(found[0].digest) if found else None

    def _page(self, call: Call, first: int, last: int) -> Sequence[resources_pb2.AuditEntry]:
        rows = call.read(_FROM, first=first, last=last)
        return [self._entry.build(resources_pb2.AuditEntry, row) for row in rows]
