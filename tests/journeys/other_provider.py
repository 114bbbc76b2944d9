"""The npm package `oidc-provider` as its lock file pins it, installed below `build/`, and run until a block ends."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

NPM, NODE = shutil.which("npm") or "", shutil.which("node") or ""
CLIENT_ID, CLIENT_SECRET = "rapport", "a secret of+both"
_SOURCE = Path(__file__).parent / "upstream_provider"
_BUILD = Path(__file__).parents[2] / "build"
_INSTALL_SECONDS = 120


def installed() -> Path:
    """The folder with the package, installed once for each lock file. Nothing of it runs while it is installed."""
    lock = (_SOURCE / "package-lock.json").read_bytes()
    folder = _BUILD / f"upstream-provider-{hashlib.sha256(lock).hexdigest()[:12]}"
    if not (folder / "node_modules").is_dir():
        made = folder.with_suffix(f".{os.getpid()}")
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(_SOURCE / name, made / name)
        command = [NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=made, timeout=_INSTALL_SECONDS, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"its packages cannot be had here: {done.stderr.strip().splitlines()[-1:]}")
        made.rename(folder)
    shutil.copy(_SOURCE / "provider.mjs", folder / "provider.mjs")
    return folder


@contextmanager
def other_provider(port: int, redirect_uri: str) -> Iterator[subprocess.Popen[str]]:
    """The provider on this port, for one client that people are sent back to at this address."""
    command = [NODE, "provider.mjs", str(port), redirect_uri]
    with subprocess.Popen(
        command, cwd=installed(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as running:
        try:
            assert running.stdout is not None
            assert any("listening" in line for line in running.stdout), "it did not start"
            yield running
        finally:
            running.kill()
