"""The stores and the Redis of the mesh that the settings name, opened by a command that looks at them or mends them."""

from __future__ import annotations

import importlib
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from mesh.cli.outcome import Failed, running
from mesh.contract.catalog import all_services
from mesh.control.keys import OWNER
from mesh.events.redis_connection import RedisConnection, RedisRefused, RedisUnavailable
from mesh.store.errors import StoreError
from mesh.store.statement import Statement
from mesh.store.store import Store
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mesh.runtime.settings import Settings

_UNREACHABLE = (StoreError, RedisUnavailable, RedisRefused)
_POOL_SIZE = 1
_PAGE = 1000
_SECONDS = 10.0


@contextmanager
def opened_stores(settings: Settings) -> Iterator[dict[str, Store]]:
    """The store of every service, as it is: nothing is migrated.

    Raises:
        Failed: a database or Redis did not answer.
    """
    with ExitStack() as stack:
        stores = {}
        for name in all_services():
            metadata = importlib.import_module(f"services.{name}.tables").metadata
            url = settings.database(name)
            stores[name] = store = Store(url, service=name, metadata=metadata, pool_size=_POOL_SIZE)
            stack.callback(store.close)
        try:
            yield stores
        except _UNREACHABLE as error:
            msg = f"a database or Redis does not answer ({type(error).__name__})"
            raise Failed(msg) from error


def all_tenants(stores: Mapping[str, Store]) -> list[str]:
    """The ids of all tenants, from the service that owns them."""
    owner = stores[OWNER]
    table = owner.metadata.tables["tenants"]
    page = Statement(
        select(table.c.id).where(table.c.id > bindparam("after", type_=TEXT)).order_by(table.c.id).limit(_PAGE),
        name="list tenants",
    )
    found: list[str] = []
    while rows := owner.read(page, tenant=None, timeout=_SECONDS, after=found[-1] if found else ""):
        found.extend(row[0] for row in rows)
    return found


@contextmanager
def opened_redis(settings: Settings) -> Iterator[RedisConnection]:
    """The Redis of the settings, else the one that the mesh in this home started.

    Raises:
        NotRunning: there is neither.
    """
    connection = RedisConnection(settings.redis_url or running(settings).redis_url)
    try:
        yield connection
    finally:
        connection.close()
