"""`mesh up`: starts the mesh in the background, waits until all of it serves, and says where."""

from __future__ import annotations

import errno
import platform
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from mesh.cli import choice, ordering, place
from mesh.control import run_file
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from pathlib import Path

    from mesh.control.wanted import Wanted
    from mesh.runtime.settings import Settings

EXAMPLES = ("mesh up", "mesh up --replicas 2 --no-demo")
_TICK = 0.05


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    choice.configure(parser)
    parser.add_argument("--watch", action="store_true", help="stay, and restart what a change of code touches")
    parser.add_argument("--no-demo", action="store_true", help="do not create the demo tenant")
    parser.add_argument("--timeout", type=float, default=120, metavar="S", help="seconds to wait (default: 120)")


def run(arguments: argparse.Namespace) -> int:
    """Start what does not run yet. A second time this changes nothing but the numbers that it names."""
    settings = read_settings()
    wanted = choice.wanted(arguments)
    now = run_file.read(settings.home)
    if run_file.holder(settings.home) is None:
        problem = _unsupported() or _half_restored(settings) or _port_taken(settings)
        if problem:
            return _fail(problem)
        run_file.forget(settings.home)
        process = _start(settings, wanted)
    else:
        process = None
        if now and now.fingerprint != run_file.fingerprint(settings, wanted):
            return _fail(f"the mesh in {settings.home} runs with other settings; stop it first: mesh down")
    try:
        problem = _wait(settings, process, arguments.timeout)
    except KeyboardInterrupt:
        return _undone(process)
    if problem:
        return _fail(problem)
    if process is None:
        _rescale(settings, wanted, dict(arguments.replicas))
    if not (arguments.no_demo or settings.production) and (problem := _demo(settings)):
        return _fail(problem)
    _summary(settings)
    if arguments.watch:
        return _watch(wanted, process)
    return 0


def _demo(settings: Settings) -> str:
    from mesh.cli.demo import DemoError, create

    try:
        create(settings)
    except DemoError as error:
        return f"the mesh serves, but has no demo tenant: {error}"
    return ""


def _watch(wanted: Wanted, process: subprocess.Popen[bytes] | None) -> int:
    from mesh.cli.watching import watch

    try:
        watch(wanted)
    except KeyboardInterrupt:
        return _undone(process)


def _rescale(settings: Settings, wanted: Wanted, named: Mapping[str, int]) -> None:
    """Bring a mesh that runs already to the numbers that this command names; an empty name stands for all."""
    now = run_file.read(settings.home)
    units = wanted.units if "" in named else {unit: wanted.units[unit] for unit in named}
    if now is not None and {**now.wanted["units"], **units} != now.wanted["units"]:
        ordering.give("scale", {"units": dict(units)})


def _undone(process: subprocess.Popen[bytes] | None) -> int:
    """End what this command has started, as Ctrl-C asks for; a mesh that ran before runs on."""
    if process is not None:
        print("\nending the mesh", flush=True)
        process.terminate()
        process.wait()
    return 130


def _fail(problem: str) -> int:
    print(f"mesh: {problem}", file=sys.stderr)
    return 1


def _unsupported() -> str:
    machine = platform.machine()
    if sys.platform == "linux" and machine in ("x86_64", "aarch64"):
        return ""
    return f"the embedded Envoy and Redis run on Linux (x86_64, aarch64); this is {platform.system()} on {machine}"


def _half_restored(settings: Settings) -> str:
    archive = run_file.restoring(settings.home)
    return f"a restore was interrupted half-way; do it again: mesh restore {archive}" if archive else ""


def _port_taken(settings: Settings) -> str:
    edge = _taken("the edge", settings.edge_host, settings.edge_port, "MESH_EDGE_PORT")
    return edge or _taken("the control plane", settings.host, settings.control_port, "MESH_CONTROL_PORT")


def _taken(who: str, host: str, port: int, variable: str) -> str:
    """Why nobody can listen there now, or nothing."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"port {port} is in use; choose another one with {variable}"
            return f"{who} cannot listen on {host}:{port}: {error.strerror}"
    return ""


def _start(settings: Settings, wanted: Wanted) -> subprocess.Popen[bytes]:
    """Start the control plane in a session of its own, so that it outlives the terminal."""
    log = _log(settings)
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_name("mesh.log.1"))
    with log.open("ab") as output:
        return subprocess.Popen(
            (sys.executable, "-m", "mesh.cli.main", "supervise", *choice.as_arguments(wanted)),
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
        if now is not None and now.phase == run_file.SERVING and alive and run_file.runs(now.pid):
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
    url = settings.edge_url
    address = url.partition("://")[2]
    trust = settings.edge_certificate / "tls.crt" if settings.edge_certificate else None
    cacert = f"--cacert {trust} " if trust else ""
    token = f"$({place.command(settings, 'token')})"
    print(f"Rapport serves at {url}")
    print(f"  reference    {url}/docs")
    print(f"  OpenAPI      {url}/openapi.json")
    print(f"  health       {url}/healthz")
    print(f"  logs         {settings.home / 'logs'}")
    now = run_file.read(settings.home)
    for each in now.instances if now else ():
        if each.debugger:
            print(f"  debugger     {each.name} listens for one at 127.0.0.1:{each.debugger} (debugpy)")
    print("Try:")
    print(f'  curl -s {cacert}-H "authorization: Bearer {token}" "{url}/v1/contacts?page_size=3"')
    if not settings.production:
        grpcurl = place.program("grpcurl")
        security = f"-cacert {trust}" if trust else "-plaintext"
        print(
            f'  {grpcurl} {security} -H "authorization: Bearer {token}" -d \'{{"page_size": 3}}\' {address} '
            "rapport.customers.v1.ContactService/ListContacts"
        )
