"""Second factors that were lost are taken away by who may, and their user is told; on each engine."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

import pytest
from rapport.users.v1 import custom_role_service_pb2, factor_service_pb2, resources_pb2

from mesh.testing import mail_server
from mesh.testing.local import PASSWORD
from services.users.service.passwords import hash_password
from tests.resources.identity.passkeys import Keeper
from tests.resources.identity.signing_in import answered, later, log_in, refresh, tenant, works
from tests.resources.identity.test_second_factors import Device
from tests.resources.mail.mailing import work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.testing.local import LocalMesh, Member
    from mesh.testing.mail_server import MailServer


@pytest.fixture
def server(mesh: LocalMesh) -> Iterator[MailServer]:
    with mail_server.mail_server() as running:
        mesh.deliver()
        work(mesh, running)
        yield running


def reset(mesh: LocalMesh, token: str, user: str) -> Any:
    request = factor_service_pb2.ResetUserFactorsRequest(id=user)
    return mesh.call("/rapport.users.v1.FactorService/ResetUserFactors", request, token=token)


def protected(mesh: LocalMesh, who: Member, monkeypatch: pytest.MonkeyPatch) -> Keeper:
    """The device of somebody who has every kind of second factor now."""
    keeper = Keeper(mesh)
    keeper.register(who)
    token = keeper.verify(who.token).access_token
    Device(mesh, replace(who, token=token), monkeypatch).confirm()
    return keeper


def test_all_is_taken_away_sessions_end_and_the_user_is_told(
    mesh: LocalMesh, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = tenant(mesh)
    member = mesh.member(owner, resources_pb2.ROLE_MEMBER)
    keeper = protected(mesh, member, monkeypatch)
    begun = keeper.log_in()
    pending = log_in(mesh, member).pending_token
    proof = keeper.second(pending)
    taken = reset(mesh, owner.token, member.id)
    assert (taken.passkey_count, taken.totp) == (1, True)
    assert not works(mesh, begun.access_token)
    assert answered(lambda: refresh(mesh, begun.refresh_token)) == "SESSION_ENDED"
    assert answered(lambda: keeper.complete(pending, proof)) == "SESSION_ENDED"
    assert answered(keeper.log_in) == "CREDENTIALS_INVALID"
    anew = log_in(mesh, member).access_token
    assert works(mesh, anew), "the password is enough"
    request = factor_service_pb2.GetFactorsRequest()
    left = mesh.call("/rapport.users.v1.FactorService/GetFactors", request, token=anew)
    assert left == factor_service_pb2.GetFactorsResponse()
    mesh.deliver()
    work(mesh, server)
    (mail,) = (message_from_bytes(each.content, policy=default) for each in server.to(member.email))
    assert "second factors" in mail["Subject"]
    assert owner.email in mail.get_body(("plain",)).get_content(), "it says who did it"
    again = reset(mesh, owner.token, member.id)
    assert (again.passkey_count, again.totp) == (0, False)


def test_nobody_resets_themselves_or_who_may_do_more_or_without_a_recent_proof(
    mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = tenant(mesh)
    keeper = protected(mesh, owner, monkeypatch)
    clerk = mesh.member(owner, resources_pb2.ROLE_MEMBER)
    helper = mesh.member(owner, resources_pb2.ROLE_VIEWER)
    assert answered(lambda: reset(mesh, clerk.token, helper.id)) == "PERMISSION_DENIED"
    assert answered(lambda: reset(mesh, owner.token, owner.id)) == "INVALID_ARGUMENT"
    assert answered(lambda: reset(mesh, owner.token, tenant(mesh).id)) == "NOT_FOUND"
    grants = [{"permission": "users.write", "scope": 3}]
    made = custom_role_service_pb2.CreateCustomRoleRequest(custom_role={"display_name": "Desk", "grants": grants})
    token = keeper.log_in().access_token
    role = mesh.call("/rapport.users.v1.CustomRoleService/CreateCustomRole", made, token=token).id
    desk = mesh.insert(
        owner.tenant,
        resources_pb2.User(
            email=f"desk@{owner.slug}.example",
            role=resources_pb2.ROLE_VIEWER,
            role_ids=[role],
            state=resources_pb2.User.STATE_ACTIVE,
        ),
        password_hash=hash_password(PASSWORD),
        epoch=1,
    )
    begun = log_in(mesh, replace(owner, email=desk.email))
    assert answered(lambda: reset(mesh, begun.access_token, owner.id)) == "GRANT_EXCEEDS_OWN"
    assert answered(lambda: reset(mesh, begun.access_token, helper.id)) == "OK"
    assert works(mesh, token), "nobody lost anything"
    later(mesh, 3_700)
    stale = refresh(mesh, begun.refresh_token).access_token
    assert answered(lambda: reset(mesh, stale, helper.id)) == "ASSURANCE_NEEDED"
