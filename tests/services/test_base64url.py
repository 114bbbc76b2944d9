"""Base64 of URLs: any bytes come back, and no two texts stand for the same ones."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.contract import base64url

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(st.binary(max_size=80))
def test_any_bytes_come_back(data: bytes) -> None:
    assert base64url.decode(base64url.encode(data)) == data


@given(st.binary(min_size=1, max_size=80), st.sampled_from(ALPHABET))
def test_no_second_text_stands_for_the_same_bytes(data: bytes, last: str) -> None:
    text = base64url.encode(data)
    changed = text[:-1] + last
    if changed != text and base64.urlsafe_b64decode(changed + "=" * (-len(changed) % 4)) == data:
        with pytest.raises(ValueError, match="one form"):
            base64url.decode(changed)


@pytest.mark.parametrize("text", ["=", "QR", "QQ==", "Q", "Q Q", "Q+", "Q/", "é", "QQ\n"])
def test_padding_other_alphabets_and_halves_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        base64url.decode(text)
