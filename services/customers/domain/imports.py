"""The rules of imports: where columns go, what a cell says, and what becomes of a contact that a row is about."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format
from rapport.customers.v1 import resources_pb2

from mesh.contract.failure import Failure, invalid
from services.customers.domain.texts import tidy

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

MAX_PARTS = 1_000
MAX_BYTES = 512 << 20
CUSTOM = "custom."
ADDRESS = "address."
_MANY = ("emails", "phones")
_LISTS = (*_MANY, "addresses")
# A label in brackets needs a letter: brackets with digits are part of a phone number.
_LABELLED = re.compile(r"^(.*?)\s*\(([^()]*[^\W\d_][^()]*)\)$")
_DAY = re.compile(r"^(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})\.(\d{1,2})\.(\d{4}))$")


@dataclass(frozen=True, slots=True)
class Placed:
    """A column of a file: its place in a row, its name in the header, and the contact's field it goes to."""

    index: int
    name: str
    field: str


@dataclass(frozen=True, slots=True)
class ImportFacts:
    """What a decision on an import rests on: who asks, and the keys of the tenant's own fields."""

    caller_id: str
    custom_keys: Collection[str]


def decide_import(
    before: resources_pb2.ContactImport | None, after: resources_pb2.ContactImport, facts: ImportFacts
) -> resources_pb2.ContactImport:
    """An import as it will be kept.

    Raises:
        Failure: INVALID_ARGUMENT, where two columns go to a field that takes one, or a field does not exist.
    """
    if before is None:
        after.file_name = tidy(after.file_name)
        after.creator_id = facts.caller_id
    taken: set[str] = set()
    for number, mapping in enumerate(after.columns):
        if mapping.field in taken and mapping.field not in _MANY:
            raise invalid(f"columns[{number}].field", "is the field of another column, too")
        new = before is None or mapping not in before.columns
        if new and mapping.field.startswith(CUSTOM) and mapping.field.removeprefix(CUSTOM) not in facts.custom_keys:
            raise invalid(f"columns[{number}].field", "is no field of contacts")
        taken.add(mapping.field)
    if "addresses" in taken and any(field.startswith(ADDRESS) for field in taken):
        raise invalid("columns", "fill `addresses` as a whole and by parts")
    return after


def decide_row(before: Any, after: resources_pb2.ContactImportRow, facts: object) -> resources_pb2.ContactImportRow:
    """A verdict is kept as it is."""
    del before, facts
    return after


def decide_part(after: resources_pb2.ContactImport, number: int, size: int, digest: str) -> None:
    """Note a part in its place.

    Raises:
        Failure: FILE_TOO_LARGE.
    """
    parts = [part for part in after.parts if part.number != number]
    parts.append(resources_pb2.FilePart(number=number, size=size, digest=digest))
    if len(parts) > MAX_PARTS or sum(part.size for part in parts) > MAX_BYTES:
        raise Failure("FILE_TOO_LARGE")
    parts.sort(key=lambda part: part.number)
    del after.parts[:]
    after.parts.extend(parts)


def placed(header: Sequence[str], mappings: Sequence[resources_pb2.ColumnMapping]) -> list[Placed]:
    """Where the mapped columns stand; of columns with the same name the first one counts.

    Raises:
        Failure: COLUMN_UNKNOWN with the mapping's path.
    """
    places: dict[str, int] = {}
    for index, name in enumerate(header):
        places.setdefault(tidy(name).casefold(), index)
    found = []
    for number, mapping in enumerate(mappings):
        index = places.get(tidy(mapping.column).casefold(), -1)
        if index < 0:
            raise Failure("COLUMN_UNKNOWN", fields={f"columns[{number}].column": "is no column of the file"})
        found.append(Placed(index, header[index], mapping.field))
    return found


def read_contact(cells: Sequence[str], columns: Sequence[Placed]) -> resources_pb2.Contact:
    """The contact in a row; empty cells say nothing.

    Raises:
        Failure: INVALID_ARGUMENT on the field.
    """
    contact = resources_pb2.Contact()
    for column in columns:
        value = cells[column.index].strip() if column.index < len(cells) else ""
        if not value:
            continue
        if "\0" in value:
            raise invalid(column.field, "holds the character NUL")
        _read_cell(contact, column.field, value)
    return contact


def _read_cell(contact: resources_pb2.Contact, field: str, value: str) -> None:
    if field in _LISTS and value.startswith("["):
        _read_list(contact, field, value)
    elif field == "addresses":
        raise invalid(field, "is no JSON array of postal addresses")
    elif field.startswith(ADDRESS):
        _read_address(contact, field.removeprefix(ADDRESS), value)
    elif field == "emails":
        for address, label in labelled(value):
            contact.emails.add(address=address, label=label)
    elif field == "phones":
        for number, label in labelled(value):
            contact.phones.add(number=number, label=label)
    elif field == "birth_date":
        _read_day(contact, value)
    elif field.startswith(CUSTOM):
        contact.custom[field.removeprefix(CUSTOM)] = value
    else:
        setattr(contact, field, value)


def _read_list(contact: resources_pb2.Contact, field: str, text: str) -> None:
    """Add what a JSON array says, as exports write it."""
    items = getattr(contact, field)
    try:
        for item in json.loads(text):
            json_format.ParseDict(dict(item), items.add())
    except (TypeError, ValueError, RecursionError, json_format.ParseError):
        raise invalid(field, "is no JSON array of such values") from None


def _read_address(contact: resources_pb2.Contact, part: str, text: str) -> None:
    """Put a part into the one address that a row's columns make together."""
    address = contact.addresses[0] if contact.addresses else contact.addresses.add()
    if part in ("address_lines", "recipients"):
        getattr(address, part).extend(line.strip() for line in text.split(";") if line.strip())
    else:
        setattr(address, part, text)


def labelled(cell: str) -> list[tuple[str, str]]:
    """The values of a cell with `;` between them, each with its label."""
    found = []
    for part in cell.split(";"):
        value = part.strip()
        match = _LABELLED.match(value)
        if value:
            found.append((match[1], match[2].strip()) if match else (value, ""))
    return found


def _read_day(contact: resources_pb2.Contact, text: str) -> None:
    match = _DAY.match(text)
    if not match:
        raise invalid("birth_date", "is no day such as 1980-12-31")
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    contact.birth_date.year, contact.birth_date.month, contact.birth_date.day = int(year), int(month), int(day)


def merged(before: resources_pb2.Contact, row: resources_pb2.Contact, on_match: int) -> resources_pb2.Contact:
    """The contact that a row is about, with what the row says put in as the import wants it."""
    after = resources_pb2.Contact()
    after.CopyFrom(before)
    fill = on_match == resources_pb2.ON_MATCH_FILL_EMPTY
    for field, value in row.ListFields():
        if field.name == "custom":
            for key in value:
                if not (fill and key in after.custom):
                    after.custom[key] = value[key]
        elif fill and _present(before, field.name):
            continue
        elif field.message_type and not field.is_repeated:
            getattr(after, field.name).CopyFrom(value)
        elif field.is_repeated:
            after.ClearField(field.name)
            getattr(after, field.name).MergeFrom(value)
        else:
            setattr(after, field.name, value)
    return after


def _present(contact: resources_pb2.Contact, name: str) -> bool:
    value: Any = getattr(contact, name)
    return bool(len(value)) if hasattr(value, "add") else contact.HasField(name)


def column_of(path: str, columns: Sequence[Placed]) -> str:
    """The name in the file of the column that a field path is about; empty where that cannot be told."""
    parts = re.split(r"[.\[]", path)
    field = ".".join(parts[:2]) if parts[0] == "custom" else parts[0]
    names = [column.name for column in columns if column.field == field]
    if not names and field == "addresses":
        names = [column.name for column in columns if column.field.startswith(ADDRESS)]
    if not names and field.startswith("primary_"):
        names = [column.name for column in columns if column.field == "emails"]
    return names[0] if names else ""
