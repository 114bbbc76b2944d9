"""The rules of sessions and of guessing, against known answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapport.users.v1 import resources_pb2

from services.users.domain import guesses
from services.users.domain.guesses import Guesses
from services.users.domain.sessions import (
    GRACE_US,
    Family,
    Span,
    Turn,
    level_of,
    next_end,
    outlasted,
    proof,
    proven,
    take_turn,
)

NOW = 1_800_000_000_000_000
SECOND = 1_000_000
DAY = 24 * 3600 * SECOND
SPAN = Span(14 * DAY, 90 * DAY)


def family(former: int = 0, rotated: int = 0, *, present: int = NOW + 5, ended: bool = False) -> Family:
    return Family(ended, present, former, rotated)


@pytest.mark.parametrize(
    ("known", "sent", "turn"),
    [
        (family(), NOW + 5, Turn.ROTATE),
        (family(NOW + 3, NOW), NOW + 3, Turn.REPEAT),
        (family(NOW + 3, NOW - GRACE_US), NOW + 3, Turn.REPEAT),
        (family(NOW + 3, NOW - GRACE_US - 1), NOW + 3, Turn.REUSED),
        (family(NOW + 3, NOW), NOW + 2, Turn.REUSED),
        (family(NOW + 3, NOW), NOW + 9, Turn.REUSED),
        (family(NOW + 3, NOW, ended=True), NOW + 5, Turn.OVER),
        (family(NOW + 3, NOW, ended=True), NOW + 3, Turn.OVER),
    ],
)
def test_what_a_refresh_token_is_worth(known: Family, sent: int, turn: Turn) -> None:
    assert take_turn(known, sent, NOW) is turn


def test_no_refresh_token_is_worth_anything_after_the_end_of_its_session() -> None:
    over = family(NOW - 1, NOW - 1, present=NOW)
    assert [take_turn(over, sent, NOW) for sent in (NOW, NOW - 1)] == [Turn.OVER, Turn.OVER]


@given(st.lists(st.integers(0, SPAN.idle_us - 1), max_size=60))
def test_a_session_lasts_as_long_as_it_is_used_and_no_longer_than_its_life(pauses: list[int]) -> None:
    """Every end is another than those before, which tells the tokens apart; the life is passed by microseconds only."""
    now, ends = NOW, [NOW + SPAN.idle_us]
    for pause in pauses:
        now += pause
        if ends[-1] <= now:
            break
        ends.append(next_end(SPAN, NOW, ends[-1], now))
    assert ends == sorted(set(ends))
    assert ends[-1] <= NOW + SPAN.life_us + len(ends)
    assert all(end > NOW for end in ends)


@given(
    spans=st.lists(st.tuples(st.integers(1, 30 * DAY), st.integers(1, 60 * DAY)), min_size=1, max_size=20),
    pauses=st.lists(st.integers(0, 20 * DAY), min_size=20, max_size=20),
)
def test_spans_that_change_count_at_once_and_leave_no_two_tokens_alike(
    spans: list[tuple[int, int]], pauses: list[int]
) -> None:
    seen = NOW
    ends = [NOW + spans[0][0]]
    for (idle, more), pause in zip(spans, pauses, strict=False):
        span, now = Span(idle, idle + more), seen + pause
        over = outlasted(span, NOW, seen, now)
        assert over == (pause >= idle or now - NOW >= idle + more)
        if over:
            break
        ends.append(next_end(span, NOW, ends[-1], now))
        seen = now
    assert ends == sorted(set(ends))


def test_two_proofs_of_one_kind_are_no_more_than_one() -> None:
    password = resources_pb2.Factor(kind=resources_pb2.Factor.KIND_PASSWORD)
    assert [level_of([]), level_of([password]), level_of([password, password])] == [0, 1, 1]


def test_a_device_that_verified_its_user_is_two_proofs_and_one_that_did_not_is_one() -> None:
    passkey, password = resources_pb2.Factor.KIND_PASSKEY, resources_pb2.Factor.KIND_PASSWORD
    plain, verified = (proof(passkey, NOW, user_verified=each) for each in (False, True))
    assert [level_of([plain]), level_of([verified])] == [1, 2]
    assert [level_of([plain, plain]), level_of([plain, proof(password, NOW)])] == [1, 2]


def test_a_providers_word_and_a_password_are_one_first_factor() -> None:
    kind = resources_pb2.Factor
    word, password = proof(kind.KIND_UPSTREAM, NOW), proof(kind.KIND_PASSWORD, NOW)
    several = proof(kind.KIND_UPSTREAM, NOW, user_verified=True)
    assert [level_of([password, word]), level_of([word, password])] == [1, 1]
    assert [level_of([several, password]), level_of([word, proof(kind.KIND_TOTP, NOW)])] == [2, 2]


def test_a_proof_given_again_stands_in_the_place_of_the_one_before() -> None:
    kind = resources_pb2.Factor
    before = [proof(kind.KIND_PASSWORD, NOW), proof(kind.KIND_PASSKEY, NOW, user_verified=True)]
    again = proven(before, [proof(kind.KIND_PASSKEY, NOW + 1)])
    told = [(each.kind, each.user_verified) for each in again]
    assert told == [(kind.KIND_PASSWORD, False), (kind.KIND_PASSKEY, False)]


def test_an_account_waits_twice_as_long_each_time_and_never_for_good() -> None:
    waits = [guesses.wait_us(count) // SECOND for count in range(1, 21)]
    assert waits[:9] == [0, 0, 0, 0, 1, 2, 4, 8, 16]
    assert waits[-1] == 15 * 60
    assert guesses.wait_us(10**9) == guesses.LONGEST_US


@given(st.lists(st.integers(0, 3 * 24 * 3600 * SECOND), max_size=40))
def test_wrong_ones_are_forgotten_a_day_after_the_last_one(pauses: list[int]) -> None:
    known, now, expected = Guesses(), NOW, 0
    for pause in pauses:
        now += pause
        expected = expected + 1 if pause < guesses.FORGOTTEN_US and known.count else 1
        known = guesses.one_more(known, now, guesses.wait_us)
        assert known.count == expected
        assert now <= known.until_us <= now + guesses.LONGEST_US
        assert guesses.waits(known, now) == (expected >= guesses.FREE)


def test_an_address_may_try_so_many_in_a_window_and_then_waits_for_the_next() -> None:
    known = Guesses()
    for _ in range(guesses.MOST_OF_ADDRESS):
        assert not guesses.waits(known, NOW)
        known = guesses.from_address(known, NOW)
    assert guesses.waits(known, NOW + guesses.WINDOW_US - 1)
    later = NOW + guesses.WINDOW_US
    assert not guesses.waits(known, later)
    assert guesses.from_address(known, later).count == 1
