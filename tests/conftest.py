"""What holds for all suites: which tests are slow, which share a mesh, and which promise a test shows."""

from __future__ import annotations

import functools
import itertools
import os
import signal
from collections import defaultdict
from typing import TYPE_CHECKING
from unittest import mock
from zlib import crc32

import argon2
import hypothesis
import pytest
from httpx._transports import default as httpx_transport

from services.users.service import access_tokens, passwords
from tests.reports import Failed, Shown, told

if TYPE_CHECKING:
    from collections.abc import Iterator

# Each starts a whole mesh or several processes, asks every RPC many things, or computes for long. `make test-fast`
# leaves them out: what stays are rules, shapes and links.
SLOW_SUITES = (
    "tests/contract/test_matrix",
    "tests/contract/test_fences",
    "tests/contract/test_planted",
    "tests/contract/test_openapi",
    "tests/contract/test_overload",
    "tests/contract/test_receiving",
    "tests/resources/",
    "tests/services/test_backup",
    "tests/services/test_copies",
    "tests/services/test_credentials",
    "tests/services/test_custom_fields",
    "tests/services/test_custom_plans",
    "tests/services/test_duplicate_quality",
    "tests/services/test_duplicate_strangers",
    "tests/services/test_events_command",
    "tests/services/test_restoring",
    "tests/services/test_retries",
    "tests/compat/",
    "tests/conformance/",
    "tests/control/",
    "tests/journeys/",
    "tests/edge/",
    "tests/chaos/",
    "tests/traffic/",
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
# A world of the matrix serves a few hundred cells, so that as many processes as this may each have their own. What the
# cells of a proto service need is made in few of them where those cells come together.
MATRIX, MATRIX_ROOMS = "tests/contract/test_matrix.py", 4
# Whoever begins these waits for processes more than it computes: half of those that run should. The longest first.
WAITING = (
    "tests/journeys/test_rotation",
    "tests/control/test_control_plane",
    "tests/journeys ",
    "tests/journeys/test_contact_import",
    "tests/journeys/test_late_consumer",
    "tests/journeys/test_hand_over",
    "tests/journeys/",
    "tests/control",
    "tests/compat/",
    "tests/edge",
)


def room(item: pytest.Item) -> str:
    """The tests that run in one process: those that share what is started for a folder, by engine; else a module's."""
    engine = "postgresql" if "postgresql" in item.nodeid else "sqlite"
    if item.nodeid.startswith(MATRIX):
        return f"{MATRIX} {engine} {crc32(_area(item).encode()) % MATRIX_ROOMS}"
    fixtures = [found[-1] for found in item._fixtureinfo.name2fixturedefs.values()]
    folders = [fixture.baseid for fixture in fixtures if fixture.scope == "package" and "::" not in fixture.baseid]
    return f"{max(folders, key=len)} {engine}" if folders else item.nodeid.partition("::")[0]


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


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: about every second one waits."""
    return (os.cpu_count() or 1) + 1


class Rooms:
    """Keeps the tests of a room together, whatever order they were drawn in; who waits and who computes alternate."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        rooms: dict[str, list[pytest.Item]] = defaultdict(list)
        for item in items:
            rooms[next(item.iter_markers("xdist_group")).args[0]].append(item)
        for cells in (within for name, within in rooms.items() if name.startswith(MATRIX)):
            places = {area: place for place, area in enumerate(dict.fromkeys(map(_area, cells)))}
            cells.sort(key=lambda cell, places=places: places[_area(cell)])
        waiting = sorted((name for name in rooms if name.startswith(WAITING)), key=_place)
        computing = sorted((name for name in rooms if not name.startswith(WAITING)), key=lambda name: -len(rooms[name]))
        names = itertools.chain.from_iterable(itertools.zip_longest(waiting, computing))
        items[:] = [item for name in names if name for item in rooms[name]]


def _area(cell: pytest.Item) -> str:
    """The proto service whose method a cell of the matrix is about."""
    area: str = cell.callspec.params["method"].area
    return area


def _place(room: str) -> tuple[int, str]:
    return next(place for place, begins in enumerate(WAITING) if room.startswith(begins)), room


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


@pytest.fixture(scope="session", autouse=True)
def one_trust() -> Iterator[None]:
    """Each request by httpx would read all authorities of the internet anew, also for a mesh without TLS: 20 ms."""
    with mock.patch.object(httpx_transport, "create_ssl_context", functools.cache(httpx_transport.create_ssl_context)):
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
