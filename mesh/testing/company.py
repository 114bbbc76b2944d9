"""A company that works with a running mesh: it signs up through the edge, and further people come by invitation.

Nothing here goes past the edge but `mesh link`, which stands in for the e-mail that a link would come by.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.testing.running import RunningMesh

PASSWORD = "granite-walrus-47-lantern"  # noqa: S105  # of throw-away tenants
_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Person:
    """A user who is signed in at the edge."""

    url: str
    id: str
    email: str
    token: str = field(repr=False)

    def send(self, verb: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """The answer to a request, as in `send("POST", "/v1/contacts", {"givenName": "Ada"})`."""
        own = {"authorization": f"Bearer {self.token}", **headers}
        return httpx.request(verb, f"{self.url}{path}", json=body, headers=own, timeout=_SECONDS)

    def ask(self, verb: str, path: str, body: Any = None) -> Any:
        """The content of an answer that must be a good one."""
        return good(self.send(verb, path, body))


@dataclass(frozen=True, slots=True)
class Company:
    """A tenant, by its id and slug, and its first user."""

    mesh: RunningMesh
    tenant: str
    slug: str
    owner: Person

    def invite(self, email: str, role: str = "ROLE_MEMBER", *, team: str = "", roles: Sequence[str] = ()) -> str:
        """Invite a person; the id of the invitation."""
        offer = {"email": email, "role": role, "teamId": team, "roleIds": list(roles)}
        invited: str = self.owner.ask("POST", "/v1/invitations", offer)["id"]
        return invited

    def link(self, kind: str, subject: str) -> str:
        """The secret of a link that would come by e-mail, of a kind that `mesh link` knows."""
        return self.links(kind, [subject])[0]

    def links(self, kind: str, subjects: Sequence[str]) -> list[str]:
        """The secrets of as many links, by one command."""
        return self.mesh.mesh("link", kind, self.tenant, *subjects).split()

    def accept(self, token: str, name: str = "", password: str = PASSWORD) -> httpx.Response:
        """The answer to whoever accepts an invitation."""
        body = {"token": token, "displayName": name, "password": password}
        return httpx.post(f"{self.mesh.url}/v1/invitations:accept", json=body, timeout=_SECONDS)

    def add(self, email: str, role: str = "ROLE_MEMBER", *, team: str = "", roles: Sequence[str] = ()) -> Person:
        """A further person, by invitation, signed in."""
        token = self.link("invitation", self.invite(email, role, team=team, roles=roles))
        good(self.accept(token))
        return self.log_in(email)

    def log_in(self, email: str, password: str = PASSWORD) -> Person:
        """A person of the company, signed in."""
        return _log_in(self.mesh, self.slug, email, password)


def found(mesh: RunningMesh, slug: str, *, time_zone: str = "Etc/UTC", currency: str = "EUR") -> Company:
    """A company that has signed up, with its owner `owner@<slug>.example`."""
    email = f"owner@{slug}.example"
    body = {
        "slug": slug,
        "displayName": slug,
        "timeZone": time_zone,
        "currencyCode": currency,
        "ownerEmail": email,
        "ownerPassword": PASSWORD,
    }
    made = good(httpx.post(f"{mesh.url}/v1/tenants:signUp", json=body, timeout=_SECONDS))
    return Company(mesh, made["tenant"]["id"], slug, _log_in(mesh, slug, email, PASSWORD))


def good(answer: httpx.Response) -> Any:
    """The content of an answer; AssertionError with its text where it is a refusal."""
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    return answer.json()


def reason(answer: httpx.Response) -> tuple[int, str]:
    """The status of a refusal and the reason it gives."""
    reasons = [detail["reason"] for detail in answer.json().get("details", ()) if "reason" in detail]
    return answer.status_code, reasons[0] if reasons else ""


def _log_in(mesh: RunningMesh, slug: str, email: str, password: str) -> Person:
    body = {"tenant": slug, "email": email, "password": password}
    signed_in = good(httpx.post(f"{mesh.url}/v1/sessions:logIn", json=body, timeout=_SECONDS))
    return Person(mesh.url, signed_in["user"]["id"], email, signed_in["accessToken"])
