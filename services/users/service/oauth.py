"""OAuthService: tokens for API keys and OAuth clients, in the words of RFC 6749. No refusal tells which there are."""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Any

from google.api import httpbody_pb2

from services.users.domain.oauth import (
    AUTHORIZATION_CODE,
    CLIENT_CREDENTIALS,
    DEVICE_CODE,
    REFRESH_TOKEN,
    OAuthError,
    TokenRequest,
    narrowed,
    read_request,
)
from services.users.domain.oauth_clients import CODE, DEVICE, REFRESH
from services.users.service.exchange import USED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rapport.users.v1 import oauth_service_pb2

    from mesh.runtime.call import Call
    from services.users.service.access_tokens import AccessTokens
    from services.users.service.client_sessions import ClientSessions
    from services.users.service.directory import DirectoryMethods
    from services.users.service.exchange import Exchange, LiveKey
    from services.users.service.oauth_clients import Clients

# RFC 6749, section 5.1.
_UNCACHED = {"cache-control": "no-store", "pragma": "no-cache"}
_CHALLENGE = {"www-authenticate": 'Basic realm="rapport", charset="UTF-8"'}


class OAuthMethods:
    """The methods of OAuthService."""

    def __init__(
        self,
        exchange: Exchange,
        tokens: AccessTokens,
        directory: DirectoryMethods,
        clients: Clients,
        sessions: ClientSessions,
    ) -> None:
        self._exchange = exchange
        self._tokens = tokens
        self._directory = directory
        self._clients = clients
        self._sessions = sessions

    def issue_token(self, call: Call, request: oauth_service_pb2.IssueTokenRequest) -> httpbody_pb2.HttpBody:
        """A token, or the error that the standard has for it."""
        return answering(call, request.form, lambda form, sent: self._issue(call, read_request(*form, sent)))

    def _issue(self, call: Call, asked: TokenRequest) -> httpbody_pb2.HttpBody:
        if asked.grant_type == CLIENT_CREDENTIALS:
            return self._of_key(call, asked)
        client = self._clients.authenticate(call, asked.client)
        grant, give = {
            AUTHORIZATION_CODE: (CODE, self._sessions.redeem),
            REFRESH_TOKEN: (REFRESH, self._sessions.refresh),
            DEVICE_CODE: (DEVICE, self._sessions.of_device),
        }[asked.grant_type]
        if grant not in client.grant_types:
            raise OAuthError("unauthorized_client", "The client may not use this grant type.")
        return give(call, client, asked, lambda content: answer(call, 200, content))

    def _of_key(self, call: Call, asked: TokenRequest) -> httpbody_pb2.HttpBody:
        key = self._client(asked)
        held = self._permissions(key, asked)
        scope = narrowed(asked.scope, held)
        token = self._tokens.of_key(key.tenant, key.id, key.user_id, key.seconds, scope)
        content = {"access_token": token, "token_type": "Bearer", "expires_in": key.seconds}
        with call.commit(key.tenant) as commit:
            if not key.noted:
                commit.write(USED, key=key.id, now=commit.now_us)
            commit.audit(f"api-keys/{key.id}", principal=key.id)
            return commit.reply(answer(call, 200, {**content, "scope": scope or " ".join(held)}))

    def _client(self, asked: TokenRequest) -> LiveKey:
        key = self._exchange.find(asked.client.client_secret)
        if key is None:
            self._exchange.refuse()
        known = key.id if key is not None else ""
        if key is None or not hmac.compare_digest(known.encode(), asked.client.client_id.encode()):
            raise asked.client.unknown()
        return key

    def _permissions(self, key: LiveKey, asked: TokenRequest) -> list[str]:
        found = self._directory.find(key.tenant, key.id)
        if found is None or not found.principal.active:
            raise asked.client.unknown()
        return sorted(grant.permission for grant in found.principal.grants)


def answering(
    call: Call,
    form: httpbody_pb2.HttpBody,
    go: Callable[[tuple[str, bytes], str], httpbody_pb2.HttpBody],
) -> httpbody_pb2.HttpBody:
    """What comes of a client's form and of its `authorization`, or the error that the standard has for it."""
    sent = call.door.headers if call.door is not None else {}
    try:
        return go((form.content_type, form.data), sent.get("authorization", ""))
    except OAuthError as error:
        challenge = _CHALLENGE if error.status == 401 else {}
        content = {"error": error.error, "error_description": error.description}
        return answer(call, error.status, content, challenge)


def answer(
    call: Call, status: int, content: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> httpbody_pb2.HttpBody:
    """JSON that nobody keeps."""
    call.answer(status, {**_UNCACHED, **(headers or {})})
    return httpbody_pb2.HttpBody(content_type="application/json", data=json.dumps(content).encode())
