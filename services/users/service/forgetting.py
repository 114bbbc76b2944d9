"""What vanishes with a user for good: whatever holds their id in a column `user_id`, and what hangs on that.

That is read from the tables, so that a later one is not forgotten: it is emptied unless a reason stands here.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select

from mesh.store.statement import TENANT, Statement
from mesh.store.tables import is_tenant_table
from services.users.oauth_tables import metadata
from services.users.service.audit import erase_origins
from services.users.service.security_policy import strike
from services.users.tables import api_key_secrets, api_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table

    from mesh.runtime.call import Write

_AUDIT = "who did what stays to be known; it is an id that tells no name any more"
_MOVED = "the mesh empties it, or has it name the successor, when the user is deleted (on_delete)"
KEPT = MappingProxyType(
    {
        "audit_entries.principal_id": _AUDIT,
        "audit_entries.actor_id": _AUDIT,
        "audit_exports.creator_id": _AUDIT,
        "impersonations.user_id": _AUDIT,
        "impersonations.impersonator_id": _AUDIT,
        "invitations.inviter_id": _AUDIT,
        "publishable_keys.owner_id": _MOVED,
        "teams.manager_id": _MOVED,
        "users.manager_id": _MOVED,
    }
)
"""By table and column that may name a user, why it still does when the user is gone."""

_SECRETS = Statement(
    delete(api_key_secrets).where(
        api_key_secrets.c.tenant_id == TENANT,
        api_key_secrets.c.key_id.in_(
            select(api_keys.c.id).where(api_keys.c.tenant_id == TENANT, api_keys.c.user_id == bindparam("user"))
        ),
    ),
    name="forget secrets of keys",
)


def _emptied() -> Iterator[Table]:
    for name, table in sorted(metadata.tables.items()):
        if is_tenant_table(table) and "user_id" in table.c and f"{name}.user_id" not in KEPT:
            yield table


_REMOVALS = [
    # Before the keys themselves, by which they are found.
    _SECRETS,
    *(
        Statement(
            delete(table).where(table.c.tenant_id == TENANT, table.c.user_id == bindparam("user")),
            name=f"forget {table.name}",
        )
        for table in _emptied()
    ),
]


def forget_user(write: Write, user_id: str) -> None:
    """Remove what belongs to a user who vanishes."""
    for statement in _REMOVALS:
        write.write(statement, user=user_id)
    strike(write, user_id)
    erase_origins(write, user_id)
