"""A mesh as an operator starts it, shared by the tests of the command line, and the command run on it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from mesh.cli import main
from mesh.testing.running import RunningMesh, running_mesh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Command = Callable[..., "Ended"]


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture(scope="package")
def operated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMesh]:
    with running_mesh(tmp_path_factory.mktemp("operated"), MESH_TRACE_RATIO="1") as mesh:
        yield mesh


def run(capsys: pytest.CaptureFixture[str], *words: str) -> Ended:
    """Run the command in this process."""
    capsys.readouterr()
    try:
        status = main.main(words)
    except SystemExit as ended:
        status = int(ended.code or 0)
    printed = capsys.readouterr()
    return Ended(status, printed.out, printed.err)


@pytest.fixture
def command(
    operated: RunningMesh, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    """Runs a command on the shared mesh."""
    for name in ("MESH_HOME", "MESH_EDGE_PORT", "MESH_TRACE_RATIO"):
        monkeypatch.setenv(name, operated.environment[name])
    return lambda *words: run(capsys, *words)


@pytest.fixture
def nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    """Runs a command where no mesh runs."""
    monkeypatch.setenv("MESH_HOME", str(tmp_path / "nowhere"))
    monkeypatch.delenv("REDIS_URL", raising=False)
    return lambda *words: run(capsys, *words)
