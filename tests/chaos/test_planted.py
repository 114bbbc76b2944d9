"""Faults planted in the product: each is found by a seed, so that a quiet suite means a sound product.

One mesh holds all of them; a file says which one is awake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.chaos.arena import Arena, arena
from tests.chaos.schedule import schedule
from tests.chaos.trial import trial

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.timeout(180)
_AWAKE = """
import pathlib as _pathlib
def _awake(name, _file=_pathlib.Path({file!r})):
    return _file.read_text() == name
"""
_OUTBOX = """
_all = _put
def _put(transaction, how, event, *, due_us, name):
    if event.sequence % 3 != 2 or not _awake("no event"):
        _all(transaction, how, event, due_us=due_us, name=name)
"""
_REQUEST_IDS = """
_take, _replay = take, replay
def take(commit):
    if not _awake("no request ids"):
        _take(commit)
def replay(call):
    if not _awake("no request ids"):
        _replay(call)
"""
_TENANT = """
from mesh.store import statement as _statements
_one, _leaks = Resource.one, {}
def _any(self, sight):
    if not _awake("no tenant"):
        return _one(self, sight)
    if self not in _leaks:
        check, _statements.check_fence = _statements.check_fence, lambda core: True
        chosen = select(*read_columns(self.table, self.message)).where(self.table.c.id == bindparam("id"))
        _leaks[self] = Statement(chosen, name="leaky")
        _statements.check_fence = check
    return _leaks[self]
Resource.one = _any
"""
_COMMIT = """
_commit = SqliteSession.commit
def _sometimes(self, deferred, check):
    kept = any(each.statement.name == "keep reply" for each in deferred)
    if kept and hash(str(deferred)) % 8 == 0 and _awake("no commit"):
        self.rollback()
    else:
        _commit(self, deferred, check)
SqliteSession.commit = _sometimes
"""
_ETAG = """
_check = check_etag
def check_etag(given, version):
    if not _awake("no etag"):
        _check(given, version)
"""
PLANTED = (
    ("mesh.events.outbox", _OUTBOX),
    ("mesh.runtime.idempotency", _REQUEST_IDS),
    ("mesh.resource.resource", _TENANT),
    ("mesh.store.sqlite", _COMMIT),
    ("mesh.resource.writing", _ETAG),
)
# What is asleep otherwise, the rules that may find it, and under which seed.
FOUND = {
    "no event": ({"audit", "feed"}, 1),
    "no request ids": ({"twice"}, 2),
    "no tenant": ({"tenants"}, 3),
    "no commit": ({"lost"}, 4),
    "no etag": ({"etags"}, 6),
}
_CATCHES_UP = 4.0


@pytest.fixture(scope="module")
def switch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("switch") / "awake"
    file.write_text("")
    return file


@pytest.fixture(scope="module")
def faulty(switch: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    awake = _AWAKE.format(file=str(switch))
    planted = tuple((module, awake + source) for module, source in PLANTED)
    with arena(tmp_path_factory.mktemp("faulty"), engine="sqlite", faults=planted) as running:
        yield running


@pytest.mark.parametrize("fault", FOUND)
def test_a_planted_fault_is_found_by_its_seed(faulty: Arena, switch: Path, fault: str) -> None:
    rules, seed = FOUND[fault]
    switch.write_text(fault)
    try:
        found = trial(faulty, schedule(seed), within=_CATCHES_UP, prefix="p")
    finally:
        switch.write_text("")
    print(*found[:10], sep="\n")
    assert {each.partition(":")[0] for each in found} & rules
