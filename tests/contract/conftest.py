"""One mesh per engine for the session, and the matrix printed at its end."""

from __future__ import annotations

import itertools
from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from mesh.contract import catalog
from mesh.resource import custom_rules
from mesh.testing.local import LocalMesh
from mesh.testing.postgres import postgres_server
from services.users.domain import identity_providers
from tests.contract.columns import COLUMNS
from tests.contract.world import LIMITS, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mesh.testing.postgres import PostgresServer
Cells = dict[tuple[str, str, str], str]
_CELLS_OF_A_WORLD = 300
_CELLS: pytest.StashKey[Cells] = pytest.StashKey()


class _Engines:
    """Opens meshes on an engine, each on databases of its own. PostgreSQL starts when it is first asked for."""

    def __init__(self, homes: pytest.TempPathFactory) -> None:
        self._homes = homes
        self._numbers = itertools.count(1)
        self._stack = ExitStack()
        self._server: PostgresServer | None = None

    def open(self, engine: str) -> LocalMesh:
        url = ""
        if engine == "postgresql":
            if self._server is None:
                self._server = self._stack.enter_context(postgres_server())
            url = self._server.url(f"matrix{next(self._numbers)}_{{service}}")
        return LocalMesh(self._homes.mktemp(engine), database_url=url, limits=LIMITS)

    def close(self) -> None:
        self._stack.close()


@pytest.fixture(scope="package")
def engines(many_of_all: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Engines]:
    opened = _Engines(tmp_path_factory)
    yield opened
    opened.close()


@pytest.fixture(scope="package")
def mesh(engines: _Engines) -> Iterator[LocalMesh]:
    opened = engines.open("sqlite")
    yield opened
    opened.close()


@pytest.fixture(scope="package")
def many_of_all() -> Iterator[None]:
    """The cells make more in one tenant than a tenant may have of some things; these limits have tests of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(custom_rules, "MAX_FIELDS", 1_000_000)
        patch.setattr(identity_providers, "MOST_PROVIDERS", 1_000_000)
        yield


@pytest.fixture(scope="package")
def world(mesh: LocalMesh) -> World:
    return World(mesh)


@pytest.fixture(scope="package")
def worlds(engines: _Engines) -> Iterator[Callable[[str], World]]:
    """The world of a cell on an engine, a new one after so many: each cell makes it larger, and most read all of it."""
    made: dict[str, tuple[World, int]] = {}

    def make(engine: str) -> World:
        world, cells = made.get(engine, (None, 0))
        if world is None or cells == _CELLS_OF_A_WORLD:
            if world is not None:
                world.mesh.close()
            world, cells = World(engines.open(engine)), 0
        made[engine] = world, cells + 1
        return world

    yield make
    for world, _ in made.values():
        world.mesh.close()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_CELLS] = {}
    config.pluginmanager.register(_Collector(config.stash[_CELLS]))


class _Collector:
    """Fills the matrix, from whatever process a cell was tried in."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        cell = dict(report.user_properties).get("cell")
        if cell is not None and (report.when == "call" or report.failed):
            self._cells[tuple(cell)] = "PASS" if report.passed else "FAIL"  # type: ignore[arg-type, index]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    cells = config.stash.get(_CELLS, {})
    for engine in sorted({engine for engine, _, _ in cells}):
        terminalreporter.section(f"every RPC x every property on {engine}")
        for line in _matrix(cells, engine):
            terminalreporter.write_line(line)


def _matrix(cells: Cells, engine: str) -> Iterator[str]:
    """The lines of the table: one per RPC, the columns by number, and then what the numbers stand for."""
    methods = catalog.load().methods.values()
    width = max(len(f"{m.service} {m.name}") for m in methods)
    columns = [column for column in COLUMNS if engine in column.engines]
    yield " " * width + "".join(f"{number:>5}" for number in range(1, len(columns) + 1))
    counts = {column.name: Counter[str]() for column in columns}
    for method in methods:
        row = [
            cells.get((engine, method.path, column.name), "-") if column.applies(method) else "n/a"
            for column in columns
        ]
        for column, cell in zip(columns, row, strict=True):
            counts[column.name][cell] += 1
        yield f"{f'{method.service} {method.name}':<{width}}" + "".join(f"{cell:>5}" for cell in row)
    for number, (name, count) in enumerate(counts.items(), 1):
        not_run = f", {count['-']} not run" if count["-"] else ""
        yield f"{number:>3} {name:<20} {count['PASS']} passed, {count['FAIL']} failed, {count['n/a']} n/a{not_run}"
