"""How a session begins once its first proof was right: at once, or when it has been completed by a second one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2, session_service_pb2

from services.users.domain.sessions import PENDING_US
from services.users.service.complete import pending_token
from services.users.service.refresh import give_tokens
from services.users.service.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.runtime.call import Commit
    from services.users.service.access_tokens import AccessTokens
    from services.users.service.sessions import Sessions
    from services.users.service.signing import SigningKey


class Beginning:
    """Begins sessions."""

    def __init__(self, sessions: Sessions, tokens: AccessTokens) -> None:
        self._sessions = sessions
        self._tokens = tokens

    def key(self) -> SigningKey:
        """The key to sign with; to be asked outside of a write."""
        return self._tokens.key()

    def begin(
        self,
        commit: Commit,
        key: SigningKey,
        user: resources_pb2.User,
        epoch: int,
        proof: resources_pb2.Factor,
        second: Sequence[resources_pb2.Factor.Kind],
    ) -> session_service_pb2.LogInResponse:
        """The reply to a log-in of a user who is held by the write.

        `second`: what it has to be completed with before there are tokens; empty: there are some now.
        """
        idle_us = terms_of(commit, user.id).span.idle_us
        if second:
            idle_us = min(idle_us, PENDING_US)
        session = self._sessions.begin(commit, user.id, epoch, [proof], commit.call.device, idle_us=idle_us)
        if second:
            token = pending_token(commit, session)
            return session_service_pb2.LogInResponse(session=session, pending_token=token, second_factors=second)
        reply = session_service_pb2.LogInResponse(user=user)
        give_tokens(reply, commit, self._tokens, key, session, epoch)
        return reply
