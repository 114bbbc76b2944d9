"""A real Redis and a database for the session; for each test a source of its own and what runs in threads."""

from __future__ import annotations

import itertools
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import pytest

from mesh.events.relay import Relay
from mesh.testing.redis import RedisServer, redis_server
from tests.conformance.bus.journal import Clock, Source, clear, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from mesh.store import Store

_SOURCES = itertools.count(1)


class Worker(Protocol):
    def run(self) -> None: ...

    def stop(self) -> None: ...


@contextmanager
def running(*workers: Worker) -> Iterator[None]:
    """Run workers in threads; each must end soon after it is stopped."""
    threads = [threading.Thread(target=worker.run) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for worker in workers:
            worker.stop()
        for thread in threads:
            thread.join(10)
            assert not thread.is_alive()


@pytest.fixture
def run() -> Callable[..., AbstractContextManager[None]]:
    return running


@pytest.fixture(scope="package")
def redis() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture(scope="package")
def url(fresh_url: Callable[[], str]) -> str:
    return fresh_url()


@pytest.fixture(scope="package")
def shared_store(url: str) -> Iterator[Store]:
    store = open_store(url)
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def store(shared_store: Store) -> Iterator[Store]:
    """Empty before each test."""
    yield shared_store
    clear(shared_store)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def source() -> Source:
    return Source(f"source{next(_SOURCES)}")


@pytest.fixture
def relay(store: Store, source: Source, redis: RedisServer, clock: Clock, tmp_path: Path) -> Iterator[Relay]:
    relay = Relay(store, source=source.name, redis_url=redis.url, now_us=clock, poke_path=tmp_path / "poke")
    yield relay
    relay.close()
