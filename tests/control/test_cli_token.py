"""`mesh token` goes on with the session that it has: a script that asks for one at each call ends none of its own."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mesh.cli import sessions
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.testing.running import RunningMesh
    from tests.control.conftest import Ended

    Command = Callable[..., "Ended"]

pytestmark = pytest.mark.shows("operation.token")
OWNER = "owner@example.com@demo"


def ask(mesh: RunningMesh, token: str, path: str = "/v1/sessions", verb: str = "GET") -> httpx.Response:
    headers = {"authorization": f"Bearer {token}"}
    return httpx.request(verb, f"{mesh.url}{path}", headers=headers, timeout=15, trust_env=False)


def begun(mesh: RunningMesh, token: str) -> set[str]:
    """The ids of the sessions that there are."""
    return {row["id"] for row in ask(mesh, token, "/v1/sessions?page_size=200").json()["sessions"]}


def kept(mesh: RunningMesh) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((mesh.home / "sessions.json").read_text())[OWNER]
    return found


def make(mesh: RunningMesh, **changed: Any) -> dict[str, Any]:
    file = mesh.home / "sessions.json"
    session = kept(mesh) | changed
    file.write_text(json.dumps({**json.loads(file.read_text()), OWNER: session}))
    return session


def token(command: Command, *words: str) -> str:
    ended = command("token", *words)
    assert ended.status == 0, ended.err
    return ended.out.strip()


def test_the_session_that_is_kept_goes_on(operated: RunningMesh, command: Command) -> None:
    first = token(command)
    before = begun(operated, first)
    assert stat.S_IMODE((operated.home / "sessions.json").stat().st_mode) == 0o600

    assert [token(command) for _ in range(3)] == [first] * 3
    assert token(command, "--as", OWNER) == first, "the same person by another name"
    assert command("call", "ListSessions").status == 0

    # Its token is about to end: it is refreshed.
    make(operated, expires=0)
    second = token(command)
    assert second != first
    # The password was proven long ago: it is proven again.
    make(operated, proven=0)
    third = token(command)
    assert third not in (first, second)
    assert (kept(operated)["proven"] > 0, token(command)) == (True, third)
    assert begun(operated, third) == before, "no session was begun for any of this"


def test_a_session_that_has_ended_is_thrown_away(operated: RunningMesh, command: Command) -> None:
    old = token(command)
    ended = kept(operated)["id"]
    assert ask(operated, old, f"/v1/sessions/{ended}", "DELETE").status_code == 200
    eventually(lambda: ask(operated, old).status_code == 401, within=10, of="its token is refused")
    new = token(command)
    assert (ask(operated, new).status_code, kept(operated)["id"] == ended) == (200, False)

    # So is one whose refresh token was used by somebody else, and what is no session at all.
    for broken in ({"refresh": "AQ", "expires": 0}, {"access": "a.b.c"}, {"access": ""}, {"id": "ses_1"}):
        session = make(operated, **broken)
        assert ask(operated, token(command)).status_code == 200
        assert kept(operated) != session
    (operated.home / "sessions.json").write_text("{")
    assert ask(operated, token(command)).status_code == 200


def test_many_at_once_have_one_session(operated: RunningMesh) -> None:
    operated.token()
    make(operated, expires=0)
    session = kept(operated)["id"]
    with ThreadPoolExecutor(4) as pool:
        tokens = set(pool.map(lambda _: operated.token(), range(4)))
    assert (len(tokens), kept(operated)["id"]) == (1, session)


def test_where_nobody_answers_the_session_is_kept(
    operated: RunningMesh, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = token(command)
    with monkeypatch.context() as fault:
        fault.setattr(sessions, "get", lambda *_: (_ for _ in ()).throw(sessions.EdgeError("cannot be reached")))
        assert command("token").status == 1
    assert (token(command), kept(operated)["access"]) == (session, session)
