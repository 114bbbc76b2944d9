"""`mesh up` and `mesh down` as people use them, with every process of a real mesh."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mesh.runtime.ports import free_port
from mesh.testing.eventually import eventually, quickest
from mesh.testing.planted import planted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Operator:
    """Runs commands for one home."""

    def __init__(self, home: Path, **variables: str) -> None:
        self.home = home
        self.port = free_port()
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        self.environment: Mapping[str, str] = {
            **kept, "MESH_HOME": str(home), "MESH_EDGE_PORT": str(self.port), **variables,
        }  # fmt: skip

    def mesh(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mesh.cli.main", *arguments],
            env=dict(self.environment), capture_output=True, text=True, timeout=90, check=False,
        )  # fmt: skip

    def processes(self) -> dict[str, Any]:
        return {row["name"]: row for row in json.loads(self.mesh("ps", "-o", "json").stdout)}


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    made = Operator(tmp_path / "home")
    yield made
    assert made.mesh("down").returncode == 0


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.shows("skeleton.down")
def test_up_serves_heals_and_goes_down_without_a_trace(operator: Operator) -> None:
    up = operator.mesh("up")
    assert up.returncode == 0, up.stderr
    assert "/v1/contacts?page_size=3" in up.stdout

    again = operator.mesh("up")
    assert again.returncode == 0, again.stderr
    assert quickest(lambda: operator.mesh("up")) < 1
    assert again.stdout == up.stdout[up.stdout.index("Rapport serves") :]

    token = operator.mesh("token").stdout.strip()
    listed = subprocess.run(
        [Path(sys.executable).parent / "grpcurl", "-plaintext", "-H", f"authorization: Bearer {token}", "-d",
         '{"page_size": 3}', f"127.0.0.1:{operator.port}", "rapport.customers.v1.ContactService/ListContacts"],
        capture_output=True, text=True, check=True, timeout=10,
    )  # fmt: skip
    assert len(json.loads(listed.stdout)["contacts"]) == 3

    before = operator.processes()
    for name in ("customers-1", "edge"):
        os.kill(before[name]["pid"], signal.SIGKILL)
    after = eventually(lambda: healed(operator, before), within=20, of="what was killed is back")

    os.kill(after["redis"]["pid"], signal.SIGSTOP)
    try:
        eventually(lambda: operator.processes()["control"]["state"] == "degraded", within=30, of="Redis is missed")
    finally:
        os.kill(after["redis"]["pid"], signal.SIGCONT)
    eventually(lambda: operator.processes()["control"]["state"] == "serving", within=30, of="Redis is back")

    down = operator.mesh("down")
    assert (down.returncode, down.stdout) == (0, "the mesh has ended\n")
    pids = [row["pid"] for row in (*before.values(), *after.values())]
    assert not [pid for pid in pids if runs(pid)]
    assert operator.mesh("down").stdout == "no mesh runs here\n"


def healed(operator: Operator, before: dict[str, Any]) -> dict[str, Any] | None:
    now = operator.processes()
    good = all(row["state"] in ("healthy", "serving") for row in now.values())
    new = all(now[name]["pid"] != before[name]["pid"] for name in ("customers-1", "edge"))
    return now if good and new else None


@pytest.mark.shows("skeleton.wrong-turns")
@pytest.mark.parametrize("variable", ["MESH_EDGE_PORT", "MESH_CONTROL_PORT"])
@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_port_that_another_program_has_is_told_at_once(tmp_path: Path, variable: str, when: str) -> None:
    port = free_port()
    operator = Operator(tmp_path / "home", **{variable: str(port)})
    began = [operator.home.parent] if when == "before" else [operator.home / "run" / "lock"]

    def take() -> socket.socket:
        eventually(lambda: all(path.exists() for path in began), within=60, of="the start of the mesh")
        return socket.create_server(("127.0.0.1", port))

    with ThreadPoolExecutor(1) as another:
        taken = another.submit(take)
        if when == "before":
            taken.result()
        up = operator.mesh("up")
        taken.result().close()

    assert (up.returncode, up.stderr) == (1, f"mesh: port {port} is in use; choose another one with {variable}\n")
    assert operator.mesh("ps").returncode == 3


@pytest.mark.shows("skeleton.wrong-turns")
def test_an_instance_that_cannot_start_is_told_with_its_last_words(tmp_path: Path) -> None:
    operator = Operator(tmp_path, DATABASE_URL="nonsense://{service}")

    up = operator.mesh("up")

    assert up.returncode == 1
    assert "Its last words:" in up.stderr
    assert f"All of them: {tmp_path}/logs/" in up.stderr
    assert operator.mesh("ps").returncode == 3


@pytest.mark.parametrize("times", [1, 2])
def test_an_instance_that_is_killed_at_its_start_is_started_again_once(tmp_path: Path, times: int) -> None:
    marks = tmp_path / "marks"
    killed = f"""
import os
marks = os.open({str(marks)!r}, os.O_CREAT | os.O_APPEND | os.O_RDWR)
if len(os.read(marks, 9)) < {times}:
    os.write(marks, b"x")
    os.abort()
"""
    operator = Operator(tmp_path / "home", **planted(tmp_path / "fault", "services.users.service.oauth", killed))
    try:
        up = operator.mesh("up", "--no-demo")
        assert up.returncode == times - 1, up.stderr
        assert ("users-1 was ended by SIGABRT" in up.stderr) == (times == 2)
    finally:
        operator.mesh("down")
    assert marks.read_text() == "x" * times


def test_a_left_over_run_file_misleads_nobody(operator: Operator) -> None:
    folder = operator.home / "run"
    folder.mkdir(parents=True)
    (folder / "lock").write_text(str(os.getpid()))
    (folder / "mesh.json").write_text("{}")

    assert operator.mesh("ps").returncode == 3
    assert operator.mesh("down").stdout == "no mesh runs here\n"


@pytest.mark.shows("skeleton.wrong-turns")
def test_a_wrong_setting_is_told_in_one_line(tmp_path: Path) -> None:
    up = Operator(tmp_path, MESH_PROFILE="nonsense").mesh("up")

    assert up.returncode == 2
    assert up.stderr.startswith("mesh: MESH_PROFILE must be one of")
    assert up.stderr.count("\n") == 1


def test_looking_and_starting_again_import_nothing_heavy() -> None:
    code = (
        "import sys; import mesh.cli.main, mesh.cli.up, mesh.cli.down, mesh.cli.ps, mesh.cli.logs, mesh.cli.token;"
        "print([m for m in ('grpc', 'sqlalchemy', 'google.protobuf', 'cryptography', 'faker') if m in sys.modules])"
    )

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=20)

    assert loaded.stdout == "[]\n"
