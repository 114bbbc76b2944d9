"""The operator's page: every command in its blocks is run, in order, on a mesh; every other one is one that exists."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mesh.cli import main as command
from mesh.runtime.ports import free_port
from tests.hygiene.sources import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs" / "operating.md"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(mesh [^`]+)`")
# Blocks that are no commands.
TOLD = {"ini", "text"}


def blocks(text: str) -> list[str]:
    """The commands of the page, in order."""
    found = BLOCK.findall(text)
    strangers = {kind for kind, _ in found} - TOLD - {"sh"}
    assert not strangers, f"a block is of no known kind: {strangers}"
    return [line for kind, body in found if kind == "sh" for line in body.splitlines() if line.strip()]


def usage_fault(text: str) -> str:
    """What the parser of a command has against it, if anything. Words in capitals stand for values."""
    words = shlex.split(text)[1:]
    if words[0] not in command.COMMANDS:
        return f"{text}: there is no such command"
    try:
        command.build(words[0]).parse_args(words)
    except SystemExit as end:
        return f"{text}: is refused" if end.code else ""
    return ""


def run(line: str, environment: dict[str, str]) -> None:
    """Run a line as a shell does."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", line],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{line}\nended with {done.returncode}:\n{done.stdout}{done.stderr}"


def shell(folder: Path) -> dict[str, str]:
    """The environment of a person who has installed this checkout."""
    programs = folder / "bin"
    programs.mkdir()
    program = programs / "mesh"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m mesh.cli.main "$@"\n')
    program.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MESH_")}
    home = {"MESH_HOME": str(folder / "home"), "MESH_EDGE_PORT": str(free_port())}
    return {**kept, **home, "PATH": f"{programs}:{os.environ['PATH']}"}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.shows("operation.operators-page")
def test_every_command_of_the_page_does_what_it_is_there_for(tmp_path: Path) -> None:
    environment = shell(tmp_path)
    lines = blocks(PAGE.read_text())
    assert len(lines) > 20
    try:
        for line in lines:
            run(line, environment)
    finally:
        run("mesh down", environment)


@pytest.mark.shows("operation.operators-page")
def test_every_command_within_a_line_is_one_that_exists() -> None:
    found = INLINE.findall(BLOCK.sub("", PAGE.read_text()))
    assert len(found) > 15
    faults = [fault for text in found if (fault := usage_fault(text))]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "text", ["mesh fly", "mesh scale", "mesh backup", "mesh ps --colour", "mesh events replay users"]
)
def test_a_command_that_does_not_exist_is_found(text: str) -> None:
    assert usage_fault(text)


def test_a_command_that_fails_is_found(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="ended with 3"):
        run("mesh token", shell(tmp_path))


def test_a_block_of_no_known_kind_is_found() -> None:
    with pytest.raises(AssertionError, match="bash"):
        blocks("```bash\nmesh up\n```\n")
