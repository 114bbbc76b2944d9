"""One-time and recovery codes, against the vectors of RFC 6238 and what a code may be used for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.users.domain.codes import STEP_SECONDS, accepted_step, code_at, plain, recovery_codes, uri_of

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("now", "code"),
    # RFC 6238, appendix B, for SHA-1; the last six of its eight digits.
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(now: int, code: str) -> None:
    assert code_at(SECRET, now // STEP_SECONDS) == code
    assert accepted_step(SECRET, code, now, 0) == now // STEP_SECONDS


@given(st.integers(1_000, 10**9), st.integers(-4, 4))
def test_a_code_is_good_for_a_step_before_and_after_and_once(step: int, off: int) -> None:
    now = step * STEP_SECONDS + 7
    code = code_at(SECRET, step + off)
    same = {code_at(SECRET, step + near) for near in (-1, 0, 1)}
    found = accepted_step(SECRET, code, now, 0)
    assert bool(found) == (code in same)
    if found:
        later = {code_at(SECRET, each) for each in range(found + 1, step + 2)}
        assert bool(accepted_step(SECRET, code, now, found)) == (code in later)


def test_recovery_codes_are_ten_different_ones_and_forgive_how_they_are_typed() -> None:
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    made = recovery_codes("".join(alphabet[(7 * n * n + n) % 32] for n in range(104)))
    assert len(set(made)) == len(made) == 10
    assert all(len(plain(code)) == 10 for code in made)
    assert plain(f" {made[0].lower().replace('-', ' ')} ") == plain(made[0])


def test_a_device_is_told_account_and_issuer() -> None:
    uri = uri_of(SECRET, "ada@example.com", "Acme")
    assert uri.startswith("otpauth://totp/Acme:ada%40example.com?")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in uri
