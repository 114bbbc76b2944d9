"""People who are there twice, found through the edge by the workers of a running mesh, and told apart by somebody."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from mesh.testing.company import found, reason
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from mesh.testing.running import RunningMesh


@pytest.mark.shows("duplicates.search", "duplicates.explain", "duplicates.dismiss")
def test_two_entries_of_one_person_are_found_explained_and_dismissed(mesh: RunningMesh) -> None:
    owner = found(mesh, f"twice-{uuid.uuid4().hex[:8]}", time_zone="Australia/Sydney").owner
    born = {"year": 1960, "month": 2, "day": 10}
    one, other, _ = (
        owner.ask("POST", "/v1/contacts", {"givenName": given, "familyName": family, "birthDate": born})["id"]
        for given, family in (("Katherine", "Sondergeld"), ("Kathy", "Sondergelt"), ("Peter", "Neumann"))
    )
    began = owner.ask("POST", "/v1/duplicate-searches", {"displayName": "All"})

    def ended() -> bool:
        state: str = owner.ask("GET", f"/v1/duplicate-searches/{began['id']}")["job"]["state"]
        return state == "JOB_STATE_SUCCEEDED"

    eventually(ended, within=40, of="the end of the search")

    def pairs(more: str = "") -> list[Any]:
        asked = f'filter=search_id = "{began["id"]}"{more}&order_by=score desc'
        listed: list[Any] = owner.ask("GET", f"/v1/duplicate-pairs?{asked}").get("duplicatePairs", [])
        return listed

    (pair,) = pairs()
    assert (pair["contactId"], pair["otherContactId"], pair["state"]) == (one, other, "DUPLICATE_STATE_OPEN")
    path = f"/v1/duplicate-searches/{began['id']}:explain?contact_id={one}&other_contact_id={other}"
    told = owner.ask("GET", path)
    assert (told["verdict"], told["score"]) == ("DUPLICATE_VERDICT_FOUND", pair["score"])
    assert "born:19600210" in told["sharedKeys"]
    assert reason(owner.send("GET", path.replace(other, one)))[0] == 400
    owner.ask("POST", f"/v1/duplicate-pairs/{pair['id']}:dismiss", {})
    assert not pairs(" AND state = DUPLICATE_STATE_OPEN")
    assert owner.ask("GET", path)["verdict"] == "DUPLICATE_VERDICT_DISMISSED"
