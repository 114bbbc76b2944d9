"""A process serves calls, does the background work, or both, as it is told."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import grpc
import pytest
from google.protobuf.wrappers_pb2 import StringValue
from rapport.users.v1 import session_service_pb2

from mesh.control.certificates import EDGE, Authority, Identity
from mesh.events import outbox
from mesh.events.envelope import Event
from mesh.runtime import credentials
from mesh.runtime.clock import SystemClock
from mesh.runtime.settings import Settings, read_settings
from mesh.store import Store
from mesh.testing.eventually import eventually
from mesh.testing.redis import redis_server
from services.users.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

JWKS = "/rapport.users.v1.SessionService/GetJwks"


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """Where users can be served."""
    with redis_server() as redis:
        (tmp_path / "data").mkdir()
        Authority(tmp_path / "certs", "rapport", SystemClock()).renew([Identity("users"), EDGE])
        yield {
            **os.environ,
            "MESH_HOME": str(tmp_path),
            "MESH_PROFILE": "test",
            "MESH_SECRET": secrets.token_hex(32),
            "DATABASE_URL": f"sqlite:///{tmp_path}/data/{{service}}.db",
            "REDIS_URL": redis.url,
        }


@pytest.fixture
def store(environment: Mapping[str, str]) -> Iterator[Store]:
    """The database of users, with one event to publish."""
    opened = Store(read_settings(environment).database("users"), service="users", metadata=metadata)
    opened.migrate()
    with opened.transaction(tenant=None, timeout=10) as transaction:
        kind = StringValue.DESCRIPTOR.full_name
        outbox.publish(transaction, Event("evt_1", "ten_1", "users/usr_1", 0, kind, b"", 1, "users", ""))
    yield opened
    opened.close()


@contextmanager
def started(environment: Mapping[str, str], *words: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Users in a process of its own, and its port; killed in the end if it still runs."""
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "mesh.cli.main", "serve", "users", "--ready-fd", str(writing), *words]
    with subprocess.Popen(command, env=dict(environment), pass_fds=(writing,)) as process:
        os.close(writing)
        try:
            with os.fdopen(reading) as ready:
                yield process, json.loads(ready.readline())["port"]
        finally:
            process.kill()


@contextmanager
def serving(environment: Mapping[str, str], *words: str) -> Iterator[int]:
    """The port of users in a process of its own, which ends well when it is told to."""
    with started(environment, *words) as (process, port):
        yield port
        process.terminate()
        assert process.wait(60) == 0


def answers(settings: Settings, port: int) -> bool:
    """Whether a call is served; anything but a plain refusal of the method fails."""
    with credentials.channel(settings.certificates("edge"), "127.0.0.1", port, "users") as channel:
        try:
            channel.unary_unary(JWKS)(session_service_pb2.GetJwksRequest().SerializeToString(), timeout=10)
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.UNIMPLEMENTED:
                return False
            raise
        return True


def published(store: Store) -> bool:
    return not outbox.due(store, now_us=1, batch=1, source="users", timeout=10)


def test_a_process_does_both_unless_it_is_told(environment: Mapping[str, str], store: Store) -> None:
    with serving(environment) as port:
        assert answers(read_settings(environment), port)
        eventually(lambda: published(store))


def test_a_worker_works_and_answers_no_calls(environment: Mapping[str, str], store: Store) -> None:
    with serving(environment, "--role", "worker") as port:
        assert not answers(read_settings(environment), port)
        eventually(lambda: published(store))


def test_an_api_serves_and_leaves_the_work_to_a_worker(environment: Mapping[str, str], store: Store) -> None:
    with serving(environment, "--role", "api") as port:
        assert answers(read_settings(environment), port)
        assert not published(store)
        with serving(environment, "--role", "worker"):
            eventually(lambda: published(store))
