"""FactorService: how users begin and end with second factors."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from rapport.users.v1 import factor_service_pb2
from sqlalchemy import bindparam, select

from mesh.store.statement import TENANT, Statement
from services.users.domain.codes import uri_of
from services.users.service.passkeys import Passkeys
from services.users.service.proof import prove
from services.users.service.sessions import check_user
from services.users.service.tenants import read_tenant
from services.users.tables import users

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from services.users.service.factor_reset import FactorReset
    from services.users.service.guesses import GuessCounts
    from services.users.service.second_factors import SecondFactors

# As long as the digest (RFC 4226, section 4).
_SECRET = 20
_EMAIL = Statement(
    select(users.c.email).where(users.c.tenant_id == TENANT, users.c.id == bindparam("id")), name="get address"
)


class FactorMethods:
    """The methods of FactorService."""

    def __init__(self, factors: SecondFactors, guesses: GuessCounts, reset: FactorReset) -> None:
        self._factors = factors
        self._guesses = guesses
        self.reset_user_factors = reset

    def get_factors(
        self, call: Call, request: factor_service_pb2.GetFactorsRequest
    ) -> factor_service_pb2.GetFactorsResponse:
        """What the caller has."""
        del request
        user_id = call.user_id
        reply = factor_service_pb2.GetFactorsResponse(
            recovery_code_count=self._factors.codes_left(call, user_id),
            passkey_count=Passkeys.count(call, user_id),
        )
        totp = self._factors.totp(call, user_id)
        if totp is not None and totp.confirm_us:
            reply.totp_confirm_time.FromMicroseconds(totp.confirm_us)
        return reply

    def begin_totp(
        self, call: Call, request: factor_service_pb2.BeginTotpRequest
    ) -> factor_service_pb2.BeginTotpResponse:
        """A secret that a first code is to confirm."""
        user_id = check_user(call)
        if not self._factors.has_totp(call, user_id):
            self._factors.check_assured(call, user_id)
        proof = prove(call, self._guesses, request.password)
        secret = hashlib.sha256(call.environment.ids.new_secret().encode()).digest()[:_SECRET]
        email = str(call.read(_EMAIL, id=user_id)[0][0])
        uri = uri_of(secret, email, read_tenant(call).display_name.replace(":", " "))
        reply = factor_service_pb2.BeginTotpResponse(secret=base64.b32encode(secret).decode(), uri=uri)
        with call.commit() as commit:
            proof.hold(commit)
            self._factors.begin(commit, user_id, secret)
            commit.audit(f"users/{user_id}")
            return commit.reply(reply)

    def confirm_totp(
        self, call: Call, request: factor_service_pb2.ConfirmTotpRequest
    ) -> factor_service_pb2.ConfirmTotpResponse:
        """Recovery codes for who has shown that their device has the secret."""
        user_id = check_user(call)
        if not self._factors.has_totp(call, user_id):
            # Again, as the user may have come to a second factor since it was begun.
            self._factors.check_assured(call, user_id)
        with self._factors.counted(call, user_id) as guess, call.commit() as commit:
            self._factors.use(commit, guess, user_id, request.code, confirming=True)
            made = self._factors.replace_codes(commit, user_id)
            commit.audit(f"users/{user_id}")
            return commit.reply(factor_service_pb2.ConfirmTotpResponse(recovery_codes=made))

    def remove_totp(
        self, call: Call, request: factor_service_pb2.RemoveTotpRequest
    ) -> factor_service_pb2.RemoveTotpResponse:
        """Nothing; log-ins need no code any more."""
        user_id = check_user(call)
        proof = prove(call, self._guesses, request.password)
        with self._factors.counted(call, user_id) as guess, call.commit() as commit:
            proof.hold(commit)
            self._factors.use(commit, guess, user_id, request.code)
            self._factors.remove(commit, user_id)
            commit.audit(f"users/{user_id}")
            return commit.reply(factor_service_pb2.RemoveTotpResponse())

    def replace_recovery_codes(
        self, call: Call, request: factor_service_pb2.ReplaceRecoveryCodesRequest
    ) -> factor_service_pb2.ReplaceRecoveryCodesResponse:
        """Other recovery codes."""
        user_id = check_user(call)
        proof = prove(call, self._guesses, request.password)
        with self._factors.counted(call, user_id) as guess, call.commit() as commit:
            proof.hold(commit)
            self._factors.use(commit, guess, user_id, request.code)
            made = self._factors.replace_codes(commit, user_id)
            commit.audit(f"users/{user_id}")
            return commit.reply(factor_service_pb2.ReplaceRecoveryCodesResponse(recovery_codes=made))
