"""Codes and refresh tokens of OAuth clients under time, races and changes of rights, on both engines."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from unittest import mock
from urllib.parse import urlencode

import pytest
from google.api import httpbody_pb2
from rapport.customers.v1 import contact_service_pb2
from rapport.users.v1 import (
    factor_service_pb2,
    oauth_client_service_pb2,
    oauth_service_pb2,
    resources_pb2,
    session_service_pb2,
    user_service_pb2,
)

from services.users.domain.authorization import challenge_of, read_asked
from services.users.service import authorization_codes
from services.users.service.authorization_codes import CODE_SECONDS
from tests.resources.identity.signing_in import answered, end, later, listed, log_in, policy, refresh, tenant, works

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

CALLBACK = "https://intranet.example/callback"
VERIFIER = "v" * 43
CLIENTS = "/rapport.users.v1.OauthClientService/"
SCOPES = ("openid", "profile", "offline_access", "contacts.read")


class Program:
    """An OAuth client, and a user who has signed in to it."""

    def __init__(self, mesh: LocalMesh, owner: Member, *scopes: str) -> None:
        self.mesh, self.owner, self.scopes = mesh, owner, scopes or SCOPES
        message = resources_pb2.OauthClient
        grants = [message.GRANT_TYPE_AUTHORIZATION_CODE, message.GRANT_TYPE_REFRESH_TOKEN]
        fields = {"redirect_uris": [CALLBACK], "scopes": self.scopes, "grant_types": grants, "display_name": "Intranet"}
        request = oauth_client_service_pb2.CreateOauthClientRequest(oauth_client=message(**fields))
        made = mesh.call(f"{CLIENTS}CreateOauthClient", request, token=owner.token)
        self.client, self.secret = made.oauth_client, made.secret

    def code(self) -> str:
        """A code for a new session of the user's."""
        session = log_in(self.mesh, self.owner).session.id
        sent = {
            "client_id": self.client.client_id,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": " ".join(self.scopes),
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
        }
        call: Any = mock.Mock(environment=self.mesh.host("users").environment)
        asked = read_asked(sent, self.client)
        return authorization_codes.mint_code(call, self.owner.tenant, self.client, session, asked)

    def ask(self, **form: str) -> dict[str, Any]:
        """What the token endpoint says."""
        fields = {"client_id": self.client.client_id, "client_secret": self.secret, **form}
        body = httpbody_pb2.HttpBody(content_type="application/x-www-form-urlencoded", data=urlencode(fields).encode())
        request = oauth_service_pb2.IssueTokenRequest(form=body)
        reply = self.mesh.call("/rapport.users.v1.OAuthService/IssueToken", request, timeout=30)
        said: dict[str, Any] = json.loads(reply.data)
        return said

    def redeem(self, code: str) -> dict[str, Any]:
        return self.ask(grant_type="authorization_code", code=code, redirect_uri=CALLBACK, code_verifier=VERIFIER)

    def refresh(self, token: str) -> dict[str, Any]:
        return self.ask(grant_type="refresh_token", refresh_token=token)

    def reads(self, token: str) -> str:
        """Whether the contacts can be read, once everybody has been told."""
        self.mesh.deliver()
        path = "/rapport.customers.v1.ContactService/ListContacts"
        return answered(lambda: self.mesh.call(path, contact_service_pb2.ListContactsRequest(), token=token))


@pytest.fixture
def program(mesh: LocalMesh) -> Program:
    return Program(mesh, tenant(mesh))


def test_a_code_ends_after_a_minute(mesh: LocalMesh, program: Program) -> None:
    code, late = program.code(), program.code()
    later(mesh, CODE_SECONDS - 1)
    assert "access_token" in program.redeem(code)
    later(mesh, 1)
    assert program.redeem(late)["error"] == "invalid_grant"


@pytest.mark.shows("openid.codes")
def test_of_many_who_redeem_a_code_at_once_one_gets_tokens_and_none_keeps_them(program: Program) -> None:
    code = program.code()
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(program.redeem, [code] * 8))
    good = [each for each in said if "access_token" in each]
    assert len(good) == 1
    assert program.reads(good[0]["access_token"]) == "UNAUTHENTICATED"


def test_a_code_of_a_session_that_has_ended_is_worth_nothing(mesh: LocalMesh, program: Program) -> None:
    code = program.code()
    newest = listed(mesh, program.owner.token)[0]
    end(mesh, program.owner.token, newest.id)
    assert program.redeem(code)["error"] == "invalid_grant"


@pytest.mark.shows("openid.refresh")
def test_a_refresh_token_of_a_program_is_none_of_the_users_own(mesh: LocalMesh, program: Program) -> None:
    tokens = program.redeem(program.code())
    assert answered(lambda: refresh(mesh, tokens["refresh_token"])) == "CAPABILITY_INVALID"
    own = log_in(mesh, program.owner).refresh_token
    assert program.refresh(own)["error"] == "invalid_grant"
    assert "access_token" in program.refresh(tokens["refresh_token"])


@pytest.mark.shows("openid.refresh")
def test_what_a_program_may_do_is_asked_each_time(mesh: LocalMesh, program: Program) -> None:
    tokens = program.redeem(program.code())
    assert program.reads(tokens["access_token"]) == "OK"
    update = oauth_client_service_pb2.UpdateOauthClientRequest(
        oauth_client=resources_pb2.OauthClient(id=program.client.id, scopes=["openid", "offline_access"])
    )
    mesh.call(f"{CLIENTS}UpdateOauthClient", update, token=program.owner.token)
    assert program.reads(tokens["access_token"]) == "PERMISSION_DENIED"
    renewed = program.refresh(tokens["refresh_token"])
    assert renewed["scope"] == "openid offline_access"


def test_a_program_goes_on_as_long_as_the_policy_says(mesh: LocalMesh, program: Program) -> None:
    policy(mesh, program.owner, session_idle={"seconds": 3600}, session_life={"seconds": 3 * 3600})
    token = program.redeem(program.code())["refresh_token"]
    for _ in range(4):
        later(mesh, 2500)
        token = program.refresh(token)["refresh_token"]
    later(mesh, 2500)
    assert program.refresh(token)["error"] == "invalid_grant"


def test_all_sessions_of_a_user_are_those_of_programs_too(mesh: LocalMesh, program: Program) -> None:
    tokens = program.redeem(program.code())
    request = session_service_pb2.EndAllSessionsRequest()
    mesh.call("/rapport.users.v1.SessionService/EndAllSessions", request, token=program.owner.token)
    assert program.reads(tokens["access_token"]) == "UNAUTHENTICATED"
    assert program.refresh(tokens["refresh_token"])["error"] == "invalid_grant"
    assert not works(mesh, program.owner.token)


def test_a_program_does_nothing_that_is_the_users_own(mesh: LocalMesh, program: Program) -> None:
    token = program.redeem(program.code())["access_token"]
    me, factors = user_service_pb2.GetCurrentUserRequest(), factor_service_pb2.GetFactorsRequest()
    assert mesh.call("/rapport.users.v1.UserService/GetCurrentUser", me, token=token).id == program.owner.id
    path = "/rapport.users.v1.FactorService/GetFactors"
    assert answered(lambda: mesh.call(path, factors, token=token)) == "PERMISSION_DENIED"
    bare = Program(mesh, program.owner, "openid")
    token = bare.redeem(bare.code())["access_token"]
    me_path = "/rapport.users.v1.UserService/GetCurrentUser"
    assert answered(lambda: mesh.call(me_path, me, token=token)) == "PERMISSION_DENIED", "without the scope profile"
    assert bare.reads(token) == "PERMISSION_DENIED"


def test_clients_are_bounded_by_what_they_were_made_for(program: Program) -> None:
    wrong = Program(program.mesh, program.owner)
    wrong.secret = program.secret
    assert wrong.redeem(program.code())["error"] == "invalid_client"
    stranger = Program(program.mesh, tenant(program.mesh))
    assert stranger.redeem(program.code())["error"] == "invalid_grant", "of another tenant"
