"""OAuthService: tokens for API keys, in the words of RFC 6749. A refusal tells nothing of which keys exist."""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Any

from google.api import httpbody_pb2

from services.users.domain.oauth import OAuthError, TokenRequest, narrowed, read_request
from services.users.service.exchange import USED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rapport.users.v1 import oauth_service_pb2

    from mesh.runtime.call import Call
    from services.users.service.access_tokens import AccessTokens
    from services.users.service.directory import DirectoryMethods
    from services.users.service.exchange import Exchange, LiveKey

# RFC 6749, section 5.1.
_UNCACHED = {"cache-control": "no-store", "pragma": "no-cache"}
_CHALLENGE = {"www-authenticate": 'Basic realm="rapport", charset="UTF-8"'}
_UNKNOWN = "The client is unknown, or its secret is wrong."


class OAuthMethods:
    """The methods of OAuthService."""

    def __init__(self, exchange: Exchange, tokens: AccessTokens, directory: DirectoryMethods) -> None:
        self._exchange = exchange
        self._tokens = tokens
        self._directory = directory

    def issue_token(self, call: Call, request: oauth_service_pb2.IssueTokenRequest) -> httpbody_pb2.HttpBody:
        """A token, or the error that the standard has for it."""
        sent = call.door.headers if call.door is not None else {}
        try:
            asked = read_request(request.form.content_type, request.form.data, sent.get("authorization", ""))
            key = self._client(asked)
            held = self._permissions(key)
            scope = narrowed(asked.scope, held)
        except OAuthError as error:
            challenge = _CHALLENGE if error.status == 401 else {}
            return _answer(
                call, error.status, {"error": error.error, "error_description": error.description}, challenge
            )
        token = self._tokens.of_key(key.tenant, key.id, key.user_id, key.seconds, scope)
        content = {"access_token": token, "token_type": "Bearer", "expires_in": key.seconds}
        with call.commit(key.tenant) as commit:
            if not key.noted:
                commit.write(USED, key=key.id, now=commit.now_us)
            commit.audit(f"api-keys/{key.id}", principal=key.id)
            return commit.reply(_answer(call, 200, {**content, "scope": scope or " ".join(held)}))

    def _client(self, asked: TokenRequest) -> LiveKey:
        key = self._exchange.find(asked.client_secret)
        if key is None:
            self._exchange.refuse()
        known = key.id if key is not None else ""
        if key is None or not hmac.compare_digest(known.encode(), asked.client_id.encode()):
            raise OAuthError("invalid_client", _UNKNOWN, challenge=asked.basic)
        return key

    def _permissions(self, key: LiveKey) -> list[str]:
        found = self._directory.find(key.tenant, key.id)
        if found is None or not found.principal.active:
            raise OAuthError("invalid_client", _UNKNOWN)
        return sorted(grant.permission for grant in found.principal.grants)


def _answer(
    call: Call, status: int, content: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> httpbody_pb2.HttpBody:
    call.answer(status, {**_UNCACHED, **(headers or {})})
    return httpbody_pb2.HttpBody(content_type="application/json", data=json.dumps(content).encode())
