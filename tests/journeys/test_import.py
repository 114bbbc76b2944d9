"""A company moves in: 5,000 people of a FEBRL file through the JSON edge, found again by every kind of client."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import httpx
import pytest
from rapport.customers.v1 import contact_service_pb2, contact_service_pb2_grpc

from mesh.testing import febrl
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.testing.running import RunningMesh

BATCH = 100
GRPCURL = Path(sys.executable).parent / "grpcurl"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="package")
def people() -> list[dict[str, str]]:
    return febrl.people()


@pytest.fixture(scope="package")
def moved_in(mesh: RunningMesh, people: list[dict[str, str]]) -> dict[str, str]:
    """The header of a tenant of its own, with all people imported."""
    with httpx.Client(base_url=mesh.url, timeout=30) as client:
        owner = {"tenant": "febrl", "email": "owner@example.com", "password": "three kangaroos in a boat"}
        answer = client.post(
            "/v1/tenants:signUp",
            json={
                "slug": "febrl",
                "displayName": "FEBRL",
                "timeZone": "Australia/Sydney",
                "currencyCode": "AUD",
                "ownerEmail": owner["email"],
                "ownerPassword": owner["password"],
            },
        )
        assert answer.status_code == 200, answer.text
        token = client.post("/v1/sessions:logIn", json=owner).json()["accessToken"]
        headers = {"authorization": f"Bearer {token}"}
        for start in range(0, len(people), BATCH):
            batch = [febrl.contact(person) for person in people[start : start + BATCH]]
            answer = client.post("/v1/contacts:batchCreate", json={"contacts": batch}, headers=headers)
            assert answer.status_code == 200, answer.text
            assert len(answer.json()["contacts"]) == len(batch)
    return headers


@pytest.mark.shows("skeleton.move-in-json")
def test_json_pages_hold_every_person_once(
    mesh: RunningMesh, moved_in: dict[str, str], people: list[dict[str, str]]
) -> None:
    found = [contact["externalId"] for contact in json_pages(mesh, moved_in, page_size=170)]

    assert sorted(found) == sorted(person["rec_id"] for person in people)


@pytest.mark.shows("skeleton.move-in-grpc")
def test_grpc_pages_hold_every_person_once(
    mesh: RunningMesh, moved_in: dict[str, str], people: list[dict[str, str]]
) -> None:
    found = []
    with grpc.insecure_channel(mesh.target) as channel:
        stub = contact_service_pb2_grpc.ContactServiceStub(channel)
        request = contact_service_pb2.ListContactsRequest(page_size=200, order_by="family_name")
        while True:
            page = stub.ListContacts(request, metadata=list(moved_in.items()), timeout=10)
            found += [(contact.family_name, contact.external_id) for contact in page.contacts]
            if not page.next_page_token:
                break
            request.page_token = page.next_page_token

    assert sorted(external_id for _, external_id in found) == sorted(person["rec_id"] for person in people)
    assert [name for name, _ in found] == sorted(name for name, _ in found)


@pytest.mark.shows("skeleton.move-in-grpcurl")
def test_grpcurl_pages_hold_every_person_once(
    mesh: RunningMesh, moved_in: dict[str, str], people: list[dict[str, str]]
) -> None:
    found: list[str] = []
    token = ""
    while True:
        page = grpcurl(mesh, moved_in, {"page_size": 200, "page_token": token})
        found += [contact["externalId"] for contact in page["contacts"]]
        token = page.get("nextPageToken", "")
        if not token:
            break

    assert sorted(found) == sorted(person["rec_id"] for person in people)


def test_each_client_reads_the_same_person(mesh: RunningMesh, moved_in: dict[str, str]) -> None:
    contact = next(json_pages(mesh, moved_in, page_size=1))

    with grpc.insecure_channel(mesh.target) as channel:
        stub = contact_service_pb2_grpc.ContactServiceStub(channel)
        request = contact_service_pb2.GetContactRequest(id=contact["id"])
        over_grpc = stub.GetContact(request, metadata=list(moved_in.items()), timeout=10)

    assert (over_grpc.id, over_grpc.etag, over_grpc.display_name) == (
        contact["id"],
        contact["etag"],
        contact["displayName"],
    )


@pytest.mark.shows("skeleton.filters")
def test_a_filter_finds_exactly_the_people_it_describes(
    mesh: RunningMesh, moved_in: dict[str, str], people: list[dict[str, str]]
) -> None:
    name = people[0]["surname"]
    expected = {p["rec_id"] for p in people if p["surname"] == name and p["given_name"].startswith("m")}

    text = f'family_name = "{name}" AND given_name = "m*"'
    found = {contact["externalId"] for contact in json_pages(mesh, moved_in, page_size=7, filter=text)}

    assert expected
    assert found == expected


def test_an_import_run_twice_makes_nobody_twice(
    mesh: RunningMesh, moved_in: dict[str, str], people: list[dict[str, str]]
) -> None:
    again = {"contacts": [febrl.contact(people[7])]}

    answer = httpx.post(f"{mesh.url}/v1/contacts:batchCreate", json=again, headers=moved_in, timeout=10)

    assert answer.status_code == 409
    assert answer.json()["details"][0]["reason"] == "ALREADY_EXISTS"


@pytest.mark.shows("skeleton.event")
def test_every_import_is_sealed_in_the_audit_chain(
    mesh: RunningMesh, moved_in: dict[str, str], people: list[dict[str, str]]
) -> None:
    """The effect in the other service of an event that each creation publishes."""

    def sealed() -> int:
        answer = httpx.get(
            f"{mesh.url}/v1/audit-entries",
            params={"page_size": 1, "order_by": "position desc", "filter": 'action = "contact.created"'},
            headers=moved_in,
            timeout=10,
        )
        return int(answer.json()["auditEntries"][0]["position"]) if answer.json().get("auditEntries") else 0

    eventually(lambda: sealed() >= len(people), within=60, of="the last creation in the chain")


def json_pages(mesh: RunningMesh, headers: dict[str, str], **parameters: Any) -> Iterator[dict[str, Any]]:
    """All contacts of a list, page after page."""
    with httpx.Client(base_url=mesh.url, headers=headers, timeout=10) as client:
        while True:
            answer = client.get("/v1/contacts", params=parameters)
            assert answer.status_code == 200, answer.text
            yield from answer.json().get("contacts", [])
            token = answer.json().get("nextPageToken", "")
            if not token:
                return
            parameters["page_token"] = token


def grpcurl(mesh: RunningMesh, headers: dict[str, str], request: dict[str, Any]) -> dict[str, Any]:
    """What grpcurl prints for one ListContacts through the edge, found by reflection."""
    header = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    method = "rapport.customers.v1.ContactService/ListContacts"
    command = [str(GRPCURL), "-plaintext", *header, "-d", json.dumps(request), mesh.target, method]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
