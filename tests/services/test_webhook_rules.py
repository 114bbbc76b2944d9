"""Inbound webhooks by the Standard Webhooks specification: what is signed, and how it is read."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.contract.failure import Failure
from mesh.testing.webhooks import signed
from services.customers.domain import intake
from services.customers.domain.intake import Answered, check_signature, read_contact, read_headers, secret_of

KEY = bytes(range(32))
SECRET = secret_of(KEY)
NOW = 1_800_000_000


def check(headers: dict[str, str], body: bytes, now: int = NOW) -> None:
    check_signature(KEY, read_headers(headers), body, now * 1_000_000)


def refused(headers: dict[str, str], body: bytes, now: int = NOW) -> int:
    with pytest.raises(Answered) as caught:
        check(headers, body, now)
    return caught.value.status


def test_the_example_of_the_specification_has_its_signature() -> None:
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    headers = signed(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(max_size=200), st.text("abcdef_.-09", min_size=1, max_size=30))
def test_what_was_signed_passes_and_any_other_bytes_do_not(body: bytes, webhook_id: str) -> None:
    headers = signed(SECRET, webhook_id, NOW, body)
    check(headers, body)
    for other in (body + b" ", b" " + body, body[:-1] if body else b"x"):
        assert refused(headers, other) == 401
    assert refused({**headers, "webhook-id": webhook_id + "x"}, body) == 401
    assert refused({**headers, "webhook-timestamp": str(NOW + 1)}, body) == 401


def test_one_good_signature_among_several_is_enough() -> None:
    headers = signed(SECRET, "msg_1", NOW, b"{}")
    good = headers["webhook-signature"]
    for text in (f"v1,AAAA {good}", f"{good} v1a,xyz", f"v1,é v2,x  {good}"):
        check({**headers, "webhook-signature": text}, b"{}")
    for text in ("", "v1,", good.removeprefix("v1,"), good.replace("v1,", "v2,"), good[:-1], good.replace(",", ", ")):
        assert refused({**headers, "webhook-signature": text}, b"{}") == 401


def test_its_time_may_be_five_minutes_off() -> None:
    for off in (-300, 0, 300):
        check(signed(SECRET, "msg_1", NOW + off, b"{}"), b"{}")
    for off in (-301, 301):
        assert refused(signed(SECRET, "msg_1", NOW + off, b"{}"), b"{}") == 401


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp"])
@pytest.mark.parametrize("value", ["", "x y", "9" * 300, "\u0661"])
def test_a_header_that_is_missing_or_malformed_is_named(name: str, value: str) -> None:
    assert refused({**signed(SECRET, "msg_1", NOW, b"{}"), name: value}, b"{}") == 400


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"[]", b"1", b'"text"', b"null", b"\xff", b'{"familyName": 1}', b'{"unknown": 1}', b'{"emails": {}}',
     b'{"emails": [1]}', b'{"familyName": "\\ud800"}', b"[" * 5000,
     b'{"custom": ' * 300 + b"1" + b"}" * 300],
)  # fmt: skip
def test_a_body_that_is_no_contact_is_refused(body: bytes) -> None:
    with pytest.raises(Failure) as caught:
        read_contact(body)
    assert caught.value.reason == "INVALID_ARGUMENT"


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
LEAVES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT
NAMES = st.sampled_from(["familyName", "emails", "address", "custom", "birthDate", "year", "createTime", "x"])
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3))


@given(JSON)
def test_whatever_json_is_sent_is_a_contact_or_is_refused(content: object) -> None:
    with contextlib.suppress(Failure):
        read_contact(json.dumps(content).encode())


def test_a_signature_that_is_not_compared_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake.hmac, "compare_digest", lambda one, other: True)
    with pytest.raises(pytest.fail.Exception):
        refused(signed(SECRET, "msg_1", NOW, b"{}"), b"{ }")
