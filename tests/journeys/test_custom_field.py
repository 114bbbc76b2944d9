"""A tenant adds fields to its contacts and works with them through the edge; another tenant sees nothing of it."""

from __future__ import annotations

import base64
import csv
import io
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mesh.testing.eventually import eventually
from mesh.testing.planted import planted
from mesh.testing.running import running_mesh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mesh.testing.running import RunningMesh

pytestmark = pytest.mark.slow
PASSWORD = "three kangaroos in a boat"
FIELDS: list[dict[str, Any]] = [
    {"key": "industry", "displayName": "Industry", "type": "FIELD_TYPE_CHOICE", "filterable": True, "choices": [
        {"key": "retail", "displayName": "Retail"}, {"key": "mining", "displayName": "Mining"}]},
    {"key": "headcount", "displayName": "Head count", "type": "FIELD_TYPE_NUMBER", "filterable": True},
    {"key": "badge", "displayName": "Badge", "type": "FIELD_TYPE_TEXT", "unique": True, "personal": True},
]  # fmt: skip
FILE = """\
Key;Name;Industry;Heads;Badge
d1;Dan;retail;12.5;B-4
e1;Eve;farming;3;B-5
f1;Fay;mining;many;B-6
g1;Gus;mining;7;B-1
h1;Hal;mining;9;B-4
i1;Ida;;;
"""
COLUMNS = {
    "Key": "external_id",
    "Name": "given_name",
    "Industry": "custom.industry",
    "Heads": "custom.headcount",
    "Badge": "custom.badge",
}
VERDICTS = [
    ("ROW_VERDICT_CREATED", ""),
    ("ROW_VERDICT_FAILED", "Industry"),
    ("ROW_VERDICT_FAILED", "Heads"),
    ("ROW_VERDICT_FAILED", "Badge"),
    ("ROW_VERDICT_FAILED", "Badge"),
    ("ROW_VERDICT_CREATED", ""),
]


class Tenant:
    """A tenant of its own, at the edge."""

    def __init__(self, client: httpx.Client, slug: str) -> None:
        owner = {"tenant": slug, "email": f"owner@{slug}.example", "password": PASSWORD}
        described = {"slug": slug, "displayName": slug, "timeZone": "Europe/Berlin", "currencyCode": "EUR"}
        self._client, self._headers = client, {}
        self.call("POST", "/v1/tenants:signUp", {**described, "ownerEmail": owner["email"], "ownerPassword": PASSWORD})
        token = self.call("POST", "/v1/sessions:logIn", owner)["accessToken"]
        self._headers = {"authorization": f"Bearer {token}"}

    def send(self, verb: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        return self._client.request(verb, path, json=body, params=query, headers=self._headers)

    def call(self, verb: str, path: str, body: Any = None, **query: Any) -> Any:
        answer = self.send(verb, path, body, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def download(self, link: str) -> str:
        return self._client.get(link).text

    def names(self, text: str, order: str = "") -> list[str]:
        found = self.call("GET", "/v1/contacts", filter=text, order_by=order).get("contacts", [])
        return [contact["givenName"] for contact in found]

    def make(self, name: str, **custom: Any) -> str:
        return str(self.call("POST", "/v1/contacts", {"givenName": name, "custom": custom})["id"])


def define_and_find(tenant: Tenant) -> dict[str, str]:
    """Fields defined, then filtered, ordered and counted by; gives the contacts."""
    for each in FIELDS:
        assert tenant.call("POST", "/v1/contact-fields", each)["state"] == "FIELD_STATE_ACTIVE"
    ids = {
        "Ann": tenant.make("Ann", industry="retail", headcount=40, badge="B-1"),
        "Ben": tenant.make("Ben", industry="mining", headcount=5),
        "Cem": tenant.make("Cem"),
    }
    assert tenant.names('custom.industry = "retail"') == ["Ann"]
    assert sorted(tenant.names('NOT custom.industry = "retail" AND custom.headcount < 10')) == ["Ben"]
    assert tenant.names("", "custom.headcount desc") == ["Ann", "Ben", "Cem"]
    assert tenant.names("", "custom.headcount") == ["Cem", "Ben", "Ann"]
    return ids


def change_by_mask(tenant: Tenant, ids: dict[str, str]) -> None:
    """A mask reaches one value; what does not fit is refused by its path."""
    path = f"/v1/contacts/{ids['Ben']}"
    changed = tenant.call("PATCH", path, {"custom": {"headcount": 50}}, update_mask="custom.headcount")
    assert changed["custom"] == {"industry": "mining", "headcount": 50}
    assert tenant.names("", "custom.headcount desc") == ["Ben", "Ann", "Cem"]
    assert tenant.names("custom.headcount = 5") == []
    refused = tenant.send("PATCH", path, {"custom": {"badge": "B-1"}}, update_mask="custom.badge")
    assert refused.status_code == 409
    assert "custom.badge" in refused.text
    refused = tenant.send("PATCH", path, {"custom": {"headcount": "many"}}, update_mask="custom.headcount")
    assert refused.status_code == 400
    assert "custom.headcount" in refused.text


def bring_in(tenant: Tenant) -> None:
    """A file with values of the fields: every row has its verdict, the bad ones with the column at fault."""
    columns = [{"column": column, "field": field} for column, field in COLUMNS.items()]
    described = {"fileName": "people.csv", "columns": columns, "matchKey": "MATCH_KEY_EXTERNAL_ID"}
    unknown = {**described, "columns": [{"column": "Key", "field": "custom.nobody"}]}
    assert tenant.send("POST", "/v1/contact-imports", unknown).status_code == 400
    path = f"/v1/contact-imports/{tenant.call('POST', '/v1/contact-imports', described)['id']}"
    content = base64.b64encode(FILE.encode()).decode()
    tenant.call("POST", f"{path}:upload", {"partNumber": 1, "content": content})
    rows = tenant.call("GET", f"{path}:preview")["contactImportRows"]
    assert [(row["verdict"], row.get("column", "")) for row in rows] == VERDICTS
    tenant.call("POST", f"{path}:start", {})
    eventually(lambda: tenant.call("GET", path)["job"]["state"] == "JOB_STATE_SUCCEEDED", within=60, of="the import")
    query = {"filter": f'import_id = "{path.rpartition("/")[2]}"', "order_by": "id"}
    rows = tenant.call("GET", "/v1/contact-import-rows", **query)["contactImportRows"]
    assert [(row["verdict"], row.get("column", "")) for row in rows] == VERDICTS
    assert tenant.names("custom.headcount = 12.5") == ["Dan"]
    assert sorted(tenant.names("NOT custom.headcount:*")) == ["Cem", "Ida"]


def take_out(tenant: Tenant) -> None:
    """The file of an export has the fields as columns, in the order of their keys."""
    wanted = {"fields": ["given_name", "custom.headcount", "custom.industry"], "orderBy": "custom.headcount desc"}
    path = f"/v1/contact-exports/{tenant.call('POST', '/v1/contact-exports', wanted)['id']}"
    eventually(lambda: tenant.call("GET", path)["job"]["state"] == "JOB_STATE_SUCCEEDED", within=60, of="the export")
    file = tenant.download(tenant.call("POST", f"{path}:link", {})["path"])
    rows = list(csv.reader(io.StringIO(file)))
    assert rows[0] == wanted["fields"]
    assert rows[1:4] == [["Ben", "50", "mining"], ["Ann", "40", "retail"], ["Dan", "12.5", "retail"]]
    assert sorted(rows[4:]) == [["Cem", "", ""], ["Ida", "", ""]]


def stranger_sees_nothing(stranger: Tenant, ids: dict[str, str]) -> None:
    """Another tenant has no such field, may define its own under the same key, and reads no value."""
    assert stranger.call("GET", "/v1/contact-fields").get("contactFields", []) == []
    assert stranger.send("GET", "/v1/contacts", filter="custom.headcount > 1").status_code == 400
    assert stranger.send("POST", "/v1/contacts", {"givenName": "Zed", "custom": {"headcount": 1}}).status_code == 400
    assert stranger.send("GET", f"/v1/contacts/{ids['Ann']}").status_code == 404
    stranger.call("POST", "/v1/contact-fields", FIELDS[2])
    stranger.make("Zoe", badge="B-1")
    assert stranger.names("custom.badge:*") == ["Zoe"]


def journey(mesh: RunningMesh) -> None:
    with httpx.Client(base_url=mesh.url, timeout=30) as client:
        tenant, stranger = Tenant(client, "own-fields"), Tenant(client, "no-fields")
        ids = define_and_find(tenant)
        change_by_mask(tenant, ids)
        bring_in(tenant)
        take_out(tenant)
        stranger_sees_nothing(stranger, ids)


@pytest.mark.shows("seams.custom-field")
def test_a_tenants_own_fields_are_used_like_built_in_ones(mesh: RunningMesh) -> None:
    journey(mesh)


@pytest.fixture(
    params=[
        ("mesh.resource.custom_index", "def stored(field, values): return NO_NUMBER if field.numeric else NO_TEXT"),
        ("mesh.resource.custom_rows", "CustomRows.take = lambda rows, before, after: None"),
    ],
    ids=["values are not indexed", "rows are not checked"],
)
def broken(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunningMesh]:
    with running_mesh(tmp_path / "mesh", **planted(tmp_path / "fault", *request.param)) as mesh:
        yield mesh


def test_a_fault_in_the_values_would_be_noticed(broken: RunningMesh) -> None:
    with pytest.raises(AssertionError):
        journey(broken)
