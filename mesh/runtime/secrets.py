"""Keys for one purpose each, derived from the mesh's one root secret (HKDF, RFC 5869)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from mesh.runtime.settings import Settings

_NONCE = 12


class SealError(ValueError):
    """A sealed value was changed, or sealed for another purpose or with another root secret."""


class Secrets:
    """Derives keys and seals values for storage. A key for one purpose opens nothing made for another."""

    def __init__(self, root: bytes) -> None:
        if len(root) < 32:  # the size of the root secret in bytes
            msg = "MESH_SECRET must be at least 32 bytes, as hex"
            raise ValueError(msg)
        self._root = root

    @classmethod
    def from_settings(cls, settings: Settings) -> Secrets:
        """The secrets of this mesh."""
        return cls(bytes.fromhex(settings.secret))

    def key(self, purpose: str) -> bytes:
        """A key of 32 bytes for this purpose."""
        return HKDF(hashes.SHA256(), 32, salt=None, info=purpose.encode()).derive(self._root)

    def seal(self, purpose: str, plain: bytes) -> bytes:
        """AES-256-GCM with a random nonce in front; the purpose is authenticated with it."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self.key(purpose)).encrypt(nonce, plain, purpose.encode())

    def open(self, purpose: str, sealed: bytes) -> bytes:
        """The value that was sealed for this purpose.

        Raises:
            SealError: the value is not what was sealed.
        """
        try:
            return AESGCM(self.key(purpose)).decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())
        except InvalidTag:
            msg = "the sealed value cannot be opened"
            raise SealError(msg) from None
