"""What an ID token and the userinfo endpoint say of a user (OpenID Connect Core 1.0, sections 2, 3.1.3.6 and 5)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from rapport.users.v1 import resources_pb2

from mesh.contract import base64url
from services.users.domain.oauth_clients import EMAIL, PROFILE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# RFC 8176, by kind of proof.
_AMR = {
    resources_pb2.Factor.KIND_PASSWORD: "pwd",
    resources_pb2.Factor.KIND_TOTP: "otp",
    resources_pb2.Factor.KIND_RECOVERY_CODE: "otp",
}


def methods_of(factors: Iterable[resources_pb2.Factor], level: int) -> list[str]:
    """How the user proved who they are."""
    found = dict.fromkeys(_AMR[factor.kind] for factor in factors if factor.kind in _AMR)
    return [*found, *(["mfa"] if level > 1 else [])]


def about(user: resources_pb2.User, scopes: Collection[str]) -> dict[str, Any]:
    """What a client with these scopes is told of a user.

    There is no `email_verified`: who signs up with an address has not shown that it is theirs.
    """
    told: dict[str, Any] = {}
    if PROFILE in scopes:
        if user.display_name or EMAIL in scopes:
            told["name"] = user.display_name or user.email
        told["updated_at"] = user.update_time.seconds
    if EMAIL in scopes:
        told["email"] = user.email
    return told


def as_client_sees(user: resources_pb2.User, scopes: Collection[str]) -> resources_pb2.User:
    """What the scopes of a client tell of its user, as a resource."""
    told = {"id", "display_name", "update_time", *(["email"] if EMAIL in scopes else [])}
    seen = resources_pb2.User()
    seen.MergeFrom(user)
    for field, _ in user.ListFields():
        if field.name not in told:
            seen.ClearField(field.name)
    return seen


def half_hash(token: str) -> str:
    """The `at_hash` of an access token beside an ID token that SHA-256 signs."""
    return base64url.encode(hashlib.sha256(token.encode()).digest()[:16])
