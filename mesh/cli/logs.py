"""`mesh logs`: the last lines of the logs, and what is added to them."""

from __future__ import annotations

import sys
import time
from typing import IO, TYPE_CHECKING

from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

HELP = "show or follow the logs"
_TICK = 0.2
_TAIL_BYTES = 256 * 1024


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("names", nargs="*", metavar="name", help="as `mesh ps` names them (default: all)")
    parser.add_argument("-f", "--follow", action="store_true", help="go on until interrupted")
    parser.add_argument("-n", "--lines", type=int, default=20, help="lines of each log to begin with (default: 20)")


def run(arguments: argparse.Namespace) -> int:
    """Print the logs, each line behind its process's name."""
    folder = read_settings().home / "logs"
    known = {file.stem: file for file in sorted(folder.glob("*.log"))}
    unknown = [name for name in arguments.names if name not in known]
    if unknown or not known:
        print(f"mesh: no log of {', '.join(unknown) or 'anything'} in {folder}", file=sys.stderr)
        return 1
    chosen = {name: known[name] for name in arguments.names or known}
    files = {name: _tail(name, file, arguments.lines) for name, file in chosen.items()}
    while arguments.follow:
        for name, file in files.items():
            if chosen[name].stat().st_size < file.tell():
                # Moved aside for its size.
                file.seek(0)
            _print(name, file.read())
        time.sleep(_TICK)
    return 0


def _tail(name: str, path: Path, lines: int) -> IO[str]:
    file = path.open(encoding="utf-8", errors="replace")
    file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
    _print(name, "\n".join(file.read().splitlines()[-lines:] if lines else []))
    return file


def _print(name: str, text: str) -> None:
    for line in text.splitlines():
        print(f"{name:12} {line}", flush=True)
