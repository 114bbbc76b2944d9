"""PasskeyService: how passkeys are registered, and how they prove who somebody is, first, second or once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import passkey_service_pb2, resources_pb2
from sqlalchemy import bindparam, select

from mesh.contract.etags import etag
from mesh.contract.failure import Failure
from mesh.resource.writing import unknown
from mesh.store.errors import UniqueViolation
from mesh.store.statement import TENANT, Statement
from services.users.domain.passkeys import check_count, check_made, creation_options, handle_of, request_options
from services.users.domain.policy import filled
from services.users.domain.sessions import level_of, proof
from services.users.service.passkeys import COMPLETE, REGISTER, VERIFY, spend
from services.users.service.proof import prove
from services.users.service.security_policy import read_policy
from services.users.service.sessions import check_user, hold_user
from services.users.service.tenants import read_tenant
from services.users.service.ways import ways_to_sign_in
from services.users.tables import users

if TYPE_CHECKING:
    from rapport.users.v1 import session_service_pb2

    from mesh.runtime.call import Call
    from services.users.service.complete import CompleteLogIn
    from services.users.service.guesses import GuessCounts
    from services.users.service.passkey_log_in import PasskeyLogIn
    from services.users.service.passkeys import Passkeys
    from services.users.service.second_factors import SecondFactors
    from services.users.service.verify import VerifySession

_DEFAULT_NAME = "Passkey"
_NAMES = Statement(
    select(users.c.email, users.c.display_name).where(users.c.tenant_id == TENANT, users.c.id == bindparam("id")),
    name="get names of user",
)


class PasskeyMethods:
    """The methods of PasskeyService that are more than the standard ones."""

    def __init__(
        self,
        passkeys: Passkeys,
        factors: SecondFactors,
        guesses: GuessCounts,
        log_in: PasskeyLogIn,
        complete: CompleteLogIn,
        verify: VerifySession,
    ) -> None:
        self._passkey = passkeys.resource
        self._passkeys = passkeys
        self._factors = factors
        self._guesses = guesses
        self._complete = complete
        self._verify = verify
        self.begin_passkey_log_in = log_in.begin
        self.log_in_with_passkey = log_in

    def begin_passkey_registration(
        self, call: Call, request: passkey_service_pb2.BeginPasskeyRegistrationRequest
    ) -> passkey_service_pb2.BeginPasskeyRegistrationResponse:
        """What the browser makes a passkey by."""
        del request
        user_id = check_user(call)
        self._factors.check_assured(call, user_id)
        known = self._passkeys.known(call, user_id)
        check_count(len(known))
        ((email, name),) = call.read(_NAMES, id=user_id)
        user = passkey_service_pb2.CredentialUser(
            id=handle_of(call.identity.tenant, user_id),
            name=email,
            display_name=f"{name or email} ({read_tenant(call).display_name})",
        )
        challenge = self._passkeys.challenge(REGISTER, call.identity.tenant, _subject(call))
        options = creation_options(self._passkeys.party, challenge, user, known)
        return passkey_service_pb2.BeginPasskeyRegistrationResponse(options=options)

    def register_passkey(
        self, call: Call, request: passkey_service_pb2.RegisterPasskeyRequest
    ) -> passkey_service_pb2.RegisterPasskeyResponse:
        """The passkey, with recovery codes for who had none."""
        user_id, sent = check_user(call), request.credential
        self._factors.check_assured(call, user_id)
        challenge, held = self._passkeys.asked(
            sent.response.client_data_json, REGISTER, call.identity.tenant, _subject(call)
        )
        made = check_made(self._passkeys.party, challenge, sent)
        passkey = resources_pb2.Passkey(
            id=call.environment.ids.new(self._passkey.contract.prefix),
            etag=etag(1),
            user_id=user_id,
            display_name=request.display_name.strip() or _DEFAULT_NAME,
            user_verified=made.verified,
            backed_up=made.backed_up,
            transports=sorted(set(sent.response.transports)),
            model=made.model,
        )
        try:
            with call.commit() as commit:
                spend(commit, held)
                hold_user(commit, user_id)
                check_count(self._passkeys.count(commit, user_id))
                passkey.create_time.FromMicroseconds(commit.now_us)
                passkey.update_time.FromMicroseconds(commit.now_us)
                self._passkey.insert(
                    commit,
                    [passkey],
                    credential_id=made.credential_id,
                    public_key=made.public_key,
                    sign_count=made.sign_count,
                )
                codes = self._factors.first_codes(commit, user_id)
                commit.audit(f"passkeys/{passkey.id}")
                reply = passkey_service_pb2.RegisterPasskeyResponse(passkey=passkey, recovery_codes=codes)
                return commit.reply(reply)
        except UniqueViolation:
            raise Failure("PASSKEY_WRONG") from None

    def delete_passkey(self, call: Call, request: passkey_service_pb2.DeletePasskeyRequest) -> resources_pb2.Passkey:
        """The passkey, which opens nothing any more; removing it again changes nothing.

        Raises:
            Failure: LAST_WAY_IN.
        """
        user_id = check_user(call)
        with call.commit() as commit:
            hold_user(commit, user_id)
            mine = self._passkey.scopes.writable(call)
            rows = commit.read(self._passkey.lock(mine), id=request.id, **mine.parameters)
            if not rows:
                raise unknown(self._passkey, request.id)
            after, changed = self._passkeys.remove(commit, rows[0], request.etag)
            allowed = set(filled(read_policy(commit)[0]).login_methods)
            if changed and not allowed & ways_to_sign_in(commit, user_id):
                raise Failure("LAST_WAY_IN")
            self._factors.drop_idle_codes(commit, user_id)
            commit.audit(f"passkeys/{request.id}", changed)
            return commit.reply(after)

    def begin_passkey_completion(
        self, call: Call, request: passkey_service_pb2.BeginPasskeyCompletionRequest
    ) -> passkey_service_pb2.BeginPasskeyCompletionResponse:
        """What the browser proves one of the user's passkeys by, for a log-in that waits."""
        del request
        known = self._passkeys.known(call, self._complete.user_of(call))
        challenge = self._passkeys.challenge(COMPLETE, call.identity.tenant, call.identity.principal)
        options = request_options(self._passkeys.party, challenge, known)
        return passkey_service_pb2.BeginPasskeyCompletionResponse(options=options)

    def complete_log_in_with_passkey(
        self, call: Call, request: passkey_service_pb2.CompleteLogInWithPasskeyRequest
    ) -> session_service_pb2.LogInResponse:
        """The session with its tokens."""
        user_id, tenant, sent = self._complete.user_of(call), call.identity.tenant, request.credential
        key = self._complete.key()
        with self._passkeys.noting(call), call.commit() as commit:
            held = self._complete.pending(commit, user_id)
            asked = self._passkeys.asked(sent.response.client_data_json, COMPLETE, tenant, call.identity.principal)
            factor = self._passkeys.use(commit, self._passkeys.check(sent, asked, user_id, commit.read))
            if level_of([*held.factors, factor]) < 2:
                # What waits had been begun with a passkey: another one proves nothing else.
                raise Failure("PASSKEY_WRONG")
            return self._complete.complete(commit, key, user_id, held, factor)

    def begin_passkey_verification(
        self, call: Call, request: passkey_service_pb2.BeginPasskeyVerificationRequest
    ) -> passkey_service_pb2.BeginPasskeyVerificationResponse:
        """What the browser proves one of the caller's passkeys by."""
        del request
        known = self._passkeys.known(call, check_user(call))
        challenge = self._passkeys.challenge(VERIFY, call.identity.tenant, _subject(call))
        options = request_options(self._passkeys.party, challenge, known)
        return passkey_service_pb2.BeginPasskeyVerificationResponse(options=options)

    def verify_session_with_passkey(
        self, call: Call, request: passkey_service_pb2.VerifySessionWithPasskeyRequest
    ) -> session_service_pb2.VerifySessionResponse:
        """The session with new proofs, and a bearer token that tells of them."""
        user_id, tenant, sent = check_user(call), call.identity.tenant, request.credential
        asked = self._passkeys.asked(sent.response.client_data_json, VERIFY, tenant, _subject(call))
        assertion = self._passkeys.check(sent, asked, user_id, call.read)
        password = None if assertion.proven.verified else prove(call, self._guesses, request.password)
        key = self._verify.key()
        with self._passkeys.noting(call), call.commit() as commit:
            again = [self._passkeys.use(commit, assertion)]
            if password is not None:
                password.hold(commit)
                again.append(proof(resources_pb2.Factor.KIND_PASSWORD, commit.now_us))
            return self._verify.renew(commit, key, user_id, again)


def _subject(call: Call) -> str:
    """Whom a challenge is for: the user, in this session alone."""
    return f"{call.identity.principal} {call.identity.session}"
