"""The references of a resource as its contract declares them, and what may not be left open about them."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rapport.policy.v1 import policy_pb2

from mesh.contract.resource import behaviors, reference

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from google.protobuf.descriptor import FieldDescriptor

    from mesh.contract.resource import ResourceContract

_OUTPUT_ONLY = 3


class OnDelete(enum.IntEnum):
    """What becomes of a reference when its target is deleted; the numbers of `rapport.policy.v1.OnDelete`."""

    UNSPECIFIED = 0
    CLEAR = 2
    KEEP = 3


@dataclass(frozen=True, slots=True)
class ReferenceField:
    """A field that holds the id of a resource of type `target`, as in `users.rapport/User`."""

    name: str
    target: str
    on_delete: OnDelete
    repeated: bool

    @property
    def service(self) -> str:
        """The service that owns the target."""
        return self.target.partition(".")[0]


@cache
def references_of(resource: ResourceContract) -> tuple[ReferenceField, ...]:
    """The reference fields of a resource, in the order of the message."""
    return tuple(
        ReferenceField(field.name, reference(field), OnDelete(_policy(field).on_delete), bool(field.is_repeated))
        for field in resource.message.DESCRIPTOR.fields
        if reference(field)
    )


@cache
def titles_of(resource: ResourceContract) -> tuple[tuple[str, ReferenceField], ...]:
    """The fields that the mesh fills with the title of what a reference beside them names, each with that reference."""
    known = {field.name: field for field in references_of(resource)}
    fields = resource.message.DESCRIPTOR.fields
    return tuple((field.name, known[_policy(field).title_of]) for field in fields if _policy(field).title_of)


def _policy(field: FieldDescriptor) -> policy_pb2.FieldPolicy:
    policy: policy_pb2.FieldPolicy = field.GetOptions().Extensions[policy_pb2.field]
    return policy


def faults(resource: ResourceContract, resources: Mapping[str, ResourceContract]) -> Iterable[str]:
    """What is wrong with the references of one resource, given all resources by type."""
    singular = {f.name for f in references_of(resource) if not f.repeated}
    for field in references_of(resource):
        where = f"{resource.type}.{field.name}"
        target = resources.get(field.target)
        if target is None:
            yield f"{where} refers to {field.target}, which is no resource"
        elif target.silent or not target.title_field:
            yield f"{where} refers to {field.target}, which has no events or no title_field"
        if field.on_delete is OnDelete.UNSPECIFIED:
            yield f"{where} does not say what becomes of it when its target is deleted (on_delete)"
        if field.on_delete is OnDelete.CLEAR and field.repeated:
            yield f"{where} is repeated and can only be kept (on_delete: KEEP)"
    yield from _title_faults(resource, singular)
    yield from _holder_faults(resource, singular)
    parent = next((f for f in references_of(resource) if f.name == resource.parent_field), None)
    if resource.parent_field and (parent is None or parent.service != resource.service):
        yield f"{resource.type}: parent_field {resource.parent_field!r} is no reference within the service"


def _holder_faults(resource: ResourceContract, singular: Collection[str]) -> Iterable[str]:
    if resource.owner_field and resource.owner_field not in singular:
        yield f"{resource.type}: owner_field {resource.owner_field!r} is no reference"
    if resource.self_field and (resource.self_field not in resource.output_only or resource.self_field in singular):
        yield f"{resource.type}: self_field {resource.self_field!r} is no OUTPUT_ONLY field, or is a reference"
    if resource.sharing_field and not (resource.owner_field and _shares(resource)):
        yield f"{resource.type}: sharing_field {resource.sharing_field!r} is no such enum, or there is no owner"


def _shares(resource: ResourceContract) -> bool:
    field = resource.message.DESCRIPTOR.fields_by_name.get(resource.sharing_field)
    names = {value.name.rpartition("_")[2] for value in field.enum_type.values} if field and field.enum_type else set()
    return names >= {"PRIVATE", "TEAM", "TENANT"}


def _title_faults(resource: ResourceContract, singular: Collection[str]) -> Iterable[str]:
    for field in resource.message.DESCRIPTOR.fields:
        title_of = _policy(field).title_of
        is_text = field.cpp_type == field.CPPTYPE_STRING and not field.is_repeated
        if title_of and (title_of not in singular or _OUTPUT_ONLY not in behaviors(field) or not is_text):
            yield f"{resource.type}.{field.name} is no OUTPUT_ONLY string beside the reference {title_of!r}"
