"""`mesh canary`: one more process, with code of its own, gets its share of the calls and gives it back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mesh.control import fleet, run_file
from mesh.testing.outage import pid_of
from mesh.testing.traffic import traffic

if TYPE_CHECKING:
    from mesh.testing.running import RunningMesh
    from tests.traffic.conftest import Form

CODE = Path(__file__).resolve().parents[2]
CANARY = "customers-canary-1"
PERCENT = 20


def calls(mesh: RunningMesh) -> dict[str, float]:
    """The calls that each instance of customers has answered, health aside."""
    now = run_file.read(mesh.home)
    assert now is not None
    found: dict[str, float] = {}
    for line in fleet.scrape(now.metrics_port).splitlines():
        if line.startswith("rapport_calls_total") and (name := re.search(r'instance="(customers-[^"]+)"', line)):
            found[name[1]] = found.get(name[1], 0) + float(line.rsplit(" ", 1)[1])
    return found


@pytest.mark.shows("operation.canary")
def test_a_canary_with_code_of_its_own_gets_its_share_and_no_call_fails(
    mesh: RunningMesh, form: Form, tmp_path: Path
) -> None:
    for part in ("mesh", "services", "gen"):
        (tmp_path / part).symlink_to(CODE / part)
    with traffic(mesh, **form.terms, name=form.named("canary")) as load:
        mesh.mesh("canary", "customers", "--weight", str(PERCENT), "--with", str(tmp_path), timeout=120)
        before, began = calls(mesh), load.now
        environment = Path(f"/proc/{pid_of(mesh, CANARY)}/environ").read_bytes().decode()
        while load.now < began + form.seconds:
            mesh.instances()
        after = calls(mesh)
        mesh.mesh("canary", "customers", "--end", timeout=120)
    got = {name: after[name] - before.get(name, 0) for name in after}
    share = got[CANARY] / sum(got.values())
    print(f"\n{PERCENT} % wanted, {share:.1%} of {sum(got.values()):.0f} calls; {load.result}")

    assert not load.result.failures
    assert f"PYTHONPATH={tmp_path}:{tmp_path}/gen" in environment
    assert PERCENT / 2 < share * 100 < PERCENT * 2
    assert pid_of(mesh, CANARY) == 0
