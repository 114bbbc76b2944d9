"""Which seeds are run: twenty where nothing is said, and others by `make chaos SEEDS=100 FROM=21`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.chaos.schedule import engine_of

if TYPE_CHECKING:
    import pytest

_SEEDS = 20


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seeds", type=int, default=_SEEDS, help="how many seeds of chaos to run")
    parser.addoption("--from", dest="first", type=int, default=1, help="the first of them")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One mesh for all seeds on an engine: those on PostgreSQL come last."""
    if "seed" not in metafunc.fixturenames:
        return
    first = metafunc.config.getoption("first", 1)
    seeds = range(first, first + metafunc.config.getoption("--seeds", _SEEDS))
    drawn = sorted(((engine_of(seed), seed) for seed in seeds), reverse=True)
    ids = [f"seed-{seed}-{engine}" for engine, seed in drawn]
    metafunc.parametrize(("broken", "seed"), drawn, ids=ids, indirect=["broken"], scope="module")
