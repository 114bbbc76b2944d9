"""The rules of sessions: what a refresh token is worth, how long a session lasts, and how sure it is whose it is.

A session has one refresh token at a time. Each ends at another moment than those before it, by which they are told
apart: the one that ends with the session is the present one, and every earlier one has been used.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2

if TYPE_CHECKING:
    from collections.abc import Iterable

PENDING_US = 600 * 1_000_000
"""How long a log-in waits for its second factor."""
GRACE_US = 10 * 1_000_000
"""How long the token before the present one still gets the present one: two tabs may refresh at once."""
MOST_SESSIONS = 50
"""Of one user at a time; beyond it the one ends that would have ended first."""
_UPSTREAM = resources_pb2.Factor.KIND_UPSTREAM


class Turn(enum.Enum):
    """What becomes of a refresh token that is sent."""

    ROTATE = "it is used, and gets a successor"
    REPEAT = "it was used a moment ago, and gets the same successor"
    REUSED = "it was used before: the session ends"
    OVER = "the session has ended"


@dataclass(frozen=True, slots=True)
class Family:
    """The refresh tokens of a session, by their ends in microseconds.

    present_us: the one that can be used; former_us: the one before, 0 for none, which was used at `rotate_us`.
    """

    ended: bool
    present_us: int
    former_us: int
    rotate_us: int


def take_turn(family: Family, sent_us: int, now_us: int) -> Turn:
    """What becomes of the token that ends at `sent_us`."""
    if family.ended or family.present_us <= now_us:
        return Turn.OVER
    if sent_us == family.present_us:
        return Turn.ROTATE
    if sent_us == family.former_us and now_us - family.rotate_us <= GRACE_US:
        return Turn.REPEAT
    return Turn.REUSED


@dataclass(frozen=True, slots=True)
class Span:
    """How long a session lasts without use, and in any case, in microseconds."""

    idle_us: int
    life_us: int


def next_end(span: Span, create_us: int, present_us: int, now_us: int) -> int:
    """When a session ends that is used now: later than it would have, be it by a microsecond.

    Ends that only grow are each another one, also where a tenant has made the spans shorter since.
    """
    return max(min(now_us + span.idle_us, create_us + span.life_us), present_us + 1)


def outlasted(span: Span, create_us: int, seen_us: int, now_us: int) -> bool:
    """Whether a session that was used last at `seen_us` has lasted as long as it may, by the spans as they are now."""
    return now_us >= min(seen_us + span.idle_us, create_us + span.life_us)


def proof(kind: resources_pb2.Factor.Kind, now_us: int, *, user_verified: bool = False) -> resources_pb2.Factor:
    """A proof that is given now."""
    factor = resources_pb2.Factor(kind=kind, user_verified=user_verified)
    factor.verify_time.FromMicroseconds(now_us)
    return factor


def proven(
    factors: Iterable[resources_pb2.Factor], again: Iterable[resources_pb2.Factor]
) -> list[resources_pb2.Factor]:
    """The proofs of a session when some have been given again, of each kind the last one."""
    renewed = {factor.kind: factor for factor in again}
    return [*(factor for factor in factors if factor.kind not in renewed), *renewed.values()]


def level_of(factors: Iterable[resources_pb2.Factor]) -> int:
    """How sure it is that it is the user: 1 by one factor, 2 by two of different kinds.

    A device that verified its user, by what they know or are, is two by itself. A provider's word stands in the place
    of a password, and most often rests on one: both together are one first factor (ADR 0020).
    """
    worth: dict[int, int] = {}
    for factor in factors:
        kind = resources_pb2.Factor.KIND_PASSWORD if factor.kind == _UPSTREAM else factor.kind
        worth[kind] = max(worth.get(kind, 0), 2 if factor.user_verified else 1)
    return min(sum(worth.values()), 2)
