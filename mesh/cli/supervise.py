"""`mesh supervise`: the control plane in the foreground. `mesh up` starts it in the background."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from mesh.control import run_file
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse

HELP = "run the control plane in the foreground, with everything it starts"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--replicas", type=int, default=1, metavar="N", help="instances per service (default: 1)")


def run(arguments: argparse.Namespace) -> int:
    """Run until told to end."""
    settings = read_settings()
    # Held until this process ends, however it ends.
    if run_file.acquire(settings.home) is None:
        print(f"mesh: a mesh already runs in {settings.home}", file=sys.stderr)
        return 1
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    from mesh.control.plane import Plane, StartError
    from mesh.edge.envoy import EnvoyMissingError
    from mesh.events.embedded_redis import RedisMissingError
    from mesh.runtime.clock import SystemClock

    try:
        Plane(settings, SystemClock(), arguments.replicas).run()
    except (StartError, EnvoyMissingError, RedisMissingError) as error:
        print(f"mesh: {error}", file=sys.stderr)
        return 1
    return 0
