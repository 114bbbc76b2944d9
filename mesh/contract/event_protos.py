"""Writes the events that every resource has: `<Resource>Created`, `Updated`, `Deleted` and `Undeleted`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rapport.policy.v1 import policy_pb2

from mesh.contract import catalog
from mesh.contract.resource import ResourceContract, sensitivity

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor

KINDS = {
    "Created": "was created",
    "Updated": "was changed",
    "Deleted": "was deleted",
    "Undeleted": "was brought back",
}


def write(gen: str) -> None:
    """Write `resource_events.proto` beside the stubs of every service that has resources with events."""
    for service in catalog.all_services():
        resources = [r for r in catalog.load_service(service).resources.values() if not r.silent]
        if resources:
            target = Path(gen) / "rapport" / service / "v1" / "resource_events.proto"
            target.write_text(_file(service, resources))


def _file(service: str, resources: list[ResourceContract]) -> str:
    head = [
        "// The events that every resource has. Generated from the contract; do not edit.",
        'syntax = "proto3";',
        "",
        f"package rapport.{service}.v1;",
        "",
        f'import "rapport/{service}/v1/resources.proto";',
    ]
    return "\n".join([*head, *(line for r in resources for kind in KINDS for line in _message(r, kind))]) + "\n"


def _message(resource: ResourceContract, kind: str) -> list[str]:
    secret = _secret(resource.message.DESCRIPTOR)
    if secret:
        msg = f"{resource.type} has events and the SECRET field {secret}"
        raise catalog.ContractError(msg)
    article = "An" if resource.name[0] in "AEIOU" else "A"
    return [
        "",
        f"// {article} {resource.name} {KINDS[kind]}.",
        f"message {resource.name}{kind} {{",
        "  // The resource as it is now.",
        f"  {resource.name} {resource.singular} = 1;",
        "  // Paths of the fields that changed.",
        "  repeated string changed_paths = 2;",
        "  // What those fields held before; all others are unset.",
        f"  {resource.name} previous = 3;",
        "  // Two resources became one, or two again: what is told has not happened now, and begins nothing.",
        "  bool inherited = 4;",
        "}",
    ]


def _secret(message: Descriptor) -> str:
    return next((f.name for f in message.fields if sensitivity(f) == policy_pb2.SENSITIVITY_SECRET), "")
