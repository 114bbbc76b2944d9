"""What the head of a file shows before anything is imported: how it is written, and what its columns are about."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from rapport.customers.v1 import import_service_pb2, resources_pb2

from mesh.contract.failure import Failure
from mesh.resource.csv_files import UTF_8_MARK, UTF_16_MARKS, unguarded
from services.customers.domain.import_columns import is_headerless, suggest
from services.customers.domain.import_days import is_day, order_of
from services.customers.service.import_files import DELIMITERS, HEAD, ImportFile, begin

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROWS = 200
_COLUMNS = 300
_SAMPLES, _SAMPLE = 5, 100


def inspect(
    file: ImportFile, record: resources_pb2.ContactImport, names: Mapping[str, str], region: str
) -> import_service_pb2.InspectContactImportResponse:
    """What there is to be told of a file that is not empty.

    names: what the tenant's own fields are called, by their keys. region: where numbers without `+` are dialled.

    Raises:
        Failure: the fault of the file or of its first row.
    """
    head = file.head()
    asked = resources_pb2.ContactImport(encoding=record.encoding, delimiter=record.delimiter)
    first = begin(file, asked, ())
    headerless = is_headerless([unguarded(cell) for cell in first.header], names)
    asked.headerless = headerless
    place = begin(file, asked, ())
    reply = import_service_pb2.InspectContactImportResponse(headerless=headerless, encoding=_encoding(head))
    reply.delimiter = next(number for number, text in DELIMITERS.items() if text == place.delimiter)
    header = place.header[:_COLUMNS]
    columns: list[list[str]] = [[] for _ in header]
    for row in itertools.takewhile(lambda row: row.end <= HEAD, itertools.islice(file.rows(place), _ROWS)):
        for values, cell in zip(columns, row.cells, strict=False):
            if cell.strip():
                values.append(unguarded(cell.strip()))
    for name, values, told in zip(header, columns, suggest(header, columns, names, region), strict=True):
        column = reply.columns.add(column=name[: _SAMPLE * 2], field=told.field, confidence=told.confidence)
        column.samples.extend(value[:_SAMPLE] for value in dict.fromkeys(values[:_ROWS]))
        del column.samples[_SAMPLES:]
        if any(map(is_day, values)):
            column.date_order = resources_pb2.DateOrder.ValueType(order_of(values))
    return reply


def _encoding(head: bytes) -> resources_pb2.FileEncoding:
    """How characters are written; unset where lines differ, or nothing tells."""
    if head.startswith(UTF_16_MARKS):
        raise Failure("ENCODING_UNSUPPORTED")
    if head.startswith(UTF_8_MARK):
        return resources_pb2.FILE_ENCODING_UTF_8
    # The last line may be cut within a character.
    lines = [line for line in head.splitlines()[: -1 if len(head) >= HEAD else None] if not line.isascii()]
    utf_8 = sum(map(_is_utf_8, lines))
    if utf_8 == len(lines):
        return resources_pb2.FILE_ENCODING_UTF_8
    return resources_pb2.FILE_ENCODING_UNSPECIFIED if utf_8 else resources_pb2.FILE_ENCODING_WINDOWS_1252


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
