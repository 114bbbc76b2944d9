"""The `mesh` command: finds the module of a subcommand and runs it. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module, metadata
from types import MappingProxyType
from typing import TYPE_CHECKING

from mesh.runtime.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

# Each is a module `mesh.cli.<name>` with HELP, `configure(parser)` and `run(arguments) -> exit status`.
COMMANDS = MappingProxyType(
    {
        "up": "start the mesh on this machine and print its addresses",
        "down": "stop the mesh and everything it started",
        "ps": "list the processes of the mesh",
        "logs": "show or follow the logs",
        "token": "print a bearer token of the demo tenant's owner",
        "serve": "run one or several services in this process",
        "supervise": "run the control plane in the foreground, with everything it starts",
    }
)
_ENVIRONMENT = """\
environment:
  MESH_HOME         folder of all state (default: .mesh)
  MESH_EDGE_PORT    port of the edge (default: 8080)
  MESH_PROFILE      dev, test, demo or production (default: dev)
  DATABASE_URL      template with {service} (default: SQLite files under MESH_HOME)
  REDIS_URL         a Redis elsewhere (default: one is started)
  MESH_SECRET       root secret, 32 bytes as hex (default: made once under MESH_HOME)
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status. What an operator can put right is told in one line."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = _parser(words[0] if words else "")
    parsed = parser.parse_args(words)
    if not parsed.command:
        parser.print_help()
        return 2
    try:
        return int(import_module(f"mesh.cli.{parsed.command}").run(parsed))
    except SettingsError as error:
        print(f"mesh: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser(chosen: str) -> argparse.ArgumentParser:
    """The parser. Only the chosen command's module is imported for its arguments."""
    parser = argparse.ArgumentParser(
        prog="mesh",
        description="Rapport: a CRM as a service mesh. Start it, look at it, stop it.",
        epilog=_ENVIRONMENT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(dest="command", metavar="command", title="commands")
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        if name == chosen:
            import_module(f"mesh.cli.{name}").configure(command)
    return parser


def _version() -> str:
    try:
        return f"rapport {metadata.version('rapport')}"
    except metadata.PackageNotFoundError:
        return "rapport, not installed"


if __name__ == "__main__":
    sys.exit(main())
