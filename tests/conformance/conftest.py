"""Engines for the conformance suites: one PostgreSQL server a session, SQLite files in the test's own folder."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from mesh.testing.postgres import PostgresServer, postgres_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="package")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="package")
def fresh_url(
    engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    """Makes the URL of a database that does not exist yet."""
    numbers = itertools.count(1)
    if engine == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        return lambda: server.url(f"suite_{next(numbers)}_{id(numbers)}")
    folder: Path = tmp_path_factory.mktemp("sqlite")
    return lambda: f"sqlite:///{folder}/suite_{next(numbers)}.db"


@pytest.fixture(scope="package")
def tenants() -> Iterator[str]:
    """Tenants that no test has used before, so that tests share a database and yet see only their own rows."""
    return (f"tenant-{number}" for number in itertools.count(1))


@pytest.fixture
def tenant(tenants: Iterator[str]) -> str:
    return next(tenants)
