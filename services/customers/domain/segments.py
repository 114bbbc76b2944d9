"""The rules of segments: what one needs, and who is a member by filter and by hand."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapport.customers.v1 import resources_pb2, segment_service_pb2

from mesh.contract.failure import Failure, invalid
from services.customers.domain.texts import tidy

if TYPE_CHECKING:
    from collections.abc import Mapping

Segment = resources_pb2.Segment
DYNAMIC, STATIC = resources_pb2.SEGMENT_TYPE_DYNAMIC, resources_pb2.SEGMENT_TYPE_STATIC
BUILDING, READY = resources_pb2.SEGMENT_STATE_BUILDING, resources_pb2.SEGMENT_STATE_READY
LIMITS: Mapping[int, int] = {DYNAMIC: 100, STATIC: 1_000}
"""How many segments of each type a tenant has at most; changes of contacts are held against all dynamic ones."""


class Flag(enum.IntEnum):
    """What somebody has said by hand of a contact and a segment."""

    NONE = 0
    ADDED = 1
    REMOVED = 2


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a contact in a segment: its flag, and the move, if any, that has brought it from another."""

    flag: int = Flag.NONE
    move: str | None = None


def is_member(flag: int, *, matches: bool, alive: bool) -> bool:
    """Whether a contact is a member: what was said by hand beats the filter, and a deleted contact is none."""
    return alive and (flag == Flag.ADDED or (matches and flag != Flag.REMOVED))


def cause(flag: int, *, member: bool) -> int:
    """How a contact came to be a member, or to be kept from it, as a `MembershipCause`."""
    if flag == Flag.REMOVED:
        return segment_service_pb2.MEMBERSHIP_CAUSE_REMOVED
    if not member:
        return segment_service_pb2.MEMBERSHIP_CAUSE_UNSPECIFIED
    by_hand, by_filter = segment_service_pb2.MEMBERSHIP_CAUSE_ADDED, segment_service_pb2.MEMBERSHIP_CAUSE_FILTER
    return by_hand if flag == Flag.ADDED else by_filter


def decide_segment(before: Segment | None, after: Segment, caller_id: str) -> Segment:
    """The segment as it will be kept. That its filter can be read, and by whom, is asked where the records are.

    Raises:
        Failure: SEGMENT_UNNAMED, SEGMENT_MISFIT; INVALID_ARGUMENT where the type is missing.
    """
    if before is None:
        after.owner_id = caller_id
        after.generation = 0
    if not after.type:
        raise invalid("type", "is missing")
    after.display_name = tidy(after.display_name)
    if not after.display_name:
        raise Failure("SEGMENT_UNNAMED", fields={"display_name": "is empty"})
    after.sharing = after.sharing or resources_pb2.SHARING_PRIVATE
    after.filter = after.filter.strip()
    if bool(after.filter) != (after.type == DYNAMIC):
        raise Failure("SEGMENT_MISFIT", fields={"filter": "is missing" if after.type == DYNAMIC else "must be empty"})
    back = before is not None and before.HasField("delete_time")
    if (before is None and after.type == DYNAMIC) or back or (before is not None and before.filter != after.filter):
        build_again(after)
    elif before is None:
        after.state = READY
    return after


def build_again(segment: Segment) -> None:
    """Have the members found from the beginning."""
    segment.generation += 1
    segment.state = BUILDING
