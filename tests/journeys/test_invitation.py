"""A second person comes to work in a tenant: invited, in time or too late, or not wanted any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mesh.testing.company import found, reason
from mesh.testing.planted import planted
from mesh.testing.running import running_mesh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mesh.testing.company import Company
    from mesh.testing.running import RunningMesh

_FORGETFUL = """\
def _forget(self, commit, invitation):
    commit.publish(f"invitations/{invitation.id}", 0, events_pb2.InvitationRequested(invitation=invitation))


InvitationMethods._send = _forget
"""


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMesh]:
    with running_mesh(tmp_path_factory.mktemp("invitations"), options=("--no-demo",), MESH_PROFILE="test") as mesh:
        yield mesh


def state(company: Company, invitation: str) -> str:
    shown: str = company.owner.ask("GET", f"/v1/invitations/{invitation}")["state"]
    return shown


def check_expires_in_time(company: Company) -> None:
    """An invitation stands for seven days, and is over on the eighth, link and all."""
    invitation = company.invite("late@example.com")
    link = company.link("invitation", invitation)
    company.mesh.mesh("clock", "advance", "6d")
    assert state(company, invitation) == "STATE_PENDING"

    company.mesh.mesh("clock", "advance", "2d")

    assert state(company, invitation) == "STATE_EXPIRED"
    assert reason(company.accept(link)) == (401, "CAPABILITY_INVALID")
    with pytest.raises(AssertionError, match="no such open invitation"):
        company.link("invitation", invitation)


@pytest.mark.shows("seams.timer")
def test_an_invitation_expires_after_seven_days_and_its_link_with_it(mesh: RunningMesh) -> None:
    check_expires_in_time(found(mesh, "expiry"))


def test_an_invitation_whose_timer_was_not_set_stays_pending(tmp_path: Path) -> None:
    fault = planted(tmp_path / "fault", "services.users.service.invitations", _FORGETFUL)
    with running_mesh(tmp_path / "home", options=("--no-demo",), MESH_PROFILE="test", **fault) as mesh:
        company = found(mesh, "forgetful")
        with pytest.raises(AssertionError, match="STATE_PENDING"):
            check_expires_in_time(company)


def test_an_invited_person_gets_what_was_offered_and_the_link_works_once(mesh: RunningMesh) -> None:
    company = found(mesh, "acceptance")
    team = company.owner.ask("POST", "/v1/teams", {"displayName": "Sales"})["id"]
    grants = [{"permission": "invitations.write", "scope": "SCOPE_ALL"}]
    role = company.owner.ask("POST", "/v1/custom-roles", {"displayName": "Recruiter", "grants": grants})["id"]
    invitation = company.invite("ada@example.com", "ROLE_MEMBER", team=team, roles=[role])
    link = company.link("invitation", invitation)

    accepted = company.accept(link, "Ada")

    assert accepted.json()["tenant"]["slug"] == "acceptance"
    ada = company.log_in("ada@example.com")
    shown = ada.ask("GET", "/v1/user")
    assert (shown["displayName"], shown["role"], shown["teamId"]) == ("Ada", "ROLE_MEMBER", team)
    assert shown["roleIds"] == [role]
    assert state(company, invitation) == "STATE_ACCEPTED"
    assert reason(company.accept(link)) == (400, "CAPABILITY_USED")
    # Who may invite does not thereby make owners.
    refused = ada.send("POST", "/v1/invitations", {"email": "mallory@example.com", "role": "ROLE_OWNER"})
    assert reason(refused) == (403, "GRANT_EXCEEDS_OWN")


def test_an_invitation_that_was_taken_back_lets_nobody_in(mesh: RunningMesh) -> None:
    company = found(mesh, "revocation")
    invitation = company.invite("bob@example.com")
    link = company.link("invitation", invitation)
    company.owner.ask("POST", f"/v1/invitations/{invitation}:revoke", {})

    assert reason(company.accept(link)) == (400, "INVITATION_CLOSED")
    assert state(company, invitation) == "STATE_REVOKED"
    # The address is free for another one.
    assert company.add("bob@example.com").id


def test_only_the_link_that_was_sent_last_works(mesh: RunningMesh) -> None:
    company = found(mesh, "resending")
    invitation = company.invite("cyd@example.com")
    first = company.link("invitation", invitation)
    company.owner.ask("POST", f"/v1/invitations/{invitation}:resend", {})
    last = company.link("invitation", invitation)

    assert reason(company.accept(first)) == (401, "CAPABILITY_INVALID")
    assert company.accept(last).is_success


def test_an_address_is_invited_once_and_no_user_again(mesh: RunningMesh) -> None:
    company = found(mesh, "repetition")
    company.invite("dee@example.com")
    for email in ("dee@example.com", "DEE@example.com", company.owner.email):
        again = company.owner.send("POST", "/v1/invitations", {"email": email, "role": "ROLE_VIEWER"})
        assert reason(again) == (409, "ALREADY_EXISTS")
    # Another tenant knows nothing of it.
    assert found(mesh, "elsewhere").invite("dee@example.com")


def test_a_password_that_is_guessed_first_does_not_use_up_the_link(mesh: RunningMesh) -> None:
    company = found(mesh, "passwords")
    link = company.link("invitation", company.invite("eve@example.com"))
    assert reason(company.accept(link, password="passwordpassword")) == (400, "PASSWORD_GUESSABLE")
    assert company.accept(link).is_success
