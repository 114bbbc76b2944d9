"""Supervised programs: started again after a crash, ended with their supervisor, never a leftover."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mesh.control import child as child_module
from mesh.control.child import Child, Program, State
from mesh.control.children import Children, Ended, Listens, last_words
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

ANNOUNCE = "import os, sys, time; os.write(int(sys.argv[1]), b'{\"port\": 7}\\n'); time.sleep(600)"
DEAF = "import os, signal, sys, time; signal.signal(15, signal.SIG_IGN); " + ANNOUNCE.removeprefix(
    "import os, sys, time; "
)


def program(folder: Path, code: str, name: str = "one") -> Program:
    return Program(name, (sys.executable, "-c", code, "{ready_fd}"), {}, folder, folder / f"{name}.log")


@pytest.fixture
def children() -> Iterator[Children]:
    made = Children()
    yield made
    made.finish([child.program.name for child in made], 0)


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.shows("operation.supervision")
def test_a_killed_program_is_started_again_and_announces_itself_again(children: Children, tmp_path: Path) -> None:
    children.start(program(tmp_path, ANNOUNCE))
    assert eventually(lambda: list(children.look())) == [Listens("one", 7)]
    first = children["one"].pid

    os.kill(first, signal.SIGKILL)

    assert eventually(lambda: list(children.look())) == [Ended("one", "was ended by SIGKILL")]
    assert eventually(lambda: list(children.look())) == [Listens("one", 7)]
    assert children["one"].pid != first
    assert children["one"].restarts == 1


@pytest.mark.shows("operation.supervision")
def test_the_pause_before_the_next_start_doubles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(child_module.time, "monotonic", lambda: now[0])
    child = Child(program(tmp_path, "raise SystemExit(3)"))
    child.start()
    pauses = []
    for _ in range(8):
        while child.look() is None:
            os.sched_yield()
        pauses.append(round(child._resume - now[0], 1))
        now[0] = child._resume
        child.look()

    assert pauses == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]
    child.terminate()
    while child.state is not State.STOPPED:
        child.look()
        os.sched_yield()


def test_a_program_that_does_not_listen_to_reason_is_killed(children: Children, tmp_path: Path) -> None:
    children.start(program(tmp_path, DEAF))
    eventually(lambda: list(children.look()))
    pid = children["one"].pid

    children.finish(["one"], 0.2)

    assert not runs(pid)
    assert children["one"].state is State.STOPPED


def orphan(folder: Path, fault: str = "") -> int:
    """A child whose supervisor was killed: its process id."""
    supervisor = f"""
import sys, time
from pathlib import Path
from mesh.control import child as child_module
{fault}
command = (sys.executable, "-c", {ANNOUNCE!r}, "{{ready_fd}}")
folder = Path({str(folder)!r})
child = child_module.Child(child_module.Program("x", command, {{}}, folder, folder / "x.log"))
child.start()
while not child.port:
    child.look()
print(child.pid, flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", supervisor], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert runs(pid)
        process.kill()
    return pid


def test_children_end_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    pid = orphan(tmp_path)

    eventually(lambda: not runs(pid), of="the child ends")


def test_a_large_log_is_moved_aside_and_goes_on(
    children: Children, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_module, "LARGEST_LOG", 1000)
    children.start(program(tmp_path, "print('x' * 2000, flush=True)\n" + ANNOUNCE))
    eventually(lambda: list(children.look()))

    children.bound_logs()

    assert (tmp_path / "one.log").stat().st_size == 0
    assert (tmp_path / "one.log.1").stat().st_size == 2001


def test_the_last_words_of_a_crash_begin_with_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = "import faulthandler; [print(n, flush=True) for n in range(99)]; faulthandler._sigsegv()"
    crashing = (sys.executable, "-X", "faulthandler", "-c", code)
    with log.open("w") as output:
        subprocess.run(crashing, stdout=output, stderr=output, check=False)
    log.write_text(log.read_text() + "  later\n" * 20)
    assert "Fatal Python error: Segmentation fault" in last_words("one", "ended", log)
    log.write_text("line\n" * 99)
    assert last_words("one", "ended", log).count("line") == 15


def test_a_child_that_is_not_tied_to_its_supervisor_is_noticed(tmp_path: Path) -> None:
    """The same as above with the tie cut: the child goes on, so the test above can fail."""
    loose = tmp_path / "loose"
    loose.mkdir()
    tied = Path(child_module.__file__).with_name("tied.py").read_text()
    (loose / "tied.py").write_text(tied.replace("signal.SIGKILL)", "0)"))

    pid = orphan(tmp_path, f"child_module.__file__ = {str(loose / 'child.py')!r}")

    assert runs(pid)
    os.kill(pid, signal.SIGKILL)
