"""`mesh up`: starts the mesh in the background, waits until all of it serves, and says where."""

from __future__ import annotations

import errno
import platform
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.control import run_file
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from mesh.runtime.settings import Settings

HELP = "start the mesh on this machine and print its addresses"
_TICK = 0.05


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--replicas", type=int, default=1, metavar="N", help="instances per service (default: 1)")
    parser.add_argument("--no-demo", action="store_true", help="do not create the demo tenant")
    parser.add_argument("--timeout", type=float, default=120, metavar="S", help="seconds to wait (default: 120)")


def run(arguments: argparse.Namespace) -> int:
    """Start what does not run yet. A second time this changes nothing."""
    settings = read_settings()
    now = run_file.read(settings.home)
    if run_file.holder(settings.home) is None:
        problem = _unsupported() or _port_taken(settings)
        if problem:
            return _fail(problem)
        run_file.forget(settings.home)
        process = _start(settings, arguments.replicas)
    else:
        process = None
        if now and now.fingerprint != run_file.fingerprint(settings, arguments.replicas):
            return _fail(f"the mesh in {settings.home} runs with other settings; stop it first: mesh down")
    problem = _wait(settings, process, arguments.timeout)
    if problem:
        return _fail(problem)
    if not (arguments.no_demo or settings.production):
        from mesh.cli.seed import SeedError, seed

        try:
            seed(settings)
        except SeedError as error:
            return _fail(f"the mesh serves, but has no demo tenant: {error}")
    _summary(settings)
    return 0


def _fail(problem: str) -> int:
    print(f"mesh: {problem}", file=sys.stderr)
    return 1


def _unsupported() -> str:
    machine = platform.machine()
    if sys.platform == "linux" and machine in ("x86_64", "aarch64"):
        return ""
    return f"the embedded Envoy and Redis run on Linux (x86_64, aarch64); this is {platform.system()} on {machine}"


def _port_taken(settings: Settings) -> str:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.edge_host, settings.edge_port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"port {settings.edge_port} is in use; choose another one with MESH_EDGE_PORT"
            return f"the edge cannot listen on {settings.edge_host}:{settings.edge_port}: {error.strerror}"
    return ""


def _start(settings: Settings, replicas: int) -> subprocess.Popen[bytes]:
    """Start the control plane in a session of its own, so that it outlives the terminal."""
    log = _log(settings)
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_name("mesh.log.1"))
    with log.open("ab") as output:
        return subprocess.Popen(
            (sys.executable, "-m", "mesh.cli.main", "supervise", "--replicas", str(replicas)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def _wait(settings: Settings, process: subprocess.Popen[bytes] | None, timeout: float) -> str:
    """Wait until the mesh serves, printing what is there; what went wrong, or nothing."""
    deadline = time.monotonic() + timeout
    shown: Mapping[str, str] = {}
    while time.monotonic() < deadline:
        # In this order: a mesh that has ended cannot change its file any more.
        alive = run_file.holder(settings.home) is not None or (process is not None and process.poll() is None)
        now = run_file.read(settings.home)
        if now is not None and now.phase == run_file.SERVING and alive:
            return ""
        if now is not None and process is not None:
            shown = _progress(now, shown)
        if not alive:
            return now.error if now and now.error else _last_words(settings)
        time.sleep(_TICK)
    waiting = [f"{name} is {state}" for name, state in shown.items() if state not in ("serving", "healthy")]
    return f"the mesh did not serve within {timeout:g} s ({', '.join(waiting) or 'the edge waits'}); {_log(settings)}"


def _progress(now: run_file.Run, shown: Mapping[str, str]) -> Mapping[str, str]:
    states = {i.name: i.state for i in now.instances}
    for name, state in states.items():
        if state in ("serving", "healthy") and shown.get(name) != state:
            print(f"  {name} is up", flush=True)
    return states


def _last_words(settings: Settings) -> str:
    log = _log(settings)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:] if log.exists() else []
    return "\n".join(["the control plane ended. Its last words:", *lines, f"All of them: {log}"])


def _log(settings: Settings) -> Path:
    return settings.home / "logs" / "mesh.log"


def _summary(settings: Settings) -> None:
    """Where things are, and two calls to paste."""
    url, mesh = settings.edge_url, _shown(Path(sys.executable).parent / "mesh")
    address = url.partition("://")[2]
    trust = settings.edge_certificate / "tls.crt" if settings.edge_certificate else None
    cacert = f"--cacert {trust} " if trust else ""
    variables = "".join(f"{key}={value} " for key, value in _overrides(settings).items())
    token = f"$({variables}{mesh} token)"
    print(f"Rapport serves at {url}")
    print(f"  reference    {url}/docs")
    print(f"  OpenAPI      {url}/openapi.json")
    print(f"  health       {url}/healthz")
    print(f"  logs         {settings.home / 'logs'}")
    print("Try:")
    print(f'  curl -s {cacert}-H "authorization: Bearer {token}" "{url}/v1/contacts?page_size=3"')
    if not settings.production:
        grpcurl = _shown(Path(sys.executable).parent / "grpcurl")
        security = f"-cacert {trust}" if trust else "-plaintext"
        print(
            f'  {grpcurl} {security} -H "authorization: Bearer {token}" -d \'{{"page_size": 3}}\' {address} '
            "rapport.customers.v1.ContactService/ListContacts"
        )


def _overrides(settings: Settings) -> Mapping[str, str]:
    """The variables that a pasted command needs to find this mesh and not the default one."""
    usual = read_settings({})
    found = {}
    if settings.home != usual.home:
        found["MESH_HOME"] = str(settings.home)
    if settings.edge_port != usual.edge_port:
        found["MESH_EDGE_PORT"] = str(settings.edge_port)
    if settings.edge_certificate:
        found["MESH_EDGE_CERTIFICATE"] = str(settings.edge_certificate)
    return found


def _shown(path: Path) -> str:
    """A path as people type it here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
