"""`mesh token`: prints a bearer token of one of the demo tenant's people, going on with the session that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh.cli.outcome import running
from mesh.cli.people import ROLES, sign_in
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse

EXAMPLES = ("mesh token", "mesh token --as viewer")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_who(parser)


def add_who(parser: argparse._ActionsContainer) -> None:
    """Declare `--as`, alike for every command that signs in."""
    text = f"a role of the demo tenant ({', '.join(ROLES)}), or address@tenant (default: {ROLES[0]})"
    parser.add_argument("--as", dest="who", default=ROLES[0], metavar="WHO", help=text)


def run(arguments: argparse.Namespace) -> int:
    """Print the token and nothing else, so that it can stand inside another command."""
    settings = read_settings()
    running(settings)
    print(sign_in(settings, arguments.who))
    return 0
