"""A file comes to be contacts the way people do it: looked into, tried, imported, corrected, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mesh.testing.company import found, good
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from mesh.testing.company import Person
    from mesh.testing.running import RunningMesh

PATH = "/v1/contact-imports"
FILE = """Vorname;Name;E-Mail;Geburtstag
Änne;Lee;anne@story.example;31/12/1980
Bob;Day;bob@story.example;
Bob;Again;BOB@story.example;
Cat;Fay;none;
""".encode("windows-1252")


@pytest.mark.shows("customers.import-columns")
@pytest.mark.shows("customers.import-match")
@pytest.mark.shows("customers.import-validation")
@pytest.mark.shows("customers.import-refused")
@pytest.mark.shows("customers.import-revert")
def test_a_file_is_looked_into_tried_imported_and_taken_back(mesh: RunningMesh) -> None:
    owner = found(mesh, "import-story").owner
    old = owner.ask("POST", "/v1/contacts", {"givenName": "Anna", "emails": [{"address": "anne@story.example"}]})
    path = f"{PATH}/{owner.ask('POST', PATH, {'fileName': 'story.csv'})['id']}"
    headers = {"authorization": f"Bearer {owner.token}"}
    good(httpx.post(f"{owner.url}{path}/parts/1", content=FILE, headers=headers))
    head = owner.ask("GET", f"{path}:inspect")
    assert (head["encoding"], head["delimiter"]) == ("FILE_ENCODING_WINDOWS_1252", "FILE_DELIMITER_SEMICOLON")
    columns = [{"column": each["column"], "field": each["field"]} for each in head["columns"]]
    assert [each["field"] for each in columns] == ["given_name", "family_name", "emails", "birth_date"]
    described = {"columns": columns, "matchKey": "MATCH_KEY_EMAIL", "onMatch": "ON_MATCH_OVERWRITE"}
    owner.ask("PATCH", path, described)

    tried = worked(owner, path, "start", {"validateOnly": True})
    counts = [int(tried[f"{name}Count"]) for name in ("created", "updated", "skipped", "failed")]
    assert counts == [1, 2, 0, 1]
    assert len(owner.ask("GET", "/v1/contacts")["contacts"]) == 1
    done = worked(owner, path, "start", {})
    assert [int(done[f"{name}Count"]) for name in ("created", "updated", "skipped", "failed")] == counts
    assert owner.ask("GET", f"/v1/contacts/{old['id']}")["givenName"] == "Änne"

    link = owner.ask("POST", f"{path}:link", {})["path"]
    refused = httpx.get(f"{owner.url}{link}")
    assert refused.headers["content-disposition"] == "attachment; filename*=UTF-8''story-refused.csv"
    assert refused.content.decode("utf-8-sig").splitlines()[1].startswith("Cat,Fay,none,,INVALID_ARGUMENT,E-Mail,")

    owner.ask("PATCH", f"/v1/contacts/{old['id']}", {"familyName": "Fay"})
    back = worked(owner, path, "revert", {})
    assert [int(back[f"{name}Count"]) for name in ("removed", "restored", "kept")] == [1, 2, 0]
    (left,) = owner.ask("GET", "/v1/contacts")["contacts"]
    assert (left["id"], left["givenName"], left["familyName"]) == (old["id"], "Anna", "Fay")
    assert "birthDate" not in left


def worked(owner: Person, path: str, verb: str, body: Any) -> Any:
    """An import when a piece of its work has ended."""
    owner.ask("POST", f"{path}:{verb}", body)
    record: dict[str, Any] = {}

    def over() -> bool:
        record.update(owner.ask("GET", path))
        return str(record["job"]["state"]) not in ("JOB_STATE_PENDING", "JOB_STATE_RUNNING")

    eventually(over, within=60, of="the end of the work")
    assert record["job"]["state"] == "JOB_STATE_SUCCEEDED", record
    return record


@pytest.mark.shows("customers.company-merge")
def test_two_companies_become_one_and_two_again(mesh: RunningMesh) -> None:
    owner = found(mesh, "company-story").owner
    group, wind = (
        owner.ask("POST", "/v1/companies", {"displayName": name, "domains": [{"host": f"{name}.example"}]})["id"]
        for name in ("group", "wind")
    )
    branch = owner.ask("POST", "/v1/companies", {"displayName": "branch", "parentId": group})["id"]
    made = owner.ask("POST", f"/v1/companies/{branch}:merge", {"otherIds": [group, wind]})
    assert [each["host"] for each in made["company"]["domains"]] == ["group.example", "wind.example"]
    assert not made["company"].get("parentId")
    assert owner.ask("GET", f"/v1/companies/{wind}")["id"] == branch
    back = owner.ask("POST", f"/v1/company-merges/{made['companyMerge']['id']}:undo", {})
    assert [each["id"] for each in back["companies"]] == [branch, group, wind]
    assert back["companies"][0]["parentId"] == group
