"""Sign-in on a device without a keyboard (RFC 8628): the code that is typed elsewhere, and what the device is told."""

from __future__ import annotations

import enum
from dataclasses import dataclass

EXPIRES_SECONDS, INTERVAL_SECONDS, SLOWER_SECONDS = 600, 5, 5
_SECOND_US = 1_000_000
# Section 6.1: no vowels, so that no words come of it, and nothing that looks like a digit.
_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
_LENGTH = 8


class State(enum.IntEnum):
    """What the user has said of a device."""

    PENDING = 0
    ALLOWED = 1
    DENIED = 2
    USED = 3


class Poll(enum.Enum):
    """What a device is told that asks; the values are the errors of section 3.5."""

    READY = ""
    PENDING = "authorization_pending"
    SLOW_DOWN = "slow_down"
    DENIED = "access_denied"
    EXPIRED = "expired_token"


@dataclass(frozen=True, slots=True)
class Device:
    """A device that waits. Times in microseconds; `interval_us`: how long it has to wait between two questions."""

    state: int
    expire_us: int
    asked_us: int
    interval_us: int


def poll(device: Device, now_us: int) -> tuple[Poll, int]:
    """What a device is told that asks now, and how long it has to wait from then on.

    One that asks too soon has to wait longer, for good, whatever the user has said meanwhile.
    """
    if device.state == State.USED or now_us >= device.expire_us:
        return Poll.EXPIRED, device.interval_us
    if device.asked_us and now_us - device.asked_us < device.interval_us:
        return Poll.SLOW_DOWN, device.interval_us + SLOWER_SECONDS * _SECOND_US
    told = {State.ALLOWED: Poll.READY, State.DENIED: Poll.DENIED}
    return told.get(State(device.state), Poll.PENDING), device.interval_us


def user_code(random: int) -> str:
    """The code that a user types, as in `WDJB-MJHT`, of a large number that nobody can foresee."""
    letters = []
    for _ in range(_LENGTH):
        random, place = divmod(random, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


def plain(typed: str) -> str:
    """A code as it is kept, however it was typed; nothing, where it is none."""
    letters = "".join(each for each in typed.upper() if each.isalnum())
    return letters if len(letters) == _LENGTH and set(letters) <= set(_ALPHABET) else ""
