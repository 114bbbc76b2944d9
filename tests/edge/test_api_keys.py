"""API keys through a real Envoy: exchanged for a token, refused, and with their owner away never a pass."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

import grpc
import pytest
from envoy.service.auth.v3 import external_auth_pb2

from mesh.contract.failure import Failure
from mesh.runtime import exchange
from mesh.runtime.credentials import channel

if TYPE_CHECKING:
    from tests.edge.conftest import Edge

CONTACT = f"/v1/contacts/con_{'0' * 26}"


def with_key(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def test_a_key_reaches_the_service_as_a_token(edge: Edge) -> None:
    token = edge.signer.token(sub="usr_7")
    edge.users.exchange = {"rk_good": token}.get
    assert edge.http.get(CONTACT, headers=with_key("rk_good")).status_code == 200
    assert edge.customers.metadata["authorization"] == f"Bearer {token}"


def test_a_key_that_is_none_is_refused_and_no_service_hears_of_it(edge: Edge) -> None:
    edge.users.exchange = {}.get
    reply = edge.http.get(CONTACT, headers=with_key("rk_stolen"))
    assert (reply.status_code, reply.json()["details"][0]["reason"]) == (401, "UNAUTHENTICATED")
    assert edge.customers.calls == []


def test_what_a_key_is_exchanged_for_is_checked_like_any_token(edge: Edge) -> None:
    edge.users.exchange = lambda key: f"no.token.{key}"
    assert edge.http.get(CONTACT, headers=with_key("rk_odd")).status_code == 401
    assert edge.customers.calls == []


@pytest.mark.parametrize("error", [Failure("UNAVAILABLE"), RuntimeError("a secret")])
def test_with_the_owner_of_keys_away_a_key_is_no_pass_while_tokens_are(edge: Edge, error: Exception) -> None:
    def away(key: str) -> str | None:
        raise error

    edge.users.exchange = away
    reply = edge.http.get(CONTACT, headers=with_key("rk_good"))
    assert (reply.status_code, reply.json()["details"][0]["reason"]) == (503, "UNAVAILABLE")
    assert "secret" not in reply.text
    assert edge.customers.calls == []
    assert edge.http.get(CONTACT, headers=edge.bearer()).status_code == 200


def test_tokens_are_exchanged_for_nothing(edge: Edge) -> None:
    asked = []
    edge.users.exchange = asked.append  # type: ignore[assignment]  # it answers None to whoever asks
    assert edge.http.get(CONTACT, headers=edge.bearer()).status_code == 200
    assert asked == []


def check_peer(edge: Edge) -> None:
    """A service of the mesh that is not the edge has no key exchanged."""
    edge.users.exchange = {"rk_good": "token"}.get
    request = external_auth_pb2.CheckRequest()
    request.attributes.request.http.headers["authorization"] = "Bearer rk_good"
    folder, port = edge.settings.certificates("customers"), edge.users.entry.port
    with channel(folder, "127.0.0.1", port, "users") as opened:
        call = opened.unary_unary(exchange.CHECK, external_auth_pb2.CheckRequest.SerializeToString)
        with pytest.raises(grpc.RpcError) as failure:
            call(request, timeout=5)
    assert failure.value.code() is grpc.StatusCode.PERMISSION_DENIED


def test_only_the_edge_has_keys_exchanged(edge: Edge) -> None:
    check_peer(edge)


def test_without_the_check_of_the_peer_anybody_has(edge: Edge) -> None:
    everybody = mock.patch.object(exchange, "peer", return_value="spiffe://rapport/edge")
    with everybody, pytest.raises(pytest.fail.Exception):
        check_peer(edge)
