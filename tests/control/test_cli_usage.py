"""What all commands have in common: help with examples that work, one way to end, JSON, colours, pipes, completion."""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from mesh.cli import main, output
from mesh.cli.outcome import Failed, NotRunning
from mesh.cli.place import program
from mesh.testing.eventually import eventually
from tests.hygiene.sources import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mesh.testing.running import RunningMesh
    from tests.control.conftest import Ended

    Command = Callable[..., "Ended"]

# What they do to a mesh, or what they need first, is shown by tests of their own; of these the examples must parse.
ACTS = {
    "up", "scale", "restart", "canary", "backup", "restore", "link", "down", "serve", "supervise", "control", "check",
    "doctor", "migrate", "join", "new-service", "seed",
    "tenant",
}  # fmt: skip
# They print what is needed inside another command, and nothing else.
PLAIN = {"token", "completion", "call"}
NEEDS_MESH = ("ps", "stat", "trace --last", "tap", "token", "call CountContacts", "events lag", "logs",
              "link email ten_1 usr_1", "tenant suspend demo")  # fmt: skip


def examples(name: str) -> list[str]:
    return list(main.module(name).EXAMPLES)


READS = [each for name in main.COMMANDS if name not in ACTS for each in examples(name)]


@pytest.mark.shows("operation.usage")
def test_every_command_has_help_with_an_example(nowhere: Command) -> None:
    for name, text in main.COMMANDS.items():
        shown = nowhere(name, "--help")
        assert shown.status == 0
        assert text[1:] in " ".join(shown.out.split())
        assert "\nexample:\n  " in shown.out, name
        assert examples(name), name


def test_the_commands_are_listed_in_the_order_of_a_day(nowhere: Command) -> None:
    shown = nowhere("--help").out
    places = [re.search(rf"^    {name}\b", shown, re.MULTILINE) for name in main.COMMANDS]

    assert all(places)
    starts = [place.start() for place in places if place]
    assert starts == sorted(starts)
    assert list(main.COMMANDS)[:2] == ["up", "ps"]


def test_the_readme_lists_every_command_in_this_order() -> None:
    told = re.findall(r"^\| `mesh ([\w-]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE)

    assert told == list(main.COMMANDS)


@pytest.mark.parametrize("example", [each for name in main.COMMANDS for each in examples(name)])
def test_every_example_is_understood(example: str) -> None:
    words = shlex.split(example.partition("|")[0], comments=True)
    if words[0] == "mesh":
        assert main.build(words[1]).parse_args(words[1:]).command == words[1]


@pytest.mark.shows("operation.usage")
@pytest.mark.parametrize("example", READS)
def test_every_example_of_a_reading_command_works(operated: RunningMesh, command: Command, example: str) -> None:
    words = shlex.split(example)
    if words[0] != "mesh":
        path = f"{os.path.dirname(program('mesh'))}:{os.environ['PATH']}"  # noqa: PTH120  # text for a shell
        subprocess.run(["bash", "-c", example], env={**operated.environment, "PATH": path}, check=True, timeout=60)
        return
    if words[1] == "trace":
        eventually(lambda: command(*words[1:]).status == 0, within=30, of="a trace")
    ended = command(*words[1:])
    assert ended.status == 0, ended.err
    if words[-1] == "json":
        [json.loads(line) for line in ended.out.splitlines()]


@pytest.mark.shows("operation.json")
def test_every_command_that_reads_speaks_json(command: Command) -> None:
    reading = {
        "secrets status",
        "events lag",
        "events parked",
        "trace --last",
        "logs -n 5",
        "tap --seconds 0",
        "stat --total",
    }
    reading |= {
        name for name in main.COMMANDS if name not in ACTS | PLAIN and name not in {r.split()[0] for r in reading}
    }
    eventually(lambda: command("trace", "--last").status == 0, within=30, of="a trace")
    for words in reading:
        ended = command(*words.split(), "-o", "json")
        assert ended.status == 0, f"{words}: {ended.err}"
        documents: list[Any] = [json.loads(line) for line in ended.out.splitlines()]
        assert documents or words.startswith("tap"), words


@pytest.mark.shows("operation.json")
@pytest.mark.parametrize("words", NEEDS_MESH)
def test_without_a_mesh_a_command_ends_with_3_in_one_line(nowhere: Command, words: str) -> None:
    ended = nowhere(*words.split())

    assert (ended.status, ended.out) == (3, "")
    assert ended.err.startswith("mesh: ")
    assert ended.err.count("\n") == 1


@pytest.mark.shows("operation.json")
@pytest.mark.parametrize("name", list(main.COMMANDS))
def test_wrong_usage_of_each_command_ends_with_2_in_one_line(nowhere: Command, name: str) -> None:
    ended = nowhere(name, "--no-such-option")

    assert (ended.status, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    assert ended.err.startswith(f"mesh {name}")
    assert ended.err.endswith("--help\n")


def test_a_command_that_does_not_exist_has_a_neighbour(nowhere: Command) -> None:
    ended = nowhere("rotues")

    assert (ended.status, ended.err) == (
        2,
        "mesh: there is no command 'rotues'; did you mean routes?; see: mesh --help\n",
    )


@pytest.mark.parametrize(
    ("raised", "status", "told"),
    [
        (Failed("it broke"), 1, "mesh: it broke\n"),
        (NotRunning("it is away"), 3, "mesh: it is away\n"),
        (KeyboardInterrupt(), 130, ""),
        (ZeroDivisionError("by zero"), 1, "mesh: this should not happen: ZeroDivisionError: by zero\n"),
    ],
)
def test_whatever_happens_in_a_command_ends_without_a_traceback(
    nowhere: Command, monkeypatch: pytest.MonkeyPatch, raised: BaseException, status: int, told: str
) -> None:
    def fail(_: object) -> int:
        raise raised

    monkeypatch.setattr(main.module("config"), "run", fail)

    ended = nowhere("config")
    assert (ended.status, ended.err) == (status, told)


def test_an_exit_status_that_is_lost_would_be_seen(nowhere: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NotRunning, "status", 1)

    with pytest.raises(AssertionError):
        test_without_a_mesh_a_command_ends_with_3_in_one_line(nowhere, "ps")


def on_a_terminal(mesh: RunningMesh, *words: str, **variables: str) -> str:
    """What a command prints on a terminal."""
    ours, theirs = pty.openpty()
    environment = {**mesh.environment, "TERM": "xterm", **variables}
    command = [program("python"), "-m", "mesh.cli.main", *words]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 65536):
                shown += part
        except OSError:  # the other end is closed
            pass
        process.wait(30)
    os.close(ours)
    return shown.decode()


@pytest.mark.shows("operation.usage")
def test_colours_are_for_terminals_that_want_them(operated: RunningMesh, command: Command) -> None:
    assert "\x1b[" in on_a_terminal(operated, "logs", "-n", "3", NO_COLOR="")
    assert "\x1b[" not in on_a_terminal(operated, "logs", "-n", "3", NO_COLOR="1")
    assert "\x1b[" not in command("logs", "-n", "3").out


def test_a_table_shows_what_is_missing_and_aligns_numbers() -> None:
    rows = [{"name": "a", "calls": 5, "on": True}, {"name": "", "calls": 50, "on": False}]

    assert output.table(rows) == ["NAME  CALLS  ON", "a         5  yes", "-        50  no"]


def completed(script: Path, *words: str) -> set[str]:
    """What bash offers after these words."""
    line = " ".join(map(shlex.quote, words))
    text = (
        f'source {script}; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _mesh; printf "%s\\n" "${{COMPREPLY[@]}}"'
    )
    done = subprocess.run(["bash", "-c", text], capture_output=True, text=True, check=True, timeout=20)
    return set(done.stdout.split())


@pytest.mark.shows("operation.usage")
def test_bash_completes_commands_options_values_and_methods(nowhere: Command, tmp_path: Path) -> None:
    script = tmp_path / "mesh.bash"
    script.write_text(nowhere("completion", "bash").out)

    assert completed(script, "mesh", "") == set(main.COMMANDS)
    assert completed(script, "mesh", "st") == {"stat"}
    assert completed(script, "mesh", "ps", "-o", "") == {"table", "json"}
    assert completed(script, "mesh", "events", "par") == {"parked"}
    assert completed(script, "mesh", "logs", "--tr") == {"--trace"}
    assert completed(script, "mesh", "logs", "--level", "w") == {"warning"}
    assert "customers.ContactService/ListContacts" in completed(script, "mesh", "call", "customers.ContactService/L")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_get_every_command_too(nowhere: Command, tmp_path: Path, shell: str) -> None:
    script = nowhere("completion", shell).out

    assert all(re.search(rf"\b{name}\b", script) for name in main.COMMANDS)
    if shutil.which(shell):
        (tmp_path / "script").write_text(script)
        subprocess.run([shell, "-n", tmp_path / "script"], check=True, timeout=20)
