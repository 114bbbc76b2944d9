"""Which events of its sources a service takes in: the others pass it by, and leave no trace in its database.

The events of a resource are numbered, and an inbox counts all of them to know that none is missing before one that
has an effect. Where a service handles none of a resource's, there is none to be missed. Code that begins to handle some
finds a gap before the next event of each, and is told the state by the owner once the gap is old enough; see owner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh.contract.catalog import load_service
from mesh.contract.event_protos import KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from mesh.contract.resource import ResourceContract
    from mesh.events.envelope import Event


class Heeded:
    """What a service takes in that reads of `sources` and handles events of these `types`."""

    def __init__(self, sources: Iterable[str], types: Collection[str]) -> None:
        self._types = frozenset(types)
        self._passed = frozenset(
            (source, resource.collection)
            for source in sources
            for resource in load_service(source).resources.values()
            if self._types.isdisjoint(_events(resource))
        )

    def __call__(self, event: Event) -> bool:
        """Whether an event is taken in: for its effect, or to be counted."""
        return event.type in self._types or (event.sequence > 0 and self.counts(event.source, event.aggregate))

    def counts(self, source: str, aggregate: str) -> bool:
        """Whether the numbered events of an aggregate are counted."""
        return (source, aggregate.partition("/")[0]) not in self._passed


def _events(resource: ResourceContract) -> set[str]:
    return {f"{resource.message.DESCRIPTOR.file.package}.{resource.name}{kind}" for kind in KINDS}
