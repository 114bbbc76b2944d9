"""The end of tenants and of their owners' rights, through the edge: told, taken back, due, and guarded."""

from __future__ import annotations

import base64
import csv
import io
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import httpx
import pytest

from mesh.testing.company import PASSWORD, found, reason
from mesh.testing.eventually import eventually
from mesh.testing.running import running_mesh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.testing.company import Company, Person
    from mesh.testing.running import RunningMesh

TOLD_SECONDS = 5.0
ENDED = (401, "UNAUTHENTICATED")


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMesh]:
    with running_mesh(tmp_path_factory.mktemp("tenants"), options=("--no-demo",), MESH_PROFILE="test") as mesh:
        yield mesh


def answer(person: Person, path: str) -> tuple[int, str]:
    """How a call of a person's is answered: 200, or the status and the reason."""
    answered = person.send("GET", path)
    return (200, "") if answered.is_success else reason(answered)


def log_in(company: Company, email: str) -> tuple[int, str]:
    body = {"tenant": company.slug, "email": email, "password": PASSWORD}
    answered = httpx.post(f"{company.mesh.url}/v1/sessions:logIn", json=body, timeout=15)
    return (200, "") if answered.is_success else reason(answered)


@pytest.mark.shows("people.tenant-deletion")
def test_a_tenant_is_deleted_in_thirty_days_unless_an_owner_takes_it_back(mesh: RunningMesh) -> None:
    company = found(mesh, "ending")
    partner = company.add("partner@example.com", "ROLE_OWNER")
    clerk = company.add("clerk@example.com")
    clerk.ask("POST", "/v1/contacts", {"givenName": "Erased"})
    assert reason(clerk.send("POST", "/v1/tenant:delete", {"slug": "ending"})) == (403, "PERMISSION_DENIED")
    assert reason(company.owner.send("POST", "/v1/tenant:delete", {"slug": "other"})) == (400, "INVALID_ARGUMENT")

    assert company.owner.ask("POST", "/v1/tenant:delete", {"slug": "ending"})["state"] == "STATE_DELETING"

    def told() -> set[str]:
        messages = company.owner.ask("GET", "/v1/messages?pageSize=200").get("messages", [])
        return {each["email"] for each in messages if each["template"] == "tenant-deletion"}

    eventually(lambda: told() == {company.owner.email, partner.email}, within=30, of="both owners being told")
    assert partner.ask("POST", "/v1/tenant:undelete", {})["state"] == "STATE_ACTIVE"
    mesh.mesh("clock", "advance", "31d")
    assert answer(clerk, "/v1/contacts") == (200, "")

    company.owner.ask("POST", "/v1/tenant:delete", {"slug": "ending"})
    mesh.mesh("clock", "advance", "29d")
    assert answer(clerk, "/v1/contacts") == (200, "")
    assert rows(mesh, company.tenant) == 1
    mesh.mesh("clock", "advance", "2d")
    eventually(lambda: answer(clerk, "/v1/contacts") == ENDED, within=TOLD_SECONDS, of="the end")
    assert answer(company.owner, "/v1/tenant") == ENDED
    assert log_in(company, company.owner.email) == (401, "CREDENTIALS_INVALID")
    eventually(lambda: rows(mesh, company.tenant) == 0, within=30, of="its contacts being erased")


def rows(mesh: RunningMesh, tenant: str) -> int:
    """How many contacts of a tenant there are; nobody can ask for them any more."""
    with closing(sqlite3.connect(mesh.home / "data" / "customers.db", timeout=10)) as database:
        ((count,),) = database.execute("SELECT count(*) FROM contacts WHERE tenant_id = ?", [tenant])
    return int(count)


@pytest.mark.shows("people.tenant-suspension")
def test_the_operator_suspends_a_tenant_and_nobody_else_does(mesh: RunningMesh) -> None:
    company, other = found(mesh, "suspended"), found(mesh, "bystander")
    for path in ("/v1/tenant:suspend", "/v1/tenants:suspend", "/rapport.users.v1.TenantLifeService/SuspendTenant"):
        assert company.owner.send("POST", path, {"slug": "bystander"}).status_code in (403, 404, 405)
    assert answer(other.owner, "/v1/contacts") == (200, "")

    link = company.link("invitation", company.invite("late@suspended.example"))

    assert mesh.mesh("tenant", "suspend", "suspended").strip() == "suspended is suspended"

    told = (403, "TENANT_SUSPENDED")
    eventually(lambda: answer(company.owner, "/v1/contacts") == told, within=TOLD_SECONDS, of="the suspension")
    eventually(lambda: answer(company.owner, "/v1/users") == told, within=TOLD_SECONDS, of="the suspension in users")
    assert log_in(company, company.owner.email) == (401, "CREDENTIALS_INVALID")
    eventually(lambda: reason(company.accept(link)) == told, within=TOLD_SECONDS, of="links resting")
    assert answer(other.owner, "/v1/contacts") == (200, "")

    assert mesh.mesh("tenant", "resume", "suspended").strip() == "suspended is active"
    eventually(lambda: answer(company.owner, "/v1/contacts") == (200, ""), within=TOLD_SECONDS, of="the resumption")
    with pytest.raises(AssertionError, match="could not be changed"):
        mesh.mesh("tenant", "suspend", "nobody-here")


@pytest.mark.shows("people.last-owner")
def test_of_two_owners_who_demote_each_other_at_once_one_stays(mesh: RunningMesh) -> None:
    for number in range(5):
        company = found(mesh, f"duel-{number}")
        partner = company.add("partner@example.com", "ROLE_OWNER")
        alone = company.owner.send("POST", f"/v1/users/{company.owner.id}:setRole", {"role": "ROLE_MEMBER"})
        assert reason(alone) == (400, "SELF_DEMOTION")

        def demote(by: Person, of: Person) -> tuple[int, str]:
            answered = by.send("POST", f"/v1/users/{of.id}:setRole", {"role": "ROLE_MEMBER"})
            return (200, "") if answered.is_success else reason(answered)

        with ThreadPoolExecutor(2) as pool:
            calls = [pool.submit(demote, company.owner, partner), pool.submit(demote, partner, company.owner)]
            outcomes = [call.result() for call in calls]
        left = company.owner if outcomes[0] == (200, "") else partner
        # Who comes a little later is no owner any more; who comes at the same time is the last one.
        assert min(outcomes) == (200, "")
        assert max(outcomes) in ((400, "LAST_OWNER"), (403, "PERMISSION_DENIED"), (403, "GRANT_EXCEEDS_OWN"))
        assert reason(left.send("POST", f"/v1/users/{left.id}:deactivate", {})) == (400, "LAST_OWNER")


@pytest.mark.shows("people.user-suspension")
def test_a_suspended_user_keeps_what_is_theirs_and_comes_back(mesh: RunningMesh) -> None:
    company = found(mesh, "pausing")
    ada = company.add("ada@example.com")
    contact = ada.ask("POST", "/v1/contacts", {"givenName": "Kept"})["id"]

    assert company.owner.ask("POST", f"/v1/users/{ada.id}:suspend", {})["state"] == "STATE_SUSPENDED"

    eventually(lambda: answer(ada, "/v1/contacts") == ENDED, within=TOLD_SECONDS, of="her sessions ending")
    assert log_in(company, ada.email) == (401, "CREDENTIALS_INVALID")
    assert company.owner.ask("GET", f"/v1/contacts/{contact}")["ownerId"] == ada.id
    company.owner.ask("POST", f"/v1/users/{ada.id}:reactivate", {})
    assert company.log_in(ada.email).ask("GET", f"/v1/contacts/{contact}")["ownerId"] == ada.id


@pytest.mark.shows("people.security-policy")
def test_a_security_policy_is_bounded_recorded_and_kept_to(mesh: RunningMesh) -> None:
    company = found(mesh, "careful")
    policy = company.owner.ask("GET", "/v1/security-policy")
    assert (policy["passwordMinLength"], policy["mfaRequirement"]) == (12, "MFA_REQUIREMENT_NONE")
    short = company.owner.send("PATCH", "/v1/security-policy", {"passwordMinLength": 8})
    assert reason(short) == (400, "INVALID_ARGUMENT")
    wanted = {"invitationDomains": ["careful.example"], "sessionIdle": "600s", "etag": policy["etag"]}
    changed = company.owner.ask("PATCH", "/v1/security-policy", wanted)
    assert (changed["invitationDomains"], changed["sessionIdle"]) == (["careful.example"], "600s")
    assert reason(company.owner.send("PATCH", "/v1/security-policy", wanted)) == (409, "ETAG_MISMATCH")

    outside = company.owner.send("POST", "/v1/invitations", {"email": "x@else.example", "role": "ROLE_VIEWER"})
    assert reason(outside) == (400, "EMAIL_DOMAIN_REFUSED")
    company.invite("x@careful.example")
    recorded = '/v1/audit-entries?filter=action="security_policy.updated"'
    eventually(lambda: company.owner.ask("GET", recorded).get("auditEntries"), within=30, of="the record")


@pytest.mark.shows("people.audit-chain")
def test_the_audit_chain_is_verified_by_its_tenant(mesh: RunningMesh) -> None:
    company = found(mesh, "audited")
    for name in ("One", "Two", "Three"):
        company.owner.ask("POST", "/v1/contacts", {"givenName": name})

    def checked() -> int:
        told = company.owner.ask("GET", "/v1/audit-entries:verify")
        assert "brokenPosition" not in told or told["brokenPosition"] == "0"
        return int(told.get("checked", 0))

    eventually(lambda: checked() >= 5, within=30, of="the entries")
    whole = company.owner.ask("GET", "/v1/audit-entries:verify?toPosition=3")
    digest = base64.urlsafe_b64encode(base64.b64decode(whole["toDigest"])).decode()
    onward = f"/v1/audit-entries:verify?fromPosition=4&fromDigest={digest}"
    assert company.owner.ask("GET", onward).get("brokenPosition", "0") == "0"
    other = base64.urlsafe_b64encode(bytes(32)).decode()
    broken = company.owner.ask("GET", f"/v1/audit-entries:verify?fromPosition=4&fromDigest={other}")
    assert broken["brokenPosition"] == "3"

    # Somebody with the database in their hands rewrites what was done.
    with closing(sqlite3.connect(mesh.home / "data" / "users.db", timeout=10)) as database, database:
        rewritten = "UPDATE audit_entries SET action = 'contact.read' WHERE tenant_id = ? AND position = 4"
        assert database.execute(rewritten, [company.tenant]).rowcount == 1
    assert company.owner.ask("GET", "/v1/audit-entries:verify")["brokenPosition"] == "4"


@pytest.mark.shows("people.audit-export")
def test_audit_entries_are_exported_and_downloaded(mesh: RunningMesh) -> None:
    company = found(mesh, "exported")
    company.owner.ask("POST", "/v1/contacts", {"givenName": "One"})
    listed = "/v1/audit-entries?filter=action=%22contact.created%22"
    eventually(lambda: company.owner.ask("GET", listed).get("auditEntries"), within=30, of="the entry")
    made = {
        form: company.owner.ask("POST", "/v1/audit-exports", {"format": form})["id"]
        for form in ("FORMAT_CSV", "FORMAT_JSON_LINES")
    }

    def content(identity: str) -> httpx.Response:
        link = company.owner.send("POST", f"/v1/audit-exports/{identity}:link", {})
        assert link.is_success, link.text
        return httpx.get(f"{mesh.url}{link.json()['path']}", timeout=15).raise_for_status()

    table = eventually(lambda: content(made["FORMAT_CSV"]), within=30, of="the file")
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert "contact.created" in [row["action"] for row in rows]
    lines = eventually(lambda: content(made["FORMAT_JSON_LINES"]), within=30, of="the other file")
    assert "contact.created" in [json.loads(line)["action"] for line in lines.text.splitlines()]
