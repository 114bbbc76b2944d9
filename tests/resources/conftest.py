"""All services in this process, once for each SQL engine."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import grpc
import pytest

from mesh.testing.local import LocalMesh
from mesh.testing.postgres import postgres_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def mesh_on(engine: str, factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    """A mesh with databases of its own on an engine."""
    with ExitStack() as stack:
        url = ""
        if engine == "postgresql":
            url = stack.enter_context(postgres_server()).url("resources_{service}")
        opened = LocalMesh(factory.mktemp(engine), database_url=url)
        stack.callback(opened.close)
        yield opened


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def mesh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    with mesh_on(request.param, tmp_path_factory) as opened:
        yield opened


@pytest.fixture(autouse=True)
def no_jobs_of_others(request: pytest.FixtureRequest) -> None:
    """What earlier tests have left to be done is done: a test may count the turns of its own."""
    if "mesh" in request.fixturenames:
        mesh: LocalMesh = request.getfixturevalue("mesh")
        for service in mesh.services:
            mesh.work(service)


def refused(call: Callable[[], object]) -> grpc.StatusCode:
    """The code that a call fails with."""
    with pytest.raises(grpc.RpcError) as caught:
        call()
    code: grpc.StatusCode = caught.value.code()  # type: ignore[attr-defined]  # grpc is untyped
    return code
