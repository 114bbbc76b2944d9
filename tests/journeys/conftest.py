"""The mesh that journeys travel through: started as an operator does, once for each SQL engine."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from mesh.testing.postgres import postgres_server
from mesh.testing.running import RunningMesh, running_mesh

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def mesh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMesh]:
    with ExitStack() as stack:
        settings = {}
        if request.param == "postgresql":
            server = stack.enter_context(postgres_server())
            settings["DATABASE_URL"] = server.url("rapport_{service}")
        yield stack.enter_context(running_mesh(tmp_path_factory.mktemp(request.param), **settings))
