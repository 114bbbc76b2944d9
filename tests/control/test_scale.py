"""What runs is changed while calls go on: more processes, fewer, all of them replaced, and their certificates."""

from __future__ import annotations

import datetime
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from mesh.testing.callers import callers
from mesh.testing.eventually import eventually
from mesh.testing.planted import planted
from mesh.testing.running import RunningMesh, running_mesh

if TYPE_CHECKING:
    from collections.abc import Iterator


IDENTITIES = ("control", "edge", "customers", "users")
# Certificates that live for seconds, and are looked at every second.
SHORT_LIVED = (
    ("mesh.control.plane", "_RENEW_EVERY = 1.0"),
    ("mesh.control.certificates", "Authority.renew.__kwdefaults__['life'] = datetime.timedelta(seconds=40)"),
)


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMesh]:
    folder = tmp_path_factory.mktemp("scale")
    settings = planted(folder / "planted", *SHORT_LIVED[0], *SHORT_LIVED[1:])
    with running_mesh(folder / "home", **settings) as running:
        yield running


def certificates(mesh: RunningMesh) -> list[x509.Certificate]:
    """What everyone proves who they are with now."""
    files = [mesh.home / "certs" / name / "tls.crt" for name in IDENTITIES]
    return [x509.load_pem_x509_certificate(file.read_bytes()) for file in files]


def expired(certificate: x509.Certificate) -> bool:
    return certificate.not_valid_after_utc < datetime.datetime.now(datetime.UTC)


def serving(mesh: RunningMesh) -> dict[str, int]:
    """The process ids of what serves, by name."""
    return {row["name"]: row["pid"] for row in mesh.instances() if row["state"] == "healthy"}


def command(mesh: RunningMesh, *words: str) -> subprocess.CompletedProcess[str]:
    whole = [sys.executable, "-m", "mesh.cli.main", *words]
    return subprocess.run(whole, env=dict(mesh.environment), capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.shows("operation.supervision")
def test_more_and_fewer_processes_and_all_of_them_replaced_without_a_failed_call(mesh: RunningMesh) -> None:
    first = certificates(mesh)
    with callers(mesh) as told:
        said = mesh.mesh("scale", "customers=3", timeout=120)
        assert said.count(" serves\n") == 2
        assert len([name for name in serving(mesh) if name.startswith("customers-")]) == 3
        told.goes_on()

        before = serving(mesh)
        mesh.mesh("restart", timeout=240)
        after = serving(mesh)
        assert len(after) == len(before)
        assert not set(after.values()) & set(before.values())
        told.goes_on()

        eventually(lambda: all(map(expired, first)), within=60, of="the end of the first certificates")
        said = mesh.mesh("scale", "users=2", timeout=120)
        assert said.count(" serves\n") == 1
        told.goes_on()

        said = mesh.mesh("up", "--replicas", "customers=1", "--replicas", "users=1", timeout=120)
        assert said.count(" has ended\n") == 3
        assert "has ended" not in mesh.mesh("up", timeout=120)
        assert len([name for name in serving(mesh) if name.startswith("customers-")]) == 1
        told.goes_on()

    assert told.failures == []
    assert not any(map(expired, certificates(mesh)))


def test_what_cannot_be_scaled_is_told_in_one_line(mesh: RunningMesh) -> None:
    unknown = command(mesh, "scale", "nobody=2")
    assert (unknown.returncode, unknown.stderr.count("\n")) == (1, 1)
    assert "nobody does not run here" in unknown.stderr
    assert command(mesh, "scale", "customers=0").returncode == 2


def test_without_a_mesh_there_is_nothing_to_scale(tmp_path_factory: pytest.TempPathFactory) -> None:
    nowhere = RunningMesh(tmp_path_factory.mktemp("none"), 1, {"PATH": "", "MESH_HOME": "/nonexistent"})
    assert command(nowhere, "restart").returncode == 3
