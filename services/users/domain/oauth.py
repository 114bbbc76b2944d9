"""The token request of OAuth 2.0 with client credentials (RFC 6749, sections 2.3.1, 3.2, 4.4 and 5): how it is read."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

FORM = "application/x-www-form-urlencoded"
_BASIC = re.compile(r"basic +([A-Za-z0-9+/=_-]+)", re.IGNORECASE)
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
# RFC 6749, section 3.3: visible characters without quotes and backslash, one blank between two.
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*")
_LONGEST_SCOPE = 2000
_KNOWN = ("grant_type", "scope", "client_id", "client_secret")


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
class TokenRequest:
    """What a client asks for, and as whom. `scope` is as it was sent; empty: everything. `basic`: by HTTP Basic."""

    client_id: str
    client_secret: str = field(repr=False)
    scope: str
    basic: bool


def read_request(content_type: str, body: bytes, authorization: str) -> TokenRequest:
    """The request in a form, with the client's credentials from wherever they are.

    Raises:
        OAuthError: invalid_request, invalid_client or unsupported_grant_type.
    """
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise OAuthError("invalid_request", f"The body must be {FORM}.")
    form = _form(body)
    basic = bool(authorization)
    if basic and "client_secret" in form:
        raise OAuthError("invalid_request", "The client proves who it is in more than one way.")
    if "grant_type" not in form:
        raise OAuthError("invalid_request", "The parameter grant_type is missing.")
    if basic:
        client_id, secret = _credentials(authorization)
        if form.get("client_id", client_id) != client_id:
            raise OAuthError("invalid_request", "The parameter client_id is not that of the header.")
    else:
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
    if not client_id or not secret:
        raise OAuthError("invalid_client", "The client did not prove who it is.", challenge=basic)
    if form["grant_type"] != "client_credentials":
        raise OAuthError("unsupported_grant_type", "The only grant type is client_credentials.")
    return TokenRequest(client_id, secret, form.get("scope", ""), basic)


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


def _form(body: bytes) -> dict[str, str]:
    """The parameters that count. Empty ones are as if they were left out (section 3.1)."""
    found: dict[str, str] = {}
    for pair in body.split(b"&"):
        name, _, value = pair.partition(b"=")
        decoded = _decode(name)
        if decoded not in _KNOWN or not value:
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
