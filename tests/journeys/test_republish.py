"""Redis loses everything it held; what consumers had not seen yet reaches them all the same, once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest

from mesh.control import run_file
from mesh.events.redis_connection import RedisConnection
from mesh.testing.eventually import eventually
from mesh.testing.running import running_mesh

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def test_a_wiped_redis_loses_nothing_once_the_owners_have_published_again(tmp_path: Path) -> None:
    with running_mesh(tmp_path / "home") as mesh:
        bearer = {"authorization": f"Bearer {mesh.token()}"}
        with httpx.Client(base_url=mesh.url, headers=bearer, timeout=10) as http:
            owner = http.get("/v1/users").raise_for_status().json()["users"][0]
            contact = http.post("/v1/contacts", json={"givenName": "Ann"}).raise_for_status().json()
            path = f"/v1/contacts/{contact['id']}"
            eventually(lambda: http.get(path).json().get("ownerName") == owner["displayName"], within=30)

            run = run_file.read(mesh.home)
            assert run is not None
            redis = RedisConnection(run.redis_url)
            changed = http.patch(f"/v1/users/{owner['id']}", json={"displayName": "Renamed Before"})
            redis.call("FLUSHALL")
            redis.close()
            changed.raise_for_status()

            words = ("events", "republish", "--since", "1h", "-o", "json")
            first, again = (json.loads(mesh.mesh(*words)) for _ in range(2))
            eventually(lambda: http.get(path).json().get("ownerName") == "Renamed Before", within=60)
            assert {each["service"]: each["resources"] for each in first}["users"] >= 1
            assert [each["service"] for each in again] == [each["service"] for each in first]

            def created() -> int:
                entries = http.get("/v1/audit-entries", params={"filter": f'resource = "contacts/{contact["id"]}"'})
                return len(entries.raise_for_status().json().get("auditEntries", []))

            eventually(lambda: created() == 1, within=30)
            http.patch(f"/v1/users/{owner['id']}", json={"displayName": "Renamed After"}).raise_for_status()
            eventually(lambda: http.get(path).json().get("ownerName") == "Renamed After", within=30)
            assert created() == 1
