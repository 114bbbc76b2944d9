"""GroupService: the facts of its rules, and who is in a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import group_service_pb2, resources_pb2
from sqlalchemy import select

from mesh.contract.failure import Failure, invalid
from mesh.contract.pages import page_size
from mesh.resource.writing import Facts, change, locked, unknown
from mesh.store.statement import TENANT, Statement, any_of
from services.users.domain.groups import GroupFacts, check_members, joined
from services.users.domain.roles import check_held
from services.users.domain.users import UserFacts
from services.users.service.membership import count_members, join_group, leave_group, members_after
from services.users.service.rights import declared, grants_of, grants_of_groups, held
from services.users.tables import groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit, View

_THERE = Statement(
    select(groups.c.id).where(groups.c.tenant_id == TENANT, any_of(groups.c.id, "ids")), name="list existing groups"
)


def gather_group(view: View, sent: Sequence[resources_pb2.Group]) -> GroupFacts:
    """Which of the roles named there are, and what the caller may."""
    roles = grants_of(view.read, [role for group in sent for role in group.role_ids])
    return GroupFacts(roles=roles, held=held(view), declared=declared())


class GroupMethods:
    """The methods of GroupService that are more than the standard ones."""

    def __init__(self, group: Resource[resources_pb2.Group], user: Resource[resources_pb2.User]) -> None:
        self._group = group
        self._user = user

    def undelete_group(self, call: Call, request: group_service_pb2.UndeleteGroupRequest) -> resources_pb2.Group:
        """The group brought back, with the members that it had."""
        facts = gather_group(call, [self._get(call, request.id)])
        with call.commit() as commit:
            row = locked(commit, self._group, request.id)
            after, changed = change(
                commit,
                self._group,
                row,
                lambda group: group.ClearField("delete_time"),
                Facts({}, facts),
                given=request.etag,
                kind="Undeleted",
            )
            commit.audit(f"groups/{request.id}", changed)
            return commit.reply(after)

    def list_group_members(
        self, call: Call, request: group_service_pb2.ListGroupMembersRequest
    ) -> group_service_pb2.ListGroupMembersResponse:
        """A page of the members."""
        pages, binding = call.environment.pages, (call.identity.principal, call.contract.path, request.id)
        after = pages.read(binding, request.page_token, 2) if request.page_token else [0, ""]
        self._get(call, request.id)
        size = page_size(request.page_size)
        rows = members_after(call, request.id, after, size + 1)
        reply = group_service_pb2.ListGroupMembersResponse()
        for user_id, create_us in rows[:size]:
            reply.members.add(user_id=user_id).create_time.FromMicroseconds(create_us)
        if len(rows) > size:
            reply.next_page_token = pages.make(binding, [rows[size - 1][1], rows[size - 1][0]])
        return reply

    def add_group_members(self, call: Call, request: group_service_pb2.AddGroupMembersRequest) -> resources_pb2.Group:
        """The group, with these members besides those that it has."""
        with call.commit() as commit:
            group = self.locked(commit, request.id)
            self.add(commit, group.id, request.user_ids)
            commit.audit(f"groups/{group.id}")
            return commit.reply(group)

    def add(self, commit: Commit, group_id: str, user_ids: Iterable[str]) -> None:
        """Make users members of a locked group."""
        grants = grants_of_groups(commit.read, [group_id])
        check_held(grants[group_id], held(commit.call), "id")
        facts = UserFacts(groups=grants, held=held(commit.call), declared=declared())

        def join(user: resources_pb2.User) -> None:
            if group_id not in user.group_ids:
                there = [row[0] for row in commit.read(_THERE, ids=list(user.group_ids))] if user.group_ids else []
                user.group_ids[:] = joined(user.group_ids, group_id, there)
                join_group(commit, group_id, user.id)

        self._each(commit, user_ids, join, facts)
        check_members(count_members(commit, group_id))

    def remove_group_members(
        self, call: Call, request: group_service_pb2.RemoveGroupMembersRequest
    ) -> resources_pb2.Group:
        """The group, without these members."""
        with call.commit() as commit:
            group = self.locked(commit, request.id)
            self.remove(commit, group.id, request.user_ids)
            commit.audit(f"groups/{group.id}")
            return commit.reply(group)

    def remove(self, commit: Commit, group_id: str, user_ids: Iterable[str]) -> None:
        """Take users out of a locked group."""

        def leave(user: resources_pb2.User) -> None:
            if group_id in user.group_ids:
                user.group_ids.remove(group_id)
                leave_group(commit, group_id, user.id)

        self._each(commit, user_ids, leave, UserFacts())

    def _get(self, call: Call, group_id: str) -> resources_pb2.Group:
        rows = call.read(self._group.by_id, id=group_id)
        if not rows:
            raise unknown(self._group, group_id)
        found: resources_pb2.Group = self._group.build(resources_pb2.Group, rows[0])
        return found

    def locked(self, commit: Commit, group_id: str) -> resources_pb2.Group:
        """The group, held until the end of the write, so that its members are counted right."""
        group: resources_pb2.Group = self._group.build(resources_pb2.Group, locked(commit, self._group, group_id))
        if group.HasField("delete_time"):
            raise unknown(self._group, group_id)
        return group

    def _each(
        self,
        commit: Commit,
        user_ids: Iterable[str],
        alter: Callable[[resources_pb2.User], None],
        facts: UserFacts,
    ) -> None:
        """Change users, in the order of their ids: two calls never wait for each other crosswise."""
        for user_id in sorted(set(user_ids)):
            try:
                row = locked(commit, self._user, user_id)
            except Failure:
                raise invalid("user_ids", "names nobody of this tenant") from None
            if row[self._user.deleted] is not None:
                raise invalid("user_ids", "names nobody of this tenant")
            change(commit, self._user, row, alter, Facts({}, facts))
