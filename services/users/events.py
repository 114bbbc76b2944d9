"""What users consumes: the audit records of all services, sealed into the tenant's chain on arrival."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.mesh.v1 import audit_pb2
from rapport.users.v1 import resources_pb2
from sqlalchemy import bindparam, select, update
from sqlalchemy.types import BigInteger, LargeBinary

from mesh.contract.etags import etag
from mesh.store.statement import TENANT, Statement, insert_ignore
from services.users.domain import audit
from services.users.tables import audit_chains

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.events.envelope import Event
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Write

_CHAIN = "tenant"
_KEY = (audit_chains.c.tenant_id == TENANT, audit_chains.c.name == bindparam("name"))
_BEGIN = insert_ignore(audit_chains, ["name"], name="begin audit chain")
_END = Statement(
    select(audit_chains.c.position, audit_chains.c.digest).where(*_KEY).with_for_update(), name="lock audit chain"
)
_ADVANCE = Statement(
    update(audit_chains)
    .where(*_KEY)
    .values(position=bindparam("to", type_=BigInteger), digest=bindparam("sealed", type_=LargeBinary)),
    name="advance audit chain",
)


def _begun(write: Write) -> Sequence[Sequence[Any]]:
    """The end of a chain that has just begun, or that another process was faster to begin."""
    write.write(_BEGIN, name=_CHAIN, position=0, digest=audit.FIRST)
    return write.read(_END, name=_CHAIN)


class Sealer:
    """Adds audit records to the chain of their tenant."""

    def __init__(self, entries: Resource[resources_pb2.AuditEntry]) -> None:
        self._entries = entries

    def seal(self, write: Write, event: Event) -> None:
        """Append one record. The end of the chain is locked, so that several processes make one chain."""
        record = audit_pb2.AuditRecorded.FromString(event.data)
        ((position, before),) = write.read(_END, name=_CHAIN) or _begun(write)
        entry = resources_pb2.AuditEntry(
            id=record.id,
            etag=etag(1),
            create_time=record.create_time,
            action=record.action,
            method=record.method,
            principal_id=record.principal_id,
            actor_id=record.actor_id,
            resource=record.resource,
            changed_paths=record.changed_paths,
            position=position + 1,
            request_id=record.request_id,
            address=record.address,
            user_agent=record.user_agent,
            changes=record.changes,
            origin_salt=write.environment.ids.new_secret(),
        )
        entry.origin_digest = audit.origin_digest(entry)
        entry.update_time.FromMicroseconds(write.now_us)
        entry.digest = audit.digest(bytes(before), entry)
        self._entries.insert(write, [entry])
        write.write(_ADVANCE, name=_CHAIN, to=entry.position, sealed=entry.digest)
