"""What a run of the suites tells beside pytest's own report: failures at once and in short, and promises shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

_ROOT = Path(__file__).resolve().parent.parent
SHOWN = _ROOT / "build" / "shown.json"
FAILED = _ROOT / "build" / "failed.txt"
_MESSAGE = 1500


def told(failure: pytest.ExceptionInfo[BaseException]) -> str:
    """The lines of this project that a failure passed, and what it says: no line of the tools in between."""
    lines = []
    for entry in failure.traceback:
        path = Path(str(entry.path))
        if path.is_relative_to(_ROOT) and "site-packages" not in path.parts:
            lines.append(f"  {path.relative_to(_ROOT)}:{entry.lineno + 1} {entry.name}")
    message = failure.exconly(tryshort=True)
    kept = message if len(message) <= _MESSAGE else f"{message[:_MESSAGE]} [...]"
    return "\n".join([*lines, f"  {kept}"])


class Failed:
    """Says at once what failed: a run that is ended from outside prints no summary. `make test-again` reads it."""

    def __init__(self, config: pytest.Config) -> None:
        self._plugins = config.pluginmanager

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            FAILED.parent.mkdir(exist_ok=True)
            with FAILED.open("a") as failed:
                failed.write(report.nodeid.partition("@")[0] + "\n")
        terminal = self._plugins.getplugin("terminalreporter")
        if report.failed and terminal is not None:
            found = getattr(report, "told", None) or f"  {str(report.longrepr)[:_MESSAGE]}"
            terminal.write_line(f"\n{report.when} of {report.nodeid} failed after {report.duration:.1f} s\n{found}")


class Shown:
    """Collects how the tests ended that show a promise."""

    def __init__(self) -> None:
        self._outcomes: dict[str, dict[str, str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        test = report.nodeid.partition("@")[0]  # behind it stands the room
        for row in getattr(report, "promises", ()):
            ended = self._outcomes.setdefault(row, {})
            if report.skipped:
                ended[test] = "not run"
            elif report.when == "call" or report.failed:
                ended[test] = "failed" if "failed" in (ended.get(test), report.outcome) else "passed"

    def pytest_sessionfinish(self) -> None:
        """Add to what earlier runs showed; scripts/coverage.py reads it."""
        if not self._outcomes:
            return
        SHOWN.parent.mkdir(exist_ok=True)
        known = json.loads(SHOWN.read_text()) if SHOWN.exists() else {}
        for row, ended in self._outcomes.items():
            known[row] = {**known.get(row, {}), **ended}
        SHOWN.write_text(json.dumps(known, indent=1, sort_keys=True))
