"""What a browser makes of the JSON of passkeys: Chromium with a device of its own, against the edge."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from mesh.testing.company import found
from mesh.testing.eventually import eventually
from tests.journeys import chromium

if TYPE_CHECKING:
    from pathlib import Path

    from mesh.testing.running import RunningMesh

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(not chromium.PROGRAM, reason="Chromium is not installed"),
]
_ASK = """
    const ask = async (path, body, token) => {
      const headers = {"content-type": "application/json", ...(token && {authorization: `Bearer ${token}`})};
      const answer = await fetch(path, {method: "POST", headers, body: JSON.stringify(body)});
      const content = await answer.json();
      if (!answer.ok) throw new Error(JSON.stringify(content));
      return content;
    };
"""
_REGISTER = """
    const {options} = await ask("/v1/passkeys:beginRegistration", {}, token);
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    const credential = (await navigator.credentials.create({publicKey})).toJSON();
    return (await ask("/v1/passkeys:register", {displayName: "Chromium", credential}, token)).passkey;
"""
_LOG_IN = """
    const {options} = await ask("/v1/sessions:beginPasskeyLogIn", {});
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    const credential = (await navigator.credentials.get({publicKey})).toJSON();
    return await ask("/v1/sessions:logInWithPasskey", {credential});
"""
_AGAIN = """
    const {options} = await ask("/v1/passkeys:beginRegistration", {}, token);
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    try { await navigator.credentials.create({publicKey}); } catch (error) { return error.name; }
"""


def test_a_browser_registers_a_passkey_and_logs_in_with_it(mesh: RunningMesh, tmp_path: Path) -> None:
    company = found(mesh, "browses")
    url = f"http://localhost:{urlsplit(mesh.url).port}/docs"
    with chromium.page(url, tmp_path) as page:
        shown = "complete" + urlsplit(url)._replace(path="").geturl()
        eventually(lambda: page.run("return document.readyState + location.origin") == shown, of="the page")
        passkey = page.run(f'{_ASK} const token = "{company.owner.token}"; {_REGISTER}')
        assert passkey["userVerified"] is True
        begun = page.run(_ASK + _LOG_IN)
        assert begun["user"]["id"] == company.owner.id
        assert begun["session"]["assuranceLevel"] == 2
        token = begun["accessToken"]
        assert page.run(f'{_ASK} const token = "{token}"; {_AGAIN}') == "InvalidStateError"
