"""A company's directory keeps users and groups of the demo tenant, in the words of SCIM, through the real edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from mesh.contract import catalog

if TYPE_CHECKING:
    from mesh.testing.running import RunningMesh

pytestmark = pytest.mark.slow
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
KIND = "application/scim+json"


class Directory:
    """What speaks SCIM with a mesh, by an API key of the demo tenant's owner."""

    def __init__(self, mesh: RunningMesh) -> None:
        self.mesh = mesh
        grants = [{"permission": each, "scope": "SCOPE_ALL"} for each in sorted(catalog.load().permissions())]
        made = self._ask("POST", "/v1/api-keys", self.mesh.token(), {"displayName": "Directory", "grants": grants})
        assert made.status_code == 200, made.text
        self.secret: str = made.json()["secret"]

    def _ask(self, verb: str, path: str, credential: str, body: Any = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {credential}"}
        return httpx.request(verb, f"{self.mesh.url}{path}", json=body, headers=headers, timeout=10)

    def ask(self, verb: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """The answer to a request below `/scim/v2`."""
        sent = {"authorization": f"Bearer {self.secret}", "content-type": KIND}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.request(verb, f"{self.mesh.url}/scim/v2{path}", json=body, headers=sent, timeout=10)


def user_at(identity: str) -> str:
    return f"/Users/{identity}"


@pytest.fixture(scope="module")
def directory(mesh: RunningMesh) -> Directory:
    return Directory(mesh)


@pytest.mark.shows("people.scim-compliant")
def test_a_compliance_checker_finds_nothing_wrong(directory: Directory) -> None:
    headers = {"authorization": f"Bearer {directory.secret}"}
    with Client(base_url=f"{directory.mesh.url}/scim/v2", headers=headers, timeout=10) as http:
        results = check_server(SyncSCIMClient(http))
    wrong = [f"{each.title} of {each.resource_type}: {each.reason}" for each in results if each.status is Status.ERROR]
    assert not wrong, "\n".join(wrong)
    skipped = {each.title for each in results if each.status is Status.SKIPPED}
    assert skipped == {"search_with_attributes"}, "only what is declared not to be there is left out"
    assert sum(each.status is Status.SUCCESS for each in results) > 50


@pytest.mark.shows("people.scim-errors")
def test_a_directory_is_told_in_its_own_words_what_is_refused(directory: Directory) -> None:
    made = directory.ask("POST", "/Users", {"userName": "ada@journey.example", "externalId": "ada"})
    assert made.status_code == 201, made.text
    user, version = made.json()["id"], made.headers["etag"]
    assert made.headers["location"] == made.json()["meta"]["location"]
    assert made.headers["location"].endswith(f"/scim/v2{user_at(user)}")
    assert made.headers["content-type"] == KIND
    again = directory.ask("GET", user_at(user), if_none_match=version)
    assert (again.status_code, again.content) == (304, b"")

    rename = {"Operations": [{"op": "replace", "path": "displayName", "value": "Ada"}]}
    rename["schemas"] = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]  # type: ignore[assignment]
    stray = directory.mesh.token()[:-4] + "AAAA"
    refused = {
        (400, "invalidFilter"): [directory.ask("GET", "/Users?filter=shoeSize%20eq%209")],
        (400, "invalidSyntax"): [directory.ask("POST", "/Users", [])],
        (400, None): [directory.ask("GET", "/Users?count=many")],
        (401, None): [directory.ask("GET", "/Users", authorization=f"Bearer {stray}")],
        (404, None): [
            directory.ask("GET", user_at("nobody")),
            directory.ask("GET", user_at(f"usr_{'0' * 26}")),
            directory.ask("GET", "/Nothing"),
        ],
        (405, None): [directory.ask("PUT", "/Users", {})],
        (409, "uniqueness"): [directory.ask("POST", "/Users", {"userName": "ADA@journey.example"})],
        (412, None): [directory.ask("PATCH", user_at(user), rename, if_match='"stale"')],
        (501, None): [directory.ask("GET", "/Me"), directory.ask("POST", "/Bulk", {})],
    }
    for (status, keyword), answers in refused.items():
        for answer in answers:
            assert answer.status_code == status, answer.text
            assert answer.headers["content-type"] == KIND, answer.text
            body = answer.json()
            assert (body["schemas"], str(body["status"]), body.get("scimType")) == ([ERROR], str(status), keyword)
            assert body["detail"]
    gone = directory.ask("DELETE", user_at(user), if_match=version)
    assert (gone.status_code, gone.content) == (204, b"")
