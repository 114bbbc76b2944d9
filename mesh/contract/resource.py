"""One resource as its contract describes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from buf.validate import validate_pb2
from google.api import field_behavior_pb2, resource_pb2
from google.protobuf import message_factory
from rapport.policy.v1 import policy_pb2

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor, FieldDescriptor
    from google.protobuf.message import Message


@dataclass(frozen=True, slots=True)
class SubjectContract:
    """What a resource says of persons: fields with ids, with addresses, with names as `contacts/<id>`; its erasure."""

    ids: tuple[str, ...]
    emails: tuple[str, ...]
    names: tuple[str, ...]
    erasure: int

    @property
    def fields(self) -> tuple[str, ...]:
        """All of the fields that a person stands in."""
        return (*self.ids, *self.emails, *self.names)


@dataclass(frozen=True, slots=True)
class ResourceContract:
    """A resource: its ids begin with `prefix` and an underscore; `collection` is plural and kebab-case."""

    message: type[Message]
    service: str
    type: str
    prefix: str
    collection: str
    owner_field: str
    soft_delete: bool
    retention: float
    silent: bool
    title_field: str
    custom_fields: bool
    parent_field: str
    self_field: str
    sharing_field: str
    mergeable: bool
    subject: SubjectContract | None
    provenance: bool
    output_only: frozenset[str] = field(repr=False)
    immutable: frozenset[str] = field(repr=False)

    @property
    def name(self) -> str:
        """The message's name, as in `Contact`."""
        return str(self.message.DESCRIPTOR.name)

    @property
    def singular(self) -> str:
        """The name of a request's field that carries the resource, as in `audit_entry`."""
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in self.name).lstrip("_")

    @property
    def plural(self) -> str:
        """The name of a response's field that carries a list of the resource, as in `audit_entries`."""
        return self.collection.replace("-", "_")


def behaviors(descriptor: FieldDescriptor) -> frozenset[int]:
    """The `google.api.field_behavior` values of a field."""
    return frozenset(descriptor.GetOptions().Extensions[field_behavior_pb2.field_behavior])


def most(descriptor: FieldDescriptor) -> int:
    """How many elements a repeated field may have, as its rules say."""
    return int(descriptor.GetOptions().Extensions[validate_pb2.field].repeated.max_items)


def sensitivity(descriptor: FieldDescriptor) -> int:
    """The declared `rapport.policy.v1.Sensitivity` of a field."""
    return int(descriptor.GetOptions().Extensions[policy_pb2.field].sensitivity)


def reference(descriptor: FieldDescriptor) -> str:
    """The resource type a field refers to, or nothing."""
    return str(descriptor.GetOptions().Extensions[resource_pb2.resource_reference].type)


def required_contract(message: type[Message]) -> ResourceContract:
    """The contract of a message that has to be a resource.

    Raises:
        ValueError: it is none.
    """
    contract = resource_contract(message.DESCRIPTOR)
    if contract is None:
        msg = f"{message.DESCRIPTOR.full_name} is not declared a resource"
        raise ValueError(msg)
    return contract


def _subject(descriptor: Descriptor, policy: policy_pb2.ResourcePolicy) -> SubjectContract | None:
    if not policy.HasField("subject"):
        return None
    told = policy.subject
    found = SubjectContract(tuple(told.id_fields), tuple(told.email_fields), tuple(told.name_fields), told.erasure)
    unknown = set(found.fields) - set(descriptor.fields_by_name)
    if unknown or not found.fields or not found.erasure:
        msg = f"{descriptor.full_name}: its subject needs fields of its own and an erasure"
        raise ValueError(msg)
    return found


@cache
def resource_contract(descriptor: Descriptor) -> ResourceContract | None:
    """The contract of a message that is declared a resource; None for any other message."""
    if not descriptor.GetOptions().HasExtension(policy_pb2.resource):
        return None
    policy = descriptor.GetOptions().Extensions[policy_pb2.resource]
    service = descriptor.file.package.split(".")[1]
    if policy.type != f"{service}.rapport/{descriptor.name}" or not policy.prefix or not policy.collection:
        expected = f"{service}.rapport/{descriptor.name}"
        msg = f"{descriptor.full_name}: a resource needs type {expected}, prefix and collection"
        raise ValueError(msg)

    def declared(behavior: int) -> frozenset[str]:
        return frozenset(f.name for f in descriptor.fields if behavior in behaviors(f))

    return ResourceContract(
        message=message_factory.GetMessageClass(descriptor),
        service=service,
        type=policy.type,
        prefix=policy.prefix,
        collection=policy.collection,
        owner_field=policy.owner_field,
        soft_delete=policy.soft_delete,
        retention=policy.retention.seconds,
        silent=policy.silent,
        title_field=policy.title_field,
        custom_fields=policy.custom_fields,
        parent_field=policy.parent_field,
        self_field=policy.self_field,
        sharing_field=policy.sharing_field,
        mergeable=policy.mergeable,
        subject=_subject(descriptor, policy),
        provenance=policy.provenance,
        output_only=declared(field_behavior_pb2.OUTPUT_ONLY),
        immutable=declared(field_behavior_pb2.IMMUTABLE),
    )
