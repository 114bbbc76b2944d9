"""A person asks what is held of them, and then to be forgotten, as a company sees it through the edge."""

from __future__ import annotations

import base64
import json
import uuid
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest

from mesh.testing.company import Company, found, reason
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from mesh.testing.running import RunningMesh

EMAIL = "ada@forgotten.example"


@pytest.fixture(scope="module")
def company(mesh: RunningMesh) -> Company:
    return found(mesh, f"privacy-{uuid.uuid4().hex[:8]}")


def ended(company: Company, collection: str, identity: str) -> Any:
    """A job at its end."""

    def look() -> Any:
        record = company.owner.ask("GET", f"/v1/{collection}/{identity}")
        return record if record["job"]["state"] == "JOB_STATE_SUCCEEDED" else None

    return eventually(look, within=60, of="the end of a job")


@pytest.mark.shows("privacy.export")
@pytest.mark.shows("privacy.erasure")
@pytest.mark.shows("privacy.verification")
@pytest.mark.shows("privacy.suppression")
@pytest.mark.shows("privacy.provenance")
def test_a_person_is_told_everything_and_then_forgotten(mesh: RunningMesh, company: Company) -> None:
    ask = company.owner.ask
    ada = ask("POST", "/v1/contacts", {"givenName": "Ada", "emails": [{"address": EMAIL}]})
    twin = ask("POST", "/v1/contacts", {"givenName": "Ada Mary", "jobTitle": "Countess"})
    ask(
        "POST",
        "/v1/interactions",
        {"kind": "INTERACTION_KIND_CALL", "subject": "Ada called", "contactIds": [ada["id"]]},
    )
    ask("POST", f"/v1/contacts/{ada['id']}:merge", {"otherIds": [twin["id"]]})

    sources = {each["path"]: each for each in ask("GET", f"/v1/contacts/{ada['id']}:provenance")["fields"]}
    assert sources["given_name"]["actorId"] == company.owner.id
    assert sources["job_title"]["source"] == "PROVENANCE_SOURCE_MERGE"
    assert sources["job_title"]["through"] == f"contacts/{twin['id']}"

    export = ask("POST", "/v1/subject-exports", {"contactId": ada["id"]})
    ended(company, "subject-exports", export["id"])
    link = ask("POST", f"/v1/subject-exports/{export['id']}:link", {})
    answer = httpx.get(mesh.url + link["path"])
    assert answer.headers["content-type"] == "application/jsonl; charset=utf-8"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    told = {(line["service"], line["kind"]) for line in lines}
    assert told >= {("customers", "contacts"), ("customers", "merged-contacts"), ("customers", "interactions")}
    assert "Countess" in answer.text

    asked = ask("POST", "/v1/contact-erasures", {"contactId": ada["id"]})
    erasure = ended(company, "contact-erasures", asked["id"])
    assert httpx.get(mesh.url + link["path"]).status_code == 400

    # Whoever has the receipt checks it with nothing but the published keys.
    keys = {
        key["kid"]: jwt.PyJWK(key).key for key in httpx.get(f"{mesh.url}/.well-known/receipt-keys.json").json()["keys"]
    }
    receipt = erasure["receipt"]
    key: Any = keys[jwt.get_unverified_header(receipt)["kid"]]
    claims = jwt.decode(receipt, key, algorithms=["EdDSA"], options={"verify_sub": False})
    assert claims["counts"]["customers"]["contacts"] == 1
    assert "Ada" not in json.dumps(claims)

    def verified() -> Any:
        found = ask("POST", "/v1/contact-erasures:verify", {"receipt": receipt})
        return found if found.get("erased") else None

    eventually(verified, within=30, of="an erasure that is whole")
    again = {"givenName": "Ada", "emails": [{"address": EMAIL}]}
    assert reason(company.owner.send("POST", "/v1/contacts", again)) == (400, "CONTACT_ERASED")
    columns = [{"column": name, "field": name} for name in ("given_name", "emails")]
    brought = ask("POST", "/v1/contact-imports", {"columns": columns})
    content = base64.b64encode(f"given_name,emails\nAda,{EMAIL}\n".encode()).decode()
    ask("POST", f"/v1/contact-imports/{brought['id']}:upload", {"partNumber": 1, "content": content})
    ask("POST", f"/v1/contact-imports/{brought['id']}:start", {})
    assert ended(company, "contact-imports", brought["id"])["skippedCount"] == "1"

    ask("POST", "/v1/contacts?allowErased=true", again)
    back = ask("POST", "/v1/contact-erasures:verify", {"receipt": receipt})
    assert not back.get("erased")
    assert {each["kind"] for each in back["remnants"]} >= {"contacts"}
