"""`mesh restart`: replaces processes one by one, while calls go on: a new one serves before an old one drains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh.cli import ordering
from mesh.cli.outcome import OK
from mesh.cli.replacing import CONTROL, replace_control
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse

EXAMPLES = ("mesh restart customers", "mesh restart edge", "mesh restart", "mesh restart control")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "units", nargs="*", metavar="service", help="which; edge or control too (default: all but control)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Replace them. Ctrl-C ends it after the process that is being replaced."""
    units = [unit for unit in arguments.units if unit != CONTROL]
    if units or not arguments.units:
        ordering.give("restart", {"units": units})
    if CONTROL in arguments.units:
        replace_control(read_settings())
        print(f"  {CONTROL} serves", flush=True)
    return OK
