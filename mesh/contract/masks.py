"""Update masks (AIP-134, AIP-161): which fields of a resource a request changes, and which really changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from mesh.contract.failure import invalid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from google.protobuf.descriptor import Descriptor
    from google.protobuf.struct_pb2 import Struct

M = TypeVar("M", bound=Message)


def effective_paths(sent: Message, mask: Iterable[str], frozen: frozenset[str]) -> list[str]:
    """The paths to change: those of the mask, or without one those that are present. `*` means every field.

    `frozen` fields (output only, the id and the etag) are left alone, as AIP-203 asks.

    Raises:
        Failure: INVALID_ARGUMENT for a path that the resource does not have.
    """
    paths = list(mask)
    descriptor = sent.DESCRIPTOR
    if not paths:
        paths = [field.name for field, _ in sent.ListFields()]
    elif "*" in paths:
        paths = [field.name for field in descriptor.fields]
    for path in paths:
        _resolve(descriptor, path)
    return [path for path in dict.fromkeys(paths) if path.partition(".")[0] not in frozen]


def _resolve(descriptor: Descriptor, path: str) -> None:
    """Refuse a path that does not lead through singular messages to a field."""
    head, dot, rest = path.partition(".")
    field = descriptor.fields_by_name.get(head)
    if field is None:
        raise invalid("update_mask", f"there is no field {path!r}")
    if dot:
        if _is_struct(field) and rest and "." not in rest:
            return
        if field.type != FieldDescriptor.TYPE_MESSAGE or field.is_repeated or _is_map(field):
            raise invalid("update_mask", f"there is no field {path!r}")
        _resolve(field.message_type, rest)


def _is_struct(field: FieldDescriptor) -> bool:
    return bool(field.message_type and field.message_type.full_name == "google.protobuf.Struct")


def _is_map(field: FieldDescriptor) -> bool:
    return bool(field.message_type and field.message_type.GetOptions().map_entry)


def apply_mask(target: Message, sent: Message, paths: Iterable[str]) -> None:
    """Copy the fields at these paths from `sent` into `target`; what is absent there is cleared."""
    for path in paths:
        head, _, rest = path.partition(".")
        if rest and _is_struct(sent.DESCRIPTOR.fields_by_name[head]):
            _apply_key(getattr(target, head), getattr(sent, head), rest)
            continue
        if rest:
            apply_mask(getattr(target, head), getattr(sent, head), [rest])
            continue
        target.ClearField(head)
        field = sent.DESCRIPTOR.fields_by_name[head]
        if field.is_repeated:
            getattr(target, head).MergeFrom(getattr(sent, head))
        elif field.type == FieldDescriptor.TYPE_MESSAGE:
            if sent.HasField(head):
                getattr(target, head).CopyFrom(getattr(sent, head))
        elif not field.has_presence or sent.HasField(head):
            setattr(target, head, getattr(sent, head))


def _apply_key(target: Struct, sent: Struct, key: str) -> None:
    if key in sent.fields:
        target.fields[key].CopyFrom(sent.fields[key])
    else:
        target.fields.pop(key, None)


def only(resource: M, paths: Iterable[str]) -> M:
    """A copy of a message with these paths alone."""
    held: M = type(resource)()
    apply_mask(held, resource, paths)
    return held


def changed_paths(before: Message, after: Message) -> list[str]:
    """Names of the top-level fields in which two resources of one type differ, in the order of the message.

    Of a Struct each key that differs, as in `custom.industry`.
    """
    changed = []
    for field in before.DESCRIPTOR.fields:
        if _value(before, field) == _value(after, field):
            continue
        if _is_struct(field):
            old, new = getattr(before, field.name).fields, getattr(after, field.name).fields
            keys = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
            changed += [f"{field.name}.{key}" for key in keys]
        else:
            changed.append(field.name)
    return changed


def _value(message: Message, field: FieldDescriptor) -> object:
    if field.has_presence and not message.HasField(field.name):
        return None
    return getattr(message, field.name)
