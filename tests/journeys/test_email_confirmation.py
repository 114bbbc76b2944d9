"""A user moves to another address: by the link that is sent there, and by no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from mesh.testing.company import PASSWORD, found, reason
from mesh.testing.forged import other_end
from mesh.testing.planted import planted
from mesh.testing.running import running_mesh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mesh.testing.company import Company
    from mesh.testing.running import RunningMesh

INVALID = (401, "CAPABILITY_INVALID")


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMesh]:
    with running_mesh(tmp_path_factory.mktemp("addresses"), options=("--no-demo",), MESH_PROFILE="test") as mesh:
        yield mesh


def wish(company: Company, email: str) -> str:
    """The secret of the link that goes to the address that the owner wants to have."""
    company.owner.ask("POST", "/v1/user:changeEmail", {"email": email, "password": PASSWORD})
    return company.link("email", company.owner.id)


def confirm(company: Company, token: str) -> httpx.Response:
    return httpx.post(f"{company.mesh.url}/v1/users:confirmEmail", json={"token": token}, timeout=10)


def check_link(company: Company) -> None:
    """The link confirms the address once."""
    link = wish(company, "new@example.com")
    assert company.owner.ask("GET", "/v1/user")["email"] == company.owner.email
    assert confirm(company, link).json()["email"] == "new@example.com"
    assert company.log_in("new@example.com").id == company.owner.id
    assert reason(confirm(company, link)) == (400, "CAPABILITY_USED")


def check_forgeries(company: Company, other: Company) -> None:
    """What is not the link that was sent confirms nothing."""
    link, theirs = wish(company, "mine@example.com"), wish(other, "theirs@example.com")
    invitation = company.link("invitation", company.invite("guest@example.com"))
    half = len(link) // 2
    for forged in (other_end(link), link[:-3], link[:half] + theirs[half:], theirs[:half] + link[half:], invitation):
        assert reason(confirm(company, forged)) == INVALID
    # One of another tenant works for that tenant alone.
    assert confirm(company, theirs).json()["id"] == other.owner.id
    assert company.owner.ask("GET", "/v1/user")["email"] == company.owner.email


def check_expiry(company: Company) -> None:
    """The link works for a day."""
    link = wish(company, "late@example.com")
    company.mesh.mesh("clock", "advance", "25h")
    assert reason(confirm(company, link)) == INVALID
    with pytest.raises(AssertionError, match="no such open email"):
        company.link("email", company.owner.id)


@pytest.mark.shows("seams.capability")
def test_an_address_is_confirmed_by_its_link_once(mesh: RunningMesh) -> None:
    check_link(found(mesh, "confirmation"))


@pytest.mark.shows("seams.capability")
def test_a_forged_link_or_one_for_something_else_confirms_nothing(mesh: RunningMesh) -> None:
    check_forgeries(found(mesh, "forgery"), found(mesh, "neighbour"))


@pytest.mark.shows("seams.capability")
def test_a_link_ends_after_a_day(mesh: RunningMesh) -> None:
    check_expiry(found(mesh, "punctuality"))


def test_a_later_wish_ends_the_links_before(mesh: RunningMesh) -> None:
    company = found(mesh, "indecision")
    first, again = wish(company, "first@example.com"), wish(company, "first@example.com")
    last = wish(company, "last@example.com")
    for earlier in (first, again):
        assert reason(confirm(company, earlier)) == INVALID
    assert confirm(company, last).json()["email"] == "last@example.com"


def test_an_address_that_was_taken_meanwhile_is_refused_and_nobody_named(mesh: RunningMesh) -> None:
    company = found(mesh, "race")
    link = wish(company, "wanted@example.com")
    company.add("wanted@example.com")
    refused = confirm(company, link)
    assert reason(refused) == (409, "ALREADY_EXISTS")
    assert "usr_" not in refused.text


def test_a_change_needs_the_password_and_enough_rights(mesh: RunningMesh) -> None:
    company = found(mesh, "rights")
    wrong = company.owner.send("POST", "/v1/user:changeEmail", {"email": "x@example.com", "password": "not this one"})
    assert reason(wrong) == (403, "PASSWORD_WRONG")
    grants = [{"permission": f"users.{verb}", "scope": "SCOPE_ALL"} for verb in ("read", "write")]
    role = company.owner.ask("POST", "/v1/custom-roles", {"displayName": "Desk", "grants": grants})["id"]
    desk, viewer = (
        company.add("desk@example.com", "ROLE_VIEWER", roles=[role]),
        company.add("v@example.com", "ROLE_VIEWER"),
    )
    change = {"email": "moved@example.com"}
    assert reason(desk.send("POST", f"/v1/users/{company.owner.id}:changeEmail", change)) == (403, "GRANT_EXCEEDS_OWN")
    assert desk.ask("POST", f"/v1/users/{viewer.id}:changeEmail", change)["pendingEmail"] == "moved@example.com"
    assert confirm(company, company.link("email", viewer.id)).is_success


_DIGEST = "hmac = type('hmac', (), {'digest': hmac.digest, 'compare_digest': staticmethod(lambda a, b: True)})"
_CLOCK = (
    "_check = Capabilities.check\nCapabilities.check = lambda self, kind, token, now_us: _check(self, kind, token, 0)"
)
_USE = "use = lambda commit, capability: None"


def test_without_the_checks_of_links_each_of_it_fails(tmp_path: Path) -> None:
    """A mesh whose links are not compared, never expire and are not noted as used is told from a sound one."""
    fault = planted(tmp_path / "fault", "mesh.runtime.capabilities", f"{_DIGEST}\n{_CLOCK}\n{_USE}")
    with running_mesh(tmp_path / "home", options=("--no-demo",), MESH_PROFILE="test", **fault) as mesh:
        company, other = found(mesh, "broken"), found(mesh, "broken-too")
        for check in (check_forgeries, check_expiry, check_link):
            with pytest.raises(AssertionError):
                check(*([company, other] if check is check_forgeries else [company]))  # type: ignore[operator]
