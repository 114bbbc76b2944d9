"""A mesh for each engine whose clock is moved by days, and who signs in to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mesh.testing.openid_provider import openid_provider
from tests.resources.conftest import mesh_on
from tests.resources.identity.signing_in import unhurried

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.testing.local import LocalMesh
    from mesh.testing.openid_provider import Provider


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def mesh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    """One of its own: its clock is moved by days."""
    with mesh_on(request.param, tmp_path_factory) as opened:
        yield opened


@pytest.fixture(autouse=True)
def nobody_has_called(mesh: LocalMesh) -> None:
    """Every test begins with all calls left: those without a tenant are counted together, whatever test made them."""
    unhurried(mesh)


@pytest.fixture
def there() -> Iterator[Provider]:
    """A provider that people of any tenant may come from."""
    with openid_provider() as provider:
        yield provider
