"""What clients send to the endpoints of OAuth 2.0, and how they prove who they are (RFC 6749, sections 2.3.1 to 5)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.users.domain.client_keys import ASSERTION_TYPE, client_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

FORM = "application/x-www-form-urlencoded"
_BASIC = re.compile(r"basic +([A-Za-z0-9+/=_-]+)", re.IGNORECASE)
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
# RFC 6749, section 3.3: visible characters without quotes and backslash, one blank between two.
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*")
_LONGEST_SCOPE = 2000
CLIENT_CREDENTIALS, AUTHORIZATION_CODE, REFRESH_TOKEN = "client_credentials", "authorization_code", "refresh_token"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
GRANT_TYPES = (CLIENT_CREDENTIALS, AUTHORIZATION_CODE, REFRESH_TOKEN, DEVICE_CODE)
_CLIENT = ("client_id", "client_secret", "client_assertion", "client_assertion_type")
_TOKEN_FORM = (
    *("grant_type", "scope", *_CLIENT),
    *("code", "redirect_uri", "code_verifier", "refresh_token", "device_code"),
)
_CLIENT_FORM = (*_CLIENT, "token", "token_type_hint")


class OAuthError(Exception):
    """A refusal of RFC 6749, section 5.2. `challenge`: the client tried HTTP Basic, and is told so."""

    def __init__(self, error: str, description: str, *, challenge: bool = False) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.challenge = challenge

    @property
    def status(self) -> int:
        """The HTTP status."""
        return 401 if self.error == "invalid_client" else 400


@dataclass(frozen=True, slots=True)
class ClientProof:
    """Who a client says it is, and with what secret or what signed assertion; empty: none. `basic`: by HTTP Basic."""

    client_id: str
    client_secret: str = field(repr=False)
    basic: bool
    assertion: str = field(default="", repr=False)

    def unknown(self) -> OAuthError:
        """The refusal of a client that is none, or whose secret is wrong; which of them is not told."""
        return OAuthError("invalid_client", "The client is unknown, or its secret is wrong.", challenge=self.basic)


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What a client asks for, and as whom. `scope` is as it was sent; empty: everything. `form`: what else was sent."""

    grant_type: str
    client: ClientProof
    scope: str
    form: Mapping[str, str] = field(repr=False)

    def needs(self, name: str) -> str:
        """A parameter of the grant.

        Raises:
            OAuthError: invalid_request, where it is missing.
        """
        if name not in self.form:
            raise OAuthError("invalid_request", f"The parameter {name} is missing.")
        return self.form[name]


def read_request(content_type: str, body: bytes, authorization: str) -> TokenRequest:
    """The request of the token endpoint, with the client's credentials from wherever they are.

    Raises:
        OAuthError: invalid_request, invalid_client or unsupported_grant_type.
    """
    form = read_form(content_type, body, _TOKEN_FORM)
    client = _read_client(form, authorization, "grant_type")
    if not client.client_secret and form["grant_type"] == CLIENT_CREDENTIALS:
        raise OAuthError("invalid_client", "The client did not prove who it is.", challenge=client.basic)
    if form["grant_type"] not in GRANT_TYPES:
        raise OAuthError("unsupported_grant_type", "The grant type is none of those that there are.")
    return TokenRequest(form["grant_type"], client, form.get("scope", ""), form)


def read_token_form(content_type: str, body: bytes, authorization: str) -> tuple[ClientProof, str]:
    """Of introspection and revocation, who asks, and about which token (RFC 7662, section 2.1; RFC 7009, section 2.1).

    Raises:
        OAuthError: invalid_request or invalid_client.
    """
    form = read_form(content_type, body, _CLIENT_FORM)
    return _read_client(form, authorization, "token"), form["token"]


def read_device_form(content_type: str, body: bytes, authorization: str) -> tuple[ClientProof, str]:
    """Of a device, which client it is of, and the scope it asks for (RFC 8628, section 3.1).

    Raises:
        OAuthError: invalid_request or invalid_client.
    """
    form = read_form(content_type, body, (*_CLIENT, "scope"))
    return _read_client(form, authorization, "scope"), form["scope"]


def _read_client(form: Mapping[str, str], authorization: str, needed: str) -> ClientProof:
    basic = bool(authorization)
    if basic + ("client_secret" in form) + ("client_assertion" in form) > 1:
        raise OAuthError("invalid_request", "The client proves who it is in more than one way.")
    if needed not in form:
        raise OAuthError("invalid_request", f"The parameter {needed} is missing.")
    if form.get("client_assertion_type", ASSERTION_TYPE) != ASSERTION_TYPE:
        raise OAuthError("invalid_client", "The type of the client's assertion is unknown.")
    assertion = form.get("client_assertion", "")
    if basic:
        client_id, secret = _credentials(authorization)
        if form.get("client_id", client_id) != client_id:
            raise OAuthError("invalid_request", "The parameter client_id is not that of the header.")
    else:
        client_id, secret = form.get("client_id", "") or client_of(assertion), form.get("client_secret", "")
    if not client_id or (basic and not secret):
        raise OAuthError("invalid_client", "The client did not prove who it is.", challenge=basic)
    return ClientProof(client_id, secret, basic, assertion)


def narrowed(scope: str, held: Collection[str]) -> str:
    """What a token is narrowed to: the permissions asked for, each once; empty for all that are held.

    Raises:
        OAuthError: invalid_scope, where it is malformed or asks for what the client does not hold.
    """
    if not scope:
        return ""
    if len(scope) > _LONGEST_SCOPE or not _SCOPE.fullmatch(scope):
        raise OAuthError("invalid_scope", "The scope is malformed.")
    asked = sorted(set(scope.split(" ")))
    if not set(asked) <= set(held):
        raise OAuthError("invalid_scope", "The scope asks for more than the client may do.")
    return "" if set(asked) == set(held) else " ".join(asked)


def read_form(content_type: str, body: bytes, known: Collection[str]) -> dict[str, str]:
    """The parameters of a form that count. Empty ones are as if they were left out (section 3.1).

    Raises:
        OAuthError: invalid_request.
    """
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise OAuthError("invalid_request", f"The body must be {FORM}.")
    found: dict[str, str] = {}
    for pair in body.split(b"&"):
        name, _, value = pair.partition(b"=")
        decoded = _decode(name)
        if decoded not in known or not value:
            continue
        if decoded in found:
            raise OAuthError("invalid_request", f"The parameter {decoded} is repeated.")
        found[decoded] = _decode(value)
    return found


def _decode(text: bytes) -> str:
    """One name or value of a form: `+` and `%XX` of UTF-8 (appendix B)."""
    if _BROKEN_ESCAPE.search(text):
        raise OAuthError("invalid_request", "The body has a broken escape.")
    raw = _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), text.replace(b"+", b" "))
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise OAuthError("invalid_request", "The body is not UTF-8.") from None


def _credentials(authorization: str) -> tuple[str, str]:
    """The client of an `authorization: Basic` header: both halves are written as in a form (section 2.3.1)."""
    match = _BASIC.fullmatch(authorization)
    try:
        pair = base64.b64decode(match[1], validate=True) if match else b""
        name, _, secret = pair.partition(b":")
        return _decode(name), _decode(secret)
    except (binascii.Error, OAuthError):
        return "", ""
