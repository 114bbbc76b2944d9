"""`mesh up` of some services, packed into few processes, and under a debugger."""

from __future__ import annotations

import json
import socket
from typing import IO, TYPE_CHECKING, Any

import httpx
import pytest

from mesh.cli import choice
from mesh.cli.main import main
from mesh.control.wanted import with_needed
from mesh.runtime import ports
from mesh.runtime.ports import free_port, reserved_port
from mesh.testing.running import RunningMesh, running_mesh

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


@pytest.mark.shows("operation.up-options")
def test_all_services_in_few_processes_answer_and_call_each_other(tmp_path: Path) -> None:
    with running_mesh(tmp_path, options=("--pack", "--replicas", "pack=1")) as mesh:
        names = {row["name"]: row["services"] for row in mesh.instances()}
        assert set(names) == {"control", "redis", "mail", "edge", "pack-1"}
        assert set(names["pack-1"]) == set(choice.known_services())
        headers = {"authorization": f"Bearer {mesh.token()}"}
        answer = httpx.get(f"{mesh.url}/v1/contacts", params={"page_size": 1}, headers=headers)
        assert len(answer.json()["contacts"]) == 1


def test_chosen_services_bring_those_that_they_call() -> None:
    assert with_needed(["support"], {"support": ["customers"], "customers": ["users"], "users": []}) == (
        "users", "customers", "support",
    )  # fmt: skip


@pytest.mark.shows("operation.up-options")
def test_a_debugger_attaches_to_the_service_that_was_named_in_each_of_two_meshes(tmp_path: Path) -> None:
    debugged = ("users", "--no-demo", "--debug", "users")
    with running_mesh(tmp_path / "1", options=debugged) as one, running_mesh(tmp_path / "2", options=debugged) as two:
        ports = [port for mesh in (one, two) for port in debuggers(mesh).values()]
        assert len(set(ports)) == 2, ports
        for mesh, port in zip((one, two), ports, strict=True):
            check_attaches(port)
            assert httpx.get(f"{mesh.url}/.well-known/jwks.json", timeout=30).is_success
            assert f"127.0.0.1:{port} (debugpy)" in mesh.mesh("up", *debugged)
        again = two.mesh("restart", "users")
        (port,) = debuggers(two).values()
        assert f"users-2 starts; a debugger may attach at 127.0.0.1:{port}" in again
        check_attaches(port)


def debuggers(mesh: RunningMesh) -> dict[str, int]:
    """Where the services listen for debuggers."""
    return {row["name"]: row["debugger"] for row in mesh.instances() if row["debugger"]}


def check_attaches(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line, line.makefile("rb") as said:
        ask(line, 1, "initialize", {"adapterID": "debugpy", "clientID": "test"})
        assert heard(said, "initialize")["success"]
        ask(line, 2, "attach", {"justMyCode": False})
        heard(said, "initialized")
        ask(line, 3, "configurationDone", {})
        assert heard(said, "attach")["success"]
        ask(line, 4, "threads", {})
        assert "MainThread" in {each["name"] for each in heard(said, "threads")["body"]["threads"]}


def test_a_reserved_port_is_its_programs_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    ours: dict[str, socket.socket] = {}
    theirs: dict[str, socket.socket] = {}
    monkeypatch.setattr(ports, "_reserved", ours)
    first = free_port()
    one = reserved_port("one", first)
    assert (one, reserved_port("one", first)) == (first, first)
    assert reserved_port("two", first) > one
    with socket.create_server(("127.0.0.1", one)):
        # Another control plane, which knows nothing of what this one has reserved.
        monkeypatch.setattr(ports, "_reserved", theirs)
        assert reserved_port("one", first) > one
    for holder in (*ours.values(), *theirs.values()):
        holder.close()


def test_a_service_that_does_not_run_cannot_be_debugged(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["up", "users", "--debug", "customers"]) == 2
    assert "it is not among what is to run: users" in capsys.readouterr().err


def ask(line: socket.socket, number: int, command: str, arguments: Mapping[str, Any]) -> None:
    """Send a request of the Debug Adapter Protocol."""
    content = json.dumps({"seq": number, "type": "request", "command": command, "arguments": arguments}).encode()
    line.sendall(b"Content-Length: %d\r\n\r\n%b" % (len(content), content))


def heard(said: IO[bytes], name: str) -> Any:
    """The next message that answers a command or tells of an event of this name."""
    while True:
        header = said.readline()
        assert header, f"the debugger hung up before {name}"
        said.readline()
        message = json.loads(said.read(int(header.split(b":")[1])))
        if name in (message.get("command"), message.get("event")):
            return message


def test_a_debugger_that_is_not_installed_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    finds: Callable[[str], object] = lambda name: None  # noqa: E731
    monkeypatch.setattr(choice.importlib.util, "find_spec", finds)

    assert main(["up", "--debug", "users"]) == 2
    assert "pip install debugpy" in capsys.readouterr().err
