"""`mesh control`: the control plane. `mesh supervise` runs it, and runs it again when it is lost."""

from __future__ import annotations

import gc
import logging
import sys
from typing import TYPE_CHECKING

from mesh.cli import choice
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse

EXAMPLES = ("mesh supervise",)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    choice.configure(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run until told to end."""
    settings = read_settings()
    wanted = choice.wanted(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    gc.disable()  # what is loaded now stays, and is looked through in vain
    from mesh.control.ads import PortTaken
    from mesh.control.kept import KeeperGone, KeptChildren
    from mesh.control.plane import Plane
    from mesh.control.redis_process import StartError
    from mesh.edge.envoy import EnvoyMissingError
    from mesh.events.embedded_redis import RedisMissingError
    from mesh.runtime.clock import SystemClock

    gc.freeze()
    gc.enable()
    try:
        Plane(settings, SystemClock(), wanted, KeptChildren(settings.home / "run")).run()
    except KeeperGone:
        print("mesh: there is no keeper here; it is `mesh supervise` that runs the control plane", file=sys.stderr)
        return 1
    except (StartError, PortTaken, EnvoyMissingError, RedisMissingError) as error:
        print(f"mesh: {error}", file=sys.stderr)
        return 1
    return 0
