"""Ids: unique, sorted by time also under a clock that stands still or goes back, and of one form."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from mesh.runtime.ids import ALPHABET, Ids, encode


class Times:
    """A clock that tells the given times in turn, and then the last one for ever."""

    def __init__(self, *times: int) -> None:
        self._times = list(times)

    def now_us(self) -> int:
        return self._times.pop(0) if len(self._times) > 1 else self._times[0]


@given(st.lists(st.integers(0, 2**48 * 1000 - 1), min_size=1, max_size=50))
def test_ids_sort_as_they_were_made_whatever_the_clock_does(times: list[int]) -> None:
    ids = Ids(Times(*times))
    made = [ids.new("con") for _ in range(len(times) + 20)]
    assert made == sorted(set(made))


@given(st.integers(0, 2**128 - 1), st.integers(0, 2**128 - 1))
def test_the_order_of_texts_is_the_order_of_numbers(one: int, other: int) -> None:
    assert (encode(one) < encode(other)) == (one < other)
    digits = 0
    for character in encode(one):
        digits = digits * 32 + ALPHABET.index(character)
    assert digits == one


def test_ids_of_several_threads_are_unique() -> None:
    ids = Ids(Times(1_700_000_000_000_000))
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: ids.new("con"), range(4000)))
    assert len(set(made)) == len(made)
    assert all(re.fullmatch(r"con_[0-9A-HJKMNP-TV-Z]{26}", one) for one in made)


def test_an_id_begins_with_its_time() -> None:
    milliseconds = 1_700_000_000_123
    made = Ids(Times(milliseconds * 1000)).new("con")
    value = 0
    for character in made.removeprefix("con_"):
        value = value * 32 + ALPHABET.index(character)
    assert value >> 80 == milliseconds


def test_a_trace_is_a_traceparent() -> None:
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", Ids(Times(1)).new_trace())
