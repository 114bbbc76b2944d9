"""`mesh routes`: every public route, as the contracts declare it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh.cli import methods, output
from mesh.contract.catalog import load

if TYPE_CHECKING:
    import argparse

EXAMPLES = ("mesh routes", "mesh routes contacts -o json")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("part", nargs="?", default="", help="of paths or methods with this text in them (default: all)")
    output.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print a row for each route, in the order of the paths."""
    rows = [
        {
            "verb": route.verb,
            "path": route.template,
            "method": methods.short(method.full_name),
            "access": method.access.kind.value,
            "permission": method.access.permission or method.access.capability,
        }
        for method in load().methods.values()
        if method.access.public
        for route in method.routes
    ]
    part = arguments.part.casefold()
    found = [row for row in rows if part in row["path"].casefold() or part in row["method"].casefold()]
    output.show(sorted(found, key=lambda row: (row["path"], row["verb"])), arguments.output, nothing="no such route")
    return 0
