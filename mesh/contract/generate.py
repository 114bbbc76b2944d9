"""Writes what `make gen` derives from the catalog."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from rapport.policy.v1 import policy_pb2

from mesh.contract import catalog
from mesh.contract.comments import read_comments
from mesh.contract.openapi import openapi
from mesh.contract.python import write_python
from mesh.contract.reasons import common_reasons
from mesh.contract.reference import reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.protobuf.descriptor import Descriptor, FieldDescriptor

    from mesh.contract.catalog import Catalog
    from mesh.contract.method import MethodContract


def write(gen: str, image: str, document: str) -> None:
    """Write the typed Python, contract.json and openapi.json below `gen`, and the reference document.

    The comments come from `image`, a descriptor set with source info: the stubs hold none.
    """
    everything = catalog.load()
    comments = read_comments(FileDescriptorSet.FromString(Path(image).read_bytes()))
    root = Path(gen)
    write_python(everything, root)
    (root / "contract.json").write_text(json.dumps(policy_of(everything), indent=2, sort_keys=True) + "\n")
    (root / "openapi.json").write_text(json.dumps(openapi(everything, comments), indent=2) + "\n")
    Path(document).write_text(reference(everything, comments))


def policy_of(everything: Catalog) -> dict[str, Any]:
    """The catalog in a form that reviewers read and `scripts/contract_diff.py` compares."""
    return {
        "methods": {method.full_name: _method(method) for method in everything.methods.values()},
        "resources": {
            resource.type: {
                "collection": resource.collection,
                "prefix": resource.prefix,
                "owner_field": resource.owner_field,
                "self_field": resource.self_field,
                "soft_delete": resource.soft_delete,
                "retention_seconds": resource.retention,
                "silent": resource.silent,
            }
            for resource in everything.resources.values()
        },
        "fields": {name: handled for name, handled in _fields(everything) if handled},
        "reasons": {
            **{name: reason.code_name for name, reason in common_reasons().items()},
            **{
                f"{method.service}.rapport/{name}": method.reasons[name].code_name
                for method in everything.methods.values()
                for name in method.own_reasons
            },
        },
    }


def _fields(everything: Catalog) -> Iterator[tuple[str, dict[str, str]]]:
    """The fields of every message that methods and resources reach, with what the policy says of them."""
    waiting: list[Descriptor] = [resource.message.DESCRIPTOR for resource in everything.resources.values()]
    for method in everything.methods.values():
        waiting += [method.request.DESCRIPTOR, method.reply.DESCRIPTOR]
    seen: set[str] = set()
    while waiting:
        message = waiting.pop()
        if message.full_name in seen:
            continue
        seen.add(message.full_name)
        for field in message.fields:
            policy = field.GetOptions().Extensions[policy_pb2.field]
            yield field.full_name, {option.name: _text(option, value) for option, value in policy.ListFields()}
            if field.message_type:
                waiting.append(field.message_type)


def _text(option: FieldDescriptor, value: int) -> str:
    return str(option.enum_type.values_by_number[value].name if option.enum_type else value)


def _method(method: MethodContract) -> dict[str, Any]:
    access = method.access
    return {
        "access": access.kind.value,
        "permission": access.permission,
        "peers": sorted(access.peers),
        "capability": access.capability,
        "scope": access.scope,
        "deadline_seconds": method.deadline,
        "idempotency": method.idempotency.name,
        "rate": method.rate,
        "audit": method.audit,
        "fails_with": sorted(method.own_reasons),
        "fresh": method.fresh,
        "assurance_level": method.assurance.level if method.assurance else 0,
        "assurance_seconds": method.assurance.within if method.assurance else 0.0,
        "in_person": method.in_person,
        "http_door": method.http_door,
        "largest_body": method.largest_body,
        "door_errors": method.door_errors.name,
        "mints": method.mints,
        "http": [f"{route.verb} {route.template}" for route in method.routes],
        "standard": f"{method.standard.verb.value} {method.standard.resource.type}" if method.standard else "",
    }
