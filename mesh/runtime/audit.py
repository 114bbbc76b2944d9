"""Audit records: who did what to which resource, committed with the effect and sealed by `users` on arrival."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.mesh.v1 import audit_pb2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.events.envelope import Event
    from mesh.runtime.call import Commit, Write


def record(commit: Commit, resource: str, changed: Sequence[str], principal: str) -> Event:
    """Publish one record as an event of its own; records need no order among each other."""
    call = commit.call
    entry = audit_pb2.AuditRecorded(
        id=commit.environment.ids.new("aud"),
        action=call.contract.audit,
        method=call.contract.full_name,
        principal_id=principal or commit.identity.principal,
        actor_id=commit.identity.actor,
        resource=resource,
        changed_paths=changed,
    )
    entry.create_time.FromMicroseconds(commit.now_us)
    return commit.publish(f"audit-entries/{entry.id}", 0, entry)


def note(write: Write, action: str, cause: str, resource: str, changed: Sequence[str]) -> None:
    """Publish one record of what a service did by itself; `cause` is the full name of the message that made it."""
    entry = audit_pb2.AuditRecorded(
        id=write.environment.ids.new("aud"),
        action=action,
        method=cause,
        principal_id=write.identity.principal,
        actor_id=write.identity.actor,
        resource=resource,
        changed_paths=changed,
    )
    entry.create_time.FromMicroseconds(write.now_us)
    write.publish(f"audit-entries/{entry.id}", 0, entry)
