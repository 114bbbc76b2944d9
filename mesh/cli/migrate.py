"""`mesh migrate`: brings the databases to this code's schema, and says before what that will change."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from mesh.cli import output
from mesh.cli.outcome import OK, BadUsage, Failed
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from mesh.runtime.settings import Settings
    from mesh.store.migrate import Standing

EXAMPLES = ("mesh migrate --dry-run", "mesh migrate users -o json")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("services", nargs="*", metavar="service", help="name of a service (default: all)")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument("--fences", action="store_true", help="put up row-level security anew (PostgreSQL)")
    output.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Say what is outstanding, then do it, one service after the other; nothing at all where one database is ahead."""
    from mesh.contract.catalog import all_services
    from mesh.store.errors import StoreError

    known = all_services()
    unknown = sorted(set(arguments.services) - set(known))
    if unknown:
        msg = f"there is no service {', '.join(unknown)}; there are {', '.join(known)}"
        raise BadUsage(msg)
    settings = read_settings()
    services = arguments.services or known
    try:
        plans = {service: _standings(settings, service) for service in services}
        _refuse_ahead(plans)
        rows = [_row(service, each) for service, standings in plans.items() for each in standings]
        if arguments.output == output.TABLE:
            output.show(rows, output.TABLE)
        if not arguments.dry_run:
            for service, standings in plans.items():
                if arguments.fences or any(each.steps for each in standings):
                    output.progress(f"migrating {service}")
                    _migrate(settings, service, fences=arguments.fences)
            output.progress("")
    except StoreError as error:
        msg = f"nothing more was changed: {error}"
        raise Failed(msg) from error
    outstanding = sum(len(row["revisions"]) for row in rows)
    if arguments.output == output.JSON:
        output.print_json({"migrated": bool(outstanding) and not arguments.dry_run, "databases": rows})
    else:
        print(_summary(outstanding, dry_run=arguments.dry_run))
    return OK


def _standings(settings: Settings, service: str) -> list[Standing]:
    from sqlalchemy import make_url

    from mesh.store.migrate import standings

    return standings(make_url(settings.migrations(service)), service=service)


def _refuse_ahead(plans: Mapping[str, Sequence[Standing]]) -> None:
    ahead = [
        f"{service} is at revision {each.found:04} of {each.branch}, and this code at {each.head:04}"
        for service, standings in plans.items()
        for each in standings
        if each.found > each.head
    ]
    if ahead:
        msg = f"a database is ahead of this code, and schemas go forward only; nothing was changed: {'; '.join(ahead)}"
        raise Failed(msg)


def _row(service: str, standing: Standing) -> dict[str, Any]:
    """One branch of a service: where it is, where this code is, and what lies between."""
    return {
        "service": service,
        "branch": standing.branch,
        "at": standing.found,
        "head": standing.head,
        "revisions": [step.revision for step in standing.steps],
        "tables": list(dict.fromkeys(table for step in standing.steps for table in step.tables)),
    }


def _migrate(settings: Settings, service: str, *, fences: bool) -> None:
    from mesh.store.store import Store

    store = Store(
        settings.database(service),
        service=service,
        metadata=importlib.import_module(f"services.{service}.tables").metadata,
        migration_url=settings.migrations(service),
        pool_size=1,
    )
    try:
        store.migrate()
        if fences:
            store.fence()
    finally:
        store.close()


def _summary(outstanding: int, *, dry_run: bool) -> str:
    if not outstanding:
        return "every database is at this code's schema"
    return f"{outstanding} revisions {'are outstanding' if dry_run else 'were run'}"
