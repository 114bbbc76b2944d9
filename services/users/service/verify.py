"""VerifySession: proofs given again in a session that goes on, for what asks for recent ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2, session_service_pb2

from mesh.contract.failure import Failure
from mesh.resource.writing import NO_FACTS, change
from services.users.domain.sessions import level_of, proof, proven
from services.users.service.proof import prove
from services.users.service.refresh import family_of
from services.users.service.sessions import check_user
from services.users.service.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.runtime.call import Call, Commit
    from services.users.service.access_tokens import AccessTokens
    from services.users.service.guesses import GuessCounts
    from services.users.service.second_factors import SecondFactors
    from services.users.service.sessions import Sessions
    from services.users.service.signing import SigningKey


class VerifySession:
    """The method VerifySession."""

    def __init__(self, sessions: Sessions, guesses: GuessCounts, factors: SecondFactors, tokens: AccessTokens) -> None:
        self._session = sessions.resource
        self._guesses = guesses
        self._factors = factors
        self._tokens = tokens

    def __call__(
        self, call: Call, request: session_service_pb2.VerifySessionRequest
    ) -> session_service_pb2.VerifySessionResponse:
        """The session with new proofs, and a bearer token that tells of them."""
        user_id = check_user(call)
        password = prove(call, self._guesses, request.password)
        key = self._tokens.key()
        with self._factors.counted(call, user_id) as guess, call.commit() as commit:
            password.hold(commit)
            again = [proof(resources_pb2.Factor.KIND_PASSWORD, commit.now_us)]
            if self._factors.needed(commit, user_id):
                kind = self._factors.use(commit, guess, user_id, request.code)
                again.append(proof(kind, commit.now_us))
            return self.renew(commit, key, user_id, again)

    def key(self) -> SigningKey:
        """The key to sign with; to be asked outside of a write."""
        return self._tokens.key()

    def renew(
        self, commit: Commit, key: SigningKey, user_id: str, again: Sequence[resources_pb2.Factor]
    ) -> session_service_pb2.VerifySessionResponse:
        """The reply to proofs that were given again in the session of the call.

        Raises:
            Failure: SESSION_ENDED.
        """
        rows = commit.read(self._session.locked, id=commit.identity.session)
        session = self._session.build(resources_pb2.Session, rows[0]) if rows else resources_pb2.Session()
        if session.user_id != user_id:
            raise Failure("SESSION_ENDED")
        family, epoch = family_of(commit, session)
        if family.ended:
            raise Failure("SESSION_ENDED")

        def prove_again(session: resources_pb2.Session) -> None:
            factors = proven(session.factors, again)
            del session.factors[:]
            session.factors.extend(factors)
            session.assurance_level = level_of(factors)

        session, changed = change(commit, self._session, rows[0], prove_again, NO_FACTS)
        wanted = terms_of(commit, user_id).wanted(session)
        token, expires = self._tokens.of_session(key, commit.tenant, session, epoch, wanted=wanted)
        reply = session_service_pb2.VerifySessionResponse(access_token=token, session=session)
        reply.expire_time.FromSeconds(expires)
        commit.audit(f"sessions/{session.id}", changed)
        return commit.reply(reply)
