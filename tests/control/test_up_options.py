"""`mesh up` of some services, packed into few processes, and watched while a developer writes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import httpx
import pytest

import mesh as product
from mesh.cli import choice
from mesh.cli.main import main
from mesh.control import run_file
from mesh.control.plan import debugger_port
from mesh.control.wanted import with_needed
from mesh.runtime.ports import free_port
from mesh.testing.eventually import eventually
from mesh.testing.running import running_mesh

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(product.__file__).parent.parent
CODE = ("mesh", "services", "gen", "protos")
# What stands for the generator, which takes its time: it says when it ran, and of one contract that it cannot be read.
GENERATOR = """
import pathlib, sys
if "broken" in pathlib.Path("protos/rapport/users/v1/errors.proto").read_text():
    sys.exit("errors.proto: broken")
file = pathlib.Path("gen/contract.json")
file.write_text(file.read_text() + "\\n")
print("generated", file=open("generated", "a"))
"""
# Of what a start of the whole takes here and now.
SHARE_OF_A_START = 0.75
TRIES = 3


class Watched:
    """`mesh up --watch` over a copy of the code, as a developer has it in a terminal."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.root, self.home = folder / "code", folder / "home"
        for name in CODE:
            shutil.copytree(ROOT / name, self.root / name, ignore=shutil.ignore_patterns("__pycache__"))
        (self.root / "scripts").mkdir()
        (self.root / "scripts" / "gen.py").write_text(GENERATOR)
        path = os.pathsep.join((str(self.root), str(self.root / "gen")))
        self.began = time.monotonic()
        self.file = folder / "said"
        with self.file.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mesh.cli.main", "up", "--watch", "--no-demo", *words],
                env={**os.environ, "PYTHONPATH": path, "MESH_HOME": str(self.home), "MESH_EDGE_PORT": str(free_port())},
                stdout=out, stderr=out, cwd=folder, start_new_session=True,
            )  # fmt: skip

    def says(self, text: str, within: float = 60) -> str:
        """Wait until it is said, and return all that was."""
        eventually(lambda: text in self.file.read_text(), within=within, of=f"{text!r} in {self.file.read_text()}")
        return self.file.read_text()

    def saved(self, file: Path, text: str) -> float:
        """Save a change of users; the seconds until another process of it serves."""
        before, said = set(self.instances().values()), self.file.read_text().count("restarted users in")
        began = time.monotonic()
        file.write_text(text)
        eventually(lambda: self.healthy() - before, within=120, of="another process")
        took = time.monotonic() - began
        eventually(lambda: self.file.read_text().count("restarted users in") > said, within=120, of="the restart")
        return took

    def healthy(self) -> set[int]:
        now = run_file.read(self.home)
        return {each.pid for each in now.instances if each.services and each.state == "healthy"} if now else set()

    def instances(self) -> dict[str, int]:
        now = run_file.read(self.home)
        return {each.name: each.pid for each in now.instances if each.services} if now else {}

    def pids(self) -> list[int]:
        now = run_file.read(self.home)
        return [run_file.holder(self.home) or 0, *((now.pid, *(i.pid for i in now.instances)) if now else ())]


@pytest.mark.shows("operation.up-options")
def test_a_change_restarts_what_it_touches_and_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    watched = Watched(tmp_path, "users")
    try:
        watched.says("watching", within=120)
        start = time.monotonic() - watched.began
        before = watched.instances()
        assert list(before) == ["users-1"], "customers were not chosen, and users need nobody"

        code = watched.root / "services" / "users" / "tables.py"
        whole = code.read_text()
        times = (watched.saved(code, f"{whole}\n# change {number}\n") for number in range(TRIES))
        fast = next((took for took in times if took < start * SHARE_OF_A_START), None)
        print(f"\nfrom the save to another process that serves: {fast} s; a start of the whole: {start:.2f} s")
        assert fast is not None
        after = watched.instances()
        assert set(after.values()).isdisjoint(before.values())

        code.write_text(whole + "\ndef broken(:\n")
        assert f"{code}:" in watched.says("nothing was restarted")
        code.write_text(whole + "\nraise RuntimeError('at import')\n")
        watched.says("RuntimeError: at import")
        watched.says("\nwhat served before serves on")
        assert set(after.values()) <= set(watched.instances().values())

        code.write_text(whole)
        contract = watched.root / "protos" / "rapport" / "users" / "v1" / "errors.proto"
        agreed = contract.read_text()
        contract.write_text(f"{agreed}broken\n")
        watched.says("nothing was generated")
        assert not (watched.root / "generated").exists()
        watched.saved(contract, f"{agreed}\n")
        generated, process = watched.root / "generated", max(watched.instances().values())
        assert generated.stat().st_mtime <= Path(f"/proc/{process}").stat().st_ctime

        pids = [pid for pid in watched.pids() if pid]
    finally:
        os.kill(watched.process.pid, signal.SIGINT)
        assert watched.process.wait(60) == 130
    assert not [pid for pid in pids if run_file.runs(pid)]


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
def test_a_debugger_attaches_to_the_service_that_was_named(tmp_path: Path) -> None:
    with running_mesh(tmp_path, options=("users", "--no-demo", "--debug", "users")) as mesh:
        with socket.create_connection(("127.0.0.1", debugger_port(1)), timeout=60) as line, line.makefile("rb") as said:
            arguments = {"adapterID": "debugpy", "clientID": "test"}
            ask(line, 1, "initialize", arguments)
            assert heard(said, "initialize")["success"]
            ask(line, 2, "attach", {"justMyCode": False})
            heard(said, "initialized")
            ask(line, 3, "configurationDone", {})
            assert heard(said, "attach")["success"]
            ask(line, 4, "threads", {})
            assert "MainThread" in {each["name"] for each in heard(said, "threads")["body"]["threads"]}
        assert httpx.get(f"{mesh.url}/.well-known/jwks.json", timeout=30).is_success


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
