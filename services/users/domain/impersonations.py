"""The rules of impersonation: who may work in whose place, for how long, and what they may do then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2

from mesh.contract.failure import Failure
from services.users.domain.keys import within
from services.users.domain.roles import check_held
from services.users.domain.users import is_person, works

if TYPE_CHECKING:
    from collections.abc import Mapping

SHORTEST_SECONDS, LONGEST_SECONDS, DEFAULT_SECONDS = 60, 3600, 900


@dataclass(frozen=True, slots=True)
class ImpersonationFacts:
    """What a decision to begin rests on: both users, what each may do, and for how many seconds, if that was said."""

    caller_id: str
    user: resources_pb2.User
    held: Mapping[str, int]
    rights: Mapping[str, int]
    seconds: int | None = None


def decide_impersonation(facts: ImpersonationFacts) -> int:
    """For how many seconds the caller may work in the user's place.

    Raises:
        Failure: IMPERSONATION_REFUSED for an owner, for oneself, for who does not work and for what is no person;
            GRANT_EXCEEDS_OWN for who may do more; INVALID_ARGUMENT for a time out of bounds.
    """
    user = facts.user
    owner = user.role == resources_pb2.ROLE_OWNER
    if owner or user.id == facts.caller_id or not works(user) or not is_person(user):
        raise Failure("IMPERSONATION_REFUSED", fields={"user_id": "is nobody to take the place of"})
    check_held(facts.rights, facts.held, "user_id")
    seconds = DEFAULT_SECONDS if facts.seconds is None else facts.seconds
    if not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
        raise Failure("INVALID_ARGUMENT", fields={"life": f"must be {SHORTEST_SECONDS} to {LONGEST_SECONDS} seconds"})
    return seconds


def is_live(impersonation: resources_pb2.Impersonation, now_us: int) -> bool:
    """Whether its token may be used."""
    over = impersonation.HasField("end_time") or impersonation.expire_time.ToMicroseconds() <= now_us
    return not over


def rights_in_place(user: Mapping[str, int], impersonator: Mapping[str, int]) -> dict[str, int]:
    """What somebody may do in a user's place: what both may, as it is now."""
    return within(user, impersonator)
