"""The rules of passkeys (WebAuthn, level 3): what a browser is asked for, and what is believed of what it answers.

A challenge is text of ours that the device signs; what it is worth is for its maker to check.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapport.users.v1 import passkey_service_pb2
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import parse_client_data_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    RegistrationCredential,
)

from mesh.contract import base64url
from mesh.contract.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

CHALLENGE_US = 300 * 1_000_000
"""How long a user has for a ceremony."""
MOST_PASSKEYS = 20
"""Of one user at a time."""
_TIMEOUT_MS = CHALLENGE_US // 1000
_PUBLIC_KEY = "public-key"
_VERIFY_IF_POSSIBLE = "preferred"
# EdDSA, ES256, RS256: between them, every device there is.
_ALGORITHMS = (
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
)
_ID = 26
_HANDLE = re.compile(f"([0-9A-HJKMNP-TV-Z]{{{_ID}}})([0-9A-HJKMNP-TV-Z]{{{_ID}}})")


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Who asks for credentials: the domain they are of, a name for people, and the pages that may ask, by origin."""

    id: str
    name: str
    origins: Sequence[str]


@dataclass(frozen=True, slots=True)
class Known:
    """A credential that a user has: its id as the browser writes it, and how its device is reached."""

    credential_id: str
    transports: Sequence[str]


@dataclass(frozen=True, slots=True)
class Made:
    """A new credential: its id, its public key (COSE), how often it has signed, and what its device tells of itself."""

    credential_id: str
    public_key: bytes
    sign_count: int
    verified: bool
    backed_up: bool
    model: str


@dataclass(frozen=True, slots=True)
class Proven:
    """A credential that proved itself: how often it has signed, and whether the device verified its user."""

    sign_count: int
    verified: bool
    backed_up: bool


def handle_of(tenant: str, user: str) -> str:
    """What a device is given as the user's id and tells again at a log-in: which tenant's user it is, by ids alone."""
    return base64url.encode((tenant.partition("_")[2] + user.partition("_")[2]).encode())


def read_handle(handle: str) -> tuple[str, str]:
    """The tenant and the user that a handle names; two empty texts where it is none of ours."""
    try:
        match = _HANDLE.fullmatch(base64url.decode(handle).decode("ascii"))
    except ValueError:
        match = None
    return (f"ten_{match[1]}", f"usr_{match[2]}") if match else ("", "")


def creation_options(
    party: RelyingParty, challenge: str, user: passkey_service_pb2.CredentialUser, known: Iterable[Known]
) -> passkey_service_pb2.CredentialCreationOptions:
    """What a browser makes a credential by. `known`: those that the user has, which no device makes again."""
    return passkey_service_pb2.CredentialCreationOptions(
        rp=passkey_service_pb2.CredentialRelyingParty(id=party.id, name=party.name),
        user=user,
        challenge=challenge,
        pub_key_cred_params=[
            passkey_service_pb2.CredentialParameters(type=_PUBLIC_KEY, alg=algorithm) for algorithm in _ALGORITHMS
        ],
        timeout=_TIMEOUT_MS,
        exclude_credentials=_descriptors(known),
        authenticator_selection=passkey_service_pb2.AuthenticatorSelection(
            resident_key="required", require_resident_key=True, user_verification=_VERIFY_IF_POSSIBLE
        ),
        attestation="none",
    )


def request_options(
    party: RelyingParty, challenge: str, known: Iterable[Known] = ()
) -> passkey_service_pb2.CredentialRequestOptions:
    """What a browser proves a credential by. `known`: those that will do; none: any."""
    return passkey_service_pb2.CredentialRequestOptions(
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        rp_id=party.id,
        allow_credentials=_descriptors(known),
        user_verification=_VERIFY_IF_POSSIBLE,
    )


def _descriptors(known: Iterable[Known]) -> list[passkey_service_pb2.CredentialDescriptor]:
    return [
        passkey_service_pb2.CredentialDescriptor(id=each.credential_id, type=_PUBLIC_KEY, transports=each.transports)
        for each in known
    ]


def challenge_in(client_data: str) -> str:
    """The challenge that a browser says it was given.

    Raises:
        Failure: PASSKEY_WRONG for what no browser sends, and for a page within another one's.
    """
    with _believing():
        told = parse_client_data_json(base64url.decode(client_data))
        if told.cross_origin:
            raise Failure("PASSKEY_WRONG")
        return base64url.encode(told.challenge)


def check_made(party: RelyingParty, challenge: str, sent: passkey_service_pb2.RegistrationCredential) -> Made:
    """The credential that a browser made for a challenge.

    Raises:
        Failure: PASSKEY_WRONG.
    """
    with _believing():
        response = AuthenticatorAttestationResponse(
            client_data_json=base64url.decode(sent.response.client_data_json),
            attestation_object=base64url.decode(sent.response.attestation_object),
        )
        made = verify_registration_response(
            credential=RegistrationCredential(id=sent.id, raw_id=base64url.decode(sent.raw_id), response=response),
            expected_challenge=base64url.decode(challenge),
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            supported_pub_key_algs=list(_ALGORITHMS),
        )
    if base64url.encode(made.credential_id) != sent.id:
        raise Failure("PASSKEY_WRONG")
    return Made(
        sent.id,
        made.credential_public_key,
        made.sign_count,
        made.user_verified,
        made.credential_backed_up,
        made.aaguid,
    )


def check_proven(
    party: RelyingParty, challenge: str, sent: passkey_service_pb2.AuthenticationCredential, public_key: bytes
) -> Proven:
    """What a credential proved for a challenge; how often it may have signed is another question: see is_cloned().

    Raises:
        Failure: PASSKEY_WRONG.
    """
    with _believing():
        response = AuthenticatorAssertionResponse(
            client_data_json=base64url.decode(sent.response.client_data_json),
            authenticator_data=base64url.decode(sent.response.authenticator_data),
            signature=base64url.decode(sent.response.signature),
        )
        proven = verify_authentication_response(
            credential=AuthenticationCredential(id=sent.id, raw_id=base64url.decode(sent.raw_id), response=response),
            expected_challenge=base64url.decode(challenge),
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            credential_public_key=public_key,
            # Compared where the row is held, so that two at once are seen.
            credential_current_sign_count=0,
        )
    return Proven(proven.new_sign_count, proven.user_verified, proven.credential_backed_up)


@contextmanager
def _believing() -> Iterator[None]:
    """Whatever is wrong with what a browser sent, it is told the same."""
    try:
        yield
    except (WebAuthnException, ArithmeticError, LookupError, TypeError, ValueError):
        raise Failure("PASSKEY_WRONG") from None


def is_cloned(kept: int, sent: int) -> bool:
    """Whether a device has signed no more often than before, as a copy of it does; those that never count say 0."""
    return (kept > 0 or sent > 0) and sent <= kept


def check_count(count: int) -> None:
    """Whether a user with so many passkeys may have another one.

    Raises:
        Failure: TOO_MANY_PASSKEYS.
    """
    if count >= MOST_PASSKEYS:
        raise Failure("TOO_MANY_PASSKEYS")
