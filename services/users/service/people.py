"""Who works in a tenant, and under whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2
from sqlalchemy import bindparam, select

from mesh.store.statement import TENANT, Statement, any_of
from services.users.tables import users

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mesh.runtime.call import Commit, View

# Longer chains of managers are cut: nobody's business is that deep.
_MAX_CHAIN = 50

_WORK = (
    users.c.tenant_id == TENANT,
    users.c.state == resources_pb2.User.STATE_ACTIVE,
    users.c.delete_time.is_(None),
)
_WORKING = Statement(select(users.c.id).where(*_WORK, any_of(users.c.id, "ids")), name="list working users")
_EXISTING = Statement(
    select(users.c.id).where(users.c.tenant_id == TENANT, users.c.delete_time.is_(None), any_of(users.c.id, "ids")),
    name="list users that exist",
)
_MANAGER = Statement(
    select(users.c.manager_id).where(users.c.tenant_id == TENANT, users.c.id == bindparam("id")), name="get manager"
)
_NAME = Statement(
    select(users.c.display_name).where(users.c.tenant_id == TENANT, users.c.id == bindparam("id")), name="get name"
)


def name_of(commit: Commit, user_id: str) -> str:
    """What people call a user; empty for nobody."""
    rows = commit.read(_NAME, id=user_id) if user_id else []
    return str(rows[0][0]) if rows else ""


def existing(view: View, ids: Iterable[str]) -> frozenset[str]:
    """Those of the users named who are not deleted."""
    named = sorted(set(ids))
    return frozenset(row[0] for row in view.read(_EXISTING, ids=named)) if named else frozenset()


def working(view: View, ids: Iterable[str]) -> frozenset[str]:
    """Those of the users named who may work."""
    named = sorted(set(ids) - {""})
    return frozenset(row[0] for row in view.read(_WORKING, ids=named)) if named else frozenset()


def chain_of(view: View, user_id: str) -> list[str]:
    """A user who works and all their managers, from below; nothing for anybody else."""
    found: list[str] = []
    above = user_id if user_id in working(view, [user_id]) else ""
    while above and above not in found and len(found) < _MAX_CHAIN:
        found.append(above)
        rows = view.read(_MANAGER, id=above)
        above = rows[0][0] if rows else ""
    return found
