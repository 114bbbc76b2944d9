"""Which rows of a resource a caller reaches: the one place where OWN, TEAM and ALL become conditions of a statement.

Owns the conditions and their parameters. Who holds which grant is the directory's matter; that a row which is not
visible answers like an unknown one is that of the statement, which does not find it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, false, or_, select

from mesh.contract.catalog import load_service
from mesh.contract.method import AccessKind
from mesh.contract.resource import reference
from mesh.store.mesh_tables import reference_rows
from mesh.store.statement import TENANT, any_of
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Table

    from mesh.contract.resource import ResourceContract
    from mesh.runtime.call import Call


class Breadth(enum.IntEnum):
    """How much of a resource somebody reaches; the numbers are those of `users.v1.Scope`."""

    NONE = 0
    OWN = 1
    TEAM = 2
    ALL = 3


@dataclass(frozen=True, slots=True)
class Sight:
    """The rows that a caller reaches: a breadth, by which statements are kept, and the parameters of its conditions."""

    breadth: Breadth
    parameters: Mapping[str, Any]


# Read once: nearly every call is of somebody who sees all.
_ALL = int(Breadth.ALL)
EVERYTHING = Sight(Breadth.ALL, {})


class Scopes:
    """The conditions of one resource. A child has those of its parent: who sees the parent sees it too."""

    def __init__(self, contract: ResourceContract, table: Table) -> None:
        self._contract = contract
        self._table = table

    @cached_property
    def _permissions(self) -> frozenset[str]:
        return load_service(self._contract.service).permissions()

    @cached_property
    def _lineage(self) -> tuple[ResourceContract, ...]:
        """The resource, its parent, the parent of that, and so on."""
        known = load_service(self._contract.service).resources
        line = [self._contract]
        while line[-1].parent_field:
            line.append(known[reference(line[-1].message.DESCRIPTOR.fields_by_name[line[-1].parent_field])])
        return tuple(line)

    @cached_property
    def _reading(self) -> list[str]:
        reading = (f"{contract.collection}.read" for contract in self._lineage)
        return [permission for permission in reading if permission in self._permissions]

    @cached_property
    def _owned(self) -> bool:
        return any(contract.owner_field for contract in self._lineage)

    def visible(self, call: Call) -> Sight:
        """What the caller may see: by the permission `<collection>.read`, of the resource and of all above it.

        Of what is about a user, everybody sees what is about them, and nothing else.

        Where no contract declares one, as for jobs, everybody sees their own, and all of it who may do what is called
        without bounds: what a colleague made with wider rights is not a team's to see.
        What is shared row by row is seen as the row says.
        """
        if self._contract.sharing_field and call.entry is not None:
            return Sight(Breadth.TEAM, {"scope_me": call.user_id, "scope_teams": list(call.entry.team_ids)})
        if self._reading or not self._owned:
            return self._sight(call, self._reading)
        sight = self.writable(call)
        return sight if sight.breadth is not Breadth.TEAM else replace(sight, breadth=Breadth.OWN)

    def reaching(self, call: Call, permission: str) -> Sight:
        """What the caller may see and holds a permission for; for methods that need more than their own."""
        return self._sight(call, [*self._reading, permission])

    def writable(self, call: Call) -> Sight:
        """What the caller may change, by the permission of the method that is called; what is shared, the owner."""
        if self._contract.sharing_field and call.entry is not None:
            return Sight(Breadth.OWN, {"scope_me": call.user_id})
        access = call.contract.access
        asked = [access.permission] if access.permission in self._permissions else []
        if self._contract.self_field or access.kind is AccessKind.PERMISSION:
            return self._sight(call, asked)
        return EVERYTHING

    def _sight(self, call: Call, permissions: list[str]) -> Sight:
        if call.entry is None:
            return EVERYTHING
        if self._contract.self_field:
            return Sight(Breadth.OWN, {"scope_me": call.user_id})
        least = min(map(call.scope, permissions), default=_ALL)
        if least == _ALL:
            return EVERYTHING
        breadth = Breadth(least)
        parameters: dict[str, Any] = {}
        if breadth in (Breadth.OWN, Breadth.TEAM):
            parameters["scope_me"] = call.user_id
        if breadth is Breadth.TEAM:
            parameters["scope_teams"] = list(call.entry.team_ids)
        return Sight(breadth, parameters)

    def conditions(self, breadth: Breadth) -> list[ColumnElement[bool]]:
        """What a row must meet beside the tenant; the parameters are those of a Sight of that breadth."""
        if breadth is Breadth.ALL:
            return []
        if breadth is Breadth.NONE:
            return [false()]
        return [_reached(self._lineage, self._table, breadth)]


def _reached(lineage: tuple[ResourceContract, ...], table: Table, breadth: Breadth) -> ColumnElement[bool]:
    contract, *above = lineage
    if above:
        parent = table.metadata.tables[above[0].plural]
        parents = select(parent.c.id).where(parent.c.tenant_id == TENANT, _reached(tuple(above), parent, breadth))
        return table.c[contract.parent_field].in_(parents)
    field = contract.self_field or contract.owner_field
    if not field:
        return false()
    owner = table.c[field]
    mine: ColumnElement[bool] = owner == bindparam("scope_me", type_=TEXT)
    if breadth is Breadth.OWN:
        return mine
    rows = reference_rows.c
    users = reference(contract.message.DESCRIPTOR.fields_by_name[contract.owner_field])
    in_teams = any_of(rows.team_id, "scope_teams")
    of_teams = owner.in_(select(rows.id).where(rows.tenant_id == TENANT, rows.type == users, in_teams))
    if not contract.sharing_field:
        return or_(mine, of_teams)
    sharing = table.c[contract.sharing_field]
    names = contract.message.DESCRIPTOR.fields_by_name[contract.sharing_field].enum_type.values
    team, tenant = (next(v.number for v in names if v.name.endswith(end)) for end in ("_TEAM", "_TENANT"))
    return or_(mine, sharing == tenant, and_(sharing == team, of_teams))
