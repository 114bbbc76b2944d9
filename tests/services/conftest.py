"""A migrated database of customers for the rules that end in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mesh.store import Store
from services.customers.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="package")
def customers_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("customers") / "customers.db"
    store = Store(f"sqlite:///{path}", service="customers", metadata=metadata)
    store.migrate()
    yield store
    store.close()
