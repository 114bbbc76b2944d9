"""Base64 with the alphabet of URLs and without padding (RFC 4648, section 5), one text for each sequence of bytes.

The usual decoders take several texts for the same bytes: those that differ in the bits that the last character has
beyond the last byte. Of a token that would be a second spelling nobody gave out.
"""

from __future__ import annotations

import base64


def encode(data: bytes) -> str:
    """The text of some bytes."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of a text.

    Raises:
        ValueError: it is not what `encode` makes of any bytes.
    """
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if encode(data) != text:
        msg = "not base64url in its one form"
        raise ValueError(msg)
    return data
