"""Seeds of faults, each under clients of two companies whose whole history is judged afterwards.

Twenty in brief with all suites, longer ones by `make chaos SEEDS=100 FROM=21`. One that fails prints its schedule
and the command that replays it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.chaos.arena import Arena, arena
from tests.chaos.schedule import BRIEF, schedule
from tests.chaos.trial import trial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chaos.schedule import Schedule

# Nearly all of it is for machines where many do much at once.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def broken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    with arena(tmp_path_factory.mktemp(request.param), engine=request.param) as running:
        yield running


def judge(broken: Arena, plan: Schedule) -> None:
    found = trial(broken, plan)
    assert not found, "\n".join([str(plan), *found[:20]])


@pytest.mark.chaos
def test_nothing_is_lost_doubled_mixed_up_or_forgotten(broken: Arena, seed: int) -> None:
    judge(broken, schedule(seed))


@pytest.mark.shows("operation.chaos")
def test_nothing_is_lost_doubled_mixed_up_or_forgotten_in_brief(broken: Arena, seed: int) -> None:
    judge(broken, schedule(seed).within(BRIEF))
