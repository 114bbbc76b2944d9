"""How well duplicates are found, on FEBRL files with a known truth: against fixed floors and recordlinkage."""

from __future__ import annotations

import pytest

from tests.services.linkage import half, ours, quality, recordlinkage_scores, threshold_of

# What a search reached when this was written, less a pair or two.
FLOORS = {"FEBRL 1": 0.996, "FEBRL 3": 0.999}


@pytest.mark.shows("duplicates.quality")
@pytest.mark.parametrize("name", FLOORS)
def test_a_search_finds_what_is_there_twice(name: str) -> None:
    first, second = half(name, 0), half(name, 1)
    fitted, found = ours(first, second)
    at_default = quality(found, 0, second.truth)
    at_best = quality(found, threshold_of(fitted, first.truth), second.truth)
    print(f"{name}: {at_default} F1 {at_default.f1:.4f} by default, {at_best} F1 {at_best.f1:.4f}")
    assert min(at_default.f1, at_best.f1) >= FLOORS[name]
    if name == "FEBRL 1":
        taught, theirs = recordlinkage_scores(first, second)
        assert at_best.f1 >= quality(theirs, threshold_of(taught, first.truth), second.truth).f1
