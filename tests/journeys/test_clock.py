"""The clock of a running mesh: moved ahead by an operator, with everything that is due on the way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest

from mesh.testing.running import running_mesh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.testing.running import RunningMesh

DAY = 24 * 3600


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMesh]:
    with running_mesh(tmp_path_factory.mktemp("demo"), MESH_PROFILE="test") as mesh:
        yield mesh


def offset(mesh: RunningMesh) -> float:
    seconds: float = json.loads(mesh.mesh("clock", "-o", "json"))["offset_seconds"]
    return seconds


def test_a_user_stays_signed_in_and_new_records_bear_the_time_of_the_mesh(demo: RunningMesh) -> None:
    headers = {"authorization": f"Bearer {demo.token()}"}
    before = offset(demo)

    demo.mesh("clock", "advance", "3d")

    assert offset(demo) - before == pytest.approx(3 * DAY, abs=1)
    made = httpx.post(f"{demo.url}/v1/contacts", json={"given_name": "Ada"}, headers=headers, timeout=10)
    shown = json.loads(demo.mesh("clock", "-o", "json"))["time"]
    assert (made.status_code, made.json()["createTime"][:10]) == (200, shown[:10])


def test_what_is_no_step_ahead_is_refused(demo: RunningMesh) -> None:
    before = offset(demo)
    for words in (["advance", "3"], ["advance", "--to", "2020-01-01T00:00:00Z"], ["advance"], ["advance", "999w9999w"]):
        with pytest.raises(AssertionError, match="ended with 2"):
            demo.mesh("clock", *words)
    assert offset(demo) == before


def test_a_deleted_contact_is_gone_for_good_when_its_retention_is_over(demo: RunningMesh) -> None:
    headers = {"authorization": f"Bearer {demo.token()}"}

    def send(verb: str, path: str, body: str | None = None) -> httpx.Response:
        return httpx.request(verb, f"{demo.url}/v1/contacts{path}", content=body, headers=headers, timeout=10)

    def deleted() -> str:
        contact: str = send("POST", "", '{"givenName": "Ada"}').json()["id"]
        assert send("DELETE", f"/{contact}").status_code == 200
        return contact

    early, brought_back = deleted(), deleted()
    demo.mesh("clock", "advance", "29d")
    assert send("POST", f"/{brought_back}:undelete", "{}").status_code == 200
    late = deleted()

    demo.mesh("clock", "advance", "2d")

    assert send("POST", f"/{early}:undelete", "{}").status_code == 404
    assert send("GET", f"/{brought_back}").status_code == 200
    assert send("POST", f"/{late}:undelete", "{}").status_code == 200
