"""What commands print: rows as a table or as JSON, colour where a person looks, progress beside the output.

Keys are stable and in snake_case, numbers are numbers, times are RFC 3339 in UTC. Nothing here knows a command.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TextIO

from mesh.runtime.settings import wants_colour

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

TABLE, JSON = "table", "json"
RED, GREEN, YELLOW, CYAN, DIM = "31", "32", "33", "36", "2"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def add_output(parser: argparse.ArgumentParser) -> None:
    """Declare `-o`, alike for every command that reads."""
    parser.add_argument("-o", "--output", choices=(TABLE, JSON), default=TABLE, help="default: table")


def show(found: Sequence[Mapping[str, Any]] | Mapping[str, Any], output: str, *, nothing: str = "nothing") -> None:
    """Print rows, or one record, as asked. `nothing`: what a person is told where there are no rows."""
    if output == JSON:
        print_json(found)
    elif isinstance(found, Mapping):
        width = max(map(len, found), default=0)
        print("\n".join(f"{_head(name):{width}}  {cell(value)}" for name, value in found.items()))
    else:
        print("\n".join(table(found)) if found else nothing)


def print_json(document: object) -> None:
    """Print one JSON document; indented on a terminal."""
    print(json.dumps(document, indent=2 if sys.stdout.isatty() else None, ensure_ascii=False))


def table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Lines of aligned columns below their heads, as in `kubectl get`; numbers stand to the right."""
    names = list(rows[0])
    cells = [[cell(row[name]) for name in names] for row in rows]
    widths = [max(len(name), *(len(line[i]) for line in cells)) for i, name in enumerate(names)]
    right = [all(_is_number(row[name]) for row in rows) for name in names]
    heads = [_head(name) for name in names]
    return [
        "  ".join(t.rjust(w) if r else t.ljust(w) for t, w, r in zip(line, widths, right, strict=True)).rstrip()
        for line in (heads, *cells)
    ]


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def cell(value: object) -> str:
    """A value as a table shows it."""
    if value is None or value in ("", (), []):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return " ".join(f"{name}={each}" for name, each in value.items())
    return ", ".join(map(cell, value)) if isinstance(value, list | tuple) else str(value)


def _head(name: str) -> str:
    return name.upper().replace("_", " ")


def rfc3339(moment_us: int) -> str:
    """A moment in microseconds since 1970 as RFC 3339 with milliseconds, as in `2026-01-01T00:00:00.000Z`."""
    return (_EPOCH + timedelta(microseconds=moment_us)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def coloured(text: str, colour: str, stream: TextIO | None = None) -> str:
    """The text in a colour where the stream (default: standard output) is a terminal; NO_COLOR is kept."""
    return f"\x1b[{colour}m{text}\x1b[0m" if wants_colour(stream or sys.stdout) else text


def progress(text: str) -> None:
    """Tell a person who watches how far long work is; a pipe or a file is told nothing."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="" if text else "\r", file=sys.stderr, flush=True)


def complain(problem: str) -> None:
    """One line on standard error."""
    print(f"mesh: {' '.join(problem.split())}" if "\n" not in problem else f"mesh: {problem}", file=sys.stderr)


def closed() -> None:
    """Whoever read standard output has gone: nothing is written to it any more, so that its end is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
