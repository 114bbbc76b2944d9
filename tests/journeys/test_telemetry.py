"""An operator follows one call of the edge through logs, traces and metrics, whether it went well or not."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from mesh.testing.running import RunningMesh

pytestmark = pytest.mark.slow
PRIVATE = "Quillfeather"


@pytest.fixture
def owner(mesh: RunningMesh) -> dict[str, str]:
    return {"authorization": f"Bearer {mesh.token()}"}


def create(mesh: RunningMesh, owner: dict[str, str], **fields: str) -> tuple[httpx.Response, str]:
    """The answer to a new contact whose call is sampled, and the id of its trace."""
    trace = secrets.token_hex(16)
    headers = {**owner, "traceparent": f"00-{trace}-{secrets.token_hex(8)}-01"}
    body = {"familyName": PRIVATE, **fields}
    return httpx.post(f"{mesh.url}/v1/contacts", json=body, headers=headers, timeout=10), trace


def spans(mesh: RunningMesh, trace: str, *names: str) -> list[dict[str, Any]]:
    """The spans of a trace, once these are among them."""

    def found() -> list[dict[str, Any]]:
        try:
            told: list[dict[str, Any]] = json.loads(mesh.mesh("trace", trace, "-o", "json"))
        except AssertionError:
            return []
        return told if set(names) <= {span["name"] for span in told} else []

    return eventually(found, within=20, of=f"the spans of {trace}")


def lines(mesh: RunningMesh, trace: str) -> list[dict[str, Any]]:
    """The access lines of a trace, but for those of lookups in the directory, of rights that are not known at hand."""
    texts = [file.read_text() for file in (mesh.home / "logs").glob("*-1.log")]
    found = [json.loads(line) for text in texts for line in text.splitlines() if trace in line]
    return [line for line in found if "DirectoryService" not in line["method"]]


def test_a_good_call_is_followed_to_the_consumer_that_sealed_its_audit_record(
    mesh: RunningMesh, owner: dict[str, str]
) -> None:
    answer, trace = create(mesh, owner)
    assert answer.status_code == 200

    found = spans(mesh, trace, "rapport.customers.v1.ContactService/CreateContact", "rapport.mesh.v1.AuditRecorded")

    by_name = {span["name"]: span for span in found}
    server, consumer = (
        by_name["rapport.customers.v1.ContactService/CreateContact"],
        by_name["rapport.mesh.v1.AuditRecorded"],
    )
    assert (server["service"], server["kind"], server["status"]) == ("customers", "SERVER", "")
    assert (consumer["service"], consumer["kind"], consumer["parent"]) == ("users", "CONSUMER", server["span"])
    assert PRIVATE not in json.dumps(found)
    assert [(line["method"], line["code"]) for line in lines(mesh, trace)] == [(server["name"], 0)]


def test_a_failing_call_is_found_by_its_trace_with_the_call_that_it_made(
    mesh: RunningMesh, owner: dict[str, str]
) -> None:
    answer, trace = create(mesh, owner, ownerId="usr_01J9ZQ4T5V8W9X0Y1Z2A3B4C5D")
    assert answer.status_code == 400

    found = spans(mesh, trace, "rapport.customers.v1.ContactService/CreateContact")

    failed = [span for span in found if span["status"]]
    assert {"INVALID_ARGUMENT"} <= {span["status"] for span in failed}
    assert "INVALID_ARGUMENT" in mesh.mesh("trace", trace)
    assert "INVALID_ARGUMENT" in {line.get("reason") for line in lines(mesh, trace)}
    assert PRIVATE not in "".join(file.read_text() for file in (mesh.home / "logs").glob("*.log"))


def test_the_request_id_of_an_answer_finds_its_access_line(mesh: RunningMesh, owner: dict[str, str]) -> None:
    answer = httpx.get(f"{mesh.url}/v1/contacts/con_01J9ZQ4T5V8W9X0Y1Z2A3B4C5D", headers=owner, timeout=10)

    (line,) = lines(mesh, answer.headers["x-request-id"].replace("-", ""))

    assert (line["code"], line["reason"], line["service"]) == (5, "NOT_FOUND", "customers")


def test_the_metrics_show_calls_and_failures_and_stay_inside(mesh: RunningMesh, owner: dict[str, str]) -> None:
    def counted() -> tuple[int, int]:
        def told() -> dict[str, Any]:
            rows = {row["service"]: row for row in json.loads(mesh.mesh("stat", "--total", "-o", "json"))}
            return dict(rows.get("customers", {}))

        row = eventually(told, within=30, of="an instance that says what it has done")
        return row["calls"], row["errors"]

    calls, errors = counted()
    httpx.get(f"{mesh.url}/v1/contacts?page_size=1", headers=owner, timeout=10)
    httpx.get(f"{mesh.url}/v1/contacts/con_01J9ZQ4T5V8W9X0Y1Z2A3B4C5D", headers=owner, timeout=10)

    assert counted() == (calls + 2, errors + 1)
    port = json.loads((mesh.home / "run" / "mesh.json").read_text())["metrics_port"]
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
    for family in ("rapport_calls_total", "rapport_relay_leads", "rapport_outbox_age_seconds", "rapport_queue_seconds"):
        assert family in text
    assert PRIVATE not in text
    assert httpx.get(f"{mesh.url}/metrics", headers=owner, timeout=10).status_code == 404
