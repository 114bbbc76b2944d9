"""`mesh canary`: gives one more process of a service a small share of its calls, at the edge and inside."""

from __future__ import annotations

import argparse
from pathlib import Path

from mesh.cli import ordering
from mesh.runtime.settings import SettingsError

EXAMPLES = ("mesh canary customers --weight 10", "mesh canary customers --end")
_MOST = 99


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("service", help="which")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--weight", type=_percent, default=0, metavar="P", help="percent of the calls that it gets")
    what.add_argument("--end", action="store_true", help="give all calls back to the others, and end it")
    parser.add_argument("--with", dest="code", type=Path, metavar="FOLDER", help="another checkout, whose code it runs")


def run(arguments: argparse.Namespace) -> int:
    """Start it or change its share, and return when it gets that; or end it.

    Raises:
        SettingsError: there is no code of a service in the folder.
    """
    code = arguments.code.absolute() if arguments.code else None
    if code is not None and not (code / "services" / arguments.service).is_dir():
        msg = f"{code} holds no services/{arguments.service}"
        raise SettingsError(msg)
    says = {"unit": arguments.service, "percent": arguments.weight, "code": str(code or "")}
    return ordering.give("canary", says)


def _percent(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= _MOST:
        msg = f"{text!r} is no percentage from 1 to {_MOST}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)
