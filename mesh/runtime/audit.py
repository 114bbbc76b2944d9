"""Audit records: who did what to which resource from where, committed with it and sealed by `users` on arrival."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from rapport.mesh.v1 import audit_pb2

from mesh.contract.differences import differences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.events.envelope import Event
    from mesh.runtime.call import Commit, Write

_SHOWN = 32
"""Hex digits of a digest: enough to tell values apart, whoever chooses them."""


def record(commit: Commit, resource: str, changed: Sequence[str], principal: str) -> Event:
    """Publish one record as an event of its own; records need no order among each other."""
    call = commit.call
    entry = _entry(commit, call.contract.audit, call.contract.full_name, resource, changed)
    entry.principal_id = principal or entry.principal_id
    device = call.device
    entry.address, entry.user_agent = device.address, device.agent
    return commit.publish(f"audit-entries/{entry.id}", 0, entry)


def note(write: Write, action: str, cause: str, resource: str, changed: Sequence[str]) -> None:
    """Publish one record of what a service did by itself; `cause` is the full name of the message that made it."""
    entry = _entry(write, action, cause, resource, changed)
    write.publish(f"audit-entries/{entry.id}", 0, entry)


def _entry(write: Write, action: str, method: str, resource: str, changed: Sequence[str]) -> audit_pb2.AuditRecorded:
    entry = audit_pb2.AuditRecorded(
        id=write.environment.ids.new("aud"),
        action=action,
        method=method,
        principal_id=write.identity.principal,
        actor_id=write.identity.actor,
        resource=resource,
        changed_paths=changed,
        # A trace is known by its id, and the id that the edge gives to a request is the trace's.
        request_id=write.trace[3:35],
    )
    entry.create_time.FromMicroseconds(write.now_us)
    versions = write.versions.get(resource)
    if versions is not None and changed:
        entry.changes.extend(differences(*versions, changed, lambda field, value: _digest(write, field, value)))
    return entry


def _digest(write: Write, field: str, value: str) -> str:
    key = write.environment.secrets.key("audit values")
    found = hmac.digest(key, f"{write.tenant}\n{field}\n{value}".encode(), hashlib.sha256)
    return f"hmac-sha256:{found.hex()[:_SHOWN]}"
