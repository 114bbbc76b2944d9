"""CompleteLogIn: the second step of a log-in, which needs a code beside the password.

What the first step leaves is a session of one factor without tokens, and a token for this method and no other, which
ends with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rapport.users.v1 import resources_pb2, session_service_pb2

from mesh.contract.failure import Failure
from mesh.resource.writing import NO_FACTS, change
from services.users.domain.sessions import level_of, next_end, proof
from services.users.service.refresh import family_of, give_tokens
from services.users.service.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit, Write
    from services.users.service.access_tokens import AccessTokens
    from services.users.service.second_factors import SecondFactors
    from services.users.service.sessions import Sessions
    from services.users.service.signing import SigningKey

KIND = "sessions.complete"


def pending_token(write: Write, session: resources_pb2.Session) -> str:
    """The token that a session can be completed with until it ends."""
    expires_us = session.expire_time.ToMicroseconds()
    return write.environment.capabilities.mint(KIND, write.tenant, session.id, expires_us=expires_us, single_use=False)


@dataclass(frozen=True, slots=True)
class Pending:
    """A session that waits: its row and its proofs, its user's epoch, and when it ends once it is completed."""

    row: Sequence[Any]
    factors: Sequence[resources_pb2.Factor]
    epoch: int
    until_us: int


class CompleteLogIn:
    """The method CompleteLogIn."""

    def __init__(
        self, user: Resource[resources_pb2.User], sessions: Sessions, factors: SecondFactors, tokens: AccessTokens
    ) -> None:
        self._user = user
        self._session = sessions.resource
        self._factors = factors
        self._tokens = tokens

    def __call__(
        self, call: Call, request: session_service_pb2.CompleteLogInRequest
    ) -> session_service_pb2.LogInResponse:
        """The session with its tokens."""
        user_id = self.user_of(call)
        key = self._tokens.key()
        with self._factors.counted(call, user_id) as guess, call.commit() as commit:
            held = self.pending(commit, user_id)
            kind = self._factors.use(commit, guess, user_id, request.code)
            return self.complete(commit, key, user_id, held, proof(kind, commit.now_us))

    def user_of(self, call: Call) -> str:
        """Whose log-in it is that the caller holds the token of.

        Raises:
            Failure: SESSION_ENDED.
        """
        rows = call.read(self._session.by_id, id=call.identity.principal)
        if not rows:
            raise Failure("SESSION_ENDED")
        return str(self._session.build(resources_pb2.Session, rows[0]).user_id)

    def key(self) -> SigningKey:
        """The key to sign with; to be asked outside of a write."""
        return self._tokens.key()

    def complete(
        self, commit: Commit, key: SigningKey, user_id: str, held: Pending, second: resources_pb2.Factor
    ) -> session_service_pb2.LogInResponse:
        """The reply to a log-in that a second proof has completed."""

        def add(session: resources_pb2.Session) -> None:
            session.factors.append(second)
            session.assurance_level = level_of(session.factors)
            session.last_seen_time.FromMicroseconds(commit.now_us)
            session.expire_time.FromMicroseconds(held.until_us)

        session, _ = change(commit, self._session, held.row, add, NO_FACTS)
        (user,) = commit.read(self._user.by_id, id=user_id)
        reply = session_service_pb2.LogInResponse(user=self._user.build(resources_pb2.User, user))
        give_tokens(reply, commit, self._tokens, key, session, held.epoch)
        commit.audit(f"users/{user_id}", principal=user_id)
        return commit.reply(reply)

    def pending(self, commit: Commit, user_id: str) -> Pending:
        """The session that waits, held until the end of the write.

        Raises:
            Failure: SESSION_ENDED, also where it has been completed.
        """
        rows = commit.read(self._session.locked, id=commit.identity.principal)
        if not rows:
            raise Failure("SESSION_ENDED")
        session = self._session.build(resources_pb2.Session, rows[0])
        family, epoch = family_of(commit, session)
        held = commit.call.capability
        if family.ended or held is None or held.expires_us != family.present_us or session.assurance_level > 1:
            raise Failure("SESSION_ENDED")
        created_us = session.create_time.ToMicroseconds()
        span = terms_of(commit, user_id).span
        until_us = next_end(span, created_us, family.present_us, commit.now_us)
        return Pending(rows[0], session.factors, epoch, until_us)
