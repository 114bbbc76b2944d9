"""The rules of interactions: what has happened, when, and with whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh.contract.failure import Failure, invalid
from services.customers.domain.texts import tidy_fields

if TYPE_CHECKING:
    from rapport.customers.v1 import resources_pb2


@dataclass(frozen=True, slots=True)
class InteractionFacts:
    """What a decision on an interaction rests on: who asks, and when, in microseconds since 1970."""

    caller_id: str
    now_us: int


def decide_interaction(
    before: resources_pb2.Interaction | None, after: resources_pb2.Interaction, facts: InteractionFacts
) -> resources_pb2.Interaction:
    """The interaction as it will be kept.

    Raises:
        Failure: INTERACTION_ALONE; INVALID_ARGUMENT for a missing kind, a negative duration, somebody who stands twice.
    """
    if not after.kind:
        raise invalid("kind", "is missing")
    if before is None and not after.author_id:
        after.author_id = facts.caller_id
    if not after.HasField("occur_time"):
        after.occur_time.FromMicroseconds(facts.now_us)
    if after.HasField("duration") and (after.duration.seconds < 0 or after.duration.nanos < 0):
        raise invalid("duration", "is negative")
    tidy_fields(after, "subject")
    for name in ("contact_ids", "company_ids"):
        ids = list(getattr(after, name))
        for number, identity in enumerate(ids):
            if identity in ids[:number]:
                raise invalid(f"{name}[{number}]", "stands twice")
    if not after.contact_ids and not after.company_ids:
        raise Failure("INTERACTION_ALONE", fields={"contact_ids": "is empty, and so is `company_ids`"})
    return after
