"""PasswordService: another password by the one before, or by a link to the user's address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf import timestamp_pb2
from rapport.users.v1 import events_pb2, password_service_pb2, resources_pb2
from sqlalchemy import BigInteger, Text, bindparam, delete, select, update

from mesh.contract.failure import Failure
from mesh.runtime import audit
from mesh.store.statement import TENANT, Statement, upsert
from services.users.domain.policy import check_length
from services.users.domain.tenants import check_password
from services.users.domain.users import signs_in
from services.users.service.passwords import hash_password
from services.users.service.proof import prove
from services.users.service.security_policy import read_policy
from services.users.service.sessions import check_user, own_session
from services.users.service.tenants import read_tenant
from services.users.tables import password_resets, tenants, users

if TYPE_CHECKING:
    from mesh.events.envelope import Event
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit, Write
    from services.users.service.guesses import GuessCounts
    from services.users.service.sessions import Sessions

CAPABILITY = "users.reset-password"
LIFE_US = 3600 * 1_000_000
_PAUSE_US = 60 * 1_000_000
_CHANGED = resources_pb2.Session.END_REASON_CREDENTIAL_CHANGED
_ONE = (users.c.tenant_id == TENANT, users.c.id == bindparam("user"))
_TENANT = Statement(
    select(tenants.c.id).where(tenants.c.slug == bindparam("slug"), tenants.c.active), name="find tenant"
)
_BY_EMAIL = Statement(
    select(users.c.id).where(users.c.tenant_id == TENANT, users.c.email == bindparam("email")), name="find user"
)
_LINK = (password_resets.c.tenant_id == TENANT, password_resets.c.user_id == bindparam("user"))
_UNTIL = Statement(select(password_resets.c.until_us).where(*_LINK), name="get end of password reset")
ASK = upsert(password_resets, key=["user_id"], set=["until_us"], name="ask for password")
_USE = Statement(
    delete(password_resets).where(*_LINK, password_resets.c.until_us == bindparam("sent", type_=BigInteger)),
    name="use password reset",
)
_DROP = Statement(delete(password_resets).where(*_LINK), name="drop password reset")
_SET = Statement(update(users).where(*_ONE).values(password_hash=bindparam("hashed", type_=Text)), name="set password")


class PasswordMethods:
    """The methods of PasswordService, and what follows when somebody wants a link."""

    def __init__(self, user: Resource[resources_pb2.User], sessions: Sessions, guesses: GuessCounts) -> None:
        self._user = user
        self._sessions = sessions
        self._guesses = guesses

    def change_password(self, call: Call, request: password_service_pb2.ChangePasswordRequest) -> resources_pb2.User:
        """The caller, who has another password and this session alone."""
        user_id = check_user(call)
        user = self._get(call, user_id)
        proof = prove(call, self._guesses, request.password)
        hashed = self._hash(call, user, request.new_password)
        with call.commit() as commit:
            proof.hold(commit)
            commit.write(_SET, user=user_id, hashed=hashed)
            commit.write(_DROP, user=user_id)
            self._sessions.end_of(commit, user_id, _CHANGED, but=own_session(call))
            self._tell(commit, user)
            commit.audit(f"users/{user_id}")
            return commit.reply(user)

    def request_password_reset(
        self, call: Call, request: password_service_pb2.RequestPasswordResetRequest
    ) -> password_service_pb2.RequestPasswordResetResponse:
        """Nothing, whether there is such a user or not: that is looked at afterwards."""
        reply = password_service_pb2.RequestPasswordResetResponse()
        found = call.read(_TENANT, slug=request.tenant)
        if found:
            with call.commit(found[0][0]) as commit:
                wanted = events_pb2.PasswordResetWanted(email=request.email.strip().lower())
                commit.publish(f"password-resets/{commit.environment.ids.new('rst')}", 0, wanted)
                commit.reply(reply)
        return reply

    def want(self, write: Write, event: Event) -> None:
        """Let a link be sent to the user of an address, where there is one who works and none was sent just now."""
        wanted = events_pb2.PasswordResetWanted.FromString(event.data)
        rows = write.read(_BY_EMAIL, email=wanted.email)
        held = write.read(self._user.locked, id=rows[0][0]) if rows else []
        if not held:
            return
        user = self._user.build(self._user.message, held[0])
        before = write.read(_UNTIL, user=user.id)
        if not signs_in(user) or (before and before[0][0] > write.now_us + LIFE_US - _PAUSE_US):
            return
        write.write(ASK, user_id=user.id, until_us=write.now_us + LIFE_US)
        write.publish(f"users/{user.id}", 0, self._notice(events_pb2.PasswordResetRequested, write, user))
        audit.note(write, "user.password_reset_requested", event.type, f"users/{user.id}", [])

    def mint_password_reset_token(
        self, call: Call, request: password_service_pb2.MintPasswordResetTokenRequest
    ) -> password_service_pb2.MintPasswordResetTokenResponse:
        """A secret that ends with the wish as it was stated last."""
        user = self._get(call, request.id)
        rows = call.read(_UNTIL, user=user.id)
        until_us = rows[0][0] if rows else 0
        if not signs_in(user) or until_us <= call.environment.clock.now_us():
            raise Failure("PASSWORD_RESET_NOT_PENDING")
        token = call.environment.capabilities.mint(
            CAPABILITY, call.identity.tenant, user.id, expires_us=until_us, single_use=True
        )
        expires = timestamp_pb2.Timestamp()
        expires.FromMicroseconds(until_us)
        return password_service_pb2.MintPasswordResetTokenResponse(token=token, expire_time=expires, email=user.email)

    def reset_password(self, call: Call, request: password_service_pb2.ResetPasswordRequest) -> resources_pb2.User:
        """The user, who has another password and no session. A link of an earlier wish sets nothing."""
        user = self._get(call, call.identity.principal, "CAPABILITY_INVALID")
        hashed = self._hash(call, user, request.new_password)
        with call.commit() as commit:
            sent_us = call.capability.expires_us if call.capability else 0
            if not signs_in(user) or not commit.write(_SET, user=user.id, hashed=hashed):
                raise Failure("CAPABILITY_INVALID")
            if not commit.write(_USE, user=user.id, sent=sent_us):
                raise Failure("CAPABILITY_INVALID")
            self._guesses.forget(commit, read_tenant(commit).slug, user.email)
            self._sessions.end_of(commit, user.id, _CHANGED)
            self._tell(commit, user)
            commit.audit(f"users/{user.id}")
            return commit.reply(user)

    def _get(self, call: Call, user_id: str, reason: str = "NOT_FOUND") -> resources_pb2.User:
        rows = call.read(self._user.by_id, id=user_id)
        if not rows:
            raise Failure(reason, metadata={"resource": f"users/{user_id}"} if reason == "NOT_FOUND" else None)
        found: resources_pb2.User = self._user.build(self._user.message, rows[0])
        return found

    @staticmethod
    def _hash(call: Call, user: resources_pb2.User, password: str) -> str:
        """The hash of a password that the user may have."""
        slug, name = read_tenant(call).slug, user.display_name
        check_length(read_policy(call)[0], password, "new_password")
        check_password(password, slug=slug, email=user.email, name=name, field="new_password")
        return hash_password(password)

    def _tell(self, commit: Commit, user: resources_pb2.User) -> None:
        commit.publish(f"users/{user.id}", 0, self._notice(events_pb2.PasswordChanged, commit, user))

    @staticmethod
    def _notice(kind: type[Any], write: Write, user: resources_pb2.User) -> Any:
        tenant = read_tenant(write)
        return kind(
            user_id=user.id,
            email=user.email,
            display_name=user.display_name,
            tenant_name=tenant.display_name,
            locale=tenant.locale,
        )
