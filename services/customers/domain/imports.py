"""The rules of imports: where columns go, what a cell says, and what becomes of a contact that a row is about."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format
from rapport.customers.v1 import resources_pb2
from rapport.type.v1 import job_pb2

from mesh.contract.failure import Failure, invalid
from services.customers.domain.import_days import read_day
from services.customers.domain.texts import tidy

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

ENDED = (job_pb2.JOB_STATE_SUCCEEDED, job_pb2.JOB_STATE_FAILED, job_pb2.JOB_STATE_CANCELLED)
KEPT_SECONDS = 30 * 24 * 3600
"""How long after its end an import can be reverted, and its file is kept."""
MAX_PARTS = 1_000
MAX_BYTES = 512 << 20
CUSTOM = "custom."
ADDRESS = "address."
_MANY = ("emails", "phones")
_LISTS = (*_MANY, "addresses")
# A label in brackets needs a letter: brackets with digits are part of a phone number.
_LABELLED = re.compile(r"^(.*?)\s*\(([^()]*[^\W\d_][^()]*)\)$")
BIRTH_DATE = "birth_date"
# What a row is recognised by, and does not change.
_MATCHED_BY = ("id", "e164_phones")
_MATCH_PATHS = {
    resources_pb2.MATCH_KEY_EXTERNAL_ID: "external_id",
    resources_pb2.MATCH_KEY_EMAIL: "emails",
    resources_pb2.MATCH_KEY_PHONE: "phones",
    resources_pb2.MATCH_KEY_ID: "id",
}
# What describes an import; it cannot change any more when contacts have been written.
_DESCRIBED = (
    *("file_name", "columns", "match_key", "match_field", "on_match"),
    *("encoding", "delimiter", "date_order", "headerless"),
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A column of a file: its place in a row, its name in the header, and the contact's field it goes to.

    days: whether it holds days; date_order: in which order their parts stand.
    """

    index: int
    name: str
    field: str
    days: bool = False
    date_order: int = 0


@dataclass(frozen=True, slots=True)
class ImportFacts:
    """What a decision on an import rests on: who asks, and of the tenant's own fields by key if they are unique."""

    caller_id: str
    custom: Mapping[str, bool]


def decide_import(
    before: resources_pb2.ContactImport | None, after: resources_pb2.ContactImport, facts: ImportFacts
) -> resources_pb2.ContactImport:
    """An import as it will be kept.

    Raises:
        Failure: INVALID_ARGUMENT, where two columns go to a field that takes one, or a field does not exist or is
            none to match by; JOB_STARTED, where its contacts were written already.
    """
    after.file_name = tidy(after.file_name)
    if before is None:
        after.creator_id = facts.caller_id
    elif not is_described(before) and any(getattr(before, name) != getattr(after, name) for name in _DESCRIBED):
        raise Failure("JOB_STARTED")
    _check_match(after, facts)
    taken: set[str] = set()
    for number, mapping in enumerate(after.columns):
        if mapping.field in taken and mapping.field not in _MANY:
            raise invalid(f"columns[{number}].field", "is the field of another column, too")
        new = before is None or mapping not in before.columns
        if new and mapping.field.startswith(CUSTOM) and mapping.field.removeprefix(CUSTOM) not in facts.custom:
            raise invalid(f"columns[{number}].field", "is no field of contacts")
        taken.add(mapping.field)
    if "addresses" in taken and any(field.startswith(ADDRESS) for field in taken):
        raise invalid("columns", "fill `addresses` as a whole and by parts")
    return after


def _check_match(after: resources_pb2.ContactImport, facts: ImportFacts) -> None:
    by_field = after.match_key == resources_pb2.MATCH_KEY_CUSTOM_FIELD
    if by_field != bool(after.match_field):
        raise invalid("match_field", "goes with MATCH_KEY_CUSTOM_FIELD, which needs it")
    if by_field and not facts.custom.get(after.match_field.removeprefix(CUSTOM)):
        raise invalid("match_field", "is no unique field of contacts")
    for number, mapping in enumerate(after.columns):
        if mapping.field == "id" and after.match_key != resources_pb2.MATCH_KEY_ID:
            raise invalid(f"columns[{number}].field", "goes with MATCH_KEY_ID")


def match_path(record: resources_pb2.ContactImport) -> str:
    """The field that rows are matched by; empty where they are not."""
    return _MATCH_PATHS.get(record.match_key, record.match_field)


def check_startable(record: resources_pb2.ContactImport) -> None:
    """Refuse an import that does not say enough: without a value to match by every row would make a contact.

    Raises:
        Failure: IMPORT_UNMAPPED; INVALID_ARGUMENT, where no column is what rows are matched by.
    """
    if not record.columns:
        raise Failure("IMPORT_UNMAPPED")
    path = match_path(record)
    if path and all(mapping.field != path for mapping in record.columns):
        raise invalid("match_key", f"needs a column that goes to `{path}`")


def is_described(record: resources_pb2.ContactImport) -> bool:
    """Whether an import has written no contact and does nothing now, so that what it is can still change."""
    if record.job.state in (job_pb2.JOB_STATE_UNSPECIFIED, job_pb2.JOB_STATE_CREATED):
        return True
    return record.work == resources_pb2.IMPORT_WORK_VALIDATION and record.job.state in ENDED


def is_revertible(record: resources_pb2.ContactImport, now_us: int) -> bool:
    """Whether what an import has done can be taken back now, or the rest of it."""
    done = record.work == resources_pb2.IMPORT_WORK_REVERSION and record.job.state == job_pb2.JOB_STATE_SUCCEEDED
    written = record.work in (resources_pb2.IMPORT_WORK_IMPORT, resources_pb2.IMPORT_WORK_REVERSION)
    recent = record.job.end_time.ToMicroseconds() + KEPT_SECONDS * 1_000_000 > now_us
    return written and not done and record.job.state in ENDED and recent


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


def placed(
    header: Sequence[str], mappings: Sequence[resources_pb2.ColumnMapping], days: Collection[str] = (BIRTH_DATE,)
) -> list[Placed]:
    """Where the mapped columns stand; of columns with the same name the first one counts. `days` are fields of days.

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
        found.append(Placed(index, header[index], mapping.field, mapping.field in days))
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
        if column.days:
            year, month, day = read_day(value, column.date_order, column.field)
            value = f"{year:04}-{month:02}-{day:02}"
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
    elif field == BIRTH_DATE:
        date = contact.birth_date
        date.year, date.month, date.day = map(int, value.split("-"))
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


def merged(before: resources_pb2.Contact, row: resources_pb2.Contact, on_match: int) -> resources_pb2.Contact:
    """The contact that a row is about, with what the row says put in as the import wants it."""
    after = resources_pb2.Contact()
    after.CopyFrom(before)
    fill = on_match == resources_pb2.ON_MATCH_FILL_EMPTY
    for field, value in row.ListFields():
        if field.name in _MATCHED_BY:
            continue
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
