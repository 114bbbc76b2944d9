"""`mesh ps`: the processes of the mesh."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from mesh.control import run_file
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse

HELP = "list the processes of the mesh"
_COLUMNS = ("name", "state", "pid", "port", "core", "restarts")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("-o", "--output", choices=("table", "json"), default="table", help="default: table")


def run(arguments: argparse.Namespace) -> int:
    """Print what the run file says, if it is a live mesh's."""
    settings = read_settings()
    now = run_file.read(settings.home) if run_file.holder(settings.home) else None
    if now is None:
        print("mesh: no mesh runs here; start one: mesh up", file=sys.stderr)
        return 1
    control = run_file.Instance("control", now.pid, 0, now.phase, 0, None)
    rows = [asdict(i) for i in (control, *now.instances)]
    if arguments.output == "json":
        print(json.dumps(rows, indent=2))
        return 0
    cells = [
        _COLUMNS,
        *(
            tuple(str("-" if row[c] is None or (c == "port" and not row[c]) else row[c]) for c in _COLUMNS)
            for row in rows
        ),
    ]
    widths = [max(len(line[i]) for line in cells) for i in range(len(_COLUMNS))]
    for line in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    return 0
