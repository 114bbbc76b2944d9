"""A file of contacts travels through the edge as curl would carry it: up as raw bytes, down by a link, and up again."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mesh.testing.eventually import eventually
from mesh.testing.forged import other_end

if TYPE_CHECKING:
    from mesh.testing.running import RunningMesh

ROWS = 6_000
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
IMPORTS, EXPORTS = "/v1/contact-imports", "/v1/contact-exports"


def test_a_file_larger_than_any_message_comes_down_by_a_link_and_goes_up_unchanged(mesh: RunningMesh) -> None:
    headers = {"authorization": f"Bearer {mesh.token()}"}
    with (
        httpx.Client(base_url=mesh.url, headers=headers, timeout=60) as client,
        httpx.Client(base_url=mesh.url) as curl,
    ):
        first = brought(client, made(ROWS), "ON_MATCH_SKIP")
        assert int(first["createdCount"]) == ROWS, first

        wanted = {"fileName": "Øst 1.csv", "filter": 'external_id = "edge*"', "byteOrderMark": True}
        export = finished(client, EXPORTS, told(client.post(EXPORTS, json=wanted))["id"])
        path = told(client.post(f"{EXPORTS}/{export['id']}:link", json={}))["path"]
        answer = curl.get(path)

        assert answer.status_code == 200, answer.text[:500]
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%98st%201.csv"
        assert answer.headers["cache-control"] == "no-store"
        assert len(answer.content) == int(export["size"]) > 8 << 20
        assert answer.content.startswith(b"\xef\xbb\xbfexternal_id,")
        again = brought(client, answer.content, "ON_MATCH_OVERWRITE")
        assert int(again["skippedCount"]) == ROWS, again
        assert curl.get(other_end(path)).status_code == 401


def made(rows: int) -> bytes:
    """A file whose rows are long enough to make more than one message."""
    chance = random.Random(3)
    lines = ["external_id,family_name,job_title,emails,address.locality,address.address_lines,address.region_code"]
    for number in range(rows):
        long = "".join(chance.choices("abcdefgh ", k=150)).strip()
        street = ";".join("".join(chance.choices("xyz", k=100)) for _ in range(12))
        lines.append(
            f'edge{number},Ødegård {number},{" ".join(long.split())},e{number}@example.com,Bergen,"{street}",NO'
        )
    return "\n".join(lines).encode()


def brought(client: httpx.Client, content: bytes, on_match: str) -> dict[str, Any]:
    """The import of a file, ended, whose columns have the names of fields; its parts go up as they are."""
    header = content.split(b"\n", 1)[0].decode("utf-8-sig").strip().split(",")
    columns = [{"column": name, "field": name} for name in header]
    described = {"columns": columns, "matchKey": "MATCH_KEY_EXTERNAL_ID", "onMatch": on_match}
    identity = told(client.post(IMPORTS, json=described))["id"]
    part = 8 << 20
    for number, start in enumerate(range(0, len(content), part), 1):
        told(client.post(f"{IMPORTS}/{identity}/parts/{number}", content=content[start : start + part]))
    told(client.post(f"{IMPORTS}/{identity}:start", json={}))
    return finished(client, IMPORTS, identity)


def finished(client: httpx.Client, path: str, identity: str) -> dict[str, Any]:
    """A job at its end."""
    found: dict[str, Any] = {}

    def over() -> bool:
        found.update(told(client.get(f"{path}/{identity}")))
        return str(found["job"]["state"]) not in ("JOB_STATE_PENDING", "JOB_STATE_RUNNING")

    eventually(over, within=120, of=f"the end of {identity}")
    assert found["job"]["state"] == "JOB_STATE_SUCCEEDED", found["job"]
    return found


def told(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
