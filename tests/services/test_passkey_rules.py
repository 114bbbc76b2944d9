"""What is believed of what browsers answer, against a device written from the specification."""

from __future__ import annotations

import base64
import json
from typing import Any

import cbor2
import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from hypothesis import given
from hypothesis import strategies as st
from rapport.users.v1 import passkey_service_pb2

from mesh.contract import base64url
from mesh.contract.failure import Failure
from mesh.testing.authenticator import Authenticator
from services.users.domain.passkeys import (
    RelyingParty,
    challenge_in,
    check_made,
    check_proven,
    creation_options,
    handle_of,
    is_cloned,
    read_handle,
    request_options,
)

ORIGIN = "https://crm.example.com"
PARTY = RelyingParty("example.com", "Rapport", ("https://api.example.com", ORIGIN))
CHALLENGE = base64url.encode(b"a challenge of the relying party")
TENANT, USER = f"ten_{'0' * 26}", f"usr_{'Z' * 26}"
IDS = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26)


def plain(options: Any) -> dict[str, Any]:
    told: dict[str, Any] = MessageToDict(options, always_print_fields_with_no_presence=True)
    return told


def asked() -> dict[str, Any]:
    user = passkey_service_pb2.CredentialUser(id=handle_of(TENANT, USER), name="ada@example.com", display_name="Ada")
    return plain(creation_options(PARTY, CHALLENGE, user, []))


def sent(answer: dict[str, Any]) -> Any:
    return ParseDict(answer, passkey_service_pb2.RegistrationCredential(), ignore_unknown_fields=True)


def proof(answer: dict[str, Any]) -> Any:
    return ParseDict(answer, passkey_service_pb2.AuthenticationCredential(), ignore_unknown_fields=True)


def changed(text: str, at: int) -> str:
    """Base64url of the same length, of bytes that differ in one bit."""
    data = bytearray(base64url.decode(text))
    data[at % len(data)] ^= 1
    return base64url.encode(bytes(data))


@pytest.mark.parametrize("verifies", [True, False])
@pytest.mark.parametrize("counts", [True, False])
def test_what_a_device_makes_and_proves_is_believed_as_it_says(*, verifies: bool, counts: bool) -> None:
    device = Authenticator(ORIGIN, verifies=verifies, counts=counts)
    answer = sent(device.create(asked()))
    assert challenge_in(answer.response.client_data_json) == CHALLENGE
    made = check_made(PARTY, CHALLENGE, answer)
    assert (made.credential_id, made.verified, made.sign_count) == (answer.id, verifies, 0)
    answered = proof(device.get(plain(request_options(PARTY, CHALLENGE))))
    proven = check_proven(PARTY, CHALLENGE, answered, made.public_key)
    assert (proven.verified, proven.sign_count) == (verifies, int(counts))
    assert read_handle(answered.response.user_handle) == (TENANT, USER)


@given(part=st.sampled_from(["clientDataJSON", "authenticatorData", "signature"]), at=st.integers(0, 10_000))
def test_a_proof_of_which_one_bit_differs_is_refused(part: str, at: int) -> None:
    device = Authenticator(ORIGIN)
    made = check_made(PARTY, CHALLENGE, sent(device.create(asked())))
    answer = device.get(plain(request_options(PARTY, CHALLENGE)))
    answer["response"][part] = changed(answer["response"][part], at)
    with pytest.raises(Failure, match="PASSKEY_WRONG"):
        check_proven(PARTY, CHALLENGE, proof(answer), made.public_key)


@given(st.binary(max_size=300), st.sampled_from(["clientDataJSON", "attestationObject"]))
def test_whatever_stands_there_instead_is_refused(data: bytes, part: str) -> None:
    answer = Authenticator(ORIGIN).create(asked())
    answer["response"][part] = base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    with pytest.raises(Failure, match="PASSKEY_WRONG"):
        check_made(PARTY, CHALLENGE, sent(answer))


@given(
    st.recursive(
        st.none() | st.integers(-5, 5) | st.binary(max_size=80) | st.text(max_size=5),
        lambda inner: st.dictionaries(st.sampled_from(["fmt", "authData", "attStmt", "sig", "alg"]), inner, max_size=4),
        max_leaves=6,
    )
)
def test_an_attestation_that_is_cbor_and_none_is_refused(value: Any) -> None:
    answer = Authenticator(ORIGIN).create(asked())
    answer["response"]["attestationObject"] = base64url.encode(cbor2.dumps(value))
    with pytest.raises(Failure, match="PASSKEY_WRONG"):
        check_made(PARTY, CHALLENGE, sent(answer))


@pytest.mark.parametrize(
    "told",
    [
        {"type": "webauthn.get"},
        {"origin": "https://example.com.evil.example"},
        {"origin": "http://crm.example.com"},
        {"challenge": base64url.encode(b"another one")},
        {"challenge": 7},
        {"origin": None},
    ],
)
def test_what_a_browser_vouches_for_must_be_what_was_asked(told: dict[str, Any]) -> None:
    answer = Authenticator(ORIGIN).create(asked())
    said = json.loads(base64url.decode(answer["response"]["clientDataJSON"]))
    answer["response"]["clientDataJSON"] = base64url.encode(json.dumps({**said, **told}).encode())
    with pytest.raises(Failure, match="PASSKEY_WRONG"):
        check_made(PARTY, CHALLENGE, sent(answer))


def test_a_page_within_another_ones_is_refused() -> None:
    framed = Authenticator(ORIGIN, framed=True).create(asked())
    with pytest.raises(Failure, match="PASSKEY_WRONG"):
        challenge_in(framed["response"]["clientDataJSON"])


@given(IDS, IDS)
def test_a_handle_tells_whose_it_is_and_is_short_enough(tenant: str, user: str) -> None:
    handle = handle_of(f"ten_{tenant}", f"usr_{user}")
    assert read_handle(handle) == (f"ten_{tenant}", f"usr_{user}")
    assert len(base64url.decode(handle)) <= 64


@given(st.text(max_size=80) | st.binary(max_size=80).map(base64url.encode))
def test_no_other_text_is_a_handle(text: str) -> None:
    assert read_handle(text) == ("", "")


@pytest.mark.parametrize(
    ("kept", "signed", "cloned"),
    [(0, 0, False), (0, 1, False), (5, 6, False), (5, 500, False), (5, 5, True), (5, 4, True), (5, 0, True)],
)
def test_a_device_that_signed_no_more_often_than_before_is_a_copy(kept: int, signed: int, *, cloned: bool) -> None:
    assert is_cloned(kept, signed) is cloned
