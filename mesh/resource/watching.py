"""Public feeds: the changes of a resource as a user may see them, now and with every change.

Owns what becomes of a row that leaves the caller's sight: it is told as removed, by its id. A row that the caller never
saw is not told of. Deleted ones are out of everybody's sight.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from mesh.contract.resource import reference
from mesh.resource.changes import Changes, page, removed, told
from mesh.resource.scopes import Breadth
from mesh.store.mesh_tables import reference_rows
from mesh.store.statement import TENANT, Statement, any_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from google.protobuf.message import Message

    from mesh.contract.method import MethodContract
    from mesh.resource.changes import Step
    from mesh.resource.resource import Resource
    from mesh.runtime.stream import StreamCall

_DELETED = "delete_time"
_r = reference_rows.c
_IN_TEAMS = Statement(
    select(_r.id).where(
        _r.tenant_id == TENANT,
        _r.type == bindparam("type", type_=_r.type.type),
        _r.id == bindparam("owner", type_=_r.id.type),
        any_of(_r.team_id, "teams"),
    ),
    name="owner in teams",
)

_MEMBERS = Statement(
    select(_r.id).where(
        _r.tenant_id == TENANT, _r.type == bindparam("type", type_=_r.type.type), any_of(_r.team_id, "teams")
    ),
    name="members of teams",
)


class InSight:
    """The view of a user."""

    def __init__(self, resource: Resource[Any]) -> None:
        self._resource = resource
        self._owner = resource.contract.owner_field

    @cached_property
    def _pages(self) -> Mapping[Breadth, Statement]:
        deleted = self._resource.table.c.get(_DELETED)
        present = () if deleted is None else (deleted.is_(None),)
        return {breadth: page(self._resource, breadth, *present) for breadth in Breadth}

    def sight(self, call: StreamCall) -> str:
        """See View. For a team it is also who belongs to it."""
        call.recheck()
        breadth = self._resource.visible(call).breadth
        if breadth is not Breadth.TEAM or not self._owner or call.entry is None:
            return breadth.name
        users = reference(self._resource.message.DESCRIPTOR.fields_by_name[self._owner])
        teams = sorted(call.entry.team_ids)
        rows = call.read(_MEMBERS, type=users, teams=teams)
        members = "\n".join([*teams, "", *sorted(row[0] for row in rows)])
        return f"{breadth.name} {hashlib.sha256(members.encode()).hexdigest()[:16]}"

    def rows(self, call: StreamCall, after: str, limit: int) -> Sequence[Sequence[Any]]:
        """See View."""
        sight = self._resource.visible(call)
        return call.read(self._pages[sight.breadth], after=after, limit=limit, **sight.parameters)

    def change(self, call: StreamCall, step: Step, before: Any) -> Step | None:
        """See View."""
        now: Any = step.resource
        deleted = self._resource.contract.soft_delete and now.HasField(_DELETED)
        if not deleted and self._resource.readable(call, [now.id]):
            return step
        if deleted and _was_deleted(step.changed_paths):
            return None
        if not self._was_in_sight(call, now, before, step.changed_paths):
            return None
        return removed(step)

    def _was_in_sight(self, call: StreamCall, now: Any, before: Any, changed: Sequence[str]) -> bool:
        """Whether the caller saw the row before this change, by the owner that it had."""
        breadth = self._resource.visible(call).breadth
        if breadth is Breadth.ALL:
            return True
        if not self._owner or breadth is Breadth.NONE or before is None:
            return False
        owner = getattr(before if self._owner in changed else now, self._owner)
        if owner == call.user_id:
            return True
        if breadth is Breadth.OWN or call.entry is None:
            return False
        users = reference(now.DESCRIPTOR.fields_by_name[self._owner])
        return bool(call.read(_IN_TEAMS, type=users, owner=owner, teams=list(call.entry.team_ids)))


def _was_deleted(changed: Sequence[str]) -> bool:
    """Whether a deleted row was so before this change: who takes over what another one had gets deleted ones too."""
    return not {_DELETED, "*"} & set(changed)


def watch_handler(method: MethodContract, resource: Resource[Any]) -> Callable[[StreamCall, Any], Iterator[Message]]:
    """The handler of a public `Watch<Resources>`."""
    changes = Changes(resource, InSight(resource))

    def watch(call: StreamCall, request: Any) -> Iterator[Message]:
        for step in changes.follow(call, request.cursor, request.filter):
            if step.resource is not None:
                resource.hide(call, [step.resource])
            yield told(method, resource, step)

    return watch
