"""A mesh under load, in two forms: a short one that every machine carries, and the one that figures are told for."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mesh.testing.postgres import postgres_server
from mesh.testing.running import RunningMesh, running_mesh
from mesh.testing.traffic import RATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.testing.postgres import PostgresServer
    from mesh.testing.traffic import Result

_RUNS = 5
_CREATED = "contacts"


@dataclass(frozen=True)
class Form:
    """How much load, and for how many seconds at least."""

    rate: float
    seconds: float
    run: int = 0

    def named(self, name: str) -> str:
        """What names of this run begin with: one mesh has those of the others too."""
        return f"{name}{self.run}x"

    @property
    def terms(self) -> dict[str, float]:
        return {"rate": self.rate, "seconds": self.seconds}


_SHORT = Form(50, 5)
LONG = [pytest.param(Form(RATE, 60, n), id=f"run-{n}", marks=[pytest.mark.chaos, pytest.mark.timeout(400)])
         for n in range(1, _RUNS + 1)]  # fmt: skip


@pytest.fixture(params=[pytest.param(_SHORT, id="short"), *LONG])
def form(request: pytest.FixtureRequest) -> Form:
    chosen: Form = request.param
    return chosen


@pytest.fixture(scope="package")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMesh]:
    """One mesh of three instances per service for all tests that leave it whole."""
    with running_mesh(tmp_path_factory.mktemp("traffic"), options=["--replicas", "3"]) as running:
        yield running


@pytest.fixture(scope="package")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningMesh, PostgresServer]]:
    """A mesh on a PostgreSQL that can be restarted."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres_server())
        url = server.url("rapport_{service}")
        yield stack.enter_context(running_mesh(tmp_path_factory.mktemp("stores"), DATABASE_URL=url)), server


def check_kept(mesh: RunningMesh, result: Result, name: str) -> None:
    """What was acknowledged is there, each once."""
    found = []
    query: dict[str, Any] = {"page_size": 200, "filter": f'family_name = "{name}*"'}
    with httpx.Client(base_url=mesh.url, headers={"authorization": f"Bearer {mesh.token()}"}, timeout=15) as client:
        while True:
            page = client.get("/v1/contacts", params=query).raise_for_status().json()
            found += [contact["familyName"] for contact in page[_CREATED]]
            query["page_token"] = page["nextPageToken"]
            if not query["page_token"]:
                break
    assert set(result.acknowledged) <= set(found), "nothing acknowledged is lost"
    assert len(set(found)) == len(found), "nothing happens twice"
    assert result.acknowledged, "something was written"
