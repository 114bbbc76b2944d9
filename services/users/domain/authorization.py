"""The authorization request of OAuth 2.0 and OpenID Connect: how it is read, and what has to happen before its code.

RFC 6749, sections 3.1 and 4.1; RFC 7636; RFC 9207; OpenID Connect Core 1.0, section 3.1.2.
"""

from __future__ import annotations

import enum
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from mesh.contract import base64url
from services.users.domain.oauth import FORM
from services.users.domain.oauth_clients import CODE, OFFLINE, PUBLIC, registered

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from rapport.users.v1 import resources_pb2

LONGEST_QUERY = 8000
_LONGEST = {"state": 1000, "nonce": 500}
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_AGE = re.compile(r"\d{1,9}")
_PROMPTS = frozenset({"none", "login", "consent", "select_account"})
_SIGN_IN_PROMPTS = frozenset({"login", "select_account"})


class Unanswerable(Exception):
    """A request that is answered on a page: who sent it is unknown, or would be sent somewhere unknown."""

    def __init__(self, description: str) -> None:
        super().__init__(description)
        self.description = description


class Refused(Exception):
    """A request that is answered to the client by an error (RFC 6749, section 4.1.2.1)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorization request that makes sense. max_age: in seconds, -1: not limited."""

    client_id: str
    redirect_uri: str
    state: str
    scopes: Sequence[str]
    challenge: str
    nonce: str
    prompts: frozenset[str]
    max_age: int
    login_hint: str

    @property
    def scope(self) -> str:
        """The scopes as OAuth writes them."""
        return " ".join(self.scopes)

    @property
    def silent(self) -> bool:
        """Whether nobody may be asked anything."""
        return "none" in self.prompts


class Step(enum.Enum):
    """What has to happen next; the values are the errors of a request that lets nobody be asked."""

    SIGN_IN = "login_required"
    SECOND_FACTOR = "second_factor"
    TOO_WEAK = "interaction_required"
    CONSENT = "consent_required"
    CODE = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the user in the browser. age: seconds since the last proof; consented: the scopes allowed."""

    signed_in: bool
    needs_code: bool = False
    level: int = 0
    wanted: int = 1
    age: int = 0
    consented: Collection[str] = ()


def read_query(query: str) -> dict[str, str]:
    """The parameters of a request, none of them twice. Empty ones are as if they were left out (section 3.1).

    Raises:
        Unanswerable: it cannot be read.
    """
    if len(query) > LONGEST_QUERY:
        raise Unanswerable("The request is too long.")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), errors="strict", max_num_fields=50)
    except ValueError:
        raise Unanswerable("The request cannot be read.") from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if not value:
            continue
        if name in found:
            raise Unanswerable(f"The parameter {name[:40]} is repeated.")
        found[name] = value
    return found


def read_sent(content_type: str, body: bytes) -> dict[str, str]:
    """The parameters of a request that came as a form; the rules are those of one in an address.

    Raises:
        Unanswerable: it cannot be read.
    """
    if content_type.partition(";")[0].strip().lower() != FORM or not body.isascii():
        raise Unanswerable("The request cannot be read.")
    return read_query(body.decode("ascii"))


def check_return(sent: Mapping[str, str], client: resources_pb2.OauthClient) -> str:
    """Where the answer goes.

    Raises:
        Unanswerable: the client has not said that people are sent there.
    """
    uri = sent.get("redirect_uri", "")
    if not uri:
        raise Unanswerable("The parameter redirect_uri is missing.")
    if not registered(uri, client.redirect_uris, public=client.type == PUBLIC):
        raise Unanswerable("The client is not registered with this redirect_uri.")
    return uri


def read_asked(sent: Mapping[str, str], client: resources_pb2.OauthClient) -> Asked:
    """The request of a client that is known, with a redirect_uri that is its own.

    Raises:
        Refused.
    """
    for name, error in (("request", "request_not_supported"), ("request_uri", "request_uri_not_supported")):
        if name in sent:
            raise Refused(error, f"The parameter {name} is not supported.")
    _check_form(sent, client)
    scopes = tuple(dict.fromkeys(sent.get("scope", "").split(" ")))
    if not set(scopes) <= set(client.scopes):
        raise Refused("invalid_scope", "The scope is missing, or asks for more than the client may ask for.")
    prompts = frozenset(sent.get("prompt", "").split())
    if not prompts <= _PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise Refused("invalid_request", "The parameter prompt is none of those that there are.")
    age = sent.get("max_age", "")
    if age and not _AGE.fullmatch(age):
        raise Refused("invalid_request", "The parameter max_age must be a number of seconds.")
    return Asked(
        client_id=sent["client_id"],
        redirect_uri=sent["redirect_uri"],
        state=sent.get("state", ""),
        scopes=scopes,
        challenge=sent["code_challenge"],
        nonce=sent.get("nonce", ""),
        prompts=prompts,
        max_age=int(age) if age else -1,
        login_hint=sent.get("login_hint", "")[:254],
    )


def _check_form(sent: Mapping[str, str], client: resources_pb2.OauthClient) -> None:
    if "response_type" not in sent:
        raise Refused("invalid_request", "The parameter response_type is missing.")
    if sent["response_type"] != "code":
        raise Refused("unsupported_response_type", "The only response type is code.")
    if sent.get("response_mode", "query") != "query":
        raise Refused("invalid_request", "The only response mode is query.")
    if CODE not in client.grant_types:
        raise Refused("unauthorized_client", "The client may not use authorization codes.")
    # A challenge without a method would be a plain one (RFC 7636, section 4.3).
    if sent.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(sent.get("code_challenge", "")):
        raise Refused("invalid_request", "A code_challenge is needed, with the code_challenge_method S256.")
    for name, longest in _LONGEST.items():
        if len(sent.get(name, "")) > longest:
            raise Refused("invalid_request", f"The parameter {name} is too long.")


def next_step(asked: Asked, client: resources_pb2.OauthClient, who: Standing) -> Step:
    """What has to happen before the client gets its code.

    Raises:
        Refused: it may not happen, as the client wants nobody to be asked.
    """
    step = _step(asked, client, who)
    if asked.silent and step is not Step.CODE:
        error = Step.SIGN_IN.value if step is Step.SECOND_FACTOR else step.value
        raise Refused(error, "The user has to be asked.")
    return step


def _step(asked: Asked, client: resources_pb2.OauthClient, who: Standing) -> Step:
    if not who.signed_in or asked.prompts & _SIGN_IN_PROMPTS or 0 <= asked.max_age < who.age or asked.max_age == 0:
        return Step.SIGN_IN
    if who.needs_code:
        return Step.SECOND_FACTOR
    if who.level < who.wanted:
        return Step.TOO_WEAK
    if "consent" in asked.prompts:
        return Step.CONSENT
    known = client.skips_consent or set(asked.scopes) <= set(who.consented)
    return Step.CODE if known and not _may_be_another(client, asked) else Step.CONSENT


def _may_be_another(client: resources_pb2.OauthClient, asked: Asked) -> bool:
    """Whether any program of the user's device may stand behind a request: they are asked each time (RFC 8252, 8.6).

    A public client proves nothing, and only an address of `https` leads to its own program alone.
    """
    return client.type == PUBLIC and not asked.redirect_uri.startswith("https:")


def go_on(query: str, *, without: Collection[str]) -> str:
    """The same request once more, when a step is done that some words of its prompt asked for.

    Who has just signed in is as young a session as can be wished for.
    """
    kept = []
    for name, value in parse_qsl(query):
        left = value
        if name == "prompt":
            left = " ".join(word for word in value.split() if word not in without)
        if not left or (name == "max_age" and "login" in without and int(value or 0) == 0):
            continue
        kept.append((name, left))
    return urlencode(kept)


def answered(uri: str, answer: Mapping[str, str]) -> str:
    """An address with the parameters of an answer, beside those that it has."""
    parts = urlsplit(uri)
    query = "&".join(part for part in (parts.query, urlencode({k: v for k, v in answer.items() if v})) if part)
    if parts.scheme in ("http", "https"):
        return urlunsplit(parts._replace(query=query))
    # Also of the form `com.example.app:/path`, which urlunsplit would give slashes to.
    return f"{uri.partition('?')[0]}?{query}"


def challenge_of(verifier: str) -> str:
    """The challenge that a verifier answers (RFC 7636, section 4.2); nothing where it is none."""
    if not _VERIFIER.fullmatch(verifier):
        return ""
    return base64url.encode(hashlib.sha256(verifier.encode()).digest())


def lasts_with_browser(scopes: Collection[str]) -> bool:
    """Whether what a client gets ends with the user's session in the browser."""
    return OFFLINE not in scopes
