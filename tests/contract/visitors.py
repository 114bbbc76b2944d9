"""People in front of the pages of the OpenID provider, and the programs that they come from."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from google.api import httpbody_pb2
from joserfc.jwk import OKPKey
from rapport.users.v1 import oauth_client_service_pb2, oauth_service_pb2, resources_pb2, session_service_pb2

from mesh.testing.local import PASSWORD
from services.users.domain.authorization import challenge_of, read_asked
from services.users.domain.client_keys import plain_keys
from services.users.domain.identity_providers import redirect_uri_of
from services.users.service import authorization_codes, browser

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mesh.testing.local import Member
    from tests.contract.world import World

_USERS = "rapport.users.v1"
CALLBACK = "https://matrix.example/callback"
_VERIFIER = "v" * 43


def client_fields() -> Mapping[str, Callable[[], Any]]:
    """What an OAuth client holds, by full name of the field."""
    message = resources_pb2.OauthClient
    return {
        f"{_USERS}.OauthClient.{name}": value
        for name, value in {
            "redirect_uris": lambda: [CALLBACK],
            "post_logout_redirect_uris": lambda: [CALLBACK],
            "scopes": lambda: ["openid", "contacts.read"],
            "grant_types": lambda: [
                message.GRANT_TYPE_AUTHORIZATION_CODE,
                message.GRANT_TYPE_REFRESH_TOKEN,
                message.GRANT_TYPE_DEVICE_CODE,
            ],
            "type": lambda: message.TYPE_CONFIDENTIAL,
            "jwks": lambda: plain_keys(json.dumps({"keys": [OKPKey.generate_key("Ed25519").as_dict(private=False)]})),
        }.items()
    }


class Visitors:
    """Fill in the forms of the pages, in a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._cookies: dict[bytes, str] = {}
        self._call: Any = SimpleNamespace(
            environment=world.mesh.host("users").environment, door=None, remaining=lambda: 5.0
        )

    def cookie(self, request: Any) -> list[tuple[str, str]]:
        """What the browser sends with a form that was made here."""
        form = getattr(request, "form", None)
        kept = self._cookies.get(form.data, "") if form is not None else ""
        return [("cookie", kept)] if kept else []

    def forms(self, owner: Member) -> Mapping[str, Callable[[], Any]]:
        """By full name of the field, what makes the form."""
        return {
            f"{_USERS}.SignInRequest.form": lambda: self._form(owner, "", email=self._other(owner), password=PASSWORD),
            f"{_USERS}.CompleteSignInRequest.form": lambda: self._code(owner),
            f"{_USERS}.AnswerConsentRequest.form": lambda: self._form(owner, self._session(owner), answer="allow"),
            f"{_USERS}.TakeUpstreamAnswerRequest.form": lambda: self._arrival(owner),
            f"{_USERS}.AnswerLinkRequest.form": lambda: self._link(owner),
            f"{_USERS}.EndSessionRequest.form": lambda: self._form(owner, self._session(owner)),
            f"{_USERS}.AuthorizeDeviceRequest.form": lambda: self._device(owner),
            f"{_USERS}.RevokeTokenRequest.form": lambda: self._token(owner),
        }

    def _client(self, owner: Member) -> Any:
        message = {name.rpartition(".")[2]: value() for name, value in client_fields().items()}
        # It proves who it is by its secret.
        client = {"display_name": "matrix", **message, "jwks": ""}
        request = oauth_client_service_pb2.CreateOauthClientRequest(oauth_client=client)
        return self._world.mesh.call(f"/{_USERS}.OauthClientService/CreateOauthClient", request, token=owner.token)

    def _other(self, of: Member) -> str:
        """The address of another owner, since those who sign in often lose their first sessions."""
        return self._world.mesh.member(of, resources_pb2.ROLE_OWNER).email

    def _device(self, owner: Member) -> httpbody_pb2.HttpBody:
        made = self._client(owner)
        return _encoded(client_id=made.oauth_client.client_id, client_secret=made.secret, scope="openid")

    def _session(self, owner: Member) -> str:
        """A session of another owner."""
        request = session_service_pb2.LogInRequest(tenant=owner.slug, email=self._other(owner), password=PASSWORD)
        return str(self._world.mesh.call(f"/{_USERS}.SessionService/LogIn", request).session.id)

    def _form(self, owner: Member, session_id: str, **fields: str) -> httpbody_pb2.HttpBody:
        """A form of the browser in which this session of the owner's goes on."""
        visitor = browser.new_browser(self._call, owner.tenant, session_id, level=1)
        return self._filled(owner, visitor, request=self._asked(owner), **fields)

    def _asked(self, owner: Member) -> str:
        """The request of a client."""
        return urlencode(_request(self._client(owner).oauth_client))

    def _filled(self, owner: Member, visitor: browser.Browser, **fields: str) -> httpbody_pb2.HttpBody:
        form = _encoded(csrf=browser.csrf_of(self._call, visitor), **fields)
        self._cookies[form.data] = f"{browser._name(owner.tenant)}={visitor.value}"
        return form

    def _arrival(self, owner: Member) -> httpbody_pb2.HttpBody:
        """The form of somebody who comes back from an identity provider."""
        arrivals, visitor = self._world.arrivals, browser.new_browser(self._call, owner.tenant)
        provider = arrivals.provider(owner)
        address = arrivals.upstreams.address(
            self._call,
            owner.tenant,
            provider,
            binding=visitor.value,
            redirect_uri=redirect_uri_of("", provider.id),
            request=self._asked(owner),
        )
        back = arrivals.comes_back(address, arrivals.linked(owner, provider.id))
        return self._filled(owner, visitor, sent=urlencode(back))

    def _link(self, owner: Member) -> httpbody_pb2.HttpBody:
        """The form of somebody who says that an account at a provider is theirs."""
        session_id = self._session(owner)
        session = self._world.read(self._world.by_prefix["ses"], session_id, owner)
        token = self._world.arrivals.proposal(owner, session.user_id)
        visitor = browser.new_browser(self._call, owner.tenant, session_id, 1, token)
        return self._filled(owner, visitor, request=self._asked(owner), answer="link")

    def _code(self, owner: Member) -> httpbody_pb2.HttpBody:
        """The form of somebody who has typed the code of their device."""
        environment, pending = self._call.environment, self._world.devices.pending(owner)
        held = environment.capabilities.check("sessions.complete", pending, environment.clock.now_us())
        return self._form(owner, held.subject, code=self._world.devices.completing(owner))

    def _token(self, owner: Member) -> httpbody_pb2.HttpBody:
        """The form with which a client gives back what it has."""
        made = self._client(owner)
        client, secret = made.oauth_client, made.secret
        asked = read_asked(_request(client), client)
        session_id = self._session(owner)
        code = authorization_codes.mint_code(self._call, owner.tenant, client, session_id, asked)
        proof = {"client_id": client.client_id, "client_secret": secret}
        grant = {"grant_type": "authorization_code", "code_verifier": _VERIFIER, "redirect_uri": CALLBACK}
        request = oauth_service_pb2.IssueTokenRequest(form=_encoded(**proof, **grant, code=code))
        reply = self._world.mesh.call(f"/{_USERS}.OAuthService/IssueToken", request)
        return _encoded(**proof, token=json.loads(reply.data)["refresh_token"])


def _request(client: Any) -> dict[str, str]:
    return {
        "client_id": client.client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid",
        "code_challenge": challenge_of(_VERIFIER),
        "code_challenge_method": "S256",
    }


def _encoded(**fields: str) -> httpbody_pb2.HttpBody:
    return httpbody_pb2.HttpBody(content_type="application/x-www-form-urlencoded", data=urlencode(fields).encode())
