"""What holds for all suites: which tests are slow, which share a mesh, and which promise a test shows."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING
from unittest import mock

import argon2
import hypothesis
import pytest

from services.users.service import access_tokens, passwords
from tests.reports import Failed, Shown, told

if TYPE_CHECKING:
    from collections.abc import Iterator

# Each starts a whole mesh, or kills and restarts parts of one. `make test-fast` leaves them out.
SLOW_SUITES = (
    "tests/journeys/",
    "tests/edge/",
    "tests/chaos/",
    "tests/traffic/",
    "tests/conformance/bus/",
    "tests/control/test_commands",
    "tests/control/test_checks",
    "tests/control/test_cli_",
)
# What they measure is worth something only where nothing else runs.
ALONE_SUITES = (
    "tests/bench/",
    "tests/chaos/",
    "tests/traffic/",
    "tests/contract/test_overload",
    "tests/journeys/test_backlog",
    "tests/journeys/test_bulkhead",
)
# Their tests share what is costly to start, so they stay in one process, one after the other: the longest first.
ROOMS = (
    "tests/contract/",
    "tests/journeys/",
    "tests/resources/",
    "tests/control/",
    "tests/conformance/",
    "tests/edge/",
)


def room(item: pytest.Item) -> str:
    """The tests that run in one process: of a suite and an engine, or of a module where nothing is shared."""
    suite = next((suite for suite in ROOMS if item.nodeid.startswith(suite)), "")
    if not suite or (suite == "tests/control/" and "operated" not in getattr(item, "fixturenames", ())):
        return item.nodeid.partition("::")[0]
    return suite + ("postgresql" if "postgresql" in item.nodeid else "sqlite")


@pytest.hookimpl(tryfirst=True)  # before `-m` looks at the markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the suites above, and everything that runs on PostgreSQL as slow: the same tests run on SQLite."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if item.nodeid.startswith(SLOW_SUITES) or "postgres" in fixtures or "postgresql" in item.nodeid:
            item.add_marker(pytest.mark.slow)
        if item.nodeid.startswith(ALONE_SUITES):
            item.add_marker(pytest.mark.alone)
        item.add_marker(pytest.mark.xdist_group(room(item)))


class Rooms:
    """Keeps the tests of a room together, whatever order they were drawn in."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        def place(item: pytest.Item) -> tuple[int, str]:
            name: str = next(item.iter_markers("xdist_group")).args[0]
            return next((rank for rank, suite in enumerate(ROOMS) if name.startswith(suite)), len(ROOMS)), name

        items.sort(key=place)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # noqa: ANN201  # pytest's own results
    """Hand on to the report which promises its test shows, and how it failed."""
    outcome = yield
    report = outcome.get_result()
    report.promises = [row for mark in item.iter_markers("shows") for row in mark.args]
    if report.failed and call.excinfo is not None:
        report.told = told(call.excinfo)


@pytest.fixture(scope="session", autouse=True)
def long_sessions() -> Iterator[None]:
    """A run may take longer than a session lasts, and the people of its meshes stay signed in."""
    with mock.patch.object(access_tokens, "TOKEN_SECONDS", 6 * 3600):
        yield


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Thousands of people sign up in this process; what a hash costs an attacker is not what they are there for."""
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with mock.patch.object(passwords, "_HASHER", cheap):
        yield


def pytest_configure(config: pytest.Config) -> None:
    # Shells let what they start in the background ignore Ctrl-C, and what a test starts would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # How long an example takes says more of the machine than of what is tried.
    hypothesis.settings.register_profile("suites", deadline=None)
    hypothesis.settings.load_profile("suites")
    config.pluginmanager.register(Rooms(), "rooms")
    if not hasattr(config, "workerinput"):  # what the processes report comes together in the one that started them
        config.pluginmanager.register(Shown(), "shown")
        config.pluginmanager.register(Failed(config), "failed")
