"""The rules of exports: which columns a file has, and how a contact's values are written so that imports read them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format

from mesh.contract.failure import invalid
from services.customers.domain.imports import CUSTOM, labelled
from services.customers.domain.texts import tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from google.protobuf.message import Message
    from google.protobuf.struct_pb2 import Value
    from rapport.customers.v1 import resources_pb2

# What imports take, so that a file which says nothing of its columns can be imported as it is.
_DEFAULT = (
    "external_id", "given_name", "family_name", "emails", "phones", "addresses", "job_title", "birth_date", "owner_id",
)  # fmt: skip


def decide_export(
    before: resources_pb2.ContactExport | None, after: resources_pb2.ContactExport, custom_keys: Iterable[str]
) -> resources_pb2.ContactExport:
    """An export as it will be kept, with its columns. `custom_keys` are those of the tenant's own fields.

    Raises:
        Failure: INVALID_ARGUMENT on a field that stands twice or that the tenant does not have.
    """
    if before is not None:
        return after
    after.file_name = tidy(after.file_name)
    own = [f"{CUSTOM}{key}" for key in custom_keys]
    if not after.fields:
        after.fields.extend([*_DEFAULT, *own])
    for number, name in enumerate(after.fields):
        if name in after.fields[:number]:
            raise invalid(f"fields[{number}]", "stands twice")
        if name.startswith(CUSTOM) and name not in own:
            raise invalid(f"fields[{number}]", "is no field of contacts")
    return after


def cells(contact: resources_pb2.Contact, fields: Sequence[str]) -> list[str]:
    """The row of a contact; empty where it has no value."""
    return [_cell(contact, name) for name in fields]


def _cell(contact: resources_pb2.Contact, name: str) -> str:
    if name.startswith(CUSTOM):
        key = name.removeprefix(CUSTOM)
        return _value(contact.custom.fields[key]) if key in contact.custom.fields else ""
    write = _WRITTEN.get(name)
    return write(contact) if write else str(getattr(contact, name))


def _value(value: Value) -> str:
    kind = value.WhichOneof("kind")
    if kind == "bool_value":
        return "true" if value.bool_value else "false"
    if kind == "number_value":
        number = value.number_value
        return str(int(number)) if number.is_integer() else repr(number)
    return str(value.string_value)


def _labels(values: Sequence[Any], name: str) -> str:
    """Values with their labels in brackets; as JSON where that would not be read as the same."""
    pairs = [(getattr(value, name), value.label) for value in values]
    text = "; ".join(f"{value} ({label})" if label else value for value, label in pairs)
    return text if labelled(text) == pairs else _json(values)


def _json(values: Sequence[Message]) -> str:
    """Messages as a JSON array, empty where there are none."""
    found = [json_format.MessageToDict(value) for value in values]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else ""


def _birth_date(contact: resources_pb2.Contact) -> str:
    date = contact.birth_date
    return f"{date.year:04}-{date.month:02}-{date.day:02}" if contact.HasField("birth_date") else ""


_WRITTEN: dict[str, Callable[[resources_pb2.Contact], str]] = {
    "emails": lambda contact: _labels(contact.emails, "address"),
    "phones": lambda contact: _labels(contact.phones, "number"),
    "addresses": lambda contact: _json(contact.addresses),
    "birth_date": _birth_date,
    "create_time": lambda contact: contact.create_time.ToJsonString(),
    "update_time": lambda contact: contact.update_time.ToJsonString(),
}
