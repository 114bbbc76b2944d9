"""The `mesh` command: finds the module of a subcommand and runs it. Nothing heavy is imported before it is needed.

What every command has in common is decided here: how it ends (see mesh.cli.outcome), that a failure is told in one
line, that a closed pipe is quiet, and that Ctrl-C ends it.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from importlib import import_module, metadata
from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn

from mesh.cli import output
from mesh.cli.outcome import FAILED, INTERRUPTED, PIPE_CLOSED, USAGE, Failed
from mesh.runtime.settings import SettingsError
from mesh.runtime.variables import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

# In the order of a day's work. Each is a module `mesh.cli.<name>`, dashes as underscores, with `configure(parser)`,
# `run(arguments) -> exit status` and EXAMPLES: lines that work as they stand while the mesh runs.
COMMANDS = MappingProxyType(
    {
        "up": "start the mesh on this machine and print its addresses",
        "ps": "list the processes of the mesh",
        "check": "tell whether everything is as it must be, and what to do where it is not",
        "doctor": "report on this machine and this mesh, fit to be pasted anywhere",
        "stat": "show calls, errors and latencies by service",
        "logs": "show or follow the logs",
        "tap": "show calls as they are answered",
        "call": "call a method over the edge, or print the curl, grpcurl and Python that do the same",
        "trace": "show what one call did in all services",
        "token": "print a bearer token of one of the demo tenant's people",
        "link": "print the secret of a link that would be sent by e-mail (not in production)",
        "mail": "show the mails that would have been sent (where SMTP_URL names no server)",
        "tenant": "suspend a tenant, or let it work again",
        "routes": "list the public routes: verb, path, method, who may call",
        "contract": "show what methods take, need, and may fail with",
        "config": "show the settings that are in force and where each came from",
        "events": "show how far consumers are behind; list, replay or discard events that failed",
        "clock": "show the time of the mesh, or move it ahead (profiles test and demo)",
        "scale": "run more or fewer processes of a service",
        "restart": "replace processes one by one while calls go on",
        "canary": "give one more process of a service a small share of its calls",
        "secrets": "show which keys secrets are sealed with, and rotate them",
        "migrate": "bring the databases to this code's schema",
        "backup": "write all databases and files into an archive, while the mesh serves",
        "restore": "put a backup in the place of what is there",
        "join": "run services on this host as part of a mesh whose control plane is on another one",
        "seed": "fill the demo tenant with as many contacts as it takes to try things at size",
        "new-service": "begin a service in a checkout, from its contract to its tests",
        "down": "stop the mesh and everything it started",
        "completion": "print what makes a shell complete mesh commands",
        "serve": "run one or several services in this process",
        "supervise": "run the mesh in the foreground, until Ctrl-C",
        "control": "run the control plane; `mesh supervise` does",
    }
)
# They write logs, not answers: what goes wrong in them is told with all that is known.
_PROCESSES = ("serve", "supervise", "control", "join")
_STATUSES = """\
exit status:
  0 done, 1 failed, 2 wrong usage or settings, 3 the mesh (or the service that is needed) does not run
"""


class Parser(argparse.ArgumentParser):
    """A parser that tells wrong usage in one line."""

    def error(self, message: str) -> NoReturn:
        """End with status 2."""
        self.exit(USAGE, f"{self.prog}: {message}; see: {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status. What an operator can put right is told in one line."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(words)
    except Failed as failed:
        output.complain(str(failed))
        return failed.status
    except SettingsError as error:
        output.complain(str(error))
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        output.closed()
        return PIPE_CLOSED
    except Exception as error:
        # Of a fault of ours the operator sees one line too; Python's developer mode (python -X dev) shows all of it.
        if sys.flags.dev_mode or words[:1] in ([name] for name in _PROCESSES):
            raise
        output.complain(f"this should not happen: {type(error).__name__}: {error}")
        return FAILED


def _run(words: Sequence[str]) -> int:
    chosen = words[0] if words else ""
    parser = build(chosen)
    if chosen and not chosen.startswith("-") and chosen not in COMMANDS:
        near = difflib.get_close_matches(chosen, COMMANDS, n=1)
        parser.error(f"there is no command {chosen!r}" + (f"; did you mean {near[0]}?" if near else ""))
    parsed, unknown = parser.parse_known_args(words)
    if unknown:
        Parser(prog=f"mesh {chosen}").error(f"unrecognized arguments: {' '.join(unknown)}")
    if not parsed.command:
        parser.print_help()
        return USAGE
    status = int(module(parsed.command).run(parsed))
    # Before the end: a reader that has gone is noticed here, and not by the interpreter when it is too late.
    sys.stdout.flush()
    return status


def module(name: str) -> ModuleType:
    """The module of a command."""
    return import_module(f"mesh.cli.{name.replace('-', '_')}")


def build(*chosen: str) -> Parser:
    """The parser. Only the chosen commands' modules are imported for their arguments."""
    width = max(map(len, VARIABLES))
    lines = [f"  {name:{width}}  {each.meaning} (default: {each.default})" for name, each in VARIABLES.items()]
    parser = Parser(
        prog="mesh",
        description="Rapport: a CRM as a service mesh. Start it, look at it, stop it.",
        epilog="\n".join([_STATUSES, "environment:", *lines]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(dest="command", metavar="command", title="commands")
    for name, text in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=text,
            description=f"{text[0].upper()}{text[1:]}.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name in chosen:
            found = module(name)
            found.configure(command)
            command.epilog = "\n  ".join(["example:", *found.EXAMPLES])
    return parser


def _version() -> str:
    try:
        return f"rapport {metadata.version('rapport')}"
    except metadata.PackageNotFoundError:
        return "rapport, not installed"


if __name__ == "__main__":
    sys.exit(main())
