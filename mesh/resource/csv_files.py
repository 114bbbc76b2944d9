"""CSV files as people have them (RFC 4180 and what departs from it): bytes to rows, and rows to bytes.

Reads from any offset in bounded memory, so that a job can go on where it stopped. A row that cannot be read is given
with its fault and the next one is read; nothing raises for what a file holds. It knows no fields and no database.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MAX_LINE = 1 << 20
"""Bytes of a line; a longer one is a fault of its row."""
MAX_ROW = 1 << 18
"""Bytes that a row with quoted line breaks may span: where a quote never closes, this is what is looked at for it."""
MAX_CELLS = 1000
DELIMITERS = (",", ";", "\t")
UTF_8_MARK = b"\xef\xbb\xbf"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BLOCK = 1 << 18
# What a spreadsheet may take for a formula when it stands first.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")

LINE_TOO_LONG, QUOTE_UNCLOSED, ENCODING_INVALID, TOO_MANY_CELLS = (
    "LINE_TOO_LONG",
    "QUOTE_UNCLOSED",
    "ENCODING_INVALID",
    "TOO_MANY_CELLS",
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written. encoding: `utf-8`, `windows-1252`, or empty: line by line the first that fits."""

    delimiter: str = ","
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells, or the fault for which it has none; `end` is the offset of the next row in the file."""

    cells: Sequence[str]
    end: int
    fault: str = ""


def delimiter_of(header: str) -> str:
    """Whichever delimiter stands most often in a header outside of quotes; a comma where none does."""
    bare = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS, key=lambda delimiter: (bare.count(delimiter), delimiter == ","))


def guarded(value: str) -> str:
    """The cell for a value: what a spreadsheet might take for a formula gets an apostrophe in front.

    `unguarded` takes exactly that back: a value that begins with apostrophes before such a character gets one, too.
    """
    return f"'{value}" if _FORMULA.match(value) else value


def unguarded(cell: str) -> str:
    """The value that `guarded` made the cell of."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def written(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows of guarded cells as RFC 4180 has them: commas, CRLF, quotes where they are needed, UTF-8."""
    # A row of one empty cell would be a blank line, which is no row.
    return "".join((",".join(map(_cell, row)) or '""') + "\r\n" for row in rows).encode()


def _cell(value: str) -> str:
    cell = guarded(value)
    if any(mark in cell for mark in ',;\t"\r\n') or cell != cell.strip():
        doubled = cell.replace('"', '""')
        return f'"{doubled}"'
    return cell


def rows(read: Callable[[int, int], bytes], start: int, dialect: Dialect) -> Iterator[Row]:
    """The rows from an offset at which one begins; blank lines are none. `read(offset, length)` gives the file's bytes.

    A file that begins with a byte order mark has its first row at the offset behind it.
    """
    lines = _Lines(read, start)
    while True:
        first = lines.next()
        if first is None:
            return
        if first == b"" or not first.strip(b"\r\n"):
            if first == b"":
                yield Row((), lines.position, LINE_TOO_LONG)
            continue
        text = _decoded(first, dialect.encoding)
        if text is None:
            yield Row((), lines.position, ENCODING_INVALID)
        elif '"' not in text:
            yield _row(text.rstrip("\r\n").split(dialect.delimiter), lines.position)
        else:
            yield _quoted(lines, text, dialect)


def _row(cells: Sequence[str], end: int) -> Row:
    return Row((), end, TOO_MANY_CELLS) if len(cells) > MAX_CELLS else Row(cells, end)


def _quoted(lines: _Lines, first: str, dialect: Dialect) -> Row:
    """A row with quotes. Where one does not close within bounds, the next row begins with the next line."""
    second = lines.position
    following = _Following(lines, first, dialect.encoding)
    try:
        cells = next(csv.reader(following, delimiter=dialect.delimiter))
    except (csv.Error, StopIteration):
        following.fault = following.fault or QUOTE_UNCLOSED
    if following.fault:
        lines.seek(second)
        return Row((), second, following.fault)
    return _row(cells, lines.position)


class _Following:
    """The lines of one row, as csv asks for them while a quote is open; `fault` says why it got no more."""

    def __init__(self, lines: _Lines, first: str, encoding: str) -> None:
        self._lines, self._next, self._encoding = lines, first, encoding
        self._end = lines.position + MAX_ROW
        self.fault = ""

    def __iter__(self) -> Iterator[str]:
        yield self._next
        while True:
            line = self._lines.next()
            if not line or self._lines.position > self._end:
                self.fault = QUOTE_UNCLOSED
                return
            text = _decoded(line, self._encoding)
            if text is None:
                self.fault = ENCODING_INVALID
                return
            yield text


def _decoded(line: bytes, encoding: str) -> str | None:
    """The text of a line; None where it is not written in the encoding. No line of Windows-1252 is refused."""
    if encoding != "windows-1252":
        try:
            return line.decode()
        except UnicodeDecodeError:
            if encoding:
                return None
    try:
        return line.decode("windows-1252")
    except UnicodeDecodeError:  # five bytes mean nothing there
        return line.decode("latin-1")


class _Lines:
    """Lines with their ends, whether CR, LF or both; of one that is too long, nothing but that there was one."""

    def __init__(self, read: Callable[[int, int], bytes], start: int) -> None:
        self._read = read
        self.seek(start)

    def seek(self, position: int) -> None:
        """Go to an offset at which a line begins."""
        self.position = position
        self._buffer: list[bytes] = []
        self._rest = b""
        self._loaded = position
        self._ended = False

    def next(self) -> bytes | None:
        """The next line, empty where it is too long; None at the end. `position` is behind it then."""
        while not self._buffer:
            if self._ended:
                return None
            self._load()
        line = self._buffer.pop()
        self.position += len(line)
        if len(line) > MAX_LINE:
            return b""
        return line

    def _load(self) -> None:
        block = self._read(self._loaded, _BLOCK)
        self._loaded += len(block)
        self._ended = not block
        whole = self._rest + block
        if len(whole) > MAX_LINE and b"\n" not in block and b"\r" not in block:
            self._skip()
            return
        found = whole.splitlines(keepends=True)
        # The last line may go on, and a CR at the very end may be half of a CRLF.
        self._rest = found.pop() if found and not self._ended else b""
        self._buffer = found[::-1]

    def _skip(self) -> None:
        """Pass over the rest of a line that is too long without keeping it."""
        while True:
            block = self._read(self._loaded, _BLOCK)
            ends = [place for place in (block.find(b"\n"), block.find(b"\r")) if place >= 0]
            if ends or not block:
                self._loaded += min(ends) + 1 if ends else 0
                break
            self._loaded += len(block)
        skipped, self._rest = self._loaded - self.position, b""
        self._buffer = [b"\0" * (MAX_LINE + 1)]
        self.position += skipped - (MAX_LINE + 1)
