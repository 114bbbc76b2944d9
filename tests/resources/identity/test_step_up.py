"""What is sensitive asks for a recent proof, which is given without a new log-in; on each engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.rpc import error_details_pb2
from rapport.users.v1 import api_key_service_pb2, session_service_pb2

from mesh.testing.local import PASSWORD
from tests.resources.identity.signing_in import SESSIONS, answered, details, later, log_in, refresh, tenant, works
from tests.resources.identity.test_second_factors import Device

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh


def make_key(mesh: LocalMesh, token: str) -> Any:
    request = api_key_service_pb2.CreateApiKeyRequest(api_key={"display_name": "sync"})
    return mesh.call("/rapport.users.v1.ApiKeyService/CreateApiKey", request, token=token)


def verify(mesh: LocalMesh, token: str, password: str = PASSWORD, code: str = "") -> Any:
    request = session_service_pb2.VerifySessionRequest(password=password, code=code)
    return mesh.call(f"{SESSIONS}VerifySession", request, token=token)


def test_a_session_that_proved_long_ago_proves_again_and_goes_on(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    begun = log_in(mesh, owner)
    assert answered(lambda: make_key(mesh, begun.access_token)) == "OK"
    later(mesh, 3_700)
    renewed = refresh(mesh, begun.refresh_token)
    assert works(mesh, renewed.access_token), "nothing else asks for it"
    with pytest.raises(grpc.RpcError) as refused:
        make_key(mesh, renewed.access_token)
    (told,) = details(refused.value, error_details_pb2.ErrorInfo)
    assert (told.reason, dict(told.metadata)) == ("ASSURANCE_NEEDED", {"level": "1", "within_seconds": "3600"})
    assert answered(lambda: verify(mesh, renewed.access_token, "not-this-password")) == "PASSWORD_WRONG"
    proven = verify(mesh, renewed.access_token)
    assert proven.session.id == begun.session.id
    assert answered(lambda: make_key(mesh, proven.access_token)) == "OK"
    assert answered(lambda: refresh(mesh, renewed.refresh_token)) == "OK"


def test_who_has_a_second_factor_proves_both(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device(mesh, tenant(mesh), monkeypatch)
    device.confirm()
    token = device.who.token
    assert answered(lambda: verify(mesh, token)) == "CODE_WRONG"
    proven = verify(mesh, token, code=device.code())
    assert proven.session.assurance_level == 2
    assert answered(lambda: make_key(mesh, proven.access_token)) == "OK"


def test_a_session_that_has_ended_proves_nothing(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    begun = log_in(mesh, owner)
    request = session_service_pb2.DeleteSessionRequest(id=begun.session.id)
    mesh.call(f"{SESSIONS}DeleteSession", request, token=begun.access_token)
    assert answered(lambda: verify(mesh, begun.access_token)) in ("SESSION_ENDED", "UNAUTHENTICATED")
