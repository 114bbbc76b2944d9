"""Work in another user's place, and programs with keys of their own, through the edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mesh.testing.company import Person, found, reason
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from mesh.testing.company import Company
    from mesh.testing.running import RunningMesh

TOLD_SECONDS = 5.0
SUPPORT = ("impersonations.read", "impersonations.write")


def role(company: Company, *permissions: str) -> str:
    held = [{"permission": permission, "scope": "SCOPE_ALL"} for permission in permissions]
    made: str = company.owner.ask("POST", "/v1/custom-roles", {"displayName": "Support", "grants": held})["id"]
    return made


def began(by: Person, of: Person) -> tuple[Person, str]:
    """Whoever works in somebody's place, with the token for it, and the id of that."""
    body = {"userId": of.id, "reason": "Ticket 4711: the list looks empty", "life": "600s"}
    made: dict[str, Any] = by.ask("POST", "/v1/impersonations", body)
    return Person(by.url, of.id, of.email, made["accessToken"]), made["impersonation"]["id"]


@pytest.mark.shows("people.impersonation")
def test_work_in_anothers_place_is_told_recorded_with_both_names_and_ended_at_once(mesh: RunningMesh) -> None:
    company = found(mesh, "helped")
    ada = company.add("ada@example.com")
    helper = company.add("help@example.com", roles=[role(company, *SUPPORT)])
    assert reason(ada.send("POST", "/v1/impersonations", {"userId": helper.id, "reason": "No reason"}))[0] == 403
    refused = helper.send("POST", "/v1/impersonations", {"userId": company.owner.id, "reason": "Too much"})
    assert reason(refused) == (400, "IMPERSONATION_REFUSED")
    assert reason(helper.send("POST", "/v1/impersonations", {"userId": ada.id})) == (400, "INVALID_ARGUMENT")

    placed, impersonation = began(helper, ada)

    contact = placed.ask("POST", "/v1/contacts", {"givenName": "Seen"})
    assert contact["ownerId"] == ada.id
    entries = f'/v1/audit-entries?filter=resource="contacts/{contact["id"]}"'
    (entry,) = eventually(
        lambda: company.owner.ask("GET", entries).get("auditEntries"), within=30, of="the audit entry"
    )
    assert (entry["principalId"], entry["actorId"]) == (ada.id, helper.id)

    def told() -> list[str]:
        messages = company.owner.ask("GET", "/v1/messages?pageSize=200").get("messages", [])
        return [each["email"] for each in messages if each["template"] == "impersonation"]

    eventually(lambda: told() == [ada.email], within=30, of="the mail")
    company.owner.ask("POST", f"/v1/impersonations/{impersonation}:end", {})
    ended = lambda: placed.send("GET", "/v1/contacts").status_code == 401  # noqa: E731
    eventually(ended, within=TOLD_SECONDS, of="the end being heard of")
    assert ada.send("GET", "/v1/contacts").is_success


@pytest.mark.shows("people.in-person")
def test_in_anothers_place_nothing_is_done_that_outlives_it(mesh: RunningMesh) -> None:
    company = found(mesh, "placed")
    rights = role(company, *SUPPORT, "api-keys.write")
    ada = company.add("ada@example.com", roles=[rights])
    helper = company.add("help@example.com", roles=[rights])
    placed, _ = began(helper, ada)

    alone = (403, "IN_PERSON_ONLY")
    assert reason(placed.send("POST", "/v1/api-keys", {"displayName": "Kept"})) == alone
    assert reason(placed.send("POST", "/v1/impersonations", {"userId": helper.id, "reason": "Again"})) == alone
    assert reason(placed.send("POST", "/v1/contact-exports", {})) == alone
    assert ada.send("POST", "/v1/api-keys", {"displayName": "Kept"}).is_success


@pytest.mark.shows("people.service-accounts")
def test_the_keys_of_a_service_account_outlive_the_work_of_who_made_them(mesh: RunningMesh) -> None:
    company = found(mesh, "automated")
    maker = company.add("maker@example.com", "ROLE_OWNER")
    account = maker.ask("POST", "/v1/service-accounts", {"displayName": "Nightly sync", "role": "ROLE_MEMBER"})
    body = {"displayName": "Sync", "grants": [{"permission": "contacts.write", "scope": "SCOPE_ALL"}]}
    secret = maker.ask("POST", f"/v1/api-keys?serviceAccountId={account['id']}", body)["secret"]
    company.owner.ask("POST", f"/v1/users/{maker.id}:deactivate", {})

    with httpx.Client(base_url=mesh.url, headers={"authorization": f"Bearer {secret}"}, timeout=15) as program:
        kept = program.post("/v1/contacts", json={"givenName": "Synced"}).raise_for_status().json()
        assert kept["ownerId"] == account["id"]
        company.owner.ask("POST", f"/v1/users/{account['id']}:suspend", {})
        ended = lambda: program.post("/v1/contacts", json={"givenName": "Late"}).status_code == 401  # noqa: E731
        eventually(ended, within=TOLD_SECONDS, of="the end of its work")
    login = {"tenant": company.slug, "email": account["email"], "password": "granite-walrus-47-lantern"}
    answer = httpx.post(f"{mesh.url}/v1/sessions:logIn", json=login, timeout=15)
    assert reason(answer) == (401, "CREDENTIALS_INVALID")
