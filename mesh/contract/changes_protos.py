"""Writes the feed that every resource has: `Read<Resource>Changes`, from which other services keep their copies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mesh.contract import catalog

if TYPE_CHECKING:
    from mesh.contract.resource import ResourceContract

LONGEST_SECONDS = 3600
"""How long one stream of changes may last; whoever follows goes on from its cursor."""


def write(gen: str) -> None:
    """Write `changes_service.proto` beside the stubs of every service that has resources with events."""
    for service in catalog.all_services():
        resources = [r for r in catalog.load_service(service).resources.values() if not r.silent]
        if resources:
            target = Path(gen) / "rapport" / service / "v1" / "changes_service.proto"
            target.write_text(_file(service, resources))


def _file(service: str, resources: list[ResourceContract]) -> str:
    lines = [
        "// How other services follow the resources. Generated from the contract; do not edit.",
        'syntax = "proto3";',
        "",
        f"package rapport.{service}.v1;",
        "",
        'import "buf/validate/validate.proto";',
        'import "rapport/mesh/v1/changes.proto";',
        'import "rapport/policy/v1/policy.proto";',
        f'import "rapport/{service}/v1/resources.proto";',
        "",
        f"// What the resources of {service} are and what becomes of them, for the copies that other services keep.",
        "service ChangesService {",
        *(line for resource in resources for line in _method(resource)),
        "}",
        *(line for resource in resources for line in (*_request(resource), *_change(resource))),
    ]
    return "\n".join(lines) + "\n"


def _method(resource: ResourceContract) -> list[str]:
    name = resource.name
    return [
        f"  // Streams a tenant's {resource.collection} as they are, and then their changes.",
        f"  rpc Read{name}Changes(Read{name}ChangesRequest) returns (stream {name}Change) {{",
        "    option idempotency_level = NO_SIDE_EFFECTS;",
        "    option (rapport.policy.v1.policy) = {",
        '      service: {peers: "*"}',
        f"      deadline: {{seconds: {LONGEST_SECONDS}}}",
        "    };",
        "  }",
    ]


def _request(resource: ResourceContract) -> list[str]:
    return [
        "",
        f"// Request of Read{resource.name}Changes.",
        f"message Read{resource.name}ChangesRequest {{",
        "  // Cursor of the last change that took effect at the caller's; empty: a fresh snapshot comes first.",
        "  string cursor = 1 [(buf.validate.field).string.max_len = 2000];",
        "  // Only these, as they are now, and no changes after them; at most 100.",
        "  repeated string ids = 2 [(buf.validate.field).repeated = {",
        "    max_items: 100",
        f'    items: {{string: {{pattern: "^{resource.prefix}_[0-9A-HJKMNP-TV-Z]{{26}}$"}}}}',
        "  }];",
        "}",
    ]


def _change(resource: ResourceContract) -> list[str]:
    article = "An" if resource.name[0] in "AEIOU" else "A"
    return [
        "",
        f"// {article} {resource.name} as it is, what became of one, or how far the stream has come.",
        f"message {resource.name}Change {{",
        "  // What is told.",
        "  rapport.mesh.v1.ChangeKind kind = 1;",
        "  // The resource as it is after the change, without the titles of what it refers to; deleted ones have their",
        "  // `delete_time`.",
        f"  {resource.name} {resource.singular} = 2;",
        "  // Number of the resource's last event that is contained; 0 where no resource is told of.",
        "  int64 sequence = 3;",
        "  // Paths of the fields that changed; `*` where they are not known.",
        "  repeated string changed_paths = 4;",
        "  // Where the stream goes on after this message.",
        "  string cursor = 5;",
        "}",
    ]
