"""What roles grant, as it is stored, and which permissions there are."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from rapport.users.v1 import resources_pb2
from sqlalchemy import select

from mesh.contract import catalog
from mesh.store.statement import TENANT, Statement, any_of
from services.users.domain.roles import RoleFacts, all_grants, grants_in
from services.users.tables import custom_roles, groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mesh.runtime.call import View

_ROLES = Statement(
    select(custom_roles.c.id, custom_roles.c.grants).where(
        custom_roles.c.tenant_id == TENANT, custom_roles.c.delete_time.is_(None), any_of(custom_roles.c.id, "ids")
    ),
    name="look up roles",
)
_GROUPS = Statement(
    select(groups.c.id, groups.c.role, groups.c.role_ids).where(
        groups.c.tenant_id == TENANT, groups.c.delete_time.is_(None), any_of(groups.c.id, "ids")
    ),
    name="look up groups",
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


def grants_of_groups(
    read: Callable[..., Sequence[Sequence[Any]]], group_ids: Iterable[str], **more: Any
) -> dict[str, dict[str, int]]:
    """What each of these groups grants its members, by id; those that are deleted or unknown are left out."""
    named = sorted(set(group_ids))
    rows = read(_GROUPS, ids=named, **more) if named else []
    role_ids = {group: resources_pb2.Group.FromString(bytes(kept)).role_ids for group, _, kept in rows}
    custom = grants_of(read, [role for ids in role_ids.values() for role in ids], **more)
    return {
        group: all_grants(role or 0, [custom[each] for each in role_ids[group] if each in custom], declared())
        for group, role, _ in rows
    }


def roles_of(
    read: Callable[..., Sequence[Sequence[Any]]], user: resources_pb2.User, **more: Any
) -> tuple[set[int], set[str]]:
    """The built-in roles and the ids of the custom ones that a user has, by themselves or by groups."""
    rows = read(_GROUPS, ids=sorted(user.group_ids), **more) if user.group_ids else []
    built_in, custom = {int(user.role)}, set(user.role_ids)
    for _, role, kept in rows:
        built_in.add(role or 0)
        custom.update(resources_pb2.Group.FromString(bytes(kept)).role_ids)
    return built_in - {0}, custom


def rights_of(read: Callable[..., Sequence[Sequence[Any]]], user: resources_pb2.User, **more: Any) -> dict[str, int]:
    """What a user who works may do: by their built-in role, their custom ones and their groups."""
    custom = grants_of(read, user.role_ids, **more)
    of_groups = grants_of_groups(read, user.group_ids, **more)
    return all_grants(user.role, [*custom.values(), *of_groups.values()], declared())


def held(view: View) -> Mapping[str, int]:
    """What the caller may do: by permission, the widest scope."""
    return view.entry.grants if view.entry is not None else {}


def gather_role(view: View, sent: Sequence[resources_pb2.CustomRole]) -> RoleFacts:
    """Which permissions there are, and which the caller has."""
    del sent
    return RoleFacts(declared=declared(), held=held(view))
