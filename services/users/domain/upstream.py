"""What an identity provider says of itself and of who signs in, and which of it is believed.

OpenID Connect Discovery 1.0, section 4; OpenID Connect Core 1.0, sections 3.1.3.7 and 5.3; RFC 9207; RFC 9700.
"""

from __future__ import annotations

import hmac
import json
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeGuard

import jwt

from mesh.contract.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from jwt.types import Options

_KINDS = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""How ID tokens may be signed: by a key of the provider's alone. Who holds the client's secret signs none."""
LEEWAY_SECONDS = 60
"""How far the clocks of provider and mesh may be apart."""
LONGEST_SECONDS = 600
"""How long ago an ID token may have been made: it was asked for a moment ago."""
_LONGEST_TOKEN, _LONGEST_SUBJECT, _LONGEST_EMAIL = 16_000, 255, 254
_MOST_KEYS, _LONGEST_OF_KEY = 50, 4_000
_OF_KEY = ("kty", "kid", "use", "alg", "n", "e", "crv", "x", "y")
_NUMBERS = (int, float)
# As the contract takes addresses (WHATWG HTML, "valid e-mail address"). All of it is ASCII: other letters may become
# some of it in lower case.
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_EMAIL = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*")


class UnknownKeyError(Exception):
    """No key of those that are known has signed a token; the provider may have another one by now."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a provider's discovery document says. basic: its token endpoint takes secrets by HTTP Basic."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    basic: bool = True
    names_itself: bool = False
    """Whether every answer by the browser says whose it is (RFC 9207)."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a provider has signed in. auth_time: when, in seconds since 1970; 0: it does not say."""

    subject: str
    email: str = ""
    email_verified: bool = False
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    auth_time: int = 0
    several_proofs: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token must say. now: in seconds since 1970."""

    issuer: str
    client_id: str
    nonce: str
    now: int


def wrong(cause: str) -> Failure:
    """The refusal of an answer; `cause` names what of it is amiss."""
    return Failure("UPSTREAM_ANSWER_WRONG", metadata={"cause": cause})


def unavailable(cause: str) -> Failure:
    """The failure of a sign-in through a provider that is away, or is none."""
    return Failure("UPSTREAM_UNAVAILABLE", metadata={"cause": cause})


def read_json(body: bytes) -> dict[str, Any]:
    """An object of JSON; an empty one where it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def read_configuration(issuer: str, document: Mapping[str, Any], allows: Callable[[str], bool]) -> Configuration:
    """The discovery document of an issuer; `allows` tells whether an address may be called.

    Raises:
        Failure: UPSTREAM_UNAVAILABLE, where it is another one's, or lacks what a sign-in needs.
    """
    if document.get("issuer") != issuer:
        raise unavailable("discovery: issuer")
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    found = {name: str(document.get(name) or "") for name in (*needed, "userinfo_endpoint")}
    for name, address in found.items():
        if (name in needed or address) and not allows(address):
            raise unavailable(f"discovery: {name}")
    methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Configuration(
        issuer=issuer,
        **found,
        basic="client_secret_basic" in methods or "client_secret_post" not in methods,
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
    )


def read_keys(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The keys of a JSON Web Key Set, of which nothing is kept but what a signature is checked by."""
    keys = document.get("keys")
    found = [each for each in keys[:_MOST_KEYS] if isinstance(each, dict)] if isinstance(keys, list) else []
    return [{name: each[name] for name in _OF_KEY if _is_short(each.get(name))} for each in found]


def _is_short(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_OF_KEY


def check_answer(configuration: Configuration, iss: str, error: str) -> None:
    """Whether an answer may be this provider's, and is one to go on with.

    Raises:
        Failure: UPSTREAM_ANSWER_WRONG, also for one of another provider (RFC 9207, section 2.4).
    """
    if (iss or configuration.names_itself) and iss != configuration.issuer:
        raise wrong("iss")
    if error:
        raise wrong("access_denied" if error == "access_denied" else "error")


def check_id_token(token: object, keys: Sequence[Mapping[str, Any]], expected: Expected) -> Mapping[str, Any]:
    """The claims of an ID token that is the answer to what was asked.

    Raises:
        Failure: UPSTREAM_ANSWER_WRONG. UnknownKeyError: none of the keys is the one that signed it.
    """
    if not isinstance(token, str) or len(token) > _LONGEST_TOKEN:
        raise wrong("id_token")
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise wrong("id_token") from None
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS or "crit" in header:
        raise wrong("alg")
    key = _key(header.get("kid"), str(algorithm), keys)
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[str(algorithm)],
            options=_ONLY_SIGNED,
        )
    except jwt.PyJWTError:
        raise wrong("signature") from None
    _check_claims(claims, expected)
    return claims


# The rest is checked here, so that it is known what was amiss.
_ONLY_SIGNED: Options = {
    "verify_signature": True,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


def _key(kid: object, algorithm: str, keys: Sequence[Mapping[str, Any]]) -> jwt.PyJWK:
    """The key that a token names; without a name, the only one that it can be."""
    kind = _KINDS[algorithm[:2]]
    fit = [
        key
        for key in keys
        if key.get("kty") == kind and key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm
    ]
    if kid is not None:
        fit = [key for key in fit if key.get("kid") == kid]
        if not fit:
            raise UnknownKeyError
    elif len(fit) > 1:
        raise wrong("kid")
    if len(fit) != 1:
        raise UnknownKeyError
    try:
        return jwt.PyJWK({"alg": algorithm, **fit[0]})
    except (jwt.PyJWTError, ValueError, TypeError):
        raise wrong("key") from None


def _check_claims(claims: Mapping[str, Any], expected: Expected) -> None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    issued, ends = claims.get("iat"), claims.get("exp")
    nonce = claims.get("nonce")
    subject = claims.get("sub")
    checks = {
        "issuer": claims.get("iss") == expected.issuer,
        "audience": expected.client_id in audiences,
        "azp": claims.get("azp", expected.client_id) == expected.client_id and (len(audiences) == 1 or "azp" in claims),
        "nonce": isinstance(nonce, str) and hmac.compare_digest(nonce.encode(), expected.nonce.encode()),
        "expired": _is_number(ends) and ends + LEEWAY_SECONDS > expected.now,
        "iat": _is_number(issued) and -LEEWAY_SECONDS <= expected.now - issued <= LONGEST_SECONDS,
        "nbf": "nbf" not in claims or (_is_number(claims["nbf"]) and claims["nbf"] - LEEWAY_SECONDS <= expected.now),
        # At most 255 characters of ASCII (OpenID Connect Core 1.0, section 2).
        "subject": isinstance(subject, str)
        and 0 < len(subject) <= _LONGEST_SUBJECT
        and subject.isascii()
        and subject.isprintable(),
    }
    for cause, right in checks.items():
        if not right:
            raise wrong(cause)


def _is_number(value: object) -> TypeGuard[float]:
    # JSON has no numbers that are none, but Python's reader takes them.
    return isinstance(value, _NUMBERS) and not isinstance(value, bool) and math.isfinite(value)


def check_anew(claims: Mapping[str, Any], since: int) -> None:
    """Whether somebody signed in at the provider after `since`, in seconds since 1970; 0: it does not matter.

    Raises:
        Failure: UPSTREAM_ANSWER_WRONG, also where the provider does not say when that was.
    """
    if since and _auth_time(claims) < since - LEEWAY_SECONDS:
        raise wrong("auth_time")


def _auth_time(claims: Mapping[str, Any]) -> int:
    when = claims.get("auth_time")
    return int(when) if _is_number(when) and when > 0 else 0


def read_person(claims: Mapping[str, Any], told: Mapping[str, Any] | None = None) -> Person:
    """Who an ID token is of, with what the userinfo endpoint told beside it.

    Raises:
        Failure: UPSTREAM_ANSWER_WRONG, where that is about somebody else (OpenID Connect Core 1.0, section 5.3.2).
    """
    if told is not None and told.get("sub") != claims["sub"]:
        raise wrong("userinfo")
    # Address and whether it is confirmed belong together: they come from one place.
    source = claims if "email" in claims else (told or {})
    names = {**(told or {}), **claims}
    methods = claims.get("amr")
    return Person(
        subject=claims["sub"],
        email=_email(source.get("email")),
        # Some providers write it as a text.
        email_verified=source.get("email_verified") in (True, "true"),
        name=_text(names.get("name")),
        given_name=_text(names.get("given_name")),
        family_name=_text(names.get("family_name")),
        auth_time=_auth_time(claims),
        several_proofs=isinstance(methods, list) and "mfa" in methods,
    )


def _email(value: object) -> str:
    found = _text(value, _LONGEST_EMAIL)
    return found.lower() if _EMAIL.fullmatch(found) else ""


def _text(value: object, longest: int = 200) -> str:
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        return ""
    return value.strip()


@dataclass(frozen=True, slots=True)
class Rules:
    """What a tenant has said of a provider, as far as it is about who comes by it for the first time."""

    domains: Collection[str] = field(default_factory=tuple)
    vouches_for_emails: bool = False
    links_by_email: bool = False
    creates_users: bool = False


PROVE, LINK, CREATE = "prove", "link", "create"
"""What becomes of somebody whom a provider has signed in for the first time: the user of their address proves once that
it is them; it is them; or they become a user.
"""


def decide_arrival(rules: Rules, person: Person, *, known: bool | None, invited: Iterable[str] = ()) -> str:
    """What becomes of who comes for the first time.

    known: whether a user who may sign in has the address; None: whoever has it may not. invited: the domains that the
    tenant invites people of, none: any.

    Raises:
        Failure: UPSTREAM_PERSON_REFUSED.
    """
    domain = person.email.rpartition("@")[2]
    within = domain in rules.domains
    if not person.email or not domain or not (person.email_verified or (rules.vouches_for_emails and within)):
        raise refused("email")
    if rules.domains and not within:
        raise refused("domain")
    if known is None:
        raise refused("user")
    if known:
        return LINK if rules.links_by_email else PROVE
    invites = list(invited)
    if not rules.creates_users or (invites and domain not in invites):
        raise refused("unknown")
    return CREATE


def refused(cause: str) -> Failure:
    """The refusal of somebody whom the provider knows, and the tenant does not let in."""
    return Failure("UPSTREAM_PERSON_REFUSED", metadata={"cause": cause})
