"""`mesh check`: whether everything is as it must be, what is not, and what to do about it."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from mesh.cli import output
from mesh.cli.outcome import FAILED, NOT_RUNNING, OK, BadUsage
from mesh.control import run_file
from mesh.runtime.settings import given, read_settings
from mesh.runtime.variables import VARIABLES

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from mesh.checks.check import Check, Result
    from mesh.runtime.settings import Settings

EXAMPLES = ("mesh check", "mesh check --only store --only edge.routes", "mesh check -o json", "mesh check --wait 60")
_PAUSE = 0.5
_COLOURS = {"ok": output.GREEN, "failed": output.RED, "skipped": output.DIM}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--wait", type=float, default=0, metavar="S", help="check again until all is well, for S seconds"
    )
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="a check or a family, as in store")
    parser.add_argument("--list", action="store_true", help="the names of all checks and what each proves")
    output.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Check. Status 1: a check failed; 3: none did, and no mesh runs."""
    from mesh.checks.registry import chosen

    try:
        checks = chosen(arguments.only)
    except ValueError as error:
        raise BadUsage(str(error)) from error
    if arguments.list:
        output.show([{"name": each.name, "proves": each.proves} for each in checks], arguments.output)
        return OK
    settings = read_settings()
    deadline = time.monotonic() + arguments.wait
    while True:
        found = _checked(settings, checks)
        status = _status(found, settings, checks)
        if status == OK or time.monotonic() >= deadline:
            break
        output.progress(
            f"waiting: {', '.join(each.name for each in found if each.verdict == 'failed') or 'no mesh yet'}"
        )
        time.sleep(_PAUSE)
    output.progress("")
    _show(found, arguments.output)
    return status


def _checked(settings: Settings, checks: Sequence[Check]) -> list[Result]:
    from mesh.checks.check import results
    from mesh.checks.settings import unread
    from mesh.checks.view import View
    from mesh.runtime.clock import SystemClock

    found = []
    with View(settings, SystemClock(), unread(given(VARIABLES))) as view:
        for result in results(checks, view):
            found.append(result)
            output.progress(f"{len(found)} of {len(checks)}: {result.name}")
    return found


def _status(found: Sequence[Result], settings: Settings, checks: Sequence[Check]) -> int:
    if any(each.verdict == "failed" for each in found):
        return FAILED
    asks_for_mesh = any(each.running for each in checks)
    return NOT_RUNNING if asks_for_mesh and run_file.holder(settings.home) is None else OK


def _show(found: Sequence[Result], wanted: str) -> None:
    counts = {verdict: sum(each.verdict == verdict for each in found) for verdict in _COLOURS}
    if wanted == output.JSON:
        output.print_json({**counts, "checks": [asdict(each) for each in found]})
        return
    width = max(len(each.name) for each in found)
    for each in found:
        verdict = output.coloured(f"{each.verdict:7}", _COLOURS[each.verdict])
        print(f"{verdict}  {each.name:{width}}  {each.reason or each.proves}")
        for problem in each.problems:
            print(f"{'':9}{problem}")
        if each.remedy:
            print(f"{'':9}-> {each.remedy}")
    print(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
