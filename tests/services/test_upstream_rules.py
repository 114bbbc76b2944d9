"""Which answers of an identity provider are believed, and what becomes of whom it has signed in."""

from __future__ import annotations

import base64
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from mesh.contract.failure import Failure
from services.users.domain.upstream import (
    CREATE,
    LINK,
    PROVE,
    Configuration,
    Expected,
    Person,
    Rules,
    UnknownKeyError,
    check_answer,
    check_id_token,
    decide_arrival,
    read_configuration,
    read_keys,
    read_person,
)

pytestmark = pytest.mark.shows("upstream.tokens")
ISSUER, CLIENT, SECRET, NOW = "https://login.example", "rapport", "s" * 32, 1_800_000_000
EXPECTED = Expected(ISSUER, CLIENT, "the-nonce", NOW)
RSA, OTHER = (rsa.generate_private_key(65537, 2048) for _ in range(2))
CURVE, EDWARDS = ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()


def public(key: Any, kid: str = "", **more: str) -> dict[str, Any]:
    kinds = {"RSAPrivateKey": RSAAlgorithm, "Ed25519PrivateKey": OKPAlgorithm}
    kind = kinds.get(type(key).__name__, ECAlgorithm)
    return {**kind.to_jwk(key.public_key(), as_dict=True), **({"kid": kid} if kid else {}), **more}


def token(key: Any = RSA, algorithm: str = "RS256", kid: str = "one", **claims: Any) -> str:
    usual = {"iss": ISSUER, "aud": CLIENT, "sub": "ada", "nonce": "the-nonce", "iat": NOW - 5, "exp": NOW + 300}
    said = {name: value for name, value in {**usual, **claims}.items() if value is not None}
    return jwt.encode(said, key, algorithm=algorithm, headers={"kid": kid} if kid else {})


def forged(header: dict[str, Any], signature: bytes = b"") -> str:
    """A token that no library writes."""
    claims = jwt.decode(token(), options={"verify_signature": False})
    parts = [json.dumps(part).encode() for part in (header, claims)]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (*parts, signature))


KEYS = [public(RSA, "one")]


def cause(sent: object, keys: list[dict[str, Any]] = KEYS) -> str:
    with pytest.raises(Failure) as refused:
        check_id_token(sent, keys, EXPECTED)
    assert refused.value.reason == "UPSTREAM_ANSWER_WRONG"
    return refused.value.metadata["cause"]


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(RSA, "RS256"), (RSA, "PS384"), (CURVE, "ES256"), (EDWARDS, "EdDSA")],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_token_that_is_the_answer_is_believed(key: Any, algorithm: str) -> None:
    claims = check_id_token(token(key, algorithm), [public(key, "one"), public(OTHER, "two")], EXPECTED)
    assert claims["sub"] == "ada"


@pytest.mark.parametrize(
    ("claims", "found"),
    [
        ({"iss": ISSUER + "/"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"aud": "another"}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": []}, "audience"),
        ({"aud": ["another", "third"], "azp": CLIENT}, "audience"),
        ({"aud": [CLIENT, "another"]}, "azp"),
        ({"aud": [CLIENT, "another"], "azp": "another"}, "azp"),
        ({"azp": "another"}, "azp"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": 5}, "nonce"),
        ({"exp": NOW - 61}, "expired"),
        ({"exp": None}, "expired"),
        ({"iat": NOW + 61}, "iat"),
        ({"iat": NOW - 601}, "iat"),
        ({"iat": None}, "iat"),
        ({"iat": True}, "iat"),
        ({"nbf": NOW + 61}, "nbf"),
        ({"sub": None}, "subject"),
        ({"sub": "x" * 256}, "subject"),
        ({"sub": ""}, "subject"),
        ({"sub": "a\x00"}, "subject"),
        ({"sub": "ad\u00e4"}, "subject"),
        ({"sub": "\ud800"}, "subject"),
        ({"exp": float("inf")}, "expired"),
    ],
)
def test_a_token_that_says_something_else_is_refused(claims: dict[str, Any], found: str) -> None:
    assert cause(token(**claims)) == found


@pytest.mark.parametrize(
    "claims",
    [{"exp": NOW - 59}, {"iat": NOW + 59}, {"nbf": NOW + 59}, {"aud": [CLIENT]}, {"aud": [CLIENT, "x"], "azp": CLIENT}],
)
def test_clocks_may_differ_and_audiences_be_several(claims: dict[str, Any]) -> None:
    assert check_id_token(token(**claims), KEYS, EXPECTED)["sub"] == "ada"


def test_nobody_but_the_provider_signs() -> None:
    assert cause(forged({"alg": "none"})) == "alg"
    assert cause(forged({"alg": "none", "kid": "one"})) == "alg"
    assert cause(token(SECRET, "HS256")) == "alg", "who holds the client's secret is not the provider"
    assert cause(forged({"alg": "RS256", "kid": "one"})) == "signature"
    assert cause(token(OTHER)) == "signature"
    assert cause(forged({"alg": "RS256", "kid": "one", "crit": ["exp"]})) in ("alg", "id_token")
    assert cause(token()[:-4] + "AAAA") == "signature"
    assert cause(token(x="x" * 20_000)) == "id_token"
    for nothing in (None, "", "a.b.c", 5, ["x"]):
        assert cause(nothing) == "id_token"


def test_a_key_is_found_by_its_name_or_as_the_only_one() -> None:
    named, several = token(), [public(OTHER, "two"), public(RSA, "one")]
    assert check_id_token(named, several, EXPECTED)
    nameless = token(kid="")
    assert check_id_token(nameless, [public(RSA)], EXPECTED)
    assert check_id_token(nameless, [public(CURVE, "c"), public(RSA, "one")], EXPECTED), "the only one of its kind"
    assert cause(nameless, several) == "kid"
    for unknown in ([], [public(OTHER, "two")], [public(CURVE, "one")], [public(RSA, "one", use="enc")]):
        with pytest.raises(UnknownKeyError):
            check_id_token(named, unknown, EXPECTED)
    with pytest.raises(UnknownKeyError):
        check_id_token(named, [public(RSA, "one", alg="RS512")], EXPECTED)
    assert cause(named, [{"kty": "RSA", "kid": "one", "n": "!", "e": "AQAB"}]) == "key"


def test_an_answer_is_the_providers_own() -> None:
    plain = Configuration(ISSUER, "a", "t", "k")
    telling = Configuration(ISSUER, "a", "t", "k", names_itself=True)
    check_answer(plain, "", "")
    check_answer(telling, ISSUER, "")
    for configuration, iss in ((plain, "https://evil.example"), (telling, "https://evil.example"), (telling, "")):
        with pytest.raises(Failure) as refused:
            check_answer(configuration, iss, "")
        assert refused.value.metadata["cause"] == "iss"
    for error, found in (("access_denied", "access_denied"), ("<script>", "error")):
        with pytest.raises(Failure) as refused:
            check_answer(plain, "", error)
        assert refused.value.metadata["cause"] == found, "what a browser brings is not repeated"


def test_a_discovery_document_is_its_issuers() -> None:
    document = {
        "issuer": ISSUER,
        "authorization_endpoint": f"{ISSUER}/a",
        "token_endpoint": "https://tokens.example/t",
        "jwks_uri": f"{ISSUER}/k",
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
    }

    def allows(url: str) -> bool:
        return url.startswith("https://")

    read = read_configuration(ISSUER, document, allows)
    assert (read.token_endpoint, read.basic, read.names_itself) == ("https://tokens.example/t", False, False)
    for name, value in (
        ("issuer", f"{ISSUER}/"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("token_endpoint", "http://tokens.example/t"),
        ("jwks_uri", None),
        ("userinfo_endpoint", "file:///etc/passwd"),
    ):
        with pytest.raises(Failure) as refused:
            read_configuration(ISSUER, {**document, name: value}, allows)
        assert refused.value.metadata["cause"] == f"discovery: {name}"
    assert read_keys({"keys": [1, {"kid": "x"}]}) == [{"kid": "x"}]
    kept = {"kid": "x", "n": "n" * 4000}
    assert read_keys({"keys": [{**kept, "e": "e" * 4001, "x5c": ["x"], "kty": [[]], "d": "d"}]}) == [kept]
    assert read_keys({"keys": "x"}) == read_keys({}) == []
    assert len(read_keys({"keys": [{}] * 99})) == 50


def test_a_person_is_read_from_one_place() -> None:
    claims = {"sub": "ada", "email": " Ada@Example.com ", "email_verified": True, "amr": ["pwd", "mfa"], "auth_time": 7}
    person = read_person(claims)
    assert (person.email, person.email_verified, person.several_proofs) == ("ada@example.com", True, True)
    assert person.auth_time == 7
    assert read_person({"sub": "ada", "email": "a@b.example", "email_verified": "true"}).email_verified
    told = {"sub": "ada", "email": "x@y.example", "email_verified": True, "name": "Ada"}
    assert read_person({"sub": "ada"}, told).email == "x@y.example"
    half = read_person({"sub": "ada", "email": "mine@b.example"}, told)
    assert (half.email, half.email_verified, half.name) == ("mine@b.example", False, "Ada")
    odd = read_person({"sub": "a", "email": ["x"], "name": "a\nb", "amr": "mfa", "auth_time": "now"})
    assert odd == Person("a")
    assert read_person({"sub": "ada", "auth_time": float("inf")}).auth_time == 0
    with pytest.raises(Failure) as refused:
        read_person({"sub": "ada"}, {**told, "sub": "eve"})
    assert refused.value.metadata["cause"] == "userinfo"


@pytest.mark.parametrize(
    "address",
    ["a@x.example, b@y.example", "a@b@c.example", "\u212aim@acme.example", "\u00e4@acme.example", "<a@b.example>", "a"],
)
def test_an_address_is_one_that_the_contract_takes(address: str) -> None:
    assert not read_person({"sub": "ada", "email": address, "email_verified": True}).email


ADA = Person("ada", "ada@acme.example", email_verified=True)
UNCONFIRMED = Person("ada", "ada@acme.example")
ACME = frozenset({"acme.example"})


@pytest.mark.parametrize(
    ("rules", "person", "known", "fate"),
    [
        (Rules(), ADA, True, PROVE),
        (Rules(domains=ACME), ADA, True, PROVE),
        (Rules(domains=ACME, links_by_email=True), ADA, True, LINK),
        (Rules(domains=ACME, vouches_for_emails=True), UNCONFIRMED, True, PROVE),
        (Rules(domains=ACME, vouches_for_emails=True, links_by_email=True), UNCONFIRMED, True, LINK),
        (Rules(creates_users=True), ADA, False, CREATE),
        (Rules(creates_users=True), ADA, True, PROVE),
        (Rules(), ADA, False, "unknown"),
        (Rules(creates_users=True), UNCONFIRMED, False, "email"),
        (Rules(links_by_email=True, domains=ACME), UNCONFIRMED, True, "email"),
        (Rules(vouches_for_emails=True), UNCONFIRMED, True, "email"),
        (Rules(creates_users=True), Person("ada", "", email_verified=True), False, "email"),
        (Rules(creates_users=True, domains=frozenset({"sub.acme.example"})), ADA, False, "domain"),
        (Rules(creates_users=True, links_by_email=True, domains=ACME), ADA, None, "user"),
    ],
)
def test_what_becomes_of_who_comes_for_the_first_time(rules: Rules, person: Person, known: object, fate: str) -> None:
    assert known in (True, False, None)
    if fate in (PROVE, LINK, CREATE):
        assert decide_arrival(rules, person, known=known) == fate
        return
    with pytest.raises(Failure) as refused:
        decide_arrival(rules, person, known=known)
    assert (refused.value.reason, refused.value.metadata["cause"]) == ("UPSTREAM_PERSON_REFUSED", fate)


def test_nobody_is_created_whom_the_tenant_would_not_invite() -> None:
    creates = Rules(creates_users=True)
    assert decide_arrival(creates, ADA, known=False, invited=["acme.example"]) == CREATE
    with pytest.raises(Failure):
        decide_arrival(creates, ADA, known=False, invited=["other.example"])
