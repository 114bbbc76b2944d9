"""`mesh restore`: puts a backup in the place of what is there; the mesh must not run."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.backup.archive import ArchiveError
from mesh.backup.restoring import read_archive, restore
from mesh.cli import output
from mesh.cli.outcome import BadUsage, Failed
from mesh.control import run_file
from mesh.events.redis_connection import RedisRefused, RedisUnavailable
from mesh.runtime.settings import read_settings
from mesh.store.errors import StoreError

if TYPE_CHECKING:
    import argparse

    from mesh.runtime.settings import Settings

EXAMPLES = ("mesh restore monday.tar.gz --yes    # after: mesh down",)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("archive", type=Path, help="what `mesh backup` made")
    parser.add_argument("--yes", action="store_true", help="replace what is there without being asked")


def run(arguments: argparse.Namespace) -> int:
    """Restore.

    Raises:
        Failed: it cannot be restored here, and nothing has changed; or nobody was there to say yes (status 2).
    """
    settings = read_settings()
    held = run_file.acquire(settings.home)
    if held is None:
        msg = f"a mesh runs in {settings.home}; stop it first: mesh down"
        raise Failed(msg)
    try:
        return _restore(settings, arguments)
    except ArchiveError as error:
        msg = f"nothing was restored: {error}"
        raise Failed(msg) from error
    except (StoreError, RedisUnavailable, RedisRefused) as error:
        msg = f"the restore did not come to its end: {error}"
        raise Failed(msg) from error
    finally:
        os.close(held)


def _restore(settings: Settings, arguments: argparse.Namespace) -> int:
    archive = arguments.archive.absolute()
    if not archive.exists():
        msg = f"{arguments.archive} is not there"
        raise BadUsage(msg)
    if not arguments.yes:
        _ask(settings, archive)
    outcome = restore(settings, archive, tell=output.progress)
    output.progress("")
    print(f"restored {', '.join(outcome.manifest.services)} as of {output.rfc3339(outcome.manifest.created_us)}")
    print("Copies are rebuilt as the services start; everybody signs in again.")
    if outcome.ahead:
        print(f"{outcome.ahead} positions of consumers were ahead of what they follow, and were taken back.")
    return 0


def _ask(settings: Settings, archive: Path) -> None:
    manifest = read_archive(archive, settings)
    moment = output.rfc3339(manifest.created_us)
    print(f"The archive holds {', '.join(manifest.services)} as of {moment}. What is there now is replaced.")
    if not sys.stdin.isatty():
        msg = "say --yes to have it replaced"
        raise BadUsage(msg)
    if input("Go on? [y/N] ").strip().lower() not in ("y", "yes"):
        msg = "nothing was restored"
        raise Failed(msg)
