"""UserService: the facts of its rules, and what is more than the standard methods: roles, and the end of work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.mesh.v1 import references_pb2
from rapport.users.v1 import events_pb2, resources_pb2
from sqlalchemy import bindparam, select, update

from mesh.contract.failure import Failure, invalid
from mesh.resource import move_order
from mesh.resource.writing import Facts, change, locked
from mesh.store.statement import TENANT, Statement
from services.users.domain.claims import as_client_sees
from services.users.domain.users import UserFacts, check_ownership, owns
from services.users.service.membership import leave_groups
from services.users.service.people import chain_of, working
from services.users.service.rights import declared, grants_of, grants_of_groups, held
from services.users.service.teams import existing_teams, take_turn
from services.users.tables import users

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rapport.users.v1 import user_service_pb2

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit, View

_END_SESSIONS = Statement(
    update(users).where(users.c.tenant_id == TENANT, users.c.id == bindparam("user")).values(epoch=users.c.epoch + 1),
    name="end sessions",
)
_OTHER_OWNER = Statement(
    select(users.c.id)
    .where(
        users.c.tenant_id == TENANT,
        users.c.id != bindparam("user"),
        users.c.role == resources_pb2.ROLE_OWNER,
        users.c.state == resources_pb2.User.STATE_ACTIVE,
        users.c.delete_time.is_(None),
    )
    .order_by(users.c.id)
    .limit(1),
    name="find another owner",
)


def gather_user(view: View, sent: Sequence[resources_pb2.User]) -> UserFacts:
    """Which of the teams, roles and groups named there are, the managers users would have, and what the caller may."""
    return UserFacts(
        teams=existing_teams(view, [user.team_id for user in sent]),
        managers=[manager for user in sent for manager in chain_of(view, user.manager_id)],
        roles=grants_of(view.read, [role for user in sent for role in user.role_ids]),
        groups=grants_of_groups(view.read, [group for user in sent for group in user.group_ids]),
        held=held(view),
        declared=declared(),
    )


def end_sessions(commit: Commit, user_id: str) -> None:
    """Refuse what a user is signed in with, from the end of the write on."""
    commit.write(_END_SESSIONS, user=user_id)


class UserMethods:
    """The methods of UserService that are more than the standard ones."""

    def __init__(self, user: Resource[resources_pb2.User]) -> None:
        self._user = user

    def get_current_user(self, call: Call, request: user_service_pb2.GetCurrentUserRequest) -> resources_pb2.User:
        """The user who calls, or the one behind the API key that calls."""
        del request
        user = self._get(call, call.user_id, "UNAUTHENTICATED")
        return as_client_sees(user, call.identity.only) if call.identity.client else user

    def set_user_role(self, call: Call, request: user_service_pb2.SetUserRoleRequest) -> resources_pb2.User:
        """The user with a built-in role."""
        facts = gather_user(call, [])
        with call.commit() as commit:
            user = self.write(commit, request, lambda user: setattr(user, "role", request.role), facts)
            return commit.reply(user)

    def deactivate_user(self, call: Call, request: user_service_pb2.DeactivateUserRequest) -> resources_pb2.User:
        """The user, who may no longer work; doing it again changes nothing."""
        successor = self.successor(call, request)
        with call.commit() as commit:

            def end(user: resources_pb2.User) -> None:
                if user.state != resources_pb2.User.STATE_INACTIVE:
                    user.state = resources_pb2.User.STATE_INACTIVE
                    self._hand_over(commit, user.id, successor, references_pb2.MOVE_REASON_HAND_OVER)

            return commit.reply(self.write(commit, request, end, UserFacts()))

    def suspend_user(self, call: Call, request: user_service_pb2.SuspendUserRequest) -> resources_pb2.User:
        """The user, who may not work for the time being; one whose work has ended is left as they are."""
        with call.commit() as commit:

            def pause(user: resources_pb2.User) -> None:
                if user.state == resources_pb2.User.STATE_ACTIVE:
                    user.state = resources_pb2.User.STATE_SUSPENDED
                    end_sessions(commit, user.id)

            return commit.reply(self.write(commit, request, pause, UserFacts()))

    def reactivate_user(self, call: Call, request: user_service_pb2.ReactivateUserRequest) -> resources_pb2.User:
        """The user, who may work again."""
        facts = gather_user(call, [self._get(call, request.id)])
        with call.commit() as commit:

            def begin(user: resources_pb2.User) -> None:
                user.state = resources_pb2.User.STATE_ACTIVE

            return commit.reply(self.write(commit, request, begin, facts))

    def delete_user(self, call: Call, request: user_service_pb2.DeleteUserRequest) -> resources_pb2.User:
        """The user marked as deleted; deleting them again changes nothing."""
        successor = self.successor(call, request)
        with call.commit() as commit:
            return commit.reply(self.deleted(commit, request, successor))

    def deleted(self, commit: Commit, request: Any, successor: str) -> resources_pb2.User:
        """The user marked as deleted, out of every group, with everything of theirs going to the successor, if any."""

        def end(user: resources_pb2.User) -> None:
            if not user.HasField("delete_time"):
                user.delete_time.FromMicroseconds(commit.now_us)
                # Who comes back is in no group: what those grant by then is for others to decide.
                user.ClearField("group_ids")
                leave_groups(commit, user.id)
                self._hand_over(commit, user.id, successor, references_pb2.MOVE_REASON_DELETE)

        return self.write(commit, request, end, None, kind="Deleted")

    def undelete_user(self, call: Call, request: user_service_pb2.UndeleteUserRequest) -> resources_pb2.User:
        """The user brought back."""
        facts = gather_user(call, [self._get(call, request.id)])
        with call.commit() as commit:
            user = self.write(commit, request, lambda user: user.ClearField("delete_time"), facts, kind="Undeleted")
            return commit.reply(user)

    def _get(self, call: Call, user_id: str, reason: str = "NOT_FOUND") -> resources_pb2.User:
        rows = call.read(self._user.by_id, id=user_id)
        if not rows:
            raise Failure(reason, metadata={"resource": f"users/{user_id}"} if reason == "NOT_FOUND" else None)
        user: resources_pb2.User = self._user.build(self._user.message, rows[0])
        return user

    def successor(self, call: Call, request: Any) -> str:
        """Who takes over: who is named, else the first manager above who works."""
        if request.successor_id:
            if request.successor_id == request.id or not working(call, [request.successor_id]):
                raise invalid("successor_id", "is no other user of this tenant who works")
            return str(request.successor_id)
        above = chain_of(call, self._get(call, request.id).manager_id)
        return next((user_id for user_id in above if user_id != request.id), "")

    def _hand_over(self, commit: Commit, user_id: str, successor: str, reason: references_pb2.MoveReason) -> None:
        """End the sessions of a user, and let everything that refers to them refer to their successor.

        What a deletion leaves behind is cleared in any case, after that.
        """
        end_sessions(commit, user_id)
        if successor or reason != references_pb2.MOVE_REASON_DELETE:
            move_order.tell(commit, self._user.contract.type, user_id, successor, reason)
        if reason == references_pb2.MOVE_REASON_HAND_OVER:
            notice = events_pb2.UserDeactivated(user_id=user_id, successor_id=successor)
            commit.publish(f"users/{user_id}", 0, notice)

    def write(
        self,
        commit: Commit,
        request: Any,
        alter: Callable[[resources_pb2.User], object],
        facts: UserFacts | None,
        *,
        kind: str = "Updated",
    ) -> resources_pb2.User:
        """The user of the request's `id` as altered, recorded; and a tenant always keeps an owner.

        One write of a tenant at a time gets here, so that two owners cannot remove each other at once.

        Raises:
            Failure: LAST_OWNER, SELF_DEMOTION; what the rule raises.
        """
        take_turn(commit)
        owned = False

        def watched(user: resources_pb2.User) -> None:
            nonlocal owned
            owned = owns(user)
            alter(user)

        row = locked(commit, self._user, request.id)
        after, changed = change(commit, self._user, row, watched, Facts({}, facts), given=request.etag, kind=kind)
        if owned and not owns(after):
            check_ownership(request.id, commit.call.user_id, others=bool(commit.read(_OTHER_OWNER, user=request.id)))
        commit.audit(f"users/{request.id}", changed)
        return after
