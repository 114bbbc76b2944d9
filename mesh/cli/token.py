"""`mesh token`: logs the owner of the demo tenant in and prints the bearer token."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from mesh.cli.edge_client import EdgeError
from mesh.cli.seed import log_in, read_credentials
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse

HELP = "print a bearer token of the demo tenant's owner"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: there are none."""


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001  # every command is called alike
    """Print the token and nothing else, so that it can stand inside another command."""
    settings = read_settings()
    credentials = read_credentials(settings)
    if credentials is None:
        print("mesh: there is no demo tenant here; create it: mesh up", file=sys.stderr)
        return 1
    try:
        print(log_in(settings, credentials))
    except EdgeError as error:
        print(f"mesh: {error}", file=sys.stderr)
        return 1
    return 0
