"""Calls and background work in processes of their own: only the former get calls, the latter do the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from mesh.testing.eventually import eventually
from mesh.testing.running import running_mesh

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def test_only_processes_for_calls_get_calls_and_workers_do_the_work(tmp_path: Path) -> None:
    with running_mesh(tmp_path / "home", options=("--roles", "split")) as mesh:
        roles = {each["name"]: each["role"] for each in mesh.instances()}
        assert (roles["customers-1"], roles["customers-worker-1"], roles["edge"]) == ("api", "worker", "")
        assert {each["state"] for each in mesh.instances() if each["role"]} == {"healthy"}

        bearer = {"authorization": f"Bearer {mesh.token()}"}
        with httpx.Client(base_url=mesh.url, headers=bearer, timeout=10) as http:
            # A worker that got calls would refuse its share of them.
            assert {http.get("/v1/contacts?page_size=1").status_code for _ in range(40)} == {200}
            owner = http.get("/v1/users").json()["users"][0]
            made = http.post("/v1/contacts", json={"givenName": "Ann"}).raise_for_status().json()
            path = f"/v1/contacts/{made['id']}"
            http.patch(f"/v1/users/{owner['id']}", json={"displayName": "Heard Of"}).raise_for_status()
            eventually(lambda: http.get(path).json().get("ownerName") == "Heard Of", within=30)
