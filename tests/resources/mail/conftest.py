"""Messages and a mail server, once for each engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mesh.testing import mail_server
from tests.resources.conftest import mesh_on
from tests.resources.mail.mailing import NUMBERS, later, work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.testing.local import LocalMesh, Member
    from mesh.testing.mail_server import MailServer


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def mesh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    """One of its own: its clock is moved by days."""
    with mesh_on(request.param, tmp_path_factory) as opened:
        yield opened


@pytest.fixture
def server(mesh: LocalMesh) -> Iterator[MailServer]:
    """One that has taken what other tests left."""
    with mail_server.mail_server() as running:
        later(mesh)
        work(mesh, running)
        yield running


@pytest.fixture(scope="package")
def owner(mesh: LocalMesh) -> Member:
    return mesh.sign_up(f"mail-{next(NUMBERS)}")


@pytest.fixture
def mover(mesh: LocalMesh) -> Member:
    """Somebody who will not keep their address."""
    return mesh.sign_up(f"moving-{next(NUMBERS)}")
