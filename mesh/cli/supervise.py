"""`mesh supervise`: keeps the processes of a mesh in the foreground, the control plane among them.

`mesh up` starts it in the background.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.cli import choice
from mesh.control import keeper, run_file
from mesh.control.child import Program
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse

EXAMPLES = ("mesh supervise --replicas 2",)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    choice.configure(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run until told to end."""
    settings = read_settings()
    wanted = choice.wanted(arguments)
    # Held until this process ends, however it ends.
    if run_file.acquire(settings.home) is None:
        print(f"mesh: a mesh already runs in {settings.home}", file=sys.stderr)
        return 1
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    run_file.forget(settings.home)
    command = (sys.executable, "-m", "mesh.cli.main", "control", *choice.as_arguments(wanted))
    control = Program(keeper.CONTROL, command, None, Path.cwd(), log=None)
    return keeper.Keeper(control, settings.home / "run").run()
