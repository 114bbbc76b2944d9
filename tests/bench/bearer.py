"""The token check of the baselines: the product's rules for a signature and its claims, by the same library."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from jwt.utils import base64url_decode

if TYPE_CHECKING:
    from pathlib import Path

Refused = jwt.PyJWTError


class Bearer:
    """Checks tokens with the key that the mesh has left in `home`."""

    def __init__(self, home: Path) -> None:
        facts = json.loads((home / "token.json").read_text())
        self._key = Ed25519PublicKey.from_public_bytes(base64url_decode(facts["x"]))
        self._issuer = facts["issuer"]

    def claims(self, token: str) -> dict[str, Any]:
        """The claims of a valid token. Raises: Refused."""
        return jwt.decode(
            token,
            self._key,
            algorithms=["EdDSA"],
            audience="rapport",
            issuer=self._issuer,
            options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )
