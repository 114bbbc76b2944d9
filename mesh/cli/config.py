"""`mesh config`: the settings that commands and processes started here go by, and where each came from."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesh.cli import output
from mesh.runtime.settings import given, read_settings
from mesh.runtime.variables import VARIABLES, redacted

if TYPE_CHECKING:
    import argparse

    from mesh.runtime.settings import Settings
    from mesh.runtime.variables import Variable

EXAMPLES = ("mesh config", "mesh config -o json")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    output.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print them. A variable that looks like a setting and is none is told on standard error."""
    settings = read_settings()
    said = given(VARIABLES)
    rows = [_row(name, variable, settings, said) for name, variable in VARIABLES.items()]
    output.show(rows, arguments.output)
    for name in sorted(said.keys() - VARIABLES.keys()):
        near = difflib.get_close_matches(name, VARIABLES, n=1)
        output.complain(f"{name} is no setting and changes nothing" + (f"; did you mean {near[0]}?" if near else ""))
    return 0


def _row(name: str, variable: Variable, settings: Settings, said: dict[str, str]) -> dict[str, Any]:
    value = getattr(settings, variable.field)
    text = ",".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
    shown = str(value) if isinstance(value, Path) else redacted(variable, text)
    source = "environment" if name in said else "default"
    return {"variable": name, "value": shown or f"({variable.default})", "source": source, "meaning": variable.meaning}
