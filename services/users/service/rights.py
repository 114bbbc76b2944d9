"""What roles grant, as it is stored, and which permissions there are."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from rapport.users.v1 import resources_pb2
from sqlalchemy import select

from mesh.contract import catalog
from mesh.store.statement import TENANT, Statement, any_of
from services.users.domain.roles import RoleFacts, grants_in
from services.users.tables import custom_roles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mesh.runtime.call import View

_ROLES = Statement(
    select(custom_roles.c.id, custom_roles.c.grants).where(
        custom_roles.c.tenant_id == TENANT, custom_roles.c.delete_time.is_(None), any_of(custom_roles.c.id, "ids")
    ),
    name="look up roles",
)


@cache
def declared() -> Mapping[str, bool]:
    """Every permission that some method asks for, and whether it can be held for a part of the data."""
    contracts = catalog.load()
    return MappingProxyType({name: contracts.is_scoped(name) for name in sorted(contracts.permissions())})


def grants_of(
    read: Callable[..., Sequence[Sequence[Any]]], role_ids: Iterable[str], **more: Any
) -> dict[str, dict[str, int]]:
    """What each of these custom roles grants, by id; those that are deleted or unknown are left out."""
    named = sorted(set(role_ids))
    rows = read(_ROLES, ids=named, **more) if named else []
    return {role: grants_in(resources_pb2.CustomRole.FromString(bytes(grants))) for role, grants in rows}


def held(view: View) -> Mapping[str, int]:
    """What the caller may do: by permission, the widest scope."""
    return view.entry.grants if view.entry is not None else {}


def gather_role(view: View, sent: Sequence[resources_pb2.CustomRole]) -> RoleFacts:
    """Which permissions there are, and which the caller has."""
    del sent
    return RoleFacts(declared=declared(), held=held(view))
