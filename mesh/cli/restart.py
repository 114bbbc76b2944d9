"""`mesh restart`: replaces processes one by one, while calls go on: a new one serves before an old one drains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh.cli import ordering

if TYPE_CHECKING:
    import argparse

EXAMPLES = ("mesh restart customers", "mesh restart edge", "mesh restart")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("units", nargs="*", metavar="service", help="which, or edge (default: all)")


def run(arguments: argparse.Namespace) -> int:
    """Replace them. Ctrl-C ends it after the process that is being replaced."""
    return ordering.give("restart", {"units": arguments.units})
