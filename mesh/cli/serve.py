"""`mesh serve`: run services in this process. The supervisor calls it; so does a container."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

EXAMPLES = ("mesh serve customers --role worker",)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("services", nargs="+", metavar="service", help="name of a service, as in customers")
    parser.add_argument("--instance", default="", help="name of this instance, for logs and the operator")
    parser.add_argument("--core", type=int, help="the one core to run on")
    parser.add_argument("--port", type=int, default=0, help="loopback port to listen on (default: any free one)")
    parser.add_argument("--role", choices=("api", "worker"), default="", help="answer calls, or work (default: both)")
    parser.add_argument("--ready-fd", type=int, help="file descriptor that is told the port when it is open")


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to end."""
    gc.disable()  # until it serves: what is loaded and built before is no garbage, and is looked through in vain
    from mesh.runtime.process import serve

    serve(
        arguments.services,
        instance=arguments.instance,
        core=arguments.core,
        port=arguments.port,
        ready_fd=arguments.ready_fd,
        role=arguments.role,
    )
    return 0
