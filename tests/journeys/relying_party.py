"""A program that people sign in to with Rapport, and the browser they do it in: standard clients, none of them ours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

from mesh.testing.company import PASSWORD, Company

if TYPE_CHECKING:
    from collections.abc import Mapping

CALLBACK = "https://intranet.example/callback"
SIGNED_OUT = "https://intranet.example/signed-out"
SCOPES = ("openid", "profile", "email", "offline_access", "contacts.read")
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
_ACTION = re.compile(r'<form method="post" action="([^"]+)">')


@dataclass(frozen=True, slots=True)
class Program:
    """An OAuth client of a company, as the program has it."""

    url: str
    id: str
    client_id: str
    secret: str = field(repr=False)

    def speaks(self, **more: Any) -> OAuth2Session:
        """A standard client, configured by discovery."""
        found = discovered(self.url)
        return OAuth2Session(
            self.client_id,
            self.secret or None,
            redirect_uri=CALLBACK,
            code_challenge_method="S256",
            token_endpoint=found["token_endpoint"],
            revocation_endpoint_auth_method="client_secret_basic",
            token_endpoint_auth_method="client_secret_basic" if self.secret else "none",
            **more,
        )

    def begin(self, scope: str = "openid profile email", **more: str) -> tuple[str, str]:
        """Where the browser is sent to, and the verifier of the code that it brings back."""
        verifier = generate_token(48)
        endpoint = discovered(self.url)["authorization_endpoint"]
        with self.speaks(scope=scope) as client:
            address, _ = client.create_authorization_url(endpoint, code_verifier=verifier, **more)
        return str(address), verifier

    def redeem(self, answer: Mapping[str, str], verifier: str, **more: str) -> Any:
        """The tokens for what the browser brought back."""
        with self.speaks() as client:
            endpoint = discovered(self.url)["token_endpoint"]
            return client.fetch_token(endpoint, code=answer["code"], code_verifier=verifier, **more)

    def post(self, path: str, **form: str) -> httpx.Response:
        """The answer to a form, by HTTP Basic where there is a secret."""
        auth = (self.client_id, self.secret) if self.secret else None
        fields = form if self.secret else {"client_id": self.client_id, **form}
        return httpx.post(f"{self.url}{path}", data=fields, auth=auth, timeout=15)

    def claims(self, token: str) -> dict[str, Any]:
        """What an ID token says that the published keys verify."""
        keys = KeySet.import_key_set(httpx.get(discovered(self.url)["jwks_uri"], timeout=15).json())
        found = jwt.decode(token, keys, algorithms=["RS256"])
        jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": self.url}, aud={"essential": True, "value": self.client_id}
        ).validate(found.claims)
        return dict(found.claims)


def discovered(url: str) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{url}/.well-known/openid-configuration", timeout=15).json()
    return found


def register(company: Company, *, scopes: tuple[str, ...] = SCOPES, public: bool = False, **more: Any) -> Program:
    """A new client of a company."""
    body = {
        "displayName": "Intranet",
        "redirectUris": [CALLBACK],
        "postLogoutRedirectUris": [SIGNED_OUT],
        "scopes": list(scopes),
        "grantTypes": ["GRANT_TYPE_AUTHORIZATION_CODE", "GRANT_TYPE_REFRESH_TOKEN"],
        "type": "TYPE_PUBLIC" if public else "TYPE_CONFIDENTIAL",
        **more,
    }
    made = company.owner.ask("POST", "/v1/oauth-clients", body)
    client = made["oauthClient"]
    return Program(company.mesh.url, client["id"], client["clientId"], made["secret"])


class Browser:
    """A browser without JavaScript: it keeps cookies, follows redirections at home, and sends forms as they are."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies = httpx.Cookies()

    def _ask(self, verb: str, address: str, fields: Mapping[str, str] | None = None) -> httpx.Response:
        with httpx.Client(timeout=15, cookies=self.cookies) as http:
            answer = http.request(verb, address, data=fields)
            self.cookies = http.cookies
        return answer

    def go(self, address: str) -> httpx.Response:
        """The page in the end, or the redirection that leads away from the mesh."""
        answer = self._ask("GET", address)
        while answer.is_redirect:
            target = str(answer.next_request.url) if answer.next_request is not None else ""
            if not target.startswith(self.url):
                break
            answer = self._ask("GET", target)
        return answer

    def send(self, page: httpx.Response, **fields: str) -> httpx.Response:
        """What comes of the form on a page, filled in; the fields replace hidden ones too."""
        hidden = {name: unescape(value) for name, value in _HIDDEN.findall(page.text)}
        action = _ACTION.search(page.text)
        assert action, page.text
        answer = self._ask("POST", f"{self.url}{action[1]}", hidden | fields)
        if answer.is_redirect and answer.headers["location"].startswith("/"):
            return self.go(f"{self.url}{answer.headers['location']}")
        return answer

    def sign_in(self, address: str, email: str, password: str = PASSWORD) -> httpx.Response:
        """The page, or the redirection, after the sign-in page."""
        page = self.go(address)
        assert "Sign in to" in page.text, page.text
        return self.send(page, email=email, password=password)

    def allow(self, address: str, email: str) -> dict[str, str]:
        """What the browser brings back of a first visit, on which everything is allowed that was not before."""
        page = self.sign_in(address, email)
        return brought_back(page if page.is_redirect else self.send(page, answer="allow"))


def brought_back(answer: httpx.Response) -> dict[str, str]:
    """The parameters that a redirection takes to the client."""
    assert answer.is_redirect, f"{answer.status_code} {answer.text}"
    location = urlsplit(answer.headers["location"])
    assert f"{location.scheme}://{location.netloc}{location.path}" == CALLBACK, answer.headers["location"]
    assert all(len(values) == 1 for values in parse_qs(location.query).values())
    return dict(parse_qsl(location.query))


def without(address: str, *names: str, **changed: str) -> str:
    """The request with some parameters left out or changed."""
    parts = urlsplit(address)
    kept = {name: value for name, value in parse_qsl(parts.query) if name not in names}
    return parts._replace(query=urlencode(kept | changed)).geturl()


def look(url: str, token: str, path: str = "/v1/contacts") -> int:
    """The status of a request with a bearer token."""
    return httpx.get(f"{url}{path}", headers={"authorization": f"Bearer {token}"}, timeout=15).status_code
