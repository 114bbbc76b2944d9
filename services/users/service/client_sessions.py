"""Sessions by which OAuth clients work for users: how they begin with a code, go on with refresh tokens, and end."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jwt
from rapport.users.v1 import resources_pb2

from mesh.contract.failure import Failure
from mesh.runtime import audit
from mesh.runtime.call import Write
from mesh.runtime.tokens import ALGORITHM, AUDIENCE
from services.users.domain.authorization import lasts_with_browser
from services.users.domain.oauth import OAuthError, narrowed
from services.users.domain.oauth_clients import OPENID, REFRESH
from services.users.domain.sessions import Turn, take_turn
from services.users.service.authorization_codes import made_of, open_code, use_code, wrong_grant
from services.users.service.oauth_clients import tenant_of
from services.users.service.refresh import family_of, prolong
from services.users.service.sessions import hold_user
from services.users.service.signing import TOKEN_SECONDS
from services.users.service.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from google.api import httpbody_pb2

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit, View
    from mesh.runtime.capabilities import Capability
    from services.users.domain.oauth import TokenRequest
    from services.users.service.access_tokens import AccessTokens
    from services.users.service.devices import Devices
    from services.users.service.id_tokens import IdTokens
    from services.users.service.sessions import Sessions
    from services.users.service.signing import SigningKey

    Answer = Callable[[Mapping[str, Any]], httpbody_pb2.HttpBody]

KIND = "sessions.client-refresh"
_LONGEST = 1000


class _Reused(Exception):
    """Something came that was used before, for this session."""

    def __init__(self, session_id: str) -> None:
        super().__init__(session_id)
        self.session_id = session_id


@dataclass(frozen=True, slots=True)
class _Keys:
    """What to sign with, asked for before the write."""

    access: SigningKey
    identity: SigningKey


class ClientSessions:
    """The sessions of clients."""

    def __init__(
        self,
        user: Resource[resources_pb2.User],
        sessions: Sessions,
        tokens: AccessTokens,
        id_tokens: IdTokens,
        devices: Devices,
    ) -> None:
        self._user = user
        self._sessions = sessions
        self._tokens = tokens
        self._id_tokens = id_tokens
        self._devices = devices

    def redeem(
        self, call: Call, client: resources_pb2.OauthClient, request: TokenRequest, answer: Answer
    ) -> httpbody_pb2.HttpBody:
        """The tokens for a code. One that was used before ends what was made of it, and that is committed.

        Raises:
            OAuthError: invalid_grant.
        """
        tenant = tenant_of(client)
        code, keys = open_code(call, tenant, client, request), self._keys()
        user_id = self._user_of(call, tenant, code.session_id)
        with self._ending_reused(call, tenant), call.commit(tenant) as commit:
            hold_user(commit, user_id)
            before = made_of(commit, code)
            if before:
                raise _Reused(before)
            browser = self._held(commit, code.session_id)
            parent = browser.id if lasts_with_browser(code.scopes) else ""
            session = self._begin(commit, client, browser, code.scopes, parent)
            use_code(commit, code, session.id)
            given = self._given(commit, keys, client, session, nonce=code.nonce, browser=browser.id)
            commit.audit(f"sessions/{session.id}", principal=user_id)
            return commit.reply(answer(given))

    def of_device(
        self, call: Call, client: resources_pb2.OauthClient, request: TokenRequest, answer: Answer
    ) -> httpbody_pb2.HttpBody:
        """The tokens for a device whose user has allowed it.

        Raises:
            OAuthError: invalid_grant, and what it is told meanwhile.
        """
        secret, keys, tenant = request.needs("device_code"), self._keys(), tenant_of(client)
        waiting = self._devices.ask(call, client, secret)
        user_id = self._user_of(call, tenant, waiting.session_id)
        with call.commit(tenant) as commit:
            hold_user(commit, user_id)
            self._devices.use(commit, secret)
            browser = self._held(commit, waiting.session_id)
            # It lasts without the browser, which stands on another device.
            session = self._begin(commit, client, browser, waiting.scopes.split(" "), "")
            given = self._given(commit, keys, client, session)
            commit.audit(f"sessions/{session.id}", principal=session.user_id)
            return commit.reply(answer(given))

    def refresh(
        self, call: Call, client: resources_pb2.OauthClient, request: TokenRequest, answer: Answer
    ) -> httpbody_pb2.HttpBody:
        """The next tokens for a refresh token. One that was used before ends its session, and that is committed.

        Raises:
            OAuthError: invalid_grant, invalid_scope.
        """
        held, keys = self._opened(call, client, request.needs("refresh_token")), self._keys()
        with self._ending_reused(call, held.tenant), call.commit(held.tenant) as commit:
            session = self._session(commit, held.subject)
            if session is None or session.client_id != client.id:
                raise wrong_grant()
            family, _ = family_of(commit, session)
            turn = take_turn(family, held.expires_us, commit.now_us)
            if turn is Turn.OVER or not self._parent_goes_on(commit, session):
                raise wrong_grant()
            if turn is Turn.REUSED:
                raise _Reused(session.id)
            if turn is Turn.ROTATE:
                prolong(commit, session, family)
            given = self._given(commit, keys, client, session, wanted=request.scope)
            commit.audit(f"sessions/{session.id}", principal=session.user_id)
            return commit.reply(answer(given))

    def find(
        self, call: Call, client: resources_pb2.OauthClient, token: str
    ) -> tuple[resources_pb2.Session, Any] | None:
        """The session that a token of a client's own is of, and the claims of an access token; None for any other."""
        claims: dict[str, Any] = {}
        if token.count(".") == 2:
            claims = self._claims(call, token)
            session_id = str(claims.get("via", "")) if claims.get("client_id") == client.id else ""
        else:
            try:
                held = self._opened(call, client, token)
            except OAuthError:
                return None
            session_id, claims = held.subject, {"refreshes_us": held.expires_us}
        rows = call.read(self._sessions.resource.by_id, tenant=tenant_of(client), id=session_id) if session_id else []
        session = self._sessions.resource.build(resources_pb2.Session, rows[0]) if rows else None
        return (session, claims) if session is not None and session.client_id == client.id else None

    def revoke(self, call: Call, session: resources_pb2.Session, tenant: str, reply: httpbody_pb2.HttpBody) -> None:
        """End a client's session, as the client wants it."""
        with call.commit(tenant) as commit:
            hold_user(commit, session.user_id)
            _, changed = self._sessions.end(commit, session.id, resources_pb2.Session.END_REASON_SIGNED_OUT)
            commit.audit(f"sessions/{session.id}", changed, principal=session.user_id)
            commit.reply(reply)

    def _user_of(self, call: Call, tenant: str, session_id: str) -> str:
        rows = call.read(self._sessions.resource.by_id, tenant=tenant, id=session_id)
        if not rows:
            raise wrong_grant()
        session: resources_pb2.Session = self._sessions.resource.build(resources_pb2.Session, rows[0])
        return session.user_id

    @contextmanager
    def _ending_reused(self, call: Call, tenant: str) -> Iterator[None]:
        """Around a write that nothing comes of where it meets something used before: that ends its session, for good.

        Raises:
            OAuthError: invalid_grant.
        """
        try:
            yield
        except _Reused as reused:
            environment, name = call.environment, f"sessions/{reused.session_id}"
            with environment.store.transaction(tenant=tenant, timeout=call.remaining()) as transaction:
                write = Write.of_service(environment, transaction, tenant, trace=call.trace)
                reason = resources_pb2.Session.END_REASON_TOKEN_REUSED
                _, changed = self._sessions.end(write, reused.session_id, reason)
                audit.note(write, "session.token_reused", call.contract.full_name, name, changed)
            raise wrong_grant() from None

    def _keys(self) -> _Keys:
        return _Keys(self._tokens.key(), self._id_tokens.key())

    def _held(self, commit: Commit, session_id: str) -> resources_pb2.Session:
        """The user's own session in the browser, which goes on, and lasts as it is used."""
        session = self._session(commit, session_id)
        family, _ = family_of(commit, session) if session is not None else (None, 0)
        if session is None or family is None or family.ended or family.present_us <= commit.now_us:
            raise wrong_grant()
        prolong(commit, session, family)
        return session

    def _session(self, commit: Commit, session_id: str) -> resources_pb2.Session | None:
        rows = commit.read(self._sessions.resource.locked, id=session_id)
        return self._sessions.resource.build(resources_pb2.Session, rows[0]) if rows else None

    def _parent_goes_on(self, commit: Commit, session: resources_pb2.Session) -> bool:
        parent_id = self._sessions.parent_of(commit, session.id)
        if not parent_id:
            return True
        # Not held: whoever ends it holds it before this one, and ends this one then.
        rows = commit.read(self._sessions.resource.by_id, id=parent_id)
        if not rows:
            return False
        parent = self._sessions.resource.build(resources_pb2.Session, rows[0])
        family, _ = family_of(commit, parent)
        return not family.ended and family.present_us > commit.now_us

    def _begin(
        self,
        commit: Commit,
        client: resources_pb2.OauthClient,
        browser: resources_pb2.Session,
        scopes: Sequence[str],
        parent: str,
    ) -> resources_pb2.Session:
        refreshes = REFRESH in client.grant_types
        idle_us = terms_of(commit, browser.user_id).span.idle_us if refreshes else TOKEN_SECONDS * 1_000_000
        return self._sessions.begin(
            commit,
            browser.user_id,
            family_of(commit, browser)[1],
            list(browser.factors),
            commit.call.device,
            idle_us=idle_us,
            client=(client.id, scopes, parent),
        )

    def _given(
        self,
        commit: Commit,
        keys: _Keys,
        client: resources_pb2.OauthClient,
        session: resources_pb2.Session,
        *,
        wanted: str = "",
        nonce: str = "",
        browser: str = "",
    ) -> dict[str, Any]:
        """The answer with the tokens of a session. wanted: of its scopes, which the access token is narrowed to."""
        allowed = [scope for scope in session.scopes if scope in client.scopes]
        scope = narrowed(wanted, allowed) or " ".join(allowed)
        level = terms_of(commit, session.user_id).wanted(session)
        token, seconds = self._tokens.of_client(keys.access, commit.tenant, session, scope, wanted=level)
        given: dict[str, Any] = {"access_token": token, "token_type": "Bearer", "expires_in": seconds, "scope": scope}
        if REFRESH in client.grant_types:
            ends_us = session.expire_time.ToMicroseconds()
            mint = commit.environment.capabilities.mint
            given["refresh_token"] = mint(KIND, commit.tenant, session.id, expires_us=ends_us, single_use=False)
        if OPENID in allowed:
            (row,) = commit.read(self._user.by_id, id=session.user_id)
            user = self._user.build(resources_pb2.User, row)
            browser = browser or self._sessions.parent_of(commit, session.id)
            given["id_token"] = self._id_tokens.mint(
                keys.identity, client.client_id, user, session, nonce=nonce, browser=browser, access_token=token
            )
        return given

    def _opened(self, view: View, client: resources_pb2.OauthClient, token: str) -> Capability:
        """A refresh token of the client's tenant that has not ended."""
        try:
            now_us = view.environment.clock.now_us()
            held = view.environment.capabilities.check(KIND, token[:_LONGEST], now_us)
        except Failure:
            raise wrong_grant() from None
        if held.tenant != tenant_of(client):
            raise wrong_grant()
        return held

    def _claims(self, view: View, token: str) -> dict[str, Any]:
        try:
            key = self._tokens.public_keys().get(str(jwt.get_unverified_header(token).get("kid", "")))
            if key is None:
                return {}
            claims: dict[str, Any] = jwt.decode(
                token, key, algorithms=[ALGORITHM], audience=AUDIENCE, issuer=view.environment.issuer
            )
        except jwt.PyJWTError:
            return {}
        return claims
