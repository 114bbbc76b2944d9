"""Users by SCIM: each change is one of UserService, by the same rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import protovalidate
from rapport.users.v1 import resources_pb2
from scim2_models import Context
from sqlalchemy import bindparam, or_, select

from mesh.contract.etags import etag
from mesh.contract.failure import Failure
from mesh.resource.writing import unknown
from mesh.runtime.validation import validate
from mesh.store.statement import TENANT, Statement, any_of
from services.users.domain.invitations import check_domain
from services.users.domain.roles import check_held
from services.users.domain.scim import filters, models
from services.users.domain.scim.requests import read_parameters, read_patch, read_resource, refusing
from services.users.domain.scim.users import fill, shown
from services.users.domain.users import is_person, works
from services.users.service.emails import tell_moved, withdraw
from services.users.service.passwords import hash_password
from services.users.service.rights import held, rights_of
from services.users.service.scim.answers import (
    Named,
    answer,
    answer_resource,
    base,
    check_version,
    in_scim,
    unchanged,
)
from services.users.service.scim.lists import asked, list_resources
from services.users.service.security_policy import read_policy
from services.users.service.teams import take_turn
from services.users.service.users import end_sessions, gather_user
from services.users.tables import groups, users

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from google.api import httpbody_pb2
    from rapport.users.v1 import scim_service_pb2

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit, View
    from services.users.domain.users import UserFacts
    from services.users.service.users import UserMethods

_GROUP_NAMES = Statement(
    select(groups.c.id, groups.c.display_name).where(
        groups.c.tenant_id == TENANT, groups.c.delete_time.is_(None), any_of(groups.c.id, "ids")
    ),
    name="name groups",
)
_FORMER = Statement(
    select(users.c.id, users.c.delete_time, users.c.kind).where(
        users.c.tenant_id == TENANT, users.c.email == bindparam("email")
    ),
    name="find former user",
)
_CALLED = Statement(
    select(users.c.id)
    .where(
        users.c.tenant_id == TENANT,
        users.c.id != bindparam("id"),
        users.c.delete_time.is_(None),
        or_(users.c.user_name == bindparam("name"), (users.c.user_name == "") & (users.c.email == bindparam("name"))),
    )
    .limit(1),
    name="find user by name",
)


class ScimUsers:
    """The methods of ScimService on users."""

    def __init__(self, user: Resource[resources_pb2.User], methods: UserMethods) -> None:
        self._user = user
        self._users = methods
        self._rules = protovalidate.Validator()

    def get_scim_user(self, call: Call, request: scim_service_pb2.GetScimUserRequest) -> httpbody_pb2.HttpBody:
        """One user, who is not deleted."""
        parameters = read_parameters(models.User, request.attributes, request.excluded_attributes)
        user = self._person(call, request.id)
        if unchanged(call, user.etag):
            return answer(call, 304, None, {"etag": user.etag})
        return answer_resource(call, 200, self._shown(call, call, [user])[0], parameters)

    def list_scim_users(self, call: Call, request: scim_service_pb2.ListScimUsersRequest) -> httpbody_pb2.HttpBody:
        """Users by a query."""
        return self._listed(call, request)

    def search_scim_users(self, call: Call, request: scim_service_pb2.SearchScimUsersRequest) -> httpbody_pb2.HttpBody:
        """Users by a search request."""
        return self._listed(call, request)

    def create_scim_user(self, call: Call, request: scim_service_pb2.CreateScimUserRequest) -> httpbody_pb2.HttpBody:
        """A new user whom nobody can sign in as until they set a password or come by another way; or a deleted one."""
        parameters = read_parameters(models.User, request.attributes, request.excluded_attributes)
        sent = read_resource(models.User, request.body, Context.RESOURCE_CREATION_REQUEST)
        user = resources_pb2.User(state=resources_pb2.User.STATE_ACTIVE, kind=resources_pb2.User.KIND_PERSON)
        with in_scim():
            self._fill(user, sent, whole=True)
            check_domain(user.email, read_policy(call)[0].invitation_domains)
            facts, password_hash = gather_user(call, [user]), hash_password(call.environment.ids.new_secret())
            with call.commit() as commit:
                take_turn(commit)
                former = commit.read(_FORMER, email=user.email)
                if former and former[0][1] is not None and former[0][2] != resources_pb2.User.KIND_PROGRAM:
                    made = self._revived(commit, former[0][0], sent, facts)
                else:
                    made = self._inserted(commit, user, facts, password_hash)
                return commit.reply(answer_resource(call, 201, self._shown(call, commit, [made])[0], parameters))

    def replace_scim_user(self, call: Call, request: scim_service_pb2.ReplaceScimUserRequest) -> httpbody_pb2.HttpBody:
        """The user with other attributes; roles and whether the user may work stay where nothing is said of them."""
        sent = read_resource(models.User, request.body, Context.RESOURCE_REPLACEMENT_REQUEST)

        def replaced(before: models.User) -> models.User:
            del before
            return sent

        return self._change(call, request, replaced, whole=True)

    def patch_scim_user(self, call: Call, request: scim_service_pb2.PatchScimUserRequest) -> httpbody_pb2.HttpBody:
        """The user as the operations leave them."""
        patch = read_patch(models.User, request.body)

        def patched(before: models.User) -> models.User:
            with refusing():
                patch.patch(before, models.TOLERANT)
            return before

        return self._change(call, request, patched, whole=False)

    def delete_scim_user(self, call: Call, request: scim_service_pb2.DeleteScimUserRequest) -> httpbody_pb2.HttpBody:
        """The user is deleted, as by UserService."""
        check_version(call, self._person(call, request.id).etag)
        successor = self._users.successor(call, _Leaving(request.id))
        with call.commit() as commit:
            self._users.deleted(commit, Named(request.id), successor)
            return commit.reply(answer(call, 204, None))

    def _listed(self, call: Call, request: Any) -> httpbody_pb2.HttpBody:
        return list_resources(
            call,
            self._user,
            asked(models.User, request),
            terms=filters.OF_USERS,
            always="kind != KIND_PROGRAM",
            most=models.MAX_COUNT,
            show=lambda found: self._shown(call, call, found),
        )

    def _person(self, view: View, user_id: str) -> resources_pb2.User:
        rows = view.read(self._user.by_id, id=user_id)
        user: resources_pb2.User | None = self._user.build(resources_pb2.User, rows[0]) if rows else None
        if user is None:
            raise unknown(self._user, user_id)
        self._check_there(user)
        return user

    def _check_there(self, user: resources_pb2.User) -> None:
        if user.HasField("delete_time") or not is_person(user):
            raise unknown(self._user, user.id)

    def _shown(self, call: Call, view: Any, found: Sequence[resources_pb2.User]) -> list[models.User]:
        named = sorted({group for user in found for group in user.group_ids})
        names = {row[0]: str(row[1]) for row in view.read(_GROUP_NAMES, ids=named)} if named else {}
        return [shown(user, names, base(call)) for user in found]

    def _fill(self, user: resources_pb2.User, sent: models.User, *, whole: bool) -> None:
        fill(user, sent, whole=whole)
        validate(self._rules, user)

    def _change(
        self, call: Call, request: Any, alter: Callable[[models.User], models.User], *, whole: bool
    ) -> httpbody_pb2.HttpBody:
        parameters = read_parameters(models.User, request.attributes, request.excluded_attributes)
        before = self._person(call, request.id)
        with in_scim():
            # What it will come to, for the facts of the decision; it is decided on the user as they are then.
            after = resources_pb2.User()
            after.CopyFrom(before)
            self._fill(after, alter(self._shown(call, call, [before])[0]), whole=whole)
            facts = gather_user(call, [after])
            if after.email != before.email:
                # Who reads the mail of a user can become them.
                check_held(rights_of(call.read, before), held(call), "email")
                check_domain(after.email, read_policy(call)[0].invitation_domains)
            with call.commit() as commit:
                made = self._written(commit, request.id, alter, facts, after.email, whole=whole)
                return commit.reply(answer_resource(call, 200, self._shown(call, commit, [made])[0], parameters))

    def _written(
        self,
        commit: Commit,
        user_id: str,
        alter: Callable[[models.User], models.User],
        facts: UserFacts,
        email: str,
        *,
        whole: bool,
    ) -> resources_pb2.User:
        old = ""

        def give(user: resources_pb2.User) -> None:
            nonlocal old
            self._check_there(user)
            check_version(commit.call, user.etag)
            old, worked = user.email, works(user)
            self._fill(user, alter(self._shown(commit.call, commit, [user])[0]), whole=whole)
            if user.email not in (old, email):
                raise Failure("CONFLICT")  # another address than the one that was looked at
            if user.email != old:
                withdraw(user)
            if worked and not works(user):
                end_sessions(commit, user.id)
            self._check_name(commit, user)

        made = self._users.write(commit, Named(user_id), give, facts)
        if made.email != old:
            tell_moved(commit, made, old)
        return made

    def _check_name(self, commit: Commit, user: resources_pb2.User) -> None:
        """Refuse a `userName` that is another user's name or address; one write of a tenant at a time asks this."""
        if commit.read(_CALLED, id=user.id, name=user.user_name or user.email):
            text = "is that of another resource"
            raise Failure("ALREADY_EXISTS", fields={"user_name": text}, metadata={"fields": "user_name"})

    def _inserted(
        self, commit: Commit, user: resources_pb2.User, facts: UserFacts, password_hash: str
    ) -> resources_pb2.User:
        user.id, user.etag = commit.environment.ids.new(self._user.contract.prefix), etag(1)
        for moment in (user.create_time, user.update_time):
            moment.FromMicroseconds(commit.now_us)
        user = self._user.decide(None, user, facts)
        self._check_name(commit, user)
        self._user.insert(commit, [user], password_hash=password_hash, epoch=1)
        commit.audit(f"users/{user.id}")
        return user

    def _revived(self, commit: Commit, user_id: str, sent: models.User, facts: UserFacts) -> resources_pb2.User:
        """A deleted user brought back with what was sent and nothing that they may do besides."""

        def give(user: resources_pb2.User) -> None:
            user.ClearField("delete_time")
            for name in ("role", "role_ids", "group_ids"):
                user.ClearField(name)
            user.state = resources_pb2.User.STATE_ACTIVE
            self._fill(user, sent, whole=True)
            self._check_name(commit, user)

        return self._users.write(commit, Named(user_id), give, facts, kind="Undeleted")


class _Leaving(Named):
    """A user who is deleted, without anybody who was named to take over."""

    successor_id = ""
