"""`mesh ps`: the processes of the mesh."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from mesh.cli import output
from mesh.cli.outcome import running
from mesh.control import run_file
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse

EXAMPLES = ("mesh ps", "mesh ps -o json")
# Of the whole: it serves, but Redis is away and events wait.
_DEGRADED = "degraded"
# Of the control plane: it was lost, and is being started again; all else goes on.
_AWAY = "away"
# Where 0 says that there is none, or none that is known here.
_NONE = ("pid", "port", "debugger")
_COLUMNS = ("name", "role", "state", "pid", "port", "core", "restarts")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    output.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what the run file says, if it is a live mesh's."""
    now = running(read_settings())
    degraded = now.phase == run_file.SERVING and not now.redis_answers
    state = _DEGRADED if degraded else now.phase
    control = run_file.Instance("control", now.pid, 0, state if run_file.runs(now.pid) else _AWAY, 0, None)
    rows = [asdict(each) for each in (control, *now.instances, *now.joined)]
    if arguments.output == output.TABLE:
        rows = [{name: row[name] or None if name in _NONE else row[name] for name in _COLUMNS} for row in rows]
    output.show(rows, arguments.output)
    return 0
