"""LogInWithPasskey: a session for a passkey, without a name or a password. Every refusal looks the same."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rapport.users.v1 import passkey_service_pb2, resources_pb2
from sqlalchemy import bindparam, select

from mesh.contract.failure import Failure
from mesh.store.statement import TENANT, Statement
from services.users.domain.passkeys import read_handle, request_options
from services.users.domain.policy import PASSKEY
from services.users.domain.sessions import level_of
from services.users.service.passkeys import LOG_IN
from services.users.service.terms import terms_of
from services.users.tables import tenants, users

if TYPE_CHECKING:
    from rapport.users.v1 import session_service_pb2

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit
    from services.users.service.beginning import Beginning
    from services.users.service.passkeys import Assertion, Passkeys
    from services.users.service.second_factors import SecondFactors

_WORKS = Statement(
    select(users.c.epoch)
    .select_from(users.join(tenants, tenants.c.id == users.c.tenant_id))
    .where(
        users.c.tenant_id == TENANT,
        users.c.id == bindparam("user"),
        users.c.state == resources_pb2.User.STATE_ACTIVE,
        users.c.delete_time.is_(None),
        tenants.c.active,
    )
    .with_for_update(of=users),
    name="hold working user who logs in",
)


class PasskeyLogIn:
    """The methods BeginPasskeyLogIn and LogInWithPasskey."""

    def __init__(
        self,
        user: Resource[resources_pb2.User],
        passkeys: Passkeys,
        factors: SecondFactors,
        beginning: Beginning,
    ) -> None:
        self._user = user
        self._passkeys = passkeys
        self._factors = factors
        self._beginning = beginning

    def begin(
        self, call: Call, request: passkey_service_pb2.BeginPasskeyLogInRequest
    ) -> passkey_service_pb2.BeginPasskeyLogInResponse:
        """What the browser proves any passkey by; nobody is asked for."""
        del call, request
        options = request_options(self._passkeys.party, self._passkeys.challenge(LOG_IN))
        return passkey_service_pb2.BeginPasskeyLogInResponse(options=options)

    def __call__(
        self, call: Call, request: passkey_service_pb2.LogInWithPasskeyRequest
    ) -> session_service_pb2.LogInResponse:
        """A session with its tokens, or one to be completed with a code."""
        try:
            return self._log_in(call, request.credential)
        except Failure as failure:
            raise Failure("CREDENTIALS_INVALID") if failure.reason == "PASSKEY_WRONG" else failure from None

    def _log_in(
        self, call: Call, sent: passkey_service_pb2.AuthenticationCredential
    ) -> session_service_pb2.LogInResponse:
        asked = self._passkeys.asked(sent.response.client_data_json, LOG_IN)
        tenant, user_id = read_handle(sent.response.user_handle)
        if not tenant:
            raise Failure("PASSKEY_WRONG")
        assertion = self._passkeys.check(sent, asked, user_id, partial(call.read, tenant=tenant))
        key = self._beginning.key()
        with self._passkeys.noting(call), call.commit(tenant) as commit:
            user, epoch = self._working(commit, assertion)
            factor = self._passkeys.use(commit, assertion)
            second = [] if level_of([factor]) > 1 else self._codes(commit, user_id)
            terms = terms_of(commit, user_id)
            terms.check_log_in(PASSKEY, commit.now_us, factors=2 if second else level_of([factor]))
            reply = self._beginning.begin(commit, key, user, epoch, factor, second)
            commit.audit(f"users/{user_id}", principal=user_id)
            return commit.reply(reply)

    def _working(self, commit: Commit, assertion: Assertion) -> tuple[resources_pb2.User, int]:
        """The user of a passkey, held until the session has begun, and their epoch.

        Raises:
            Failure: PASSKEY_WRONG for one who may not work.
        """
        rows = commit.read(_WORKS, user=assertion.user_id)
        if not rows:
            raise Failure("PASSKEY_WRONG")
        (user,) = commit.read(self._user.by_id, id=assertion.user_id)
        return self._user.build(resources_pb2.User, user), int(rows[0][0])

    def _codes(self, commit: Commit, user_id: str) -> list[resources_pb2.Factor.Kind]:
        """What completes a log-in with a passkey whose device did not verify its user: codes, where there are any."""
        kinds = self._factors.kinds(commit, user_id) if self._factors.has_totp(commit, user_id) else []
        return [kind for kind in kinds if kind != resources_pb2.Factor.KIND_PASSKEY]
