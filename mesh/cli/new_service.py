"""`mesh new-service`: begins a service in a checkout, complete from its contract to its tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mesh.cli.outcome import BadUsage, Failed
from mesh.contract.catalog import load
from mesh.scaffold.names import NameRefused, names
from mesh.scaffold.writing import write

if TYPE_CHECKING:
    import argparse

EXAMPLES = ("mesh new-service projects", "mesh new-service success --resource SupportPlan")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", help="of the service, as in projects")
    parser.add_argument("--resource", default="", help="what it owns, as in SupportPlan (default: from its name)")
    parser.add_argument("--prefix", default="", help="that ids begin with, as in spl (default: from the resource)")
    parser.add_argument("--into", type=Path, default=Path(), metavar="FOLDER", help="the checkout (default: here)")


def run(arguments: argparse.Namespace) -> int:
    """Write it.

    Raises:
        BadUsage: a name that cannot be one. Failed: there is no checkout, or it has the service already.
    """
    checkout: Path = arguments.into
    if not (checkout / "protos" / "rapport").is_dir() or not (checkout / "services").is_dir():
        msg = f"{checkout.absolute()} is no checkout of Rapport; name one with --into"
        raise Failed(msg)
    contracts = load()
    prefixes = {resource.prefix for resource in contracts.resources.values()}
    try:
        chosen = names(
            arguments.name, arguments.resource, arguments.prefix, services=contracts.services(), prefixes=prefixes
        )
        collection = chosen.tokens()["collection"]
        if collection in {resource.collection for resource in contracts.resources.values()}:
            msg = f"another service has the collection {collection}; name another resource with --resource"
            raise BadUsage(msg)
        written = write(checkout, chosen)
    except NameRefused as error:
        raise BadUsage(str(error)) from error
    except FileExistsError as error:
        msg = f"{error} is there already; nothing was written"
        raise Failed(msg) from error
    print("\n".join(written))
    print("Next: make gen, and the service is served, documented and tested. Then write what makes it different.")
    return 0
