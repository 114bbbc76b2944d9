"""A developer saves a file: what it touches is replaced, soon and without a call lost, and nothing else is."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from mesh.testing.eventually import eventually
from tests.control.watched import TOLD, WITHIN, Watched

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
SECONDS = 2.0
# On a machine that others work on: of what it takes here and now to import what a service is made of. Where nobody
# does, that are 0.7 s.
IMPORTS = 2.8
SAVES = 5
PATH = '      post: "/oauth/token"\n      body: "form"\n'
ANOTHER = '      additional_bindings {post: "/oauth/tokens" body: "form"}\n'


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    made = Watched(tmp_path_factory.mktemp("watched"), "customers")
    try:
        made.says("watching")
        yield made
    finally:
        made.end()


def imported() -> float:
    """The seconds of an interpreter that imports what a service is made of."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "import mesh.runtime.process"], check=True)
    return time.monotonic() - began


@pytest.mark.shows("operation.dev")
def test_a_saved_change_answers_at_the_edge_within_two_seconds(watched: Watched) -> None:
    whole, before = watched.code.read_text(), watched.instances()
    took, imports = [], []
    for number in range(SAVES):
        took.append(watched.answers_anew(watched.code, whole.replace(TOLD, f"Saved {number}."), f"Saved {number}."))
        imports.append(imported())
    watched.answers_anew(watched.code, whole, TOLD)
    after, median = watched.instances(), statistics.median(took)
    print(f"\nfrom the save to no other answer: {took}; an import: {statistics.median(imports):.2f} s")
    assert median < max(SECONDS, IMPORTS * statistics.median(imports))
    kept = set(before.values()) & set(after.values())
    assert kept == {before[name] for name in before if name.startswith("customers-")}, "nothing of it was touched"


@pytest.mark.shows("operation.up-options")
def test_what_cannot_run_changes_nothing_and_is_told(watched: Watched) -> None:
    whole, before, place = watched.code.read_text(), watched.instances(), watched.place
    watched.code.write_text(whole + "\ndef broken(:\n")
    place = watched.says("nothing was restarted", watched.says(f"{watched.code}:", place))
    other = watched.root / "services" / "customers" / "tables.py"
    other.write_text(f"{other.read_text()}\n# changed meanwhile\n")
    place = watched.says("nothing was restarted", watched.says("customers/tables.py", place))
    watched.code.write_text(whole + "\nraise RuntimeError('at import')\n")
    watched.says("what served before serves on", watched.says("RuntimeError: at import", place))
    assert set(before.values()) <= set(watched.instances().values())
    watched.answers_anew(watched.code, whole, TOLD)
    watched.says("restarted users, customers in", place)


@pytest.mark.shows("operation.dev")
def test_a_control_plane_that_cannot_run_does_not_begin(watched: Watched) -> None:
    code, place, before = watched.root / "mesh" / "edge" / "routes.py", watched.place, watched.control()
    whole = code.read_text()
    code.write_text(whole + "\nraise RuntimeError('no routes')\n")
    place = watched.says("the one before it goes on", watched.says("RuntimeError: no routes", place))
    assert watched.control() == before
    with httpx.Client(base_url=watched.url, trust_env=False, timeout=30) as client:
        assert watched.ask(client) == (400, TOLD)
    code.write_text(whole + "\n# as it was\n")
    watched.says("restarted control in", place)
    assert watched.control() != before


@pytest.mark.shows("operation.dev")
def test_a_changed_contract_is_generated_and_served_and_a_broken_one_is_told(watched: Watched) -> None:
    contract = watched.root / "protos" / "rapport" / "users" / "v1" / "oauth_service.proto"
    agreed, place = contract.read_text(), watched.place
    control = watched.control()
    contract.write_text(f"{agreed}broken\n")
    watched.says("nothing was generated", place)
    with httpx.Client(base_url=watched.url, trust_env=False, timeout=30) as client:
        assert watched.ask(client, "/oauth/tokens")[0] == 404
        contract.write_text(
            agreed.replace(PATH, PATH + '      additional_bindings {post: "/oauth/tokens" body: "form"}\n')
        )
        eventually(lambda: watched.ask(client, "/oauth/tokens") == (400, TOLD), within=WITHIN, of="another path")
        assert watched.ask(client) == (400, TOLD)
    watched.says("control in", place)
    assert "/oauth/tokens" in httpx.get(f"{watched.url}/openapi.json").text
    assert watched.control() != control
