"""What a service follows of others without saying so: from the references in its contract come its subscriptions.

Owns the effects that keep reference rows as their owners' events say. What a service does of its own comes first.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from rapport.mesh.v1 import references_pb2

from mesh.contract.catalog import load_service
from mesh.contract.references import references_of
from mesh.resource import moves, references

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mesh.contract.resource import ResourceContract
    from mesh.events.envelope import Event
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Write

    Effect = Callable[[Write, Event], None]

_KINDS = ("Created", "Updated", "Deleted", "Undeleted")


def targets(resources: Sequence[Resource[Any]]) -> Mapping[str, ResourceContract]:
    """The resources that these refer to, by type."""
    types = {field.target for resource in resources for field in references_of(resource.contract)}
    return {kind: load_service(kind.partition(".")[0]).resources[kind] for kind in sorted(types)}


def sources(resources: Sequence[Resource[Any]]) -> frozenset[str]:
    """The services whose events these resources need."""
    return frozenset(contract.service for contract in targets(resources).values())


def effects(resources: Sequence[Resource[Any]]) -> Mapping[str, Effect]:
    """By event type, what keeps the reference rows of these resources."""
    found: dict[str, Effect] = {}
    for contract in targets(resources).values():
        module = importlib.import_module(f"{contract.message.DESCRIPTOR.file.package}.resource_events_pb2")
        for kind in _KINDS:
            message = getattr(module, f"{contract.name}{kind}")
            found[message.DESCRIPTOR.full_name] = _keeps(contract, message, deleted=kind == "Deleted")
    if found:
        types = frozenset(targets(resources))
        found[references_pb2.ReferencesMoved.DESCRIPTOR.full_name] = _moved(types)
        found[references_pb2.ReferencesRestored.DESCRIPTOR.full_name] = _restored(types)
    return found


def _moved(types: frozenset[str]) -> Effect:
    def note(write: Write, event: Event) -> None:
        moved = references_pb2.ReferencesMoved.FromString(event.data)
        if moved.type in types:
            moves.begin(write, event, moved)

    return note


def _restored(types: frozenset[str]) -> Effect:
    def note(write: Write, event: Event) -> None:
        restored = references_pb2.ReferencesRestored.FromString(event.data)
        if restored.type in types:
            moves.undo(write, event, restored)

    return note


def _keeps(contract: ResourceContract, message: Any, *, deleted: bool) -> Effect:
    def keep(write: Write, event: Event) -> None:
        told = getattr(message.FromString(event.data), contract.singular)
        references.put(write, contract, told, event.sequence, deleted=deleted)

    return keep


def both(first: Effect, second: Effect) -> Effect:
    """One effect after another."""

    def run(write: Write, event: Event) -> None:
        first(write, event)
        second(write, event)

    return run


def together(*several: Mapping[str, Effect]) -> dict[str, Effect]:
    """Effects by event type, made one; of those of one type the first comes first."""
    found: dict[str, Effect] = {}
    for effects in several:
        for kind, effect in effects.items():
            found[kind] = both(found[kind], effect) if kind in found else effect
    return found
