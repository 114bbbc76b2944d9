"""`mesh backup`: the databases and files of all services, as of one moment, while the mesh serves."""

from __future__ import annotations

from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.backup.archive import ArchiveError
from mesh.backup.saving import back_up
from mesh.cli import output
from mesh.cli.outcome import BadUsage, Failed
from mesh.contract.catalog import all_services
from mesh.control import plan
from mesh.runtime.settings import read_settings
from mesh.store.errors import StoreError

if TYPE_CHECKING:
    import argparse

    from mesh.backup.saving import Made

EXAMPLES = ("mesh backup monday.tar.gz",)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("target", type=Path, help="folder to make, or a file that ends with .tar or .tar.gz")
    parser.add_argument("--service", action="append", metavar="NAME", help="this service alone; may be repeated")
    parser.add_argument(
        "--with-secrets", action="store_true", help="with the master keys themselves; without, keep those elsewhere"
    )
    output.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Back up.

    Raises:
        Failed: a database does not answer, or the archive cannot be written there.
    """
    settings = read_settings()
    services = sorted(set(arguments.service or all_services()))
    unknown = sorted(set(services) - set(all_services()))
    if unknown:
        msg = f"there is no service {unknown[0]!r}; there are {', '.join(all_services())}"
        raise BadUsage(msg)
    settings = replace(settings, secret=plan.root_secret(settings))
    target = arguments.target.absolute()
    try:
        made = back_up(
            settings,
            target,
            services,
            release=_release(),
            with_secrets=arguments.with_secrets,
            tell=output.progress,
        )
    except ArchiveError as error:
        raise Failed(str(error)) from error
    except StoreError as error:
        msg = f"nothing was backed up: {error}"
        raise Failed(msg) from error
    output.progress("")
    _show(made, arguments)
    return 0


def _release() -> str:
    try:
        return metadata.version("rapport")
    except metadata.PackageNotFoundError:
        return "unknown"


def _show(made: Made, arguments: argparse.Namespace) -> None:
    manifest = made.manifest
    services = [
        {"service": name, "rows": sum(saved.rows.values()), "files": manifest.blobs[name]}
        for name, saved in manifest.services.items()
    ]
    moment = output.rfc3339(manifest.created_us)
    if arguments.output == output.JSON:
        told = {"archive": str(arguments.target), "time": moment, "paused_ms": round(made.paused_ms, 3)}
        output.print_json({**told, "master_key": manifest.master_key, "services": services})
        return
    output.show(services, output.TABLE)
    print(f"{arguments.target} holds this as of {moment}; writers were paused for {made.paused_ms:.0f} ms")
    if manifest.with_secrets:
        print("It holds the master keys too: whoever has it can read everything in it.")
    else:
        print(f"Its secrets open with master key {manifest.master_key} alone, which is not in it: keep that elsewhere.")
