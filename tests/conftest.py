"""Decides which tests are slow: those that start more than they test. `make test-fast` leaves them out."""

from __future__ import annotations

import pytest

# Each starts a whole mesh, or kills and restarts parts of one.
SLOW_SUITES = (
    "tests/journeys/",
    "tests/edge/",
    "tests/chaos/",
    "tests/conformance/bus/",
    "tests/control/test_commands",
)


@pytest.hookimpl(tryfirst=True)  # before `-m` looks at the markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the suites above, and everything that runs on PostgreSQL: the same tests run on SQLite."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if item.nodeid.startswith(SLOW_SUITES) or "postgres" in fixtures or "postgresql" in item.nodeid:
            item.add_marker(pytest.mark.slow)
