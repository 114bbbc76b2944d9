"""The rules of guessing: how long an account waits after wrong passwords or codes, and how many an address may try.

How long it waits for passwords is the tenant's to say (`policy`); for codes, which are short, it is the same for all.

An account is never closed for good, which anybody could do to anybody. While it waits, nothing is counted, so that who
goes on trying makes it wait no longer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Wait = Callable[[int], int]
"""How long an account waits after so many wrong ones, in microseconds."""
FREE = 5
"""Wrong codes for a user without a wait."""
LONGEST_US = 15 * 60 * 1_000_000
WINDOW_US = 15 * 60 * 1_000_000
MOST_OF_ADDRESS = 200
"""Wrong passwords from an address within a window, whoever they are for."""
FORGOTTEN_US = 24 * 3600 * 1_000_000
_SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Guesses:
    """What is known of an account or an address: how many were wrong, the last one when, and until when it waits."""

    count: int = 0
    last_us: int = 0
    until_us: int = 0


def remembered(guesses: Guesses, now_us: int) -> Guesses:
    """What still counts: after a day without a wrong one, nothing."""
    return guesses if now_us - guesses.last_us < FORGOTTEN_US else Guesses()


def waits(guesses: Guesses, now_us: int) -> bool:
    """Whether nothing is tried now."""
    return now_us < guesses.until_us


def in_turn(guesses: Guesses, wait: Wait) -> bool:
    """Whether the account is so far that one guess at a time is tried, and its wait begins before the guess."""
    return wait(guesses.count) > 0


def wait_us(count: int) -> int:
    """How long a user waits after so many wrong codes: a second after the fifth, and each time twice as long."""
    return 0 if count < FREE else min(2 ** min(count - FREE, 20) * _SECOND_US, LONGEST_US)


def one_more(guesses: Guesses, now_us: int, wait: Wait) -> Guesses:
    """An account after another wrong one."""
    count = remembered(guesses, now_us).count + 1
    return Guesses(count, now_us, now_us + wait(count))


def from_address(guesses: Guesses, now_us: int) -> Guesses:
    """An address after another wrong one. `last_us` is when its window began; a full one is waited out."""
    known = guesses if now_us - guesses.last_us < WINDOW_US else Guesses(last_us=now_us)
    count = known.count + 1
    return Guesses(count, known.last_us, known.last_us + WINDOW_US if count >= MOST_OF_ADDRESS else 0)
