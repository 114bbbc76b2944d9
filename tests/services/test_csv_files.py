"""CSV as people have it: every dialect gives the same rows, and what cannot be read costs its own row only."""

from __future__ import annotations

import csv
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.resource import csv_files
from mesh.resource.csv_files import Dialect, delimiter_of, guarded, rows, unguarded, written

_VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
_TABLES = st.lists(
    st.lists(st.one_of(_VALUES, st.text("'=+-@\t\r\n\";,", max_size=5)), min_size=2, max_size=4), max_size=6
)


def read(data: bytes, dialect: Dialect | None = None, start: int = 0) -> list[tuple[list[str], str]]:
    found = rows(lambda offset, length: data[offset : offset + length], start, dialect or Dialect())
    return [(list(row.cells), row.fault) for row in found]


def cells(data: bytes, dialect: Dialect | None = None) -> list[list[str]]:
    return [row for row, _ in read(data, dialect)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_line_ends_make_no_difference(delimiter: str, end: str) -> None:
    text = end.join([delimiter.join(row) for row in (["a", "b"], ['"x"', "y"], ["", "z"])]) + end

    assert cells(text.encode(), Dialect(delimiter)) == [["a", "b"], ["x", "y"], ["", "z"]]
    assert delimiter_of(text.split(end)[0]) == delimiter


def test_a_delimiter_inside_quotes_does_not_count() -> None:
    assert delimiter_of('"a,b,c,d";e') == ";"
    assert delimiter_of("alone") == ","


def test_quotes_hold_delimiters_line_ends_and_quotes() -> None:
    assert cells(b'"a,b","line\r\nbreak","say ""hi"""\nnext,,\n') == [
        ["a,b", "line\r\nbreak", 'say "hi"'],
        ["next", "", ""],
    ]


def test_blank_lines_are_no_rows_and_the_last_line_needs_no_end() -> None:
    assert cells(b"\r\na,b\n\n\r\nc,d") == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize(
    ("line", "encoding", "expected"),
    [
        ("Zoë".encode(), "", "Zoë"),
        ("Zoë".encode("latin-1"), "", "Zoë"),
        ("“€”".encode("windows-1252"), "", "“€”"),
        (b"\x81", "", "\x81"),
        ("Zoë".encode(), "windows-1252", "ZoÃ«"),
        ("Zoë".encode(), "utf-8", "Zoë"),
    ],
)
def test_characters_are_read_as_they_were_written(line: bytes, encoding: str, expected: str) -> None:
    assert cells(line, Dialect(encoding=encoding)) == [[expected]]


def test_a_file_may_mix_encodings_line_by_line() -> None:
    assert cells("Zoë\n".encode() + "Zoë\n".encode("latin-1")) == [["Zoë"], ["Zoë"]]


def test_bytes_that_are_not_utf_8_fail_their_row_where_utf_8_was_told() -> None:
    assert read(b"a\n\xff\nb\n", Dialect(encoding="utf-8")) == [(["a"], ""), ([], "ENCODING_INVALID"), (["b"], "")]


def test_a_quote_that_never_closes_costs_one_row() -> None:
    data = b'a,b\n1,"never closed\n' + b"2,x\n" * 200_000

    found = read(data)

    assert found[1] == ([], "QUOTE_UNCLOSED")
    assert len(found) == 200_002
    assert found[2] == found[-1] == (["2", "x"], "")


def test_a_line_of_ten_megabytes_is_refused_without_being_kept() -> None:
    data = b"a,b\n" + b"x" * 10_000_000 + b"\nc,d\n"
    tracemalloc.start()
    found = read(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found == [(["a", "b"], ""), ([], "LINE_TOO_LONG"), (["c", "d"], "")]
    assert peak < 6 << 20


def test_rows_with_too_many_cells_are_refused() -> None:
    assert read(b"," * csv_files.MAX_CELLS) == [([], "TOO_MANY_CELLS")]


def test_nul_reaches_the_reader_as_it_is() -> None:
    assert cells(b"a\0b,c") == [["a\0b", "c"]]


def test_reading_goes_on_at_the_end_of_any_row() -> None:
    data = b'a,b\r\n"x\ny",2\r\n\r\nc,"d""e"\nlast,"row"'
    whole = list(rows(lambda offset, length: data[offset : offset + length], 0, Dialect()))

    for number, row in enumerate(whole, 1):
        assert read(data, start=row.end) == [(list(each.cells), "") for each in whole[number:]]


@given(_TABLES, st.integers(1, 7))
def test_what_is_written_is_read_again(table: list[list[str]], block: int) -> None:
    data = written(table)
    found = rows(lambda offset, length: data[offset : offset + min(block, length)], 0, Dialect())

    assert [[unguarded(cell) for cell in row.cells] for row in found] == list(table)


@given(_TABLES)
def test_other_readers_read_what_is_written(table: list[list[str]]) -> None:
    text = written(table).decode()

    assert list(csv.reader(io.StringIO(text, newline=""))) == [[guarded(value) for value in row] for row in table]


@given(_VALUES)
def test_guarding_can_be_taken_back(value: str) -> None:
    for text in (value, f"={value}", f"'={value}", f"''@{value}", f"'{value}"):
        assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("value", ["=1+1", "+61 2", "-5", "@SUM(A1)", "\tx", "\rx", "'=1", "''=1"])
def test_no_cell_begins_like_a_formula(value: str) -> None:
    assert guarded(value).startswith("'")
    assert guarded("plain '=") == "plain '="


def test_without_rewinding_a_quote_would_swallow_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: reading goes on behind what was looked at."""
    monkeypatch.setattr(csv_files._Lines, "seek", lambda self, position: self.__dict__.setdefault("_buffer", []))
    monkeypatch.setattr(csv_files._Lines, "__init__", _started)

    with pytest.raises(AssertionError):
        test_a_quote_that_never_closes_costs_one_row()


def _started(self: csv_files._Lines, read: object, start: int) -> None:
    vars(self).update(_read=read, position=start, _buffer=[], _rest=b"", _loaded=start, _ended=False)


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''@x"])
def test_no_cell_that_is_written_begins_a_formula(value: str) -> None:
    (cell,) = next(csv.reader(io.StringIO(written([[value]]).decode(), newline="")))

    assert cell[0] == "'", "a spreadsheet takes what follows an apostrophe for text"
    assert unguarded(cell) == value
