"""What is generated is what the contracts say, what is locked is pinned, and no file knows where it was written."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet, MethodOptions
from rapport.policy.v1 import policy_pb2

from scripts import gen
from tests.hygiene.sources import ROOT, Source, sources

if TYPE_CHECKING:
    from pathlib import Path

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock")
MACHINE = re.compile(r"(?<![\w.~-])/(?:work|root|home|Users|farm|mnt|tmp)/[\w.]")
REGISTRY = re.compile(
    "|".join(("pypi" + r"\.org", "python" + r"hosted\.org", "(?<!emit-)index" + "-url", "registry" + r"\.npm"))
)
REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]+\])?==[^\s;]+")


def test_generated_files_are_what_the_protos_say() -> None:
    found = subprocess.run(
        [sys.executable, "scripts/gen.py", "--check"], cwd=ROOT, check=False, capture_output=True, text=True
    )

    assert found.returncode == 0, found.stderr


def test_an_edited_generated_file_is_found(tmp_path: Path) -> None:
    for name in ("left", "right"):
        (tmp_path / name / "rapport").mkdir(parents=True)
        (tmp_path / name / "rapport" / "a_pb2.py").write_text("A = 1\n")
    (tmp_path / "right" / "rapport" / "a_pb2.py").write_text("A = 2\n")
    (tmp_path / "left" / "new.json").touch()
    (tmp_path / "right" / "old.json").touch()

    assert gen.differences(tmp_path / "left", tmp_path / "right") == ["new.json", "old.json", "rapport/a_pb2.py"]


def policy_faults(files: FileDescriptorSet) -> list[str]:
    """Methods whose behaviour nobody has decided."""
    methods = ((f.package, s, m) for f in files.file for s in f.service for m in s.method)
    return [
        f"{package}.{service.name}/{method.name} has no policy"
        for package, service, method in methods
        if not MethodOptions.FromString(method.options.SerializeToString()).HasExtension(policy_pb2.policy)
    ]


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> FileDescriptorSet:
    """The present protos."""
    target = tmp_path_factory.mktemp("image") / "image.binpb"
    gen.write_image(target)
    return FileDescriptorSet.FromString(target.read_bytes())


def test_every_method_has_a_policy(image: FileDescriptorSet) -> None:
    assert sum(len(service.method) for file in image.file for service in file.service) > 0
    assert policy_faults(image) == []


def test_a_method_without_a_policy_is_found(image: FileDescriptorSet) -> None:
    planted = FileDescriptorSet.FromString(image.SerializeToString())
    service = next(service for file in planted.file for service in file.service)
    service.method[0].ClearField("options")

    assert len(policy_faults(planted)) == 1


def lock_faults(text: str) -> list[str]:
    """Requirements that are not pinned, or pinned without the hashes of their files."""
    joined = text.replace("\\\n", " ")
    lines = [line.strip() for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [line[:60] for line in lines if not REQUIREMENT.match(line) or "--hash=sha256:" not in line]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes(name: str) -> None:
    text = (ROOT / name).read_text()

    assert "==" in text
    assert lock_faults(text) == []


@pytest.mark.parametrize(
    "line", ["grpcio==1.85.1\n", "grpcio>=1.85 --hash=sha256:00\n", "--index" + "-url https://a\n"]
)
def test_a_package_without_pin_or_hash_is_found(line: str) -> None:
    assert len(lock_faults(line)) == 1


def normal(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_declared_package_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["embedded"]]
    every = {"requirements.lock": declared}
    every["requirements-dev.lock"] = declared + project["optional-dependencies"]["dev"]
    every["requirements-bench.lock"] = project["dependencies"] + project["optional-dependencies"]["bench"]
    missing = []
    for lock, requirements in every.items():
        locked = {normal(m[1]) for line in (ROOT / lock).read_text().splitlines() if (m := REQUIREMENT.match(line))}
        names = [re.split(r"[\[<>=!~; ]", requirement)[0] for requirement in requirements]
        missing += [f"{lock} lacks {name}" for name in names if normal(name) not in locked]

    assert missing == []


def origin_faults(source: Source) -> list[str]:
    """Paths of one machine, and hosts of registries, which every machine chooses for itself."""
    found = [*MACHINE.findall(source.text), *REGISTRY.findall(source.text)]
    return [f"{source.path} names {name}" for name in found]


def test_no_file_names_a_machine_or_a_registry() -> None:
    faults = [fault for source in sources() for fault in origin_faults(source)]

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("text", ["cd /" + "work/main", "'/" + "tmp/mesh.log'", "https://files.python" + "hosted.org/"])
def test_a_planted_path_or_host_is_found(text: str) -> None:
    assert len(origin_faults(Source("docs/a.md", text))) == 1


def test_a_relative_path_passes() -> None:
    assert origin_faults(Source("docs/a.md", "services/work/a, ~/tmp/b, .mesh/tmp/c")) == []
