"""Files of imports: their parts in blobs read as one, how they are written, and where their rows begin."""

from __future__ import annotations

import contextlib
import itertools
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from rapport.customers.v1 import resources_pb2

from mesh.contract.failure import Failure
from mesh.resource.csv_files import UTF_8_MARK, UTF_16_MARKS, Dialect, Row, delimiter_of, rows
from mesh.resource.file_parts import part_key
from mesh.store.blobs import BlobNotFound
from services.customers.domain.import_days import UNKNOWN, order_of
from services.customers.domain.imports import BIRTH_DATE, Placed, placed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from mesh.store.blobs import Blobs

HEAD = 1 << 20
"""Bytes of a file that are looked at for what is in it."""
_DATED_ROWS, _DATED_BYTES = 10_000, 8 << 20
DELIMITERS = {
    resources_pb2.FILE_DELIMITER_COMMA: ",",
    resources_pb2.FILE_DELIMITER_SEMICOLON: ";",
    resources_pb2.FILE_DELIMITER_TAB: "\t",
}
_ENCODINGS = {
    resources_pb2.FILE_ENCODING_UTF_8: "utf-8",
    resources_pb2.FILE_ENCODING_WINDOWS_1252: "windows-1252",
}


@dataclass(slots=True)
class Place:
    """Where an import goes on: behind which row and byte, and how the file is read."""

    offset: int
    number: int
    delimiter: str
    encoding: str
    header: list[str]
    columns: list[Placed]

    def dump(self) -> bytes:
        """The cursor of the job."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def load(cls, cursor: bytes) -> Place:
        """The place of a cursor."""
        held = json.loads(cursor)
        # Of a job that an earlier release has begun nothing tells which columns hold days.
        held["columns"] = [Placed(**{"days": c["field"] == BIRTH_DATE, **c}) for c in held["columns"]]
        return cls(**held)


class ImportFile:
    """The parts of an import, read as one file."""

    def __init__(self, blobs: Blobs, tenant: str, record: resources_pb2.ContactImport) -> None:
        self._blobs, self._tenant = blobs, tenant
        sizes = itertools.accumulate((part.size for part in record.parts), initial=0)
        keys = (part_key(folder(record.id), part) for part in record.parts)
        self._parts = [(start, part.size, key) for start, part, key in zip(sizes, record.parts, keys)]  # noqa: B905
        self.size = sum(part.size for part in record.parts)

    def read(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes; nothing behind the end."""
        for start, size, key in self._parts:
            if start <= offset < start + size:
                return self._blobs.part(self._tenant, key, offset - start, length)
        return b""

    def rows(self, place: Place) -> Iterator[Row]:
        """The rows from a place on."""
        return rows(self.read, place.offset, Dialect(place.delimiter, place.encoding))

    def head(self) -> bytes:
        """The first bytes, as far as they are looked at."""
        found = b""
        while len(found) < HEAD and (piece := self.read(len(found), HEAD - len(found))):
            found += piece
        return found


@contextlib.contextmanager
def expected() -> Iterator[None]:
    """Within it a file is read that ought to be there.

    Raises:
        Failure: FILE_REMOVED, where it is not any more.
    """
    try:
        yield
    except BlobNotFound:
        raise Failure("FILE_REMOVED") from None


def folder(identity: str) -> str:
    """Where the parts of an import are: a part that is replaced never changes the bytes of one that is being read."""
    return f"imports/{identity}"


def begin(file: ImportFile, record: resources_pb2.ContactImport, days: Collection[str]) -> Place:
    """The place of the first row, from what the import says and what the file shows; `days` are the fields of days.

    Raises:
        Failure: FILE_EMPTY, ENCODING_UNSUPPORTED, COLUMN_UNKNOWN, or the fault of the header.
    """
    mark = file.read(0, len(UTF_8_MARK))
    if mark.startswith(UTF_16_MARKS):
        raise Failure("ENCODING_UNSUPPORTED")
    start = len(UTF_8_MARK) if mark == UTF_8_MARK else 0
    encoding = _ENCODINGS.get(record.encoding, "")
    if start and encoding == "windows-1252":
        encoding = ""  # the mark says otherwise; lines that are no UTF-8 are read as Windows-1252 all the same
    first = next(rows(file.read, start, Dialect("\0", encoding)), None)
    if first is None:
        raise Failure("FILE_EMPTY")
    if first.fault:
        raise Failure(first.fault)
    delimiter = DELIMITERS.get(record.delimiter) or delimiter_of("".join(first.cells))
    header = next(rows(file.read, start, Dialect(delimiter, encoding)))
    if header.fault:
        raise Failure(header.fault)
    names, offset = list(header.cells), header.end
    if record.headerless:
        names, offset = [f"Column {number}" for number in range(1, len(header.cells) + 1)], start
    place = Place(offset, 0, delimiter, encoding, names, placed(names, record.columns, days))
    place.columns = _dated(file, place, record.date_order)
    return place


def _dated(file: ImportFile, place: Place, order: int) -> list[Placed]:
    """The columns, those of days with the order in which they are read: as it is told, else as the first rows show."""
    unknown = [column for column in place.columns if column.days and order == UNKNOWN]
    values: dict[int, list[str]] = {column.index: [] for column in unknown}
    if unknown:
        for row in itertools.islice(file.rows(place), _DATED_ROWS):
            for index, held in values.items():
                held.extend(row.cells[index : index + 1])
            if row.end - place.offset > _DATED_BYTES:
                break
    return [
        replace(column, date_order=order_of(values[column.index]) if column in unknown else order)
        if column.days
        else column
        for column in place.columns
    ]
