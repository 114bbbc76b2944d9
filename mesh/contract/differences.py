"""What changed in a resource, told without personal data, as the kinds and the sensitivity of its fields allow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from rapport.policy.v1 import policy_pb2
from rapport.type.v1 import field_change_pb2

from mesh.contract.resource import reference, sensitivity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from google.protobuf.message import Message

REDACTED = "redacted"
_OPEN_MESSAGES = ("google.protobuf.Timestamp", "google.protobuf.Duration")


def differences(
    before: Message, after: Message, paths: Iterable[str], digest: Callable[[str, str], str]
) -> list[field_change_pb2.FieldChange]:
    """The changes of these fields, in their order; of custom fields as `custom.key`.

    digest(field, value) stands for a value that is not to be told.
    """
    found = []
    for path in paths:
        name, _, key = path.partition(".")
        field = before.DESCRIPTOR.fields_by_name.get(name)
        if field is None:  # of what stands beside the resource, such as the members of a group
            continue
        told = [_told(field, key, message, digest) for message in (before, after)]
        found.append(field_change_pb2.FieldChange(path=path, before=told[0], after=told[1]))
    return found


def is_open(field: FieldDescriptor) -> bool:
    """Whether the values of a field may be told: it holds no text and nothing that is declared sensitive."""
    if sensitivity(field):
        return False
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return field.message_type.full_name in _OPEN_MESSAGES
    return field.type not in (FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BYTES) or bool(reference(field))


def _told(field: FieldDescriptor, key: str, message: Any, digest: Callable[[str, str], str]) -> str:
    """The value of a field, or of one key of a field that holds several, as it may be told."""
    if not _is_set(field, message):
        return ""
    if sensitivity(field) == policy_pb2.SENSITIVITY_SECRET:
        return REDACTED
    alone = type(message)()
    _copy(field, message, alone)
    value: Any = next(iter(json_format.MessageToDict(alone).values()), None)
    if key:
        if key not in value:
            return ""
        value = value[key]
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text if is_open(field) else digest(f"{field.full_name}.{key}", text)


def _is_set(field: FieldDescriptor, message: Any) -> bool:
    if field.has_presence:
        return bool(message.HasField(field.name))
    return bool(getattr(message, field.name))


def _copy(field: FieldDescriptor, source: Any, target: Any) -> None:
    if field.is_repeated or field.type == FieldDescriptor.TYPE_MESSAGE:
        getattr(target, field.name).MergeFrom(getattr(source, field.name))
    else:
        setattr(target, field.name, getattr(source, field.name))
