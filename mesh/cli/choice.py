"""What an operator chooses to run, on the command line: which services, how many processes, what each does.

Nothing heavy is imported: `mesh up` of a mesh that runs answers at once.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
from pathlib import Path

import services
from mesh.control.wanted import MOST, Wanted, with_needed
from mesh.runtime.roles import BOTH, PACK, ROLES, SPLIT
from mesh.runtime.settings import SettingsError


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    known = known_services()
    parser.add_argument(
        "services", nargs="*", metavar="service", help="run these and those that they call (default: all)"
    )
    parser.add_argument(
        "--replicas", action="append", default=[], type=_replicas, metavar="[S=]N",
        help="processes per service, or of one service, as in customers=3; may be repeated (default: 1)",
    )  # fmt: skip
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--roles", choices=ROLES, default=BOTH, help="split: calls and background work apart")
    how.add_argument("--pack", action="store_true", help="all services in one process per core")
    parser.add_argument(
        "--debug", choices=known, metavar="S", default="", help="run a service under debugpy and print where it listens"
    )


def wanted(arguments: argparse.Namespace) -> Wanted:
    """What was chosen.

    Raises:
        SettingsError: there is no such service.
    """
    if arguments.debug and importlib.util.find_spec("debugpy") is None:
        msg = "--debug needs debugpy, which Rapport does not install; install it: pip install debugpy"
        raise SettingsError(msg)
    known = known_services()
    chosen = arguments.services or known
    counts: dict[str, int] = dict(arguments.replicas)
    units = [name for name in counts if name]
    for name in (*chosen, *(unit for unit in units if unit != PACK)):
        if name not in known:
            msg = f"there is no service {name}; there are {', '.join(known)}"
            raise SettingsError(msg)
    calls = {name: importlib.import_module(f"services.{name}").CALLS for name in known}
    run = with_needed([*chosen, *(unit for unit in units if unit != PACK)], calls)
    if arguments.debug and arguments.debug not in run:
        msg = f"--debug {arguments.debug}: it is not among what is to run: {', '.join(run)}"
        raise SettingsError(msg)
    if arguments.pack:
        each = counts.get(PACK, counts.get("", len(os.sched_getaffinity(0))))
        return Wanted({PACK: each}, run, debugged=arguments.debug)
    if PACK in units:
        msg = "a number of packs needs --pack"
        raise SettingsError(msg)
    return Wanted({name: counts.get(name, counts.get("", 1)) for name in run}, run, arguments.roles, arguments.debug)


def as_arguments(wanted: Wanted) -> list[str]:
    """The command line that chooses the same."""
    words = [*wanted.services, *(f"--replicas={unit}={count}" for unit, count in wanted.units.items())]
    if PACK in wanted.units:
        words.append("--pack")
    if wanted.roles == SPLIT:
        words.append(f"--roles={SPLIT}")
    if wanted.debugged:
        words.append(f"--debug={wanted.debugged}")
    return words


def known_services() -> tuple[str, ...]:
    """The services that can be run, by alphabet."""
    folders = [Path(folder) for folder in services.__path__]
    return tuple(sorted(file.parent.name for folder in folders for file in folder.glob("*/tables.py")))


def count(text: str) -> int:
    """A number of processes."""
    if not text.isdigit() or not 1 <= int(text) <= MOST:
        msg = f"{text!r} is no number of processes from 1 to {MOST}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _replicas(text: str) -> tuple[str, int]:
    name, _, number = text.rpartition("=")
    return name, count(number)
