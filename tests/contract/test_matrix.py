"""Every RPC found in the descriptors x every column; where a column does not apply, the descriptor says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mesh.contract import catalog
from tests.contract.columns import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mesh.contract.method import MethodContract
    from tests.contract.columns import Column
    from tests.contract.world import World

ENGINES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.slow))


def _cells() -> Iterator[object]:
    for method in catalog.load().methods.values():
        for column in COLUMNS:
            if column.applies(method):
                yield pytest.param(method, column, id=f"{method.area.split('.')[-1]}.{method.name}-{column.name}")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("method", "column"), list(_cells()))
def test_matrix(
    worlds: Callable[[str], World],
    engine: str,
    method: MethodContract,
    column: Column,
    record_property: Callable[[str, object], None],
) -> None:
    record_property("cell", (engine, method.path, column.name))
    column.check(worlds(engine), method)
