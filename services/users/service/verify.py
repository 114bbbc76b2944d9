"""VerifySession: proofs given again in a session that goes on, for what asks for recent ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2, session_service_pb2

from mesh.contract.failure import Failure
from mesh.resource.writing import NO_FACTS, change
from services.users.domain.sessions import level_of, proven
from services.users.service.proof import prove
from services.users.service.refresh import family_of
from services.users.service.sessions import check_user
from services.users.service.terms import terms_of

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from services.users.service.access_tokens import AccessTokens
    from services.users.service.guesses import GuessCounts
    from services.users.service.second_factors import SecondFactors
    from services.users.service.sessions import Sessions


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
        proof = prove(call, self._guesses, request.password)
        key = self._tokens.key()
        with self._factors.counted(call, user_id) as guess, call.commit() as commit:
            proof.hold(commit)
            rows = commit.read(self._session.locked, id=call.identity.session)
            session = self._session.build(resources_pb2.Session, rows[0]) if rows else resources_pb2.Session()
            if session.user_id != user_id:
                raise Failure("SESSION_ENDED")
            family, epoch = family_of(commit, session)
            if family.ended:
                raise Failure("SESSION_ENDED")
            kinds = [resources_pb2.Factor.KIND_PASSWORD]
            if self._factors.needed(commit, user_id):
                kinds.append(self._factors.use(commit, guess, user_id, request.code))

            def prove_again(session: resources_pb2.Session) -> None:
                factors = proven(session.factors, kinds, commit.now_us)
                del session.factors[:]
                session.factors.extend(factors)
                session.assurance_level = level_of(factors)

            session, changed = change(commit, self._session, rows[0], prove_again, NO_FACTS)
            wanted = terms_of(commit, user_id).level
            token, expires = self._tokens.of_session(key, commit.tenant, session, epoch, wanted=wanted)
            reply = session_service_pb2.VerifySessionResponse(access_token=token, session=session)
            reply.expire_time.FromSeconds(expires)
            commit.audit(f"sessions/{session.id}", changed)
            return commit.reply(reply)
