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


@pytest.fixture(scope="module")
def directory(mesh: RunningMesh) -> Directory:
    return Directory(mesh)


@pytest.mark.shows("users.scim-compliant")
def test_a_compliance_checker_finds_nothing_wrong(directory: Directory) -> None:
    headers = {"authorization": f"Bearer {directory.secret}"}
    with Client(base_url=f"{directory.mesh.url}/scim/v2", headers=headers, timeout=10) as http:
        results = check_server(SyncSCIMClient(http))
    wrong = [f"{each.title} of {each.resource_type}: {each.reason}" for each in results if each.status is Status.ERROR]
    assert not wrong, "\n".join(wrong)
    skipped = {each.title for each in results if each.status is Status.SKIPPED}
    assert skipped == {"search_with_attributes"}, "only what is declared not to be there is left out"
    assert sum(each.status is Status.SUCCESS for each in results) > 50
