"""What is sensitive needs a recent proof of who is calling: through the edge, with the clock moved ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from mesh.testing.company import PASSWORD, found, good, reason
from mesh.testing.running import running_mesh

if TYPE_CHECKING:
    from pathlib import Path

    from mesh.testing.company import Company


def make_key(company: Company, token: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}"}
    return httpx.post(f"{company.mesh.url}/v1/api-keys", json={"displayName": "sync"}, headers=headers, timeout=15)


@pytest.mark.shows("sessions.step-up")
def test_a_key_is_made_by_who_has_proven_lately_who_they_are(tmp_path: Path) -> None:
    with running_mesh(tmp_path, options=("--no-demo",), MESH_PROFILE="test") as mesh:
        company = found(mesh, "careful")
        body = {"tenant": company.slug, "email": company.owner.email, "password": PASSWORD}
        begun = good(httpx.post(f"{mesh.url}/v1/sessions:logIn", json=body, timeout=15))
        good(make_key(company, begun["accessToken"]))
        mesh.mesh("clock", "advance", "2h")
        token = {"token": begun["refreshToken"]}
        renewed = good(httpx.post(f"{mesh.url}/v1/sessions:refresh", json=token, timeout=15))["accessToken"]
        refused = make_key(company, renewed)
        assert reason(refused) == (401, "ASSURANCE_NEEDED")
        assert "insufficient_user_authentication" in refused.headers["www-authenticate"]
        headers = {"authorization": f"Bearer {renewed}"}
        proof = {"password": PASSWORD}
        proven = httpx.post(f"{mesh.url}/v1/sessions:verify", json=proof, headers=headers, timeout=15)
        good(make_key(company, good(proven)["accessToken"]))
