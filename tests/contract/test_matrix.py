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


def _cells() -> Iterator[object]:
    for method in catalog.load().methods.values():
        for column in COLUMNS:
            for engine in column.engines if column.applies(method) else ():
                name = f"{method.area.split('.')[-1]}.{method.name}-{column.name}-{engine}"
                slow = [pytest.mark.slow] if engine == "postgresql" else []
                yield pytest.param(method, column, engine, id=name, marks=slow)


@pytest.mark.parametrize(("method", "column", "engine"), list(_cells()))
def test_matrix(
    worlds: Callable[[str], World],
    method: MethodContract,
    column: Column,
    engine: str,
    record_property: Callable[[str, object], None],
) -> None:
    record_property("cell", (engine, method.path, column.name))
    column.check(worlds(engine), method)
