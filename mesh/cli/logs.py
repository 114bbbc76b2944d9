"""`mesh logs`: the lines of all processes in one order, those of one call, of one tenant, or as they come."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from mesh.cli import output
from mesh.cli.instants import span
from mesh.cli.log_lines import LEVELS, Line, Logs
from mesh.cli.outcome import BadUsage, Failed, NotRunning
from mesh.cli.trace import trace_id
from mesh.runtime.clock import SystemClock
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

EXAMPLES = ("mesh logs -n 5", "mesh logs edge --since 10m --level warning", "mesh logs --service customers -o json")
_TICK = 0.2
_COLOURS = {"warning": output.YELLOW, "error": output.RED, "debug": output.DIM}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("names", nargs="*", metavar="process", help="as `mesh ps` names them (default: all)")
    parser.add_argument("-f", "--follow", action="store_true", help="go on until interrupted")
    parser.add_argument("-n", "--lines", type=int, help="the last so many (default: 100; all with --since or --trace)")
    parser.add_argument("--since", default="", metavar="SPAN", help="written since then, as in 10m or 1h30m")
    parser.add_argument("--level", choices=LEVELS, default=LEVELS[0], help="this bad or worse (default: all)")
    parser.add_argument("--service", default="", help="of one service, or of edge, redis or mesh")
    parser.add_argument("--tenant", default="", metavar="ID", help="of calls for one tenant")
    parser.add_argument("--trace", default="", metavar="ID", help="of one call: trace id, x-request-id, traceparent")
    output.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the lines; as JSON one document a line."""
    folder = read_settings().home / "logs"
    known = sorted(file.stem for file in folder.glob("*.log"))
    if not known:
        msg = f"there are no logs in {folder}; start a mesh: mesh up"
        raise NotRunning(msg)
    unknown = [name for name in arguments.names if name not in known]
    if unknown:
        msg = f"there is no log of {', '.join(unknown)}; there are {', '.join(known)}"
        raise BadUsage(msg)
    wanted = chosen(arguments)
    narrowed = arguments.since or arguments.trace or arguments.tenant or arguments.level != LEVELS[0]
    most = arguments.lines if arguments.lines is not None else None if arguments.since or arguments.trace else 100
    show = _as_json if arguments.output == output.JSON else _as_text
    with Logs(folder, arguments.names, whole=bool(narrowed)) as logs:
        lines = [line for line in logs.read() if wanted(line)]
        if arguments.trace and not lines and not arguments.follow:
            msg = f"no line of the call {arguments.trace} is in the logs of {', '.join(arguments.names) or 'this mesh'}"
            raise Failed(msg)
        for line in lines if most is None else lines[len(lines) - min(most, len(lines)) :]:
            print(show(line))
        if arguments.follow:
            for line in logs.follow(lambda: time.sleep(_TICK)):
                if wanted(line):
                    print(show(line), flush=True)
    return 0


def chosen(arguments: argparse.Namespace) -> Callable[[Line], bool]:
    """Whether a line is asked for."""
    since_us = _since(arguments.since) if arguments.since else 0
    least = LEVELS.index(arguments.level)
    trace = trace_id(arguments.trace) if arguments.trace else ""

    def wanted(line: Line) -> bool:
        return (
            line.time_us >= since_us
            and (line.level not in LEVELS or LEVELS.index(line.level) >= least)
            and (not arguments.service or line.service == arguments.service)
            and (not arguments.tenant or line.tenant == arguments.tenant)
            and (not trace or line.trace == trace)
        )

    return wanted


def _since(text: str) -> int:
    try:
        return SystemClock().now_us() - span(text) // timedelta(microseconds=1)
    except (ValueError, OverflowError):
        msg = f"{text!r} is no span; write it as in 10m or 1h30m"
        raise BadUsage(msg) from None


def _as_json(line: Line) -> str:
    return json.dumps(line.as_json(), ensure_ascii=False)


def _as_text(line: Line) -> str:
    """The time of day, the process, the level where it is worth a look, and what it says."""
    colour = _COLOURS.get(line.level)
    text = f"{line.level}: {line.text}" if line.level in ("warning", "error") else line.text
    when = output.coloured(output.rfc3339(line.time_us)[11:23], output.DIM)
    name = output.coloured(f"{line.process:12}", output.CYAN)
    return f"{when} {name} {output.coloured(text, colour) if colour else text}"
