"""Pages of a list (AIP-158): sizes, and tokens that are opaque and bound to the caller, the filter and the order."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING

from mesh.contract import base64url
from mesh.contract.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DEFAULT_SIZE = 50
MAX_SIZE = 200
_DIGEST = 16


def page_size(asked: int) -> int:
    """How many resources a page holds: 50 where nothing is asked, never more than 200."""
    return min(asked, MAX_SIZE) if asked > 0 else DEFAULT_SIZE


class PageTokens:
    """Makes and checks page tokens. Keys are the mesh's, so that any instance continues what another began.

    keys: those that are accepted now. key: the one that new tokens are made with.
    """

    def __init__(self, keys: Callable[[], Sequence[bytes]], key: Callable[[], bytes]) -> None:
        self._keys, self._key = keys, key

    def make(self, binding: Sequence[str], position: Sequence[str | int]) -> str:
        """A token for the page after `position`, the sort key of the last resource given out."""
        body = json.dumps(list(position), separators=(",", ":")).encode()
        return base64url.encode(_digest(self._key(), binding, body) + body)

    def read(self, binding: Sequence[str], token: str, length: int) -> list[str | int]:
        """The position in a token.

        Raises:
            Failure: PAGE_TOKEN_INVALID, where the token is not one of ours or of another request.
        """
        try:
            raw = base64url.decode(token)
        except ValueError:
            raise Failure("PAGE_TOKEN_INVALID", fields={"page_token": "is not a token of this list"}) from None
        digest, body = raw[:_DIGEST], raw[_DIGEST:]
        if not any(hmac.compare_digest(digest, _digest(key, binding, body)) for key in self._keys()):
            raise Failure("PAGE_TOKEN_INVALID", fields={"page_token": "belongs to another caller, filter or order"})
        position: list[str | int] = json.loads(body)
        if len(position) != length:
            raise Failure("PAGE_TOKEN_INVALID", fields={"page_token": "belongs to another order"})
        return position


def _digest(key: bytes, binding: Sequence[str], body: bytes) -> bytes:
    bound = json.dumps(list(binding), separators=(",", ":")).encode()
    return hmac.digest(key, bound + b"\n" + body, hashlib.sha256)[:_DIGEST]
