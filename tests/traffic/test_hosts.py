"""The mesh over several hosts, in a process of its own.

A process that enters a network namespace leaves threads there: those that gRPC starts meanwhile serve any channel.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mesh.testing.hosts import unavailable

SUITE = Path(__file__).with_name("over_hosts.py")
_SECONDS = 600


@pytest.mark.shows("operation.hosts")
@pytest.mark.slow
@pytest.mark.timeout(_SECONDS + 60)
def test_the_mesh_over_three_hosts_one_cut_off_and_joined_again(tmp_path: Path) -> None:
    if reason := unavailable():
        pytest.skip(reason)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:randomly",
        "--tb=native",
        f"--basetemp={tmp_path / 'of'}",
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [*command, str(SUITE)], env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "4 passed" in done.stdout
