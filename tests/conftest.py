"""What holds for all suites: which tests are slow, and which promise of docs/coverage.toml a test shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

# Each starts a whole mesh, or kills and restarts parts of one. `make test-fast` leaves them out.
SLOW_SUITES = (
    "tests/journeys/",
    "tests/edge/",
    "tests/chaos/",
    "tests/conformance/bus/",
    "tests/control/test_commands",
)
SHOWN = Path(__file__).resolve().parent.parent / "build" / "shown.json"


@pytest.hookimpl(tryfirst=True)  # before `-m` looks at the markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the suites above, and everything that runs on PostgreSQL: the same tests run on SQLite."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if item.nodeid.startswith(SLOW_SUITES) or "postgres" in fixtures or "postgresql" in item.nodeid:
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item):  # noqa: ANN201  # a generator of pytest's own results
    """Hand the promises of a test on to its report."""
    outcome = yield
    outcome.get_result().promises = [row for mark in item.iter_markers("shows") for row in mark.args]


class Shown:
    """Collects how the tests ended that show a promise."""

    def __init__(self) -> None:
        self.outcomes: dict[str, dict[str, str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for row in getattr(report, "promises", ()):
            ended = self.outcomes.setdefault(row, {})
            if report.when == "call" or report.failed:
                ended[report.nodeid] = "failed" if "failed" in (ended.get(report.nodeid), report.outcome) else "passed"

    def pytest_sessionfinish(self) -> None:
        """Add to what earlier runs showed; scripts/coverage.py reads it."""
        if not self.outcomes:
            return
        SHOWN.parent.mkdir(exist_ok=True)
        known = json.loads(SHOWN.read_text()) if SHOWN.exists() else {}
        for row, ended in self.outcomes.items():
            known[row] = {**known.get(row, {}), **ended}
        SHOWN.write_text(json.dumps(known, indent=1, sort_keys=True))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Shown(), "shown")
