"""A mesh that is named no mail server keeps its mails: `mesh mail` shows them, and their links work."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mesh.testing.company import PASSWORD, found
from mesh.testing.eventually import eventually
from mesh.testing.planted import planted
from mesh.testing.running import running_mesh

if TYPE_CHECKING:
    from pathlib import Path

    from mesh.testing.company import Company
    from mesh.testing.running import RunningMesh

_SECONDS = 90
"""Mails come at once; a machine that does much else may be slow."""


def mails(mesh: RunningMesh, address: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(mesh.mesh("mail", "--to", address, "-o", "json"))
    return listed


def arrived(mesh: RunningMesh, address: str) -> dict[str, Any]:
    """The newest mail to an address, once there is one."""
    return eventually(lambda: mails(mesh, address), within=_SECONDS, of=f"a mail to {address}")[0]


def secret_of(mail: dict[str, Any]) -> str:
    (link,) = mail["links"]
    return str(link).partition("#")[2]


def check_invitation(mesh: RunningMesh, company: Company, address: str) -> dict[str, Any]:
    """Who is invited gets a mail, and is let in by its link."""
    company.invite(address)
    mail = arrived(mesh, address)
    assert mail["links"][0].startswith(f"{mesh.url}/links/invitations.accept#")
    page = httpx.get(mail["links"][0], timeout=30)
    assert (page.status_code, page.headers["referrer-policy"]) == (200, "no-referrer")
    assert "/links/link.js" in page.text
    assert httpx.get(f"{mesh.url}/links/link.js", timeout=30).is_success
    accept = {"token": secret_of(mail), "password": PASSWORD}
    accepted = httpx.post(f"{mesh.url}/v1/invitations:accept", json=accept, timeout=30)
    assert accepted.json()["user"]["email"] == address, accepted.text
    return mail


@pytest.mark.shows("operation.mail")
def test_who_is_invited_gets_a_mail_whose_link_lets_them_in_and_the_command_shows_it(mesh: RunningMesh) -> None:
    company = found(mesh, f"mailed-{mesh.port}")
    mail = check_invitation(mesh, company, f"guest-{mesh.port}@example.com")

    shown = json.loads(mesh.mesh("mail", "show", str(mail["id"]), "-o", "json"))
    assert shown["subject"] == mail["subject"]
    assert mail["links"][0] in shown["text"]
    assert mail["links"][0] in shown["html"]
    assert mail["links"][0] in mesh.mesh("mail", "show", str(mail["id"]))
    assert "<html" in mesh.mesh("mail", "show", str(mail["id"]), "--part", "html")
    assert "Message-ID:" in mesh.mesh("mail", "show", str(mail["id"]), "--part", "raw")
    assert mail["subject"] in mesh.mesh("mail")
    states = company.owner.ask("GET", "/v1/messages")["messages"]
    assert [each["state"] for each in states] == ["STATE_SENT"]
    assert "sendMessage" not in httpx.get(f"{mesh.url}/openapi.json", timeout=30).text


@pytest.mark.shows("operation.mail")
def test_a_new_address_is_confirmed_by_the_mail_to_it_and_the_old_one_is_told(mesh: RunningMesh) -> None:
    company, address = found(mesh, f"moving-{mesh.port}"), f"moved-{mesh.port}@example.com"
    before = company.owner.email
    company.owner.ask("POST", "/v1/user:changeEmail", {"email": address, "password": PASSWORD})

    token = secret_of(arrived(mesh, address))
    confirmed = httpx.post(f"{mesh.url}/v1/users:confirmEmail", json={"token": token}, timeout=30)

    assert confirmed.json()["email"] == address
    eventually(lambda: len(mails(mesh, before)) == 2, within=_SECONDS, of="word at the address before")
    assert not any(mail["links"] for mail in mails(mesh, before))


def test_without_its_event_an_invitation_reaches_nobody(tmp_path: Path) -> None:
    """The planted fault: users no longer asks for the mail."""
    fault = planted(
        tmp_path / "fault",
        "services.users.service.invitations",
        "InvitationMethods._send = lambda self, commit, invitation: None",
    )
    with running_mesh(tmp_path / "home", options=("users", "notifications", "--no-demo"), **fault) as mesh:
        company = found(mesh, "broken")
        company.invite("guest@example.com")
        company.owner.ask("POST", "/v1/user:changeEmail", {"email": "new@example.com", "password": PASSWORD})
        arrived(mesh, "new@example.com")
        assert mails(mesh, "guest@example.com") == []
