"""Groups and explanations through the edge: a change of rights counts everywhere within seconds, and is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mesh.testing.company import found, reason
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from mesh.testing.company import Company, Person
    from mesh.testing.running import RunningMesh

TOLD_SECONDS = 5.0


def role(company: Company, *grants: tuple[str, str]) -> str:
    held = [{"permission": permission, "scope": scope} for permission, scope in grants]
    made: str = company.owner.ask("POST", "/v1/custom-roles", {"displayName": "Field", "grants": held})["id"]
    return made


def group(company: Company, *roles: str) -> str:
    made: str = company.owner.ask("POST", "/v1/groups", {"displayName": "Crew", "roleIds": list(roles)})["id"]
    return made


def may(person: Person, permission: str, owner: str = "") -> Any:
    return person.ask("GET", f"/v1/permissions:check?permission={permission}&ownerId={owner}").get("allowed", False)


@pytest.mark.shows("people.groups")
@pytest.mark.shows("people.rights-in-time")
def test_a_member_may_in_other_services_what_the_group_grants_within_five_seconds(mesh: RunningMesh) -> None:
    company = found(mesh, "crew")
    ada = company.add("ada@example.com", "ROLE_UNSPECIFIED")
    crew = group(company, role(company, ("contacts.read", "SCOPE_ALL"), ("contacts.write", "SCOPE_OWN")))

    def listed() -> int:
        return ada.send("GET", "/v1/contacts").status_code

    assert listed() == 403
    company.owner.ask("POST", f"/v1/groups/{crew}:addMembers", {"userIds": [ada.id]})
    eventually(lambda: listed() == 200, within=TOLD_SECONDS, of="the group being heard of")
    assert ada.ask("POST", "/v1/contacts", {"givenName": "Bo"})["ownerId"] == ada.id
    assert company.owner.ask("GET", f"/v1/groups/{crew}/members")["members"][0]["userId"] == ada.id

    company.owner.ask("PATCH", f"/v1/groups/{crew}?updateMask=roleIds", {"roleIds": []})
    eventually(lambda: listed() == 403, within=TOLD_SECONDS, of="the roles being gone")
    # She lets nobody in who could then do more than she.
    refused = ada.send("POST", f"/v1/groups/{crew}:addMembers", {"userIds": [ada.id]})
    assert reason(refused) == (403, "PERMISSION_DENIED")


@pytest.mark.shows("people.explained")
def test_a_refusal_can_be_explained_and_helped(mesh: RunningMesh) -> None:
    company = found(mesh, "explained")
    ada = company.add("ada@example.com", "ROLE_UNSPECIFIED")
    theirs = company.owner.ask("POST", "/v1/contacts", {"givenName": "Theirs"})["id"]
    reader = role(company, ("contacts.read", "SCOPE_OWN"))
    wide = role(company, ("contacts.read", "SCOPE_ALL"))
    crew = group(company, reader)
    company.owner.ask("POST", f"/v1/groups/{crew}:addMembers", {"userIds": [ada.id]})
    eventually(lambda: ada.send("GET", "/v1/contacts").status_code == 200, within=TOLD_SECONDS, of="the group")
    question = f"principalId={ada.id}&permission=contacts.read&ownerId={company.owner.id}"

    assert ada.send("GET", f"/v1/contacts/{theirs}").status_code == 404
    assert not may(ada, "contacts.read", company.owner.id)
    explained = company.owner.ask("GET", f"/v1/permissions:explain?{question}")
    assert not explained.get("allowed")
    (source,) = explained["sources"]
    assert (source["groupId"], source["customRoleId"], source["scope"]) == (crew, reader, "SCOPE_OWN")
    (lack,) = explained["missing"]
    assert lack == {"principalId": ada.id, "grant": {"permission": "contacts.read", "scope": "SCOPE_ALL"}}
    assert wide in [remedy.get("customRoleId") for remedy in explained["remedies"]]
    assert explained["giverIds"] == [company.owner.id]

    company.owner.ask("PATCH", f"/v1/users/{ada.id}", {"roleIds": [wide]})
    eventually(lambda: ada.send("GET", f"/v1/contacts/{theirs}").status_code == 200, within=TOLD_SECONDS, of="the role")
    assert may(ada, "contacts.read", company.owner.id)
    assert company.owner.ask("GET", f"/v1/permissions:explain?{question}")["allowed"]
    assert reason(ada.send("GET", f"/v1/permissions:explain?{question}")) == (403, "PERMISSION_DENIED")
