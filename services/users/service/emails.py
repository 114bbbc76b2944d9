"""EmailService: a user's wish for another address, and the link that confirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import email_service_pb2, events_pb2, resources_pb2

from mesh.contract.failure import Failure, invalid
from mesh.resource.writing import Facts, change, locked
from mesh.store.errors import UniqueViolation
from services.users.domain.roles import check_held
from services.users.domain.users import UserFacts, is_program, works
from services.users.service.proof import prove
from services.users.service.rights import held, rights_of
from services.users.service.tenants import read_tenant

if TYPE_CHECKING:
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit
    from services.users.service.guesses import GuessCounts

CAPABILITY = "users.confirm-email"
LIFE_US = 24 * 3600 * 1_000_000


class EmailMethods:
    """The methods of EmailService."""

    def __init__(self, user: Resource[resources_pb2.User], guesses: GuessCounts) -> None:
        self._user = user
        self._guesses = guesses

    def change_email(self, call: Call, request: email_service_pb2.ChangeEmailRequest) -> resources_pb2.User:
        """The caller, with an address to be confirmed."""
        proof = prove(call, self._guesses, request.password)
        with call.commit() as commit:
            proof.hold(commit)
            return commit.reply(self._ask(commit, call.identity.principal, request.email))

    def change_user_email(self, call: Call, request: email_service_pb2.ChangeUserEmailRequest) -> resources_pb2.User:
        """The user, with an address to be confirmed. Who may do more than the caller is out of the caller's reach."""
        user = self._get(call, request.id)
        if is_program(user):
            raise invalid("id", "is a service account, which has no address")
        check_held(rights_of(call.read, user), held(call), "id")
        with call.commit() as commit:
            return commit.reply(self._ask(commit, request.id, request.email, request.etag))

    def mint_email_confirmation_token(
        self, call: Call, request: email_service_pb2.MintEmailConfirmationTokenRequest
    ) -> email_service_pb2.MintEmailConfirmationTokenResponse:
        """A secret that ends with the user's wish as it was stated last."""
        user = self._get(call, request.id)
        expires_us = user.pending_email_expire_time.ToMicroseconds()
        if not works(user) or not user.pending_email or expires_us <= call.environment.clock.now_us():
            raise Failure("EMAIL_NOT_PENDING")
        token = call.environment.capabilities.mint(
            CAPABILITY, call.identity.tenant, user.id, expires_us=expires_us, single_use=True
        )
        return email_service_pb2.MintEmailConfirmationTokenResponse(
            token=token, expire_time=user.pending_email_expire_time, email=user.pending_email
        )

    def confirm_email(self, call: Call, request: email_service_pb2.ConfirmEmailRequest) -> resources_pb2.User:
        """The user, with the address that the link was sent to. A link of an earlier wish confirms nothing."""
        del request
        user_id = call.identity.principal
        old = ""

        def swap(user: resources_pb2.User) -> None:
            nonlocal old
            until = user.pending_email_expire_time.ToMicroseconds()
            if (
                not works(user)
                or not user.pending_email
                or call.capability is None
                or until != call.capability.expires_us
            ):
                raise Failure("CAPABILITY_INVALID")
            old, user.email = user.email, user.pending_email
            withdraw(user)

        try:
            with call.commit() as commit:
                try:
                    user, changed = change(
                        commit, self._user, locked(commit, self._user, user_id), swap, Facts({}, UserFacts())
                    )
                except Failure as failure:
                    raise Failure("CAPABILITY_INVALID") if failure.reason == "NOT_FOUND" else failure from None
                tell_moved(commit, user, old)
                commit.audit(f"users/{user_id}", changed)
                return commit.reply(user)
        except UniqueViolation:
            raise Failure("ALREADY_EXISTS", metadata={"fields": "email"}) from None

    def _get(self, call: Call, user_id: str) -> resources_pb2.User:
        rows = call.read(self._user.by_id, id=user_id)
        if not rows:
            raise Failure("NOT_FOUND", metadata={"resource": f"users/{user_id}"})
        found: resources_pb2.User = self._user.build(self._user.message, rows[0])
        return found

    def _ask(self, commit: Commit, user_id: str, email: str, etag: str = "") -> resources_pb2.User:
        """Note the wish, and let its link be sent."""

        def wish(user: resources_pb2.User) -> None:
            before = user.pending_email_expire_time.ToMicroseconds()
            user.pending_email = email.strip().lower()
            # Another end than before, also within one microsecond: by it a link is told from those of earlier wishes.
            user.pending_email_expire_time.FromMicroseconds(max(commit.now_us + LIFE_US, before + 1))
            if user.pending_email == user.email:
                withdraw(user)

        row = locked(commit, self._user, user_id)
        user, changed = change(commit, self._user, row, wish, Facts({}, UserFacts()), given=etag)
        if user.pending_email:
            tenant = read_tenant(commit)
            requested = events_pb2.EmailConfirmationRequested(
                user=user, tenant_name=tenant.display_name, locale=tenant.locale
            )
            commit.publish(f"users/{user_id}", 0, requested)
        commit.audit(f"users/{user_id}", changed)
        return user


def tell_moved(commit: Commit, user: resources_pb2.User, old: str) -> None:
    """Let a user hear at their old address that they have another one."""
    tenant = read_tenant(commit)
    moved = events_pb2.EmailChanged(
        user_id=user.id,
        old_email=old,
        display_name=user.display_name,
        tenant_name=tenant.display_name,
        locale=tenant.locale,
    )
    commit.publish(f"users/{user.id}", 0, moved)


def withdraw(user: resources_pb2.User) -> None:
    """Forget an address that was to be confirmed."""
    user.ClearField("pending_email")
    user.ClearField("pending_email_expire_time")
