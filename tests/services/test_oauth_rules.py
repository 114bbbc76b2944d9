"""The token request of RFC 6749: what is read of it, and how the wrong one is refused."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.users.domain import oauth
from services.users.domain.oauth import FORM, OAuthError, narrowed, read_request

if TYPE_CHECKING:
    from collections.abc import Collection

GRANT = "grant_type=client_credentials"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


def basic(name: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{quote_plus(name)}:{quote_plus(secret)}".encode()).decode()


@given(TEXT, TEXT)
def test_credentials_are_read_alike_from_the_header_and_the_form(name: str, secret: str) -> None:
    form = urlencode({"grant_type": "client_credentials", "client_id": name, "client_secret": secret}).encode()
    by_form = read_request(FORM, form, "")
    by_header = read_request(f"{FORM}; charset=UTF-8", GRANT.encode(), basic(name, secret))
    for found in (by_form, by_header):
        assert (found.client.client_id, found.client.client_secret) == (name, secret)
        assert "client_secret" not in repr(found), "a secret stays out of logs"


@pytest.mark.parametrize(
    ("kind", "body", "header", "error"),
    [
        ("application/json", "{}", "", "invalid_request"),
        (FORM, "client_id=a&client_secret=b", "", "invalid_request"),
        (FORM, f"{GRANT}&{GRANT}&client_id=a&client_secret=b", "", "invalid_request"),
        (FORM, f"{GRANT}&client_id=a&client_id=a&client_secret=b", "", "invalid_request"),
        (FORM, f"{GRANT}&client_id=a&client_secret=%zz", "", "invalid_request"),
        (FORM, f"{GRANT}&client_id=a&client_secret=%ff", "", "invalid_request"),
        (FORM, f"{GRANT}&client_secret=b", basic("a", "b"), "invalid_request"),
        (FORM, f"{GRANT}&client_id=other", basic("a", "b"), "invalid_request"),
        (FORM, GRANT, "", "invalid_client"),
        (FORM, GRANT, "Basic !", "invalid_client"),
        (FORM, GRANT, "Digest x", "invalid_client"),
        (FORM, f"{GRANT}&client_id=a&client_secret=", "", "invalid_client"),
        (FORM, "grant_type=password&client_id=a&client_secret=b", "", "unsupported_grant_type"),
    ],
)
def test_a_wrong_request_is_refused_in_the_words_of_the_standard(kind: str, body: str, header: str, error: str) -> None:
    with pytest.raises(OAuthError) as refused:
        read_request(kind, body.encode(), header)
    assert refused.value.error == error
    assert refused.value.status == (401 if error == "invalid_client" else 400)


def test_unknown_parameters_are_ignored_as_the_standard_wants() -> None:
    assert read_request(FORM, f"{GRANT}&x=1&x=2&client_id=a&client_secret=b&&".encode(), "").client.client_id == "a"


def test_a_scope_is_a_part_of_what_is_held() -> None:
    held = ["contacts.read", "contacts.write"]
    assert narrowed("", held) == ""
    assert narrowed("contacts.read", held) == "contacts.read"
    assert narrowed("contacts.write contacts.read", held) == ""
    for wrong in ("users.write", "contacts.read  contacts.write", " contacts.read", '"', "contacts.read " * 300):
        with pytest.raises(OAuthError, match="invalid_scope"):
            narrowed(wrong, held)


def test_a_reader_that_takes_the_last_of_two_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def last(kind: str, body: bytes, known: Collection[str]) -> dict[str, str]:
        return dict(pair.split("=", 1) for pair in body.decode().split("&"))

    monkeypatch.setattr(oauth, "read_form", last)
    with pytest.raises(pytest.fail.Exception):
        test_a_wrong_request_is_refused_in_the_words_of_the_standard(
            FORM, f"{GRANT}&{GRANT}&client_id=a&client_secret=b", "", "invalid_request"
        )
