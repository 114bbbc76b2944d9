"""What a tenant's security policy says of a user who signs in or goes on with a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2, security_policy_service_pb2
from sqlalchemy import bindparam, select

from mesh.contract.failure import Failure
from mesh.store.statement import TENANT, Statement
from services.users.domain.policy import (
    LoginFacts,
    Verdict,
    decide_login,
    filled,
    needs_second_factor,
    wanted_level,
)
from services.users.domain.sessions import Span
from services.users.service.rights import roles_of
from services.users.service.security_policy import read_policy
from services.users.tables import users

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from mesh.runtime.call import View, Write

_ROLES = Statement(
    select(users.c.role, users.c.role_ids, users.c.group_ids).where(
        users.c.tenant_id == TENANT, users.c.id == bindparam("user")
    ),
    name="look up roles of user",
)


@dataclass(frozen=True, slots=True)
class Terms:
    """span: how long sessions last. second_factor: whether the user has to prove themselves by one."""

    user_id: str
    policy: security_policy_service_pb2.SecurityPolicy
    roles: AbstractSet[int]
    role_ids: AbstractSet[str]
    span: Span
    second_factor: bool

    def wanted(self, session: resources_pb2.Session) -> int:
        """How sure a session has to be before it reaches what roles grant."""
        kinds = [factor.kind for factor in session.factors]
        return wanted_level(self.policy, kinds, second_factor=self.second_factor)

    def check_log_in(self, method: int, now_us: int, *, factors: int, without_passkey: bool = False) -> None:
        """Refuse a log-in by a method that the tenant does not have; `factors` is how many the user has.

        One that lacks a second factor passes: its session reaches nothing but what the user sets one up with. So does
        a password `without_passkey`, where the tenant has people sign in by passkeys.

        Raises:
            Failure: LOGIN_METHOD_REFUSED.
        """
        facts = LoginFacts(
            method,
            now_us,
            factors,
            self.roles,
            self.role_ids,
            user_id=self.user_id,
            without_passkey=without_passkey,
        )
        if decide_login(self.policy, facts).verdict is Verdict.METHOD_REFUSED:
            raise Failure("LOGIN_METHOD_REFUSED")


def terms_of(by: View | Write, user_id: str) -> Terms:
    """The terms for a user, read once in a write."""
    known: dict[object, Terms] = getattr(by, "known", {})
    if (terms_of, user_id) not in known:
        known[terms_of, user_id] = _read(by, user_id)
    return known[terms_of, user_id]


def _read(by: View | Write, user_id: str) -> Terms:
    policy = filled(read_policy(by)[0])
    ((role, role_ids, group_ids),) = by.read(_ROLES, user=user_id)
    user = resources_pb2.User.FromString(bytes(role_ids) + bytes(group_ids))
    user.role = role
    roles, custom = roles_of(by.read, user)
    span = Span(policy.session_idle.ToMicroseconds(), policy.session_life.ToMicroseconds())
    return Terms(user_id, policy, roles, custom, span, needs_second_factor(policy, roles, custom, user_id))
