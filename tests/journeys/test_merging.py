"""Two records of one person become one through the edge, and two again, as a company sees it."""

from __future__ import annotations

import contextlib
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from mesh.testing.company import Company, found, reason
from mesh.testing.eventually import eventually
from tests.journeys.feed_watcher import over_http

if TYPE_CHECKING:
    from mesh.testing.running import RunningMesh


@pytest.fixture(scope="module")
def company(mesh: RunningMesh) -> Company:
    return found(mesh, f"merging-{uuid.uuid4().hex[:8]}")


def made(company: Company, collection: str, **fields: Any) -> Any:
    return company.owner.ask("POST", f"/v1/{collection}", fields)


def end_of_feed(mesh: RunningMesh, company: Company) -> str:
    with contextlib.closing(over_http("ndjson", mesh.target, company.owner.token, "")) as feed:
        return str(next(each["cursor"] for each in feed if each["kind"].endswith("SNAPSHOT_COMPLETE")))


def told_of(mesh: RunningMesh, company: Company, cursor: str, contact: str, *kinds: str) -> dict[str, Any]:
    """What a feed tells of a contact behind a cursor, when it has told of it with these kinds, one after the other."""
    wanted = list(kinds)
    with contextlib.closing(over_http("ndjson", mesh.target, company.owner.token, cursor)) as feed:
        for each in feed:
            if each.get("contact", {}).get("id") == contact and each["kind"].endswith(wanted[0]):
                wanted.pop(0)
                if not wanted:
                    return dict(each["contact"])
    return {}


def titles(company: Company, contact: str) -> set[str]:
    """What stands on a contact's timeline, which events write a moment after what they tell of."""
    return {each["title"] for each in company.owner.ask("GET", f"/v1/contacts/{contact}/timeline")["entries"]}


@pytest.mark.shows("customers.merge")
@pytest.mark.shows("customers.merge-undo")
@pytest.mark.shows("customers.merged-ids")
@pytest.mark.shows("customers.merge-consents")
def test_two_records_become_one_person_and_two_again(mesh: RunningMesh, company: Company) -> None:
    ask = company.owner.ask
    ann = made(company, "contacts", givenName="Ann", emails=[{"address": "ann@one.example"}])
    anna = made(company, "contacts", givenName="Anna", familyName="Lee", emails=[{"address": "lee@two.example"}])
    firm = made(company, "companies", displayName="Firm")
    job = made(company, "relations", fromContactId=anna["id"], toCompanyId=firm["id"], kind="RELATION_KIND_EMPLOYMENT")
    made(company, "interactions", kind="INTERACTION_KIND_CALL", subject="first call", contactIds=[anna["id"]])
    given = {"channel": "CONSENT_CHANNEL_EMAIL", "purpose": "news", "source": "page"}
    made(company, "consents", contactId=ann["id"], decision="CONSENT_DECISION_DENIED", **given)
    basis = {"decision": "CONSENT_DECISION_GRANTED", "legalBasis": "LEGAL_BASIS_CONTRACT"}
    made(company, "consents", contactId=anna["id"], **basis, **given)
    cursor = end_of_feed(mesh, company)

    merge = f"/v1/contacts/{ann['id']}:merge"
    assert reason(company.owner.send("POST", merge, {"otherIds": [ann["id"]]})) == (400, "MERGE_IMPOSSIBLE")
    preview = ask("POST", merge, {"otherIds": [anna["id"]], "validateOnly": True})["contact"]
    merged = ask("POST", merge, {"otherIds": [anna["id"]]})
    one = ask("GET", f"/v1/contacts/{anna['id']}")
    assert one == merged["contact"]
    assert (one["id"], one["displayName"], len(one["emails"])) == (ann["id"], "Ann Lee", 2)
    assert {**preview, "etag": "", "updateTime": ""} == {**one, "etag": "", "updateTime": ""}
    assert not one["grantedConsents"]
    assert ask("GET", f"/v1/relations/{job['id']}")["fromContactId"] == ann["id"]
    for identity in (ann["id"], anna["id"]):
        eventually(lambda whose=identity: "first call" in titles(company, whose), of="the call on the timeline")
    refused = company.owner.send("PATCH", f"/v1/contacts/{anna['id']}", {"jobTitle": "x"})
    assert reason(refused) == (400, "MERGED")
    assert refused.json()["details"][0]["metadata"]["merged_into"] == ann["id"]
    assert told_of(mesh, company, cursor, anna["id"], "_MERGED")["mergedIntoId"] == ann["id"]

    (kept,) = ask("GET", "/v1/contact-merges")["contactMerges"]
    assert (kept["survivorId"], kept["mergedIds"]) == (ann["id"], [anna["id"]])
    ask("PATCH", f"/v1/contacts/{ann['id']}", {"familyName": "Leigh"})
    back = ask("POST", f"/v1/contact-merges/{kept['id']}:undo", {})
    assert back["kept"] == [{"resource": f"contacts/{ann['id']}", "path": "family_name"}]
    again = ask("GET", f"/v1/contacts/{anna['id']}")
    assert (again["displayName"], again["emails"], again["grantedConsents"]) == (
        "Anna Lee",
        anna["emails"],
        ["email/news"],
    )
    assert ask("GET", f"/v1/relations/{job['id']}")["fromContactId"] == anna["id"]
    assert told_of(mesh, company, cursor, anna["id"], "_MERGED", "_CHANGED")["givenName"] == "Anna"
    eventually(lambda: "first call" not in titles(company, ann["id"]), of="the call on its own timeline alone")
    assert "first call" in titles(company, anna["id"])
