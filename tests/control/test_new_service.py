"""`mesh new-service` in a copy of this checkout: what it writes is formatted, typed, lawful and serves, unedited."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mesh.scaffold.names import NameRefused, names, plural_of, singular_of
from tests.hygiene.sources import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


class Checkout:
    """A copy of the files that this checkout is made of."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listed = self.run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", folder=ROOT)
        for path in filter(None, listed.split("\0")):
            if (ROOT / path).is_file():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / path, folder / path)
        if (ROOT / ".mypy_cache").is_dir():  # what was typed before need not be typed again
            shutil.copytree(ROOT / ".mypy_cache", folder / ".mypy_cache")
        self.run("git", "init", "-q")
        self.run("git", "add", "-A")

    def run(self, *command: str, folder: Path | None = None) -> str:
        """The output of a command that must end well."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MESH_", "PYTEST_"))}
        programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = {**kept, "PATH": programs, "PYTHONPATH": f"{self.folder}:{self.folder / 'gen'}"}
        done = subprocess.run(
            command, cwd=folder or self.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout[-6000:]}{done.stderr[-3000:]}"
        return done.stdout

    def mesh(self, *arguments: str) -> str:
        return self.run(sys.executable, "-m", "mesh.cli.main", *arguments)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    made = Checkout(tmp_path_factory.mktemp("checkout"))
    made.mesh("new-service", "projects")
    made.run(sys.executable, "scripts/gen.py")
    yield made
    shutil.rmtree(made.folder)


@pytest.mark.shows("operation.new-service")
def test_a_new_service_is_formatted_and_typed_and_its_contract_is_in_order(checkout: Checkout) -> None:
    checkout.run("ruff", "check", ".")
    checkout.run("ruff", "format", "--check", ".")
    checkout.run("buf", "lint", "build/image.binpb", "--config", "buf.yaml", "--path", "rapport")
    checkout.run("mypy", "services/projects")
    checkout.run(sys.executable, "scripts/contract_diff.py")


@pytest.mark.shows("operation.new-service")
def test_a_new_service_keeps_the_rules_of_the_house(checkout: Checkout) -> None:
    told = checkout.run(sys.executable, "-m", "pytest", "-q", "tests/hygiene", "tests/services/test_projects_rules.py")

    assert "passed" in told


@pytest.mark.shows("operation.new-service")
def test_every_method_of_a_new_service_has_every_property_on_both_engines(checkout: Checkout) -> None:
    told = checkout.run(sys.executable, "-m", "pytest", "-q", "tests/contract/test_matrix.py", "-k", "Project")

    assert "sqlite" in told
    assert "postgresql" in told
    assert "projects CreateProject" in told


def test_a_service_that_is_there_is_not_written_over(checkout: Checkout) -> None:
    with pytest.raises(AssertionError, match="there is projects already"):
        checkout.mesh("new-service", "projects")
    with pytest.raises(AssertionError, match="another service has the collection contacts"):
        checkout.mesh("new-service", "people", "--resource", "Contact")


@pytest.mark.parametrize("service", ["Projects", "p", "class", "users", "two-words", "policy", "ä"])
def test_a_name_that_cannot_be_one_is_refused(service: str) -> None:
    with pytest.raises(NameRefused):
        names(service, "", "", services={"users"}, prefixes=())


@pytest.mark.parametrize(
    ("prefix", "resource"), [("con", "Project"), ("p1", "Project"), ("", "project"), ("", "X" * 30)]
)
def test_a_resource_or_prefix_that_cannot_be_one_is_refused(prefix: str, resource: str) -> None:
    with pytest.raises(NameRefused):
        names("projects", resource, prefix, services=(), prefixes={"con"})


def test_the_prefix_of_ids_is_one_that_nobody_has() -> None:
    assert names("contacts", "", "", services=(), prefixes={"con"}).prefix == "cnt"


def test_names_of_several_words_are_spelt_as_each_place_wants_them() -> None:
    tokens = names("success", "SupportCity", "", services=(), prefixes=()).tokens()

    assert tokens["things"] == "support_cities"
    assert tokens["collection"] == "support-cities"
    assert tokens["Things"] == "SupportCities"
    assert (tokens["THING"], tokens["words"]) == ("SUPPORT_CITY", "support cities")
    assert (plural_of("Key"), plural_of("Box"), singular_of("boxes"), singular_of("policies")) == (
        "Keys", "Boxes", "box", "policy",
    )  # fmt: skip
