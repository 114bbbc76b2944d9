"""All keys of a running mesh are exchanged while calls go on: not one fails, and what is old is refused in the end."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any, Self

import grpc
import httpx
import jwt
import pytest
from rapport.customers.v1 import contact_service_pb2, contact_service_pb2_grpc

from mesh.testing.eventually import eventually
from mesh.testing.planted import planted
from mesh.testing.running import running_mesh

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mesh.testing.running import RunningMesh

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
_PAUSE = 0.02


class Callers:
    """Two clients, of JSON and of gRPC, that call on and on with the oldest and the newest token in turn."""

    def __init__(self, mesh: RunningMesh) -> None:
        self.mesh = mesh
        self.tokens = [mesh.token()]
        self.failures: list[str] = []
        self.calls = 0
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(call,)) for call in (self.json, self.grpc)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, call: Callable[[str], str]) -> None:
        turn = 0
        while not self._stop.wait(_PAUSE):
            failure = call(self.tokens[0 if turn % 2 else -1])
            turn += 1
            self.calls += 1
            if failure:
                self.failures.append(failure)

    def json(self, token: str) -> str:
        """What went wrong with a call by JSON, on a connection of its own; empty: nothing."""
        headers = {"authorization": f"Bearer {token}"}
        answer = httpx.get(f"{self.mesh.url}/v1/contacts?page_size=1", headers=headers, timeout=10)
        return "" if answer.is_success else f"json: {answer.status_code} {answer.text}"

    def grpc(self, token: str) -> str:
        """The same by gRPC."""
        with grpc.insecure_channel(self.mesh.target) as channel:
            contacts = contact_service_pb2_grpc.ContactServiceStub(channel)
            request = contact_service_pb2.ListContactsRequest(page_size=1)
            try:
                contacts.ListContacts(request, timeout=10, metadata=[("authorization", f"Bearer {token}")])
            except grpc.RpcError as error:
                return f"grpc: {error.code().name} {error.details()}"
        return ""

    def signing_key(self) -> str:
        """The id of the key that a new token is signed with: a colleague's, as one session too many ends the oldest."""
        self._begin_anew()
        return str(jwt.get_unverified_header(self.mesh.mesh("token", "--as", "viewer").strip())["kid"])

    def _begin_anew(self) -> None:
        """Have the command sign in again, where it would go on with the session and the token that it has."""
        (self.mesh.home / "sessions.json").unlink(missing_ok=True)

    def sign_in(self) -> str:
        """The id of the key that a new token is signed with; the token is used from now on."""
        self._begin_anew()
        self.tokens.append(self.mesh.token())
        return str(jwt.get_unverified_header(self.tokens[-1])["kid"])


def secrets(mesh: RunningMesh, *words: str) -> Any:
    return json.loads(mesh.mesh("secrets", *words, "-o", "json", timeout=120))


def rotate_signing(mesh: RunningMesh, callers: Callers) -> str:
    """Have the next key sign."""
    following = str(secrets(mesh, "rotate", "--signing")["next"])
    # A key is published for long before it signs, and each question begins a process and a session.
    eventually(lambda: callers.signing_key() == following, within=90, pause_at_most=3.0)
    eventually(lambda: callers.sign_in() == following, within=15)
    return following


def page(mesh: RunningMesh, token: str, page_token: str = "") -> Any:
    answer = httpx.get(
        f"{mesh.url}/v1/contacts",
        params={"page_size": 2, "page_token": page_token},
        headers={"authorization": f"Bearer {token}"},
        timeout=10,
    )
    return answer.raise_for_status().json()


def test_all_keys_are_exchanged_under_calls_and_none_fails(tmp_path: Path) -> None:
    with running_mesh(tmp_path / "home") as mesh:
        with Callers(mesh) as callers:
            old = callers.tokens[0]
            begun = page(mesh, old)
            before = secrets(mesh, "status")
            first = rotate_signing(mesh, callers)
            rotated = secrets(mesh, "rotate")
            assert secrets(mesh, "rotate", "--certificates")["renewed"]
            second = rotate_signing(mesh, callers)
            continued = page(mesh, callers.tokens[-1], begun["nextPageToken"])
        after = secrets(mesh, "status")

        assert callers.failures == []
        assert callers.calls > 100
        assert len({first, second, jwt.get_unverified_header(old)["kid"]}) == 3
        assert before["current"] in after["previous"]
        assert (after["current"], sum(rotated["resealed"].values()) > 0) == (rotated["current"], True)
        assert {each["key"] for each in after["values"]} == {after["current"]}
        assert before["current"] in after["unused"]
        assert secrets(mesh, "rotate", "--drop")["dropped"] == len(after["unused"])
        assert secrets(mesh, "status")["previous"] == []
        assert continued["contacts"][0]["id"] not in {each["id"] for each in begun["contacts"]}

        assert secrets(mesh, "rotate", "--signing", "--revoke")["revoked"] >= 2
        eventually(lambda: "401" in callers.json(old) and "UNAUTHENTICATED" in callers.grpc(old), within=30)
        eventually(lambda: not callers.json(mesh.token()), within=30)


def test_an_edge_that_hears_of_keys_after_they_sign_is_noticed(tmp_path: Path) -> None:
    fault = planted(tmp_path / "fault", "mesh.control.keys", "_AFTERWARDS = 300.0")
    with running_mesh(tmp_path / "home", **fault) as mesh, Callers(mesh) as callers:
        rotate_signing(mesh, callers)
        eventually(lambda: bool(callers.failures), within=30)
