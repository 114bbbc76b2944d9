"""The rules of timelines: which events become entries, on whose timelines, and what they say.

Owns the declared mapping from event types to entries. What another service comes to publish is one more line in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import resource_events_pb2, resources_pb2, timeline_service_pb2

from mesh.contract.resource import resource_contract

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from google.protobuf.message import Message

    from mesh.contract.resource import ResourceContract

CREATED, CHANGED = timeline_service_pb2.TIMELINE_KIND_CREATED, timeline_service_pb2.TIMELINE_KIND_CHANGED
DELETED, UNDELETED = timeline_service_pb2.TIMELINE_KIND_DELETED, timeline_service_pb2.TIMELINE_KIND_UNDELETED
MERGED = timeline_service_pb2.TIMELINE_KIND_MERGED
KIND_OF = {
    resources_pb2.INTERACTION_KIND_NOTE: timeline_service_pb2.TIMELINE_KIND_NOTE,
    resources_pb2.INTERACTION_KIND_CALL: timeline_service_pb2.TIMELINE_KIND_CALL,
    resources_pb2.INTERACTION_KIND_MEETING: timeline_service_pb2.TIMELINE_KIND_MEETING,
    resources_pb2.INTERACTION_KIND_EMAIL: timeline_service_pb2.TIMELINE_KIND_EMAIL,
}
INTERACTIONS = frozenset(KIND_OF.values())
"""The kinds of entries that are interactions."""


@dataclass(frozen=True, slots=True)
class Told:
    """Of an event: its id, when it was published in microseconds since 1970, and who caused it."""

    id: str
    time_us: int
    actor_id: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of one timeline; `id` is the same for what one event or interaction says on several."""

    subject_id: str
    id: str
    time_us: int
    kind: int
    title: str
    resource: str
    actor_id: str
    changed_paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """An event type that is told of: the entries it makes, and which entries, by their id, they take the place of."""

    event: type[Message]
    entries: Callable[[Any, Told], Sequence[Entry]]
    replaces: Callable[[Any], str] = lambda event: ""


def _record(contract: ResourceContract, kind: int) -> Callable[[Any, Told], Sequence[Entry]]:
    """What becomes of a contact or company itself, on its own timeline; what follows from other fields is left out."""
    collection, singular = contract.collection, contract.singular

    def entries(event: Any, told: Told) -> Sequence[Entry]:
        resource, what = getattr(event, singular), kind
        identity = resource.id
        if kind == DELETED and contract.mergeable and resource.merged_into_id:
            what = MERGED
        changed = event.changed_paths if kind == CHANGED else ()
        paths = tuple(path for path in changed if path not in contract.output_only)
        if kind == CHANGED and not paths:
            return ()
        return (Entry(identity, told.id, told.time_us, what, "", f"{collection}/{identity}", told.actor_id, paths),)

    return entries


def _interaction(event: Any, _: Told) -> Sequence[Entry]:
    """An interaction, on the timelines of all who took part; nowhere once it is deleted."""
    happened = event.interaction
    if happened.HasField("delete_time"):
        return ()
    kind, resource = KIND_OF.get(happened.kind, 0), f"interactions/{happened.id}"
    return tuple(
        Entry(subject, happened.id, happened.occur_time.ToMicroseconds(), kind, happened.subject, resource,
              happened.author_id)
        for subject in (*happened.contact_ids, *happened.company_ids)
    )  # fmt: skip


def _sources() -> Sequence[Source]:
    found = []
    for verb, kind in (("Created", CREATED), ("Updated", CHANGED), ("Deleted", DELETED), ("Undeleted", UNDELETED)):
        for message in (resources_pb2.Contact, resources_pb2.Company):
            contract = resource_contract(message.DESCRIPTOR)
            assert contract is not None
            event = getattr(resource_events_pb2, f"{contract.name}{verb}")
            found.append(Source(event, _record(contract, kind)))
        event = getattr(resource_events_pb2, f"Interaction{verb}")
        found.append(Source(event, _interaction, lambda told: str(told.interaction.id)))
    return found


SOURCES: Mapping[str, Source] = {source.event.DESCRIPTOR.full_name: source for source in _sources()}
"""By the type of an event, what it says on timelines."""
