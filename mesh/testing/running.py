"""A whole mesh as an operator starts it, with `mesh up`, and ends it, with `mesh down`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mesh.runtime.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_UP_SECONDS = 120


@dataclass(frozen=True, slots=True)
class RunningMesh:
    """A mesh that serves at `url`; `home` holds its state."""

    home: Path
    port: int
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        """The edge's address for JSON clients."""
        scheme = "https" if self.environment.get("MESH_EDGE_CERTIFICATE") else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    @property
    def target(self) -> str:
        """The edge's address for gRPC clients."""
        return f"127.0.0.1:{self.port}"

    def mesh(self, *arguments: str, timeout: float = 60) -> str:
        """Run the `mesh` command on this mesh; its output.

        Raises:
            AssertionError: it failed; the text is what it printed.
        """
        command = [sys.executable, "-m", "mesh.cli.main", *arguments]
        done = subprocess.run(
            command, env=dict(self.environment), capture_output=True, text=True, timeout=timeout, check=False
        )
        assert done.returncode == 0, (
            f"mesh {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
        return done.stdout

    def token(self) -> str:
        """A bearer token of the demo tenant's owner."""
        return self.mesh("token").strip()

    def instances(self) -> list[dict[str, Any]]:
        """What `mesh ps` shows."""
        found: list[dict[str, Any]] = json.loads(self.mesh("ps", "-o", "json"))
        return found


@contextmanager
def running_mesh(home: Path, *, options: Sequence[str] = (), **settings: str) -> Iterator[RunningMesh]:
    """Start a mesh with its state under `home` and these settings, and end it and all its processes afterwards.

    options: what is said to `mesh up` beside.
    """
    running = _at_a_free_port(home, settings)
    try:
        try:
            running.mesh("up", *options, timeout=_UP_SECONDS)
        except AssertionError as failed:
            # Somebody else may have taken it meanwhile.
            if f"port {running.port} is in use" not in str(failed):
                raise
            running = _at_a_free_port(home, settings)
            running.mesh("up", *options, timeout=_UP_SECONDS)
        yield running
    finally:
        running.mesh("down")


def _at_a_free_port(home: Path, settings: Mapping[str, str]) -> RunningMesh:
    port = free_port()
    return RunningMesh(home, port, {**os.environ, "MESH_HOME": str(home), "MESH_EDGE_PORT": str(port), **settings})
