"""A migrated store on each engine, shared by the session; every test has its own tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mesh.store import Store
from tests.conformance.store.schema import LIBRARY, MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="package")
def make_store() -> Iterator[Callable[[str], Store]]:
    """Opens the library's store at a URL; closed at the end of the session."""
    opened: list[Store] = []

    def make(url: str, **options: object) -> Store:
        opened.append(Store(url, service="library", metadata=LIBRARY, migrations=MIGRATIONS, **options))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture(scope="package")
def store(fresh_url: Callable[[], str], make_store: Callable[[str], Store]) -> Store:
    store = make_store(fresh_url())
    store.migrate()
    return store
