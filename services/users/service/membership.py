"""Who is in which group, as it is stored beside the groups of each user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, bindparam, delete, func, insert, select, tuple_

from mesh.store.statement import TENANT, Statement, any_of
from mesh.store.tables import TEXT
from services.users.domain.groups import MAX_MEMBERS
from services.users.tables import group_members

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.runtime.call import View, Write

_c = group_members.c
_OF_GROUP = (_c.tenant_id == TENANT, _c.group_id == bindparam("group"))
_JOIN = Statement(insert(group_members), name="add group member")
_LEAVE = Statement(delete(group_members).where(*_OF_GROUP, _c.user_id == bindparam("user")), name="remove group member")
_LEAVE_ALL = Statement(
    delete(group_members).where(_c.tenant_id == TENANT, _c.user_id == bindparam("user")), name="leave groups"
)
_EMPTY = Statement(delete(group_members).where(*_OF_GROUP), name="empty group")
_SOME = select(_c.user_id).where(*_OF_GROUP).limit(MAX_MEMBERS + 1).subquery()
_COUNT = Statement(select(func.count()).select_from(_SOME), name="count group members")
_SUMS = Statement(
    select(_c.group_id, func.count(), func.max(_c.create_time))
    .where(_c.tenant_id == TENANT, any_of(_c.group_id, "groups"))
    .group_by(_c.group_id),
    name="sum up group members",
)
_OF_GROUPS = Statement(
    select(_c.group_id, _c.user_id, _c.create_time)
    .where(_c.tenant_id == TENANT, any_of(_c.group_id, "groups"))
    .order_by(_c.group_id, _c.create_time, _c.user_id)
    .limit(bindparam("limit", type_=BigInteger)),
    name="list members of groups",
)
_PAGE = Statement(
    select(_c.user_id, _c.create_time)
    .where(
        *_OF_GROUP,
        tuple_(_c.create_time, _c.user_id)
        > tuple_(bindparam("after_us", type_=BigInteger), bindparam("after_id", type_=TEXT)),
    )
    .order_by(_c.create_time, _c.user_id)
    .limit(bindparam("limit", type_=BigInteger)),
    name="list group members",
)


def join_group(write: Write, group: str, user: str) -> None:
    """Note a new member."""
    write.write(_JOIN, group_id=group, user_id=user, create_time=write.now_us)


def leave_group(write: Write, group: str, user: str) -> None:
    """Note that somebody is a member no more."""
    write.write(_LEAVE, group=group, user=user)


def leave_groups(write: Write, user: str) -> None:
    """Note that somebody is in no group any more."""
    write.write(_LEAVE_ALL, user=user)


def empty_group(write: Write, group: str) -> None:
    """Forget all members of a group that vanishes."""
    write.write(_EMPTY, group=group)


def count_members(write: Write, group: str) -> int:
    """How many members a group has; counted to one more than it may have."""
    ((count,),) = write.read(_COUNT, group=group)
    return int(count)


def members_after(view: View, group: str, after: Sequence[Any], limit: int) -> Sequence[Sequence[Any]]:
    """Members with the time when they came, in microseconds, in that order, behind such a pair of time and id."""
    return view.read(_PAGE, group=group, after_us=after[0], after_id=after[1], limit=limit)


def sums_of(view: View | Write, groups: Sequence[str]) -> Sequence[Sequence[Any]]:
    """Groups that have members, each with their number and when the last one came, in microseconds."""
    return view.read(_SUMS, groups=list(groups)) if groups else []


def members_of(view: View | Write, groups: Sequence[str], limit: int) -> Sequence[Sequence[Any]]:
    """Groups with their members and when those came, in microseconds, in that order."""
    return view.read(_OF_GROUPS, groups=list(groups), limit=limit) if groups else []
