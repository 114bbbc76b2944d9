"""What people are told by mail arrives and its link works; a worker killed while it sends sends nothing twice."""

from __future__ import annotations

import os
import re
import signal
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mesh.testing import mail_server
from mesh.testing.company import found
from mesh.testing.eventually import eventually
from mesh.testing.running import running_mesh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.testing.company import Company
    from mesh.testing.mail_server import MailServer
    from mesh.testing.running import RunningMesh

_SECONDS = 90
"""Mails come at once; a machine that does much else may be slow."""


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with mail_server.mail_server() as running:
        yield running


@pytest.fixture(scope="module")
def mesh(server: MailServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMesh]:
    home = tmp_path_factory.mktemp("mail")
    with running_mesh(home, options=("--no-demo",), MESH_PROFILE="test", SMTP_URL=server.url) as mesh:
        yield mesh


def link_in(server: MailServer, address: str) -> str:
    """The link in the mail to an address, once it has come."""
    taken = eventually(lambda: server.to(address), within=_SECONDS, of=f"a mail to {address}")[-1]
    mail: Any = message_from_bytes(taken.content, policy=policy.default)
    (link,) = re.findall(r"https?://\S+", mail.get_body(("plain",)).get_content())
    return str(link)


def test_who_is_invited_is_let_in_by_the_link_of_their_mail_which_looking_at_does_not_use_up(
    mesh: RunningMesh, server: MailServer
) -> None:
    company = found(mesh, "inviting")
    company.invite("guest@example.com")
    link = link_in(server, "guest@example.com")

    assert link.startswith(f"{mesh.url}/links/invitations.accept#")
    page = httpx.get(link, timeout=30)
    assert (page.status_code, page.headers["referrer-policy"]) == (200, "no-referrer")
    assert "/links/link.js" in page.text
    assert httpx.get(f"{mesh.url}/links/link.js", timeout=30).is_success
    accepted = company.accept(link.partition("#")[2])
    assert accepted.json()["user"]["email"] == "guest@example.com", accepted.text
    assert "sendMessage" not in httpx.get(f"{mesh.url}/openapi.json", timeout=30).text


def unknown(company: Company) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = company.owner.ask("GET", "/v1/messages?filter=state%3DSTATE_UNKNOWN").get(
        "messages", []
    )
    return found


def test_a_worker_killed_while_it_sends_sends_nothing_twice(mesh: RunningMesh, server: MailServer) -> None:
    company = found(mesh, "killed")
    server.plan(mail_server.END, mail_server.TAKE_IN_SILENCE)
    company.invite("lost@example.com")
    eventually(lambda: server.to("lost@example.com"), within=_SECONDS, of="the mail at the server")

    (pid,) = [each["pid"] for each in mesh.instances() if each["name"] == "notifications-1"]
    os.kill(pid, signal.SIGKILL)

    def again() -> bool:
        return any(
            each["name"] == "notifications-1" and each["pid"] not in (0, pid) and each["state"] == "healthy"
            for each in mesh.instances()
        )

    eventually(again, within=_SECONDS, of="the worker's successor")
    mesh.mesh("clock", "advance", "10m")
    (message,) = eventually(lambda: unknown(company), within=_SECONDS, of="an outcome that nobody knows")
    company.invite("next@example.com")
    link_in(server, "next@example.com")
    assert len(server.to("lost@example.com")) == 1

    found_out = {"outcome": "OUTCOME_SENT"}
    assert company.owner.ask("POST", f"/v1/messages/{message['id']}:settle", found_out)["state"] == "STATE_SENT"
