"""LogIn: a session for an address and a password. Every refusal looks and takes the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.users.v1 import resources_pb2, session_service_pb2
from sqlalchemy import Text, bindparam, select, update

from mesh.contract.failure import Failure
from mesh.resource.mapping import read_columns
from mesh.store.statement import TENANT, Statement
from services.users.domain.policy import PASSWORD
from services.users.domain.sessions import proof
from services.users.domain.users import is_person
from services.users.service.passwords import hash_password, is_outdated, password_matches
from services.users.service.security_policy import password_wait, policy_of
from services.users.service.terms import terms_of
from services.users.tables import tenants, users

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit
    from services.users.service.beginning import Beginning
    from services.users.service.guesses import GuessCounts
    from services.users.service.second_factors import SecondFactors

_TENANT = Statement(
    select(tenants.c.id).where(tenants.c.slug == bindparam("slug"), tenants.c.active), name="find tenant"
)
_WORKS = (
    users.c.tenant_id == TENANT,
    users.c.state == resources_pb2.User.STATE_ACTIVE,
    users.c.delete_time.is_(None),
)
_USER = Statement(
    select(users.c.password_hash, users.c.epoch, *read_columns(users, resources_pb2.User)).where(
        *_WORKS, users.c.email == bindparam("email")
    ),
    name="find user by address",
)
_STILL = Statement(
    select(users.c.password_hash, users.c.epoch).where(*_WORKS, users.c.id == bindparam("user")).with_for_update(),
    name="hold user who logs in",
)
_REHASH = Statement(
    update(users)
    .where(users.c.tenant_id == TENANT, users.c.id == bindparam("user"))
    .values(password_hash=bindparam("hashed", type_=Text)),
    name="renew password hash",
)


class LogIn:
    """The method LogIn."""

    def __init__(
        self,
        user: Resource[resources_pb2.User],
        beginning: Beginning,
        guesses: GuessCounts,
        factors: SecondFactors,
    ) -> None:
        self._user = user
        self._beginning = beginning
        self._guesses = guesses
        self._factors = factors

    def __call__(self, call: Call, request: session_service_pb2.LogInRequest) -> session_service_pb2.LogInResponse:
        """A session with its tokens, or where the user has a second factor, one to be completed."""
        email = request.email.strip().lower()
        tenant = self._tenant(call, request.tenant)
        guess = self._guesses.begin(call, request.tenant, email, password_wait(policy_of(call, tenant)))
        row = self._row(call, tenant, email)
        kept = row[0] if row is not None and not guess.waiting else None
        if not password_matches(request.password, kept) or row is None:
            self._guesses.wrong(call, guess)
            raise Failure("CREDENTIALS_INVALID")
        renewed = hash_password(request.password) if is_outdated(row[0]) else ""
        user = self._user.build(resources_pb2.User, row[2:])
        key = self._beginning.key()
        with call.commit(tenant) as commit:
            epoch = _still(commit, user.id, row[0])
            second = self._factors.kinds(commit, user.id)
            terms_of(commit, user.id).check_log_in(
                PASSWORD,
                commit.now_us,
                factors=2 if second else 1,
                without_passkey=resources_pb2.Factor.KIND_PASSKEY not in second,
            )
            if renewed:
                commit.write(_REHASH, user=user.id, hashed=renewed)
            self._guesses.right(commit, guess)
            known = proof(resources_pb2.Factor.KIND_PASSWORD, commit.now_us)
            reply = self._beginning.begin(commit, key, user, epoch, known, second)
            commit.audit(f"users/{user.id}", principal=user.id)
            return commit.reply(reply)

    @staticmethod
    def _tenant(call: Call, slug: str) -> str:
        found = call.read(_TENANT, slug=slug)
        return str(found[0][0]) if found else ""

    def _row(self, call: Call, tenant: str, email: str) -> Sequence[Any] | None:
        """The person of an address; programs sign in by no password."""
        rows = call.read(_USER, tenant=tenant, email=email) if tenant else []
        return rows[0] if rows and is_person(self._user.build(resources_pb2.User, rows[0][2:])) else None


def _still(commit: Commit, user_id: str, password_hash: str) -> int:
    """The user's epoch, held until the session has begun; what was proven must still be so.

    Raises:
        Failure: CREDENTIALS_INVALID, where the password was changed since it was checked.
    """
    rows = commit.read(_STILL, user=user_id)
    if not rows or rows[0][0] != password_hash:
        raise Failure("CREDENTIALS_INVALID")
    return int(rows[0][1])
