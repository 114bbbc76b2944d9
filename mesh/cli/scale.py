"""`mesh scale`: runs more or fewer processes of a service, while calls go on."""

from __future__ import annotations

import argparse

from mesh.cli import ordering
from mesh.cli.choice import count

EXAMPLES = ("mesh scale customers=2", "mesh scale customers=1 users=1")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("units", nargs="+", type=_unit, metavar="service=n", help="how many of it (or of pack)")


def run(arguments: argparse.Namespace) -> int:
    """Have so many, and return when they serve and the others have ended. It goes on if nobody waits."""
    return ordering.give("scale", {"units": dict(arguments.units)})


def _unit(text: str) -> tuple[str, int]:
    name, sign, number = text.partition("=")
    if not name or not sign:
        msg = f"{text!r} is not of the form service=n"
        raise argparse.ArgumentTypeError(msg)
    return name, count(number)
