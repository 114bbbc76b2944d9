"""What runs is changed under load: more and fewer instances, all of them replaced, the edge replaced. No call fails."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from mesh.testing.eventually import eventually
from mesh.testing.outage import pid_of
from mesh.testing.traffic import traffic
from tests.traffic.conftest import LONG, check_kept

if TYPE_CHECKING:
    from mesh.testing.postgres import PostgresServer
    from mesh.testing.running import RunningMesh
    from mesh.testing.traffic import Result
    from tests.traffic.conftest import Form


def told(mesh: RunningMesh, form: Form, name: str, *commands: tuple[str, ...]) -> Result:
    """What became of the calls while these commands were carried out."""
    with traffic(mesh, **form.terms, name=form.named(name)) as load:
        for command in commands:
            mesh.mesh(*command, timeout=300)
            print(f"\n{load.now:.1f} s: mesh {' '.join(command)}")
    print(load.result)
    check_kept(mesh, load.result, form.named(name))
    return load.result


@pytest.mark.shows("operation.scale")
def test_no_call_fails_while_a_service_is_scaled_from_one_to_four_and_back(
    stores: tuple[RunningMesh, PostgresServer], form: Form
) -> None:
    result = told(stores[0], form, "scale", ("scale", "customers=4"), ("scale", "customers=1"))

    assert not result.failures


@pytest.mark.shows("operation.envoy", "operation.rolling")
def test_no_call_fails_while_the_edge_and_every_instance_are_replaced(mesh: RunningMesh, form: Form) -> None:
    before = {i["name"]: i["pid"] for i in mesh.instances()}
    result = told(mesh, form, "roll", ("restart",))
    after = {i["name"]: i["pid"] for i in mesh.instances()}

    assert not result.failures
    assert {name for name, pid in before.items() if pid in after.values()} == {"control", "redis", "mail"}


@pytest.mark.parametrize("form", LONG, indirect=True)
def test_no_call_fails_while_the_edge_alone_is_replaced_twice(mesh: RunningMesh, form: Form) -> None:
    before = pid_of(mesh, "edge")
    result = told(mesh, form, "edge", ("restart", "edge"), ("restart", "edge"))

    assert not result.failures
    assert pid_of(mesh, "edge") != before


def test_an_edge_that_is_merely_ended_and_started_again_fails_calls(mesh: RunningMesh) -> None:
    """The planted fault: what the hot restart is there for."""
    with traffic(mesh, rate=50, seconds=3, name="cold") as load:
        before = pid_of(mesh, "edge")
        os.kill(before, signal.SIGTERM)
        eventually(lambda: pid_of(mesh, "edge") not in (0, before), within=30, of="another edge")
    assert load.result.failures
