"""The control plane is lost and comes back: nobody else ends with it, and nothing is left when the mesh goes down."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mesh.control import fleet, run_file
from mesh.runtime.ports import free_port
from mesh.testing.callers import callers
from mesh.testing.eventually import eventually
from mesh.testing.planted import planted
from mesh.testing.running import RunningMesh, running_mesh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A control plane with two programs of no use: it starts what it does not find, says what it has, and waits.
CONTROL = """
import json, sys, time
from pathlib import Path
from mesh.control.child import Program, State
from mesh.control.kept import KeptChildren
folder = Path(sys.argv[1])
announce = "import os, sys, time; os.write(int(sys.argv[1]), b'{\\"port\\": 7}\\\\n'); time.sleep(600)"
kept = KeptChildren(folder)
for name in ("one", "two"):
    if name not in kept:
        command = (sys.executable, "-c", announce, "{ready_fd}")
        kept.start(Program(name, command, {}, folder, folder / "log"), {"n": name})
while not all(each.state is State.SERVING for each in kept):
    list(kept.look())
    time.sleep(0.01)
kept.served()
(folder / "said").write_text(json.dumps({each.name: [each.pid, each.port, each.note] for each in kept}))
while True:
    list(kept.look())
    time.sleep(0.01)
"""
KEEPER = """
import sys
from pathlib import Path
from mesh.control.child import Program
from mesh.control.keeper import Keeper
folder = Path(sys.argv[1])
command = (sys.executable, "-c", sys.argv[2], str(folder))
sys.exit(Keeper(Program("control", command, None, folder, folder / "log"), folder).run())
"""


class Kept:
    """A keeper of two programs, run by a control plane that does nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen([sys.executable, "-c", KEEPER, str(folder), CONTROL])
        self.programs = self.said()

    def said(self) -> dict[str, Any]:
        """What the control plane says that it has; said once by each."""
        file = self.folder / "said"
        eventually(lambda: file.exists() and file.read_text(), of="the control plane")
        said: dict[str, Any] = json.loads(file.read_text())
        file.unlink()
        return said

    def control(self) -> int:
        """The process id of the control plane."""
        found = subprocess.run(
            ["pgrep", "-P", str(self.process.pid), "-f", "KeptChildren"], capture_output=True, text=True, check=False
        ).stdout.split()
        return int(found[0]) if found else 0

    def pids(self) -> list[int]:
        """All that was started."""
        return [self.process.pid, self.control(), *(pid for pid, *_ in self.programs.values())]


@contextmanager
def kept(folder: Path) -> Iterator[Kept]:
    """A keeper, and its end."""
    made = Kept(folder)
    try:
        yield made
    finally:
        made.process.kill()
        made.process.wait()


def none_runs(pids: list[int]) -> bool:
    return not any(run_file.runs(pid) for pid in pids if pid)


def test_the_next_control_plane_finds_the_same_processes_and_what_was_noted_of_them(tmp_path: Path) -> None:
    with kept(tmp_path) as keeper:
        os.kill(keeper.control(), signal.SIGKILL)

        assert keeper.said() == keeper.programs
        assert keeper.programs["one"][1:] == [7, {"n": "one"}]
        assert all(run_file.runs(pid) for pid, *_ in keeper.programs.values())


def test_nothing_is_left_when_the_keeper_is_told_to_end(tmp_path: Path) -> None:
    with kept(tmp_path) as keeper:
        pids = keeper.pids()
        keeper.process.terminate()
        assert keeper.process.wait(20) == 0
        assert none_runs(pids)


def test_nothing_is_left_when_it_ends_while_the_control_plane_is_away(tmp_path: Path) -> None:
    with kept(tmp_path) as keeper:
        pids = keeper.pids()
        os.kill(keeper.control(), signal.SIGKILL)
        keeper.process.terminate()
        assert keeper.process.wait(20) == 0
        assert none_runs(pids)


def test_nothing_is_left_when_it_ends_while_the_control_plane_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "KEEPER", "import mesh.control.keeper as k; k._CONTROL_GRACE = 0.5\n" + KEEPER)
    with kept(tmp_path) as keeper:
        pids = keeper.pids()
        os.kill(keeper.control(), signal.SIGSTOP)
        keeper.process.terminate()
        assert keeper.process.wait(20) == 0
        assert none_runs(pids)


def test_nothing_is_left_when_the_keeper_is_killed(tmp_path: Path) -> None:
    with kept(tmp_path) as keeper:
        pids = keeper.pids()
        keeper.process.kill()
        keeper.process.wait()
        eventually(lambda: none_runs(pids), of="the end of all")


def test_a_keeper_that_does_not_end_the_rest_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: programs that were never tied to the keeper are left by its death."""
    monkeypatch.setitem(
        globals(), "KEEPER", "import pathlib; w = pathlib.Path.with_name\n"
        "def loose(self, name):\n"
        "    if name != 'tied.py': return w(self, name)\n"
        "    import tempfile; f = pathlib.Path(tempfile.mkdtemp()) / name\n"
        "    f.write_text(w(self, name).read_text().replace('signal.SIGKILL)', '0)')); return f\n"
        "pathlib.Path.with_name = loose\n" + KEEPER,
    )  # fmt: skip
    with kept(tmp_path) as keeper:
        pids = [pid for pid in keeper.pids() if pid != keeper.process.pid]
        keeper.process.kill()
        keeper.process.wait()
        try:
            assert not none_runs(pids)
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMesh]:
    with running_mesh(tmp_path_factory.mktemp("plane")) as running:
        yield running


def pids(mesh: RunningMesh) -> dict[str, int]:
    return {row["name"]: row["pid"] for row in mesh.instances()}


@pytest.mark.shows("operation.control-plane")
def test_no_call_fails_while_the_control_plane_is_away_and_it_takes_over_what_runs(mesh: RunningMesh) -> None:
    before = pids(mesh)
    with callers(mesh) as told:
        os.kill(before["control"], signal.SIGKILL)
        told.goes_on()
        mesh.mesh("up", timeout=90)
        told.goes_on()
        after = pids(mesh)
        assert {**after, "control": 0} == {**before, "control": 0}
        assert after["control"] != before["control"]

        mesh.mesh("scale", "customers=2", timeout=90)
        mesh.mesh("restart", "control", timeout=90)
        assert pids(mesh)["control"] != after["control"]
        assert {"customers-1", "customers-2"} <= set(pids(mesh))
        mesh.mesh("restart", "customers", timeout=120)
        told.goes_on()
    assert told.failures == []

    everyone = [*pids(mesh).values(), run_file.holder(mesh.home) or 0]
    os.kill(pids(mesh)["control"], signal.SIGKILL)
    mesh.mesh("down")
    assert none_runs(everyone)


# The edge that is followed has nothing to finish here.
SOON = ("mesh.edge.envoy", "LEAVES_SECONDS = 2")
USERS = ("users", "--no-demo")
ASKED = 60
# A control plane that cannot take over while there is a file.
STUCK = """
from pathlib import Path
_begin = Plane._begin_instances
def begin(self, *rest):
    if Path({mark!r}).exists():
        raise RuntimeError("stuck")
    return _begin(self, *rest)
Plane._begin_instances = begin
"""


def answered(mesh: RunningMesh) -> Counter[str]:
    """The calls that each instance has answered."""
    now = run_file.read(mesh.home)
    assert now is not None
    lines = (line for line in fleet.scrape(now.metrics_port).splitlines() if line.startswith("rapport_calls_total"))
    found: Counter[str] = Counter()
    for line in lines:
        name = re.search(r'instance="([^"]+)"', line)
        found[name[1] if name else ""] += int(float(line.rsplit(" ", 1)[1]))
    return found


@pytest.mark.shows("operation.control-plane")
def test_a_canarys_share_and_the_edges_epoch_outlive_the_control_plane(tmp_path: Path) -> None:
    with running_mesh(tmp_path / "home", options=USERS, **planted(tmp_path / "soon", *SOON)) as mesh:
        mesh.mesh("canary", "users", "--weight", "50", timeout=120)
        mesh.mesh("restart", "edge", timeout=120)
        os.kill(pids(mesh)["control"], signal.SIGKILL)
        mesh.mesh("up", *USERS, timeout=120)

        before = answered(mesh)
        for _ in range(ASKED):
            httpx.get(f"{mesh.url}/.well-known/jwks.json", timeout=30).raise_for_status()
        got = answered(mesh) - before
        assert got["users-canary-1"] > ASKED / 5, "of one that nobody remembers the share is one percent"
        former = pids(mesh)["edge"]
        mesh.mesh("restart", "edge", timeout=120)
        assert pids(mesh)["edge"] != former
        assert httpx.get(f"{mesh.url}/healthz", timeout=30).is_success


@pytest.mark.shows("operation.control-plane")
def test_one_that_cannot_take_over_ends_nothing_and_another_is_tried(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    fault = planted(tmp_path / "fault", "mesh.control.plane", STUCK.format(mark=str(mark)))
    with running_mesh(tmp_path / "home", options=USERS, **fault) as mesh:
        before, log = pids(mesh), mesh.home / "logs" / "mesh.log"
        mark.touch()
        os.kill(before["control"], signal.SIGKILL)
        eventually(lambda: log.read_text().count("cannot take over") >= 2, within=60, of="tries")
        assert httpx.get(f"{mesh.url}/.well-known/jwks.json", timeout=30).is_success
        mark.unlink()
        mesh.mesh("up", *USERS, timeout=90)
        after = pids(mesh)
    assert {**after, "control": 0} == {**before, "control": 0}


def test_ctrl_c_ends_a_mesh_in_the_foreground_and_leaves_a_clean_state(tmp_path: Path) -> None:
    environment = {**os.environ, "MESH_HOME": str(tmp_path), "MESH_EDGE_PORT": str(free_port())}
    command = [sys.executable, "-m", "mesh.cli.main", "supervise", "users"]
    with subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.DEVNULL) as process:
        eventually(lambda: serves(tmp_path), within=120, of="the mesh serves")
        now = run_file.read(tmp_path)
        assert now is not None
        everyone = [process.pid, now.pid, *(each.pid for each in now.instances)]
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) == 130
    assert none_runs(everyone)
    assert run_file.holder(tmp_path) is None
    ps = [sys.executable, "-m", "mesh.cli.main", "ps"]
    assert subprocess.run(ps, env=environment, capture_output=True, timeout=60, check=False).returncode == 3


def serves(home: Path) -> bool:
    now = run_file.read(home)
    return now is not None and now.phase == run_file.SERVING
