"""Page tokens cannot be made or changed by others; sizes are bounded; etags are versions."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.contract.etags import check_etag, etag
from mesh.contract.failure import Failure
from mesh.contract.pages import PageTokens, page_size

KEY = bytes(range(32))
BINDING = ("ten_1", "usr_1", "/list", 'a = "b"', "name", "False")
bindings = st.lists(st.text(max_size=8), max_size=6)
positions = st.lists(st.text(max_size=8) | st.integers(-(2**63), 2**63 - 1), max_size=4)


def tokens_of(key: bytes) -> PageTokens:
    return PageTokens(lambda: [key], lambda: key)


def refused(tokens: PageTokens, binding: tuple[str, ...], token: str, length: int) -> None:
    with pytest.raises(Failure) as caught:
        tokens.read(binding, token, length)
    assert caught.value.reason == "PAGE_TOKEN_INVALID"
    assert set(caught.value.fields) == {"page_token"}


@given(bindings, positions)
def test_a_token_gives_back_the_position_it_was_made_of(binding: list[str], position: list[str | int]) -> None:
    token = tokens_of(KEY).make(binding, position)
    assert tokens_of(KEY).read(binding, token, len(position)) == position
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(positions, st.data())
def test_a_token_with_one_bit_changed_is_refused(position: list[str | int], data: st.DataObject) -> None:
    tokens = tokens_of(KEY)
    token = tokens.make(BINDING, position)
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    refused(tokens, BINDING, base64.urlsafe_b64encode(raw).rstrip(b"=").decode(), len(position))


@given(bindings, bindings, positions)
def test_a_token_of_another_request_is_refused(one: list[str], other: list[str], position: list[str | int]) -> None:
    tokens = tokens_of(KEY)
    if one != other:
        refused(tokens, tuple(other), tokens.make(one, position), len(position))


def test_fields_of_a_binding_do_not_run_into_each_other() -> None:
    tokens = tokens_of(KEY)
    refused(tokens, ("a", "bc"), tokens.make(("ab", "c"), ["x"]), 1)


def test_a_token_of_another_mesh_is_refused() -> None:
    refused(tokens_of(KEY), BINDING, tokens_of(bytes(32)).make(BINDING, ["x"]), 1)


@given(st.text(max_size=60))
def test_any_other_text_is_refused(text: str) -> None:
    refused(tokens_of(KEY), BINDING, text, 1)


def test_a_token_of_another_length_is_refused() -> None:
    tokens = tokens_of(KEY)
    refused(tokens, BINDING, tokens.make(BINDING, ["x"]), 2)


@pytest.mark.parametrize(
    ("asked", "given"), [(0, 50), (-1, 50), (1, 1), (199, 199), (200, 200), (201, 200), (2**31, 200)]
)
def test_a_page_size_is_bounded(asked: int, given: int) -> None:
    assert page_size(asked) == given


@given(st.integers(1, 2**63 - 1), st.integers(1, 2**63 - 1))
def test_only_the_current_etag_passes(version: int, other: int) -> None:
    check_etag("", version)
    check_etag(etag(version), version)
    assert etag(version).startswith('"')
    if version != other:
        with pytest.raises(Failure, match="ETAG_MISMATCH"):
            check_etag(etag(other), version)
    with pytest.raises(Failure, match="ETAG_MISMATCH"):
        check_etag(etag(version).strip('"'), version)
