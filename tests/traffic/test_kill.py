"""Kill -9 of one of three instances under load: reads are answered, writes are answered or may be sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mesh.testing.eventually import eventually
from mesh.testing.outage import kill, pid_of
from mesh.testing.traffic import traffic
from tests.traffic.conftest import check_kept

if TYPE_CHECKING:
    from mesh.testing.running import RunningMesh
    from mesh.testing.traffic import Result
    from tests.traffic.conftest import Form

KILLS = 2
# What a caller is told of a call that nobody knows the end of, or that nobody began.
MAY_BE_SENT_AGAIN = {"UNAVAILABLE", "DISCONNECTED"}


def healthy(mesh: RunningMesh, name: str) -> bool:
    return any(i["name"] == name and i["state"] == "healthy" for i in mesh.instances())


def killed(mesh: RunningMesh, form: Form, name: str) -> Result:
    """What became of the calls while instances were killed, one after the other."""
    with traffic(mesh, **form.terms, repeats=5, name=form.named(name)) as load:
        for number in range(KILLS):
            victim = f"{('customers', 'users')[number % 2]}-{number + 1}"
            before = pid_of(mesh, victim)
            kill(mesh, victim)
            eventually(
                lambda v=victim, b=before: pid_of(mesh, v) not in (0, b) and healthy(mesh, v), within=60, of=victim
            )
    print(f"\n{load.result}")
    return load.result


@pytest.mark.shows("operation.kill")
def test_reads_are_answered_and_writes_can_be_repeated_while_one_of_three_is_killed(
    mesh: RunningMesh, form: Form
) -> None:
    result = killed(mesh, form, "kill")

    assert not result.failures
    assert all(attempt.kind.endswith("create") for attempt in result.repeated), "reads need no second call"
    assert {attempt.code for attempt in result.repeated} <= MAY_BE_SENT_AGAIN
    check_kept(mesh, result, form.named("kill"))
