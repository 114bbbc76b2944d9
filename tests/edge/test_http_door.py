"""Plain HTTP through a real Envoy: raw bytes, the raw query, statuses and headers, on doors and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from google.api import httpbody_pb2
from rapport.customers.v1 import resources_pb2

from mesh.runtime.door import STATUS_HEADER, Door
from tests.edge.knocks import LARGEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    import grpc

    from tests.edge.conftest import Edge


class Doorkeeper:
    """Answers as it is told, and keeps what it was asked."""

    def __init__(self, status: int = 0, headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:
        self._answer = (status, headers or {})
        self._body = body
        self.request: Any = None
        self.door: Door | None = None

    def __call__(self, name: str, request: Any, context: grpc.ServicerContext) -> httpbody_pb2.HttpBody:
        del name
        self.request, self.door = request, Door(context)
        if self._answer[0]:
            self.door.answer(*self._answer)
            context.send_initial_metadata(self.door.answered)
        return httpbody_pb2.HttpBody(content_type="text/plain", data=self._body)


def test_raw_bytes_and_the_raw_query_reach_the_handler(edge: Edge) -> None:
    keeper = edge.customers.answer = Doorkeeper()
    sent = bytes(range(256)) + b'{"not": "parsed"'
    headers = {"content-type": "application/x-custom", "webhook-id": "msg_1", "x-hub-signature": "s", "x-other": "no"}
    reply = edge.http.post("/v1/knocks/abc?b=%2B+x&a=1&b=&tokens=no", content=sent, headers=headers)
    assert reply.status_code == 200, reply.text
    assert (keeper.request.token, keeper.request.body.data) == ("abc", sent)
    assert keeper.request.body.content_type == "application/x-custom"
    assert keeper.door is not None
    assert keeper.door.query == "b=%2B+x&a=1&b=&tokens=no"
    assert keeper.door.headers["webhook-id"] == "msg_1"
    assert "x-other" not in keeper.door.headers


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (201, {"location": "/v1/somewhere", "etag": '"1"'}),
        (204, {}),
        (302, {"location": "https://elsewhere.example/?a=b", "cache-control": "no-store"}),
        (401, {"www-authenticate": 'Basic realm="r"', "pragma": "no-cache"}),
        (503, {}),
    ],
)
def test_a_door_answers_with_its_own_status_and_headers(edge: Edge, status: int, headers: dict[str, str]) -> None:
    edge.customers.answer = Doorkeeper(status, headers, b"" if status == 204 else b"words")
    reply = edge.http.get("/v1/knocks/abc")
    assert reply.status_code == status
    assert {name: reply.headers[name] for name in headers} == headers
    assert reply.content == (b"" if status == 204 else b"words")
    assert STATUS_HEADER not in reply.headers


def test_other_routes_take_no_status_from_a_service(edge: Edge) -> None:
    def answer(name: str, request: object, context: grpc.ServicerContext) -> resources_pb2.Contact:
        context.send_initial_metadata(((STATUS_HEADER, "418"),))
        return resources_pb2.Contact()

    edge.customers.answer = answer
    assert edge.http.get(f"/v1/contacts/con_{'0' * 26}", headers=edge.bearer()).status_code == 200


def test_nobody_outside_sets_what_is_spoken_inside(edge: Edge) -> None:
    keeper = edge.customers.answer = Doorkeeper()
    headers = {"x-envoy-original-path": "/?forged=1", STATUS_HEADER: "418", "x-rapport-key": "pk_1"}
    assert edge.http.get("/v1/knocks/abc?true=1", headers=headers).status_code == 200
    assert keeper.door is not None
    assert keeper.door.query == "true=1"
    assert STATUS_HEADER not in edge.customers.metadata
    assert edge.customers.metadata["x-rapport-key"] == "pk_1", "the one credential of that family"


def test_a_door_takes_as_large_a_body_as_its_contract_says(edge: Edge) -> None:
    keeper = edge.customers.answer = Doorkeeper()
    assert edge.http.post("/v1/knocks/abc", content=b"x" * (6 * 2**20)).status_code == 200
    assert len(keeper.request.body.data) == 6 * 2**20
    keeper.request = None
    assert edge.http.post("/v1/knocks/abc", content=b"x" * (LARGEST + 2**20)).status_code == 413
    assert keeper.request is None
