"""`mesh join`: runs services on this host as part of a mesh whose control plane is on another one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import quote

from mesh.cli.outcome import BadUsage, Failed
from mesh.control import run_file
from mesh.runtime.settings import LOOPBACK, read_settings

if TYPE_CHECKING:
    import argparse

    from mesh.runtime.settings import Settings

EXAMPLES = ("mesh join 10.0.0.1:9901 customers users",)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("control", metavar="HOST:PORT", help="MESH_HOST and MESH_CONTROL_PORT of the control plane")
    parser.add_argument("services", nargs="+", metavar="service", help="name of a service, as in customers")


def run(arguments: argparse.Namespace) -> int:
    """Run until told to end."""
    settings = read_settings()
    host, _, port = arguments.control.rpartition(":")
    if not host or not port.isdecimal():
        msg = f"the control plane's address is as in 10.0.0.1:9901, not {arguments.control!r}"
        raise BadUsage(msg)
    _check(settings, arguments.services)
    # Held until this process ends, however it ends; `mesh down` ends its holder.
    if run_file.acquire(settings.home) is None:
        msg = f"a mesh already runs in {settings.home}"
        raise Failed(msg)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    from mesh.control.agent import Agent

    Agent(settings, (host, int(port)), arguments.services).run()
    return 0


def _check(settings: Settings, services: list[str]) -> None:
    """Insist on what the mesh's hosts share, and on what this one is known by.

    Raises:
        BadUsage: with everything that is missing, so that one look is enough.
    """
    from mesh.contract.catalog import all_services

    certificates = {each: settings.certificates(each) / "tls.crt" for each in services}
    wanted = {
        "MESH_HOST: the address at which the mesh's other hosts reach this one": settings.host != LOOPBACK,
        "DATABASE_URL: PostgreSQL; files are on one host": not settings.database_url.startswith("sqlite"),
        "REDIS_URL: the mesh's": bool(settings.redis_url),
        "MESH_SECRET: the mesh's": bool(settings.secret),
        "MESH_BLOBS_URL: the mesh's": not settings.blobs_url.startswith(f"file://{quote(str(settings.home))}/"),
        **{f"{file}: carry this folder here from the mesh's home": file.exists() for file in certificates.values()},
        **{f"a service of this name: {each}": each in all_services() for each in services},
    }
    missing = [text for text, given in wanted.items() if not given]
    if missing:
        msg = "joining a mesh needs " + "; ".join(missing)
        raise BadUsage(msg)
