"""The secret of a link is made when it is sent, for the one address that it is meant for; on each engine."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
from rapport.users.v1 import email_service_pb2, events_pb2, invitation_service_pb2
from rapport.users.v1 import resources_pb2 as users_pb2

from mesh.testing.local import PASSWORD
from services.notifications.service import sending
from tests.resources.mail.mailing import fresh, of, told, work

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member
    from mesh.testing.mail_server import MailServer


def invited(mesh: LocalMesh, owner: Member, email: str) -> str:
    invitation = users_pb2.Invitation(email=email, role=users_pb2.ROLE_MEMBER)
    made = mesh.call(
        "/rapport.users.v1.InvitationService/CreateInvitation",
        invitation_service_pb2.CreateInvitationRequest(invitation=invitation),
        token=owner.token,
    )
    mesh.deliver()
    return str(made.id)


def token_in(server: MailServer, email: str) -> str:
    """The secret of the link in the last mail to an address."""
    mail = message_from_bytes(server.to(email)[-1].content, policy=policy.default)
    return str(mail.get_body(("plain",)).get_content()).partition("#")[2].strip()


def test_the_secret_of_a_link_is_made_when_it_is_sent_and_stands_nowhere_else(
    mesh: LocalMesh, owner: Member, server: MailServer
) -> None:
    email = fresh()
    invited(mesh, owner, email)
    work(mesh, server)

    token = token_in(server, email)
    accept = invitation_service_pb2.AcceptInvitationRequest(token=token, password=PASSWORD)
    for service in mesh.services:
        assert token not in str(mesh.dump(service)), f"a secret is kept by {service}"
    assert mesh.call("/rapport.users.v1.InvitationService/AcceptInvitation", accept).user.email == email
    assert [told(each)[0] for each in of(mesh, owner, email)] == ["SENT"]


def test_a_link_that_is_closed_by_now_is_not_sent(mesh: LocalMesh, owner: Member, server: MailServer) -> None:
    email = fresh()
    identity = invited(mesh, owner, email)
    revoke = invitation_service_pb2.RevokeInvitationRequest(id=identity)
    mesh.call("/rapport.users.v1.InvitationService/RevokeInvitation", revoke, token=owner.token)

    work(mesh, server)

    assert [told(each) for each in of(mesh, owner, email)] == [("FAILED", "LINK_CLOSED", 0, 1)]
    assert server.to(email) == []


def wish(mesh: LocalMesh, owner: Member, email: str) -> None:
    request = email_service_pb2.ChangeEmailRequest(email=email, password=PASSWORD)
    mesh.call("/rapport.users.v1.EmailService/ChangeEmail", request, token=owner.token)
    mesh.deliver()


def check_wishes(mesh: LocalMesh, owner: Member, server: MailServer) -> None:
    """The link goes to the address that is wished for last, and to none that was wished for before."""
    first, last = fresh(), fresh()
    wish(mesh, owner, first)
    wish(mesh, owner, last)
    work(mesh, server)
    assert server.to(first) == [], "whoever reads there would confirm an address that is not theirs"
    assert token_in(server, last)
    assert [told(each)[1] for each in of(mesh, owner, first)] == ["LINK_CLOSED"]


def test_a_link_goes_to_nobody_but_the_address_that_it_confirms(
    mesh: LocalMesh, mover: Member, server: MailServer
) -> None:
    check_wishes(mesh, mover, server)


def test_a_change_of_address_is_told_to_the_one_before(mesh: LocalMesh, mover: Member, server: MailServer) -> None:
    email = fresh()
    wish(mesh, mover, email)
    work(mesh, server)
    request = email_service_pb2.ConfirmEmailRequest(token=token_in(server, email))
    mesh.call("/rapport.users.v1.EmailService/ConfirmEmail", request)
    mesh.deliver()
    work(mesh, server)

    templates = sorted(each.template for each in of(mesh, mover, mover.email))
    assert templates == ["email-change-requested", "email-changed"]
    assert len(server.to(mover.email)) == 2


def test_without_the_look_at_the_address_links_go_astray(
    mesh: LocalMesh, mover: Member, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: the minted link goes wherever the message was meant to go."""
    monkeypatch.setattr(sending, "_same_address", lambda one, other: True)
    with pytest.raises(AssertionError):
        check_wishes(mesh, mover, server)


def test_a_mail_speaks_the_language_of_its_event(mesh: LocalMesh, owner: Member, server: MailServer) -> None:
    email = fresh()
    moved = events_pb2.EmailChanged(
        user_id=owner.id, old_email=email, display_name="Ada", tenant_name="Acme", locale="de"
    )
    with mesh.writing("users", owner.tenant) as write:
        write.publish(f"users/{owner.id}", 0, moved)
    mesh.deliver()
    work(mesh, server)

    (taken,) = server.to(email)
    assert message_from_bytes(taken.content, policy=policy.default)["Content-Language"] == "de"
