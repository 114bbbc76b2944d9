"""OpenIdService: where everything is, what a client may know of a user and of its tokens, and how both sign out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from google.api import httpbody_pb2
from rapport.users.v1 import resources_pb2

from mesh.contract.failure import Failure
from services.users.domain.authorization import Unanswerable, answered, read_query
from services.users.domain.claims import about
from services.users.domain.client_keys import ALGORITHMS, METHOD
from services.users.domain.oauth import GRANT_TYPES, read_token_form
from services.users.domain.oauth_clients import IDENTITY_SCOPES, PUBLIC, origin_of, registered
from services.users.service import browser as pages
from services.users.service.browser import browser_of, new_browser, read_fields, send_to, sent_by
from services.users.service.id_tokens import ALGORITHM, KEYS_MAX_AGE
from services.users.service.oauth import answer, answering
from services.users.service.oauth_clients import tenant_of
from services.users.service.rights import declared
from services.users.service.sessions import hold_user

if TYPE_CHECKING:
    from rapport.users.v1 import openid_service_pb2

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call
    from services.users.service.authorize import Authorization
    from services.users.service.client_sessions import ClientSessions
    from services.users.service.directory import DirectoryMethods
    from services.users.service.id_tokens import IdTokens
    from services.users.service.oauth_clients import Clients
    from services.users.service.sessions import Sessions
    from services.users.service.upstream_pages import UpstreamPages

_KEPT = {"cache-control": f"public, max-age={KEYS_MAX_AGE}"}
_SECOND_US = 1_000_000
_UNKNOWN = "The client is unknown."


class OpenIdMethods:
    """The methods of OpenIdService; those of the sign-in pages have a module of their own."""

    def __init__(
        self,
        user: Resource[resources_pb2.User],
        authorization: Authorization,
        clients: Clients,
        sessions: Sessions,
        client_sessions: ClientSessions,
        id_tokens: IdTokens,
        directory: DirectoryMethods,
        upstream: UpstreamPages,
    ) -> None:
        self._user = user
        self._clients = clients
        self._sessions = sessions
        self._client_sessions = client_sessions
        self._id_tokens = id_tokens
        self._directory = directory
        self.authorize = authorization.authorize
        self.authorize_by_form = authorization.authorize_by_form
        self.show_device = authorization.show_device
        self.authorize_device = authorization.authorize_device
        self.sign_in = authorization.sign_in
        self.complete_sign_in = authorization.complete_sign_in
        self.answer_consent = authorization.answer_consent
        self.begin_upstream = upstream.begin_upstream
        self.show_upstream_answer = upstream.show_upstream_answer
        self.take_upstream_answer = upstream.take_upstream_answer
        self.answer_link = upstream.answer_link

    def get_configuration(
        self, call: Call, request: openid_service_pb2.GetConfigurationRequest
    ) -> httpbody_pb2.HttpBody:
        """The document of discovery."""
        del request
        base = call.environment.public_url
        proofs = ["client_secret_basic", "client_secret_post", METHOD]
        signed = {
            f"{name}_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS)
            for name in ("token", "introspection", "revocation")
        }
        return _document(
            call,
            {
                "issuer": base,
                "authorization_endpoint": f"{base}/oauth/authorize",
                "token_endpoint": f"{base}/oauth/token",
                "userinfo_endpoint": f"{base}/oauth/userinfo",
                "jwks_uri": f"{base}/oauth/keys",
                "device_authorization_endpoint": f"{base}/oauth/device-authorization",
                "introspection_endpoint": f"{base}/oauth/introspect",
                "revocation_endpoint": f"{base}/oauth/revoke",
                "end_session_endpoint": f"{base}/oauth/end-session",
                "scopes_supported": [*IDENTITY_SCOPES, *declared()],
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": list(GRANT_TYPES),
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
                "token_endpoint_auth_methods_supported": [*proofs, "none"],
                "introspection_endpoint_auth_methods_supported": proofs,
                "revocation_endpoint_auth_methods_supported": [*proofs, "none"],
                **signed,
                "code_challenge_methods_supported": ["S256"],
                "prompt_values_supported": ["none", "login", "consent", "select_account"],
                "acr_values_supported": ["1", "2"],
                "claims_supported": [
                    *("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid"),
                    *("name", "updated_at", "email"),
                ],
                "authorization_response_iss_parameter_supported": True,
                "request_parameter_supported": False,
                "request_uri_parameter_supported": False,
                "claims_parameter_supported": False,
            },
        )

    def get_keys(self, call: Call, request: openid_service_pb2.GetKeysRequest) -> httpbody_pb2.HttpBody:
        """The public keys of ID tokens."""
        del request
        return _document(call, {"keys": self._id_tokens.published()})

    def get_user_info(self, call: Call, request: openid_service_pb2.GetUserInfoRequest) -> httpbody_pb2.HttpBody:
        """What the scopes of the token tell; a user's own token tells everything."""
        del request
        if call.entry is not None and call.entry.user_id and not call.identity.client:
            raise Failure("PERMISSION_DENIED")
        scopes = call.identity.only if call.identity.client else IDENTITY_SCOPES
        (row,) = call.read(self._user.by_id, id=call.identity.principal)
        user = self._user.build(resources_pb2.User, row)
        return answer(call, 200, {"sub": user.id, **about(user, scopes)})

    def introspect_token(self, call: Call, request: openid_service_pb2.IntrospectTokenRequest) -> httpbody_pb2.HttpBody:
        """What a token of the client's own is worth now; any other one is as if it were none."""

        def look(form: tuple[str, bytes], sent: str) -> httpbody_pb2.HttpBody:
            proof, token = read_token_form(*form, sent)
            client = self._clients.authenticate(call, proof)
            if client.type == PUBLIC:
                raise proof.unknown()
            return answer(call, 200, self._worth(call, client, token) or {"active": False})

        return answering(call, request.form, look)

    def _worth(self, call: Call, client: resources_pb2.OauthClient, token: str) -> dict[str, Any]:
        found = self._client_sessions.find(call, client, token)
        if found is None:
            return {}
        session, claims = found
        principal = self._directory.find(tenant_of(client), session.id)
        ends_us = session.expire_time.ToMicroseconds()
        if principal is None or not principal.principal.active or claims.get("refreshes_us", ends_us) != ends_us:
            return {}
        worth = {"active": True, "client_id": client.client_id, "sub": session.user_id}
        worth |= {"iss": call.environment.public_url, "scope": claims.get("scope") or " ".join(session.scopes)}
        if "exp" in claims:
            return {**worth, "token_type": "Bearer", "exp": claims["exp"], "iat": claims["iat"], "jti": claims["jti"]}
        return {**worth, "exp": ends_us // _SECOND_US}

    def revoke_token(self, call: Call, request: openid_service_pb2.RevokeTokenRequest) -> httpbody_pb2.HttpBody:
        """Nothing, also for a token that is none."""

        def end(form: tuple[str, bytes], sent: str) -> httpbody_pb2.HttpBody:
            proof, token = read_token_form(*form, sent)
            client = self._clients.authenticate(call, proof)
            found, reply = self._client_sessions.find(call, client, token), answer(call, 200, {})
            if found is not None:
                self._client_sessions.revoke(call, found[0], tenant_of(client), reply)
            return reply

        return answering(call, request.form, end)

    def show_end_session(self, call: Call, request: openid_service_pb2.ShowEndSessionRequest) -> httpbody_pb2.HttpBody:
        """The page that asks whether to sign out, or the way back where nobody is signed in."""
        del request
        query = call.door.query if call.door is not None else ""
        try:
            client, back = self._leaving(call, read_query(query))
        except Unanswerable as fault:
            return pages.say(call, 400, "This does not lead anywhere", fault.description)
        browser = browser_of(call, tenant_of(client))
        if not browser.session_id:
            return send_to(call, back) if back else pages.say(call, 200, "Signed out", "You are not signed in.")
        _, place = self._clients.tenant_names(call, client)
        values = {"client": client.display_name or "A program", "place": place, "request": query}
        return pages.show(call, 200, "sign_out", browser, leads_to=origin_of(back) if back else "", **values)

    def end_session(self, call: Call, request: openid_service_pb2.EndSessionRequest) -> httpbody_pb2.HttpBody:
        """The way back, when the session of the browser has ended."""
        fields = read_fields(request.form)
        try:
            client, back = self._leaving(call, read_query(fields.get("request", "")))
        except Unanswerable as fault:
            return pages.say(call, 400, "This does not lead anywhere", fault.description)
        tenant = tenant_of(client)
        browser = browser_of(call, tenant)
        if not sent_by(call, browser, fields):
            return pages.say(call, 403, "Not signed out", "Please go back and try again.")
        forgotten = new_browser(call, tenant)
        rows = call.read(self._sessions.resource.by_id, tenant=tenant, id=browser.session_id)
        reply = send_to(call, back, forgotten) if back else pages.say(call, 200, "Signed out", "You are signed out.")
        if rows:
            user_id = self._sessions.resource.build(resources_pb2.Session, rows[0]).user_id
            with call.commit(tenant) as commit:
                hold_user(commit, user_id)
                reason = resources_pb2.Session.END_REASON_SIGNED_OUT
                _, changed = self._sessions.end(commit, browser.session_id, reason)
                commit.audit(f"sessions/{browser.session_id}", changed, principal=user_id)
                commit.reply(reply)
        return reply

    def _leaving(self, call: Call, sent: dict[str, str]) -> tuple[resources_pb2.OauthClient, str]:
        """The client that somebody comes from, and where they are to be sent; nowhere, where it does not say.

        Raises:
            Unanswerable: the client is unknown, or has not said that people are sent there.
        """
        claims = self._id_tokens.read_hint(sent["id_token_hint"]) if "id_token_hint" in sent else {}
        named = str(claims.get("aud", "")) or sent.get("client_id", "")
        client = self._clients.find(call, named)
        if client is None or sent.get("client_id", named) != named:
            raise Unanswerable(_UNKNOWN)
        back = sent.get("post_logout_redirect_uri", "")
        if not back:
            return client, ""
        if not registered(back, client.post_logout_redirect_uris, public=client.type == PUBLIC):
            raise Unanswerable("The client is not registered with this post_logout_redirect_uri.")
        return client, answered(back, {"state": sent.get("state", "")})


def _document(call: Call, content: dict[str, Any]) -> httpbody_pb2.HttpBody:
    call.answer(200, _KEPT)
    return httpbody_pb2.HttpBody(content_type="application/json", data=json.dumps(content).encode())
