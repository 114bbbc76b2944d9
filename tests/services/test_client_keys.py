"""Which keys a client may have, and which of what is signed with them proves that it is the client."""

from __future__ import annotations

import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from services.users.domain.client_keys import LEEWAY_SECONDS, LONGEST_SECONDS, Unproven, check_assertion, client_of
from services.users.domain.client_keys import plain_keys as plain

# The name of before RFC 9864 is the one that clients know.
pytestmark = [pytest.mark.shows("openid.impostors"), pytest.mark.filterwarnings("ignore:EdDSA is deprecated")]
ME, HERE, NOW = "oc_1_2", "https://crm.example/oauth/token", 1_800_000_000
ED, EC, RSA = OKPKey.generate_key("Ed25519"), ECKey.generate_key("P-256"), RSAKey.generate_key(2048)
OTHER = OKPKey.generate_key("Ed25519")
CLAIMS = {"iss": ME, "sub": ME, "aud": HERE, "exp": NOW + 60, "iat": NOW, "jti": "one"}
NAMED = {"ed": (ED, "EdDSA"), "ec": (EC, "ES256"), "rsa": (RSA, "RS256")}


def public(key: Any, **more: str) -> dict[str, Any]:
    return {**key.as_dict(private=False), **more}


def jwks(*keys: dict[str, Any]) -> str:
    return json.dumps({"keys": keys})


ALL = plain(jwks(*(public(key, kid=kid) for kid, (key, _) in NAMED.items())))


def signed(kid: str = "ed", key: Any = None, algorithm: str = "", header: Any = None, **claims: Any) -> str:
    """An assertion that is right, but for what is said; a claim of None is left out."""
    said = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    own, its = NAMED[kid]
    head = {"alg": algorithm or its, "kid": kid, **(header or {})}
    return jwt.encode(head, said, key or own, algorithms=[head["alg"]])


def check(assertion: str, keys: str = ALL) -> tuple[str, int]:
    return check_assertion(assertion, keys, ME, {HERE, "https://crm.example"}, NOW)


@pytest.mark.parametrize("kid", NAMED)
def test_an_assertion_proves_by_any_kind_of_key(kid: str) -> None:
    assert check(signed(kid)) == ("one", NOW + 60 + LEEWAY_SECONDS)
    assert check(signed(kid, aud=["https://other.example", "https://crm.example"]))[0] == "one"
    assert client_of(signed(kid)) == ME


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "oc_1_3"},
        {"sub": "oc_1_3"},
        {"aud": "https://other.example"},
        {"aud": None},
        {"aud": [1]},
        {"exp": None},
        {"exp": NOW - LEEWAY_SECONDS},
        {"exp": NOW + LONGEST_SECONDS + LEEWAY_SECONDS + 1},
        {"exp": float("inf")},
        {"exp": True},
        {"iat": NOW + LEEWAY_SECONDS + 1},
        {"nbf": NOW + LEEWAY_SECONDS + 1},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 201},
        {"jti": 7},
    ],
)
def test_what_an_assertion_must_say(claims: dict[str, Any]) -> None:
    with pytest.raises(Unproven):
        check(signed(**claims))


def test_a_key_checks_by_its_own_algorithm_and_name_alone() -> None:
    secret = OctKey.import_key(json.dumps(public(ED, kid="ed")).encode())
    forged = [
        signed(key=OTHER),
        signed("rsa", algorithm="PS256"),
        signed("ed", key=secret, algorithm="HS256"),
        signed("ed", key=EC, algorithm="ES256"),
        signed("ed", header={"kid": "none"}),
        signed("ed").rpartition(".")[0] + ".",
        "no assertion",
        "a.b.c",
    ]
    for assertion in forged:
        with pytest.raises(Unproven):
            check(assertion)
    nameless = jwt.encode({"alg": "EdDSA"}, {**CLAIMS, "jti": "one"}, ED, algorithms=["EdDSA"])
    unnamed = {name: value for name, value in public(ED).items() if name != "kid"}
    assert check(nameless, plain(jwks(unnamed)))[0] == "one", "there is only one that it can be"
    with pytest.raises(Unproven):
        check(nameless)


# By name, as keys are made anew in each process.
UNUSABLE = {
    "no json": ("no json", "JSON"),
    "deep json": ("[" * 100_000, "JSON"),
    "no set": ("{}", "JWK set"),
    "none": (jwks(), "JWK set"),
    "too many": (jwks(*(public(ED, kid=str(number)) for number in range(11))), "JWK set"),
    "a text": (json.dumps({"keys": ["x"]}), "JWK set"),
    "a private key": (jwks(ED.as_dict(private=True)), "private"),
    "a shared secret": (jwks({"kty": "oct", "k": "c2VjcmV0"}), "private"),
    "two of one name": (jwks(public(ED, kid="a"), public(EC, kid="a")), "kid"),
    "one of two without a name": (jwks(public(ED, kid="a"), {**public(EC), "kid": ""}), "kid"),
    "another algorithm": (jwks(public(ED, alg="ES256")), "sign"),
    "for secrecy": (jwks(public(ED, use="enc")), "sign"),
    "another curve": (jwks(public(ECKey.generate_key("P-384"))), "sign"),
    "a key to agree by": (jwks(public(OKPKey.generate_key("X25519"))), "sign"),
    "too short": (jwks({"kty": "OKP", "crv": "Ed25519", "x": "AA"}), "read"),
    "half": (jwks({"kty": "OKP", "crv": "Ed25519"}), "read"),
    "numbers": (jwks({"kty": "EC", "crv": "P-256", "x": 1, "y": 2}), "read"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_keys_that_cannot_be_used_are_refused(case: str) -> None:
    keys, fault = UNUSABLE[case]
    with pytest.raises(Unproven, match=fault):
        plain(keys)


def test_a_key_that_is_too_short_is_refused() -> None:
    # Nobody makes one any more: that it is short is read from its number.
    short = {"kty": "RSA", "e": "AQAB", "n": public(RSA)["n"][:170]}
    with pytest.raises(Unproven):
        plain(jwks(short))


def test_what_stands_beside_a_key_is_not_kept() -> None:
    kept = json.loads(plain(jwks(public(ED, kid="ed", note="of Ann"))))
    assert kept == {"keys": [{"kty": "OKP", "kid": kept["keys"][0]["kid"], "crv": "Ed25519", "x": public(ED)["x"]}]}
