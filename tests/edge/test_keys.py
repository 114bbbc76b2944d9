"""An edge that begins: until it knows whose tokens are good, it takes no calls rather than refuse a good one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from mesh.edge import admin
from mesh.edge.envoy import ADMIN
from mesh.testing.eventually import eventually
from mesh.testing.stand_in import Signer
from tests.edge.conftest import begun

if TYPE_CHECKING:
    from pathlib import Path

    from tests.edge.conftest import Edge

_SECONDS = 60
_LISTENERS = "/stats?filter=listener_manager.total_listeners_(active|warming)"


def knows_its_listener(edge: Edge) -> bool:
    """Whether Envoy has been told of it; as long as it waits for something, it does not listen."""
    stats = admin.ask(edge.settings.home / "edge" / ADMIN, "GET", _LISTENERS) or ""
    return any(int(line.rpartition(":")[2]) for line in stats.splitlines())


def first_answer(edge: Edge, keys: str) -> int:
    """The status of the first answer to a good token, asked for again and again; keys come when the rest is there."""
    statuses: list[int] = []
    told = False

    def answered() -> bool:
        nonlocal told
        try:
            statuses.append(edge.http.get("/healthz").status_code)
            statuses.append(edge.http.get("/v1/contacts/x", headers=edge.bearer()).status_code)
        except httpx.ConnectError:
            if not told and knows_its_listener(edge):
                edge.publisher.use_keys(keys)
                told = True
            return False
        return True

    eventually(answered, within=_SECONDS, of="an answer")
    return statuses[-1]


def test_an_edge_that_knows_no_keys_takes_no_calls(tmp_path: Path) -> None:
    with begun(tmp_path) as edge:
        assert first_answer(edge, edge.signer.jwks()) == httpx.codes.OK


def test_an_edge_that_begins_with_nobodys_keys_is_noticed(tmp_path: Path) -> None:
    with begun(tmp_path) as edge:
        assert first_answer(edge, Signer(edge.settings.issuer).jwks()) == httpx.codes.UNAUTHORIZED
