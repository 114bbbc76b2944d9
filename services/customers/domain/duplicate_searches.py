"""The rules of searches for duplicates, and of the pairs that they find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.customers.v1 import resources_pb2

from mesh.contract.failure import invalid
from services.customers.domain.duplicate_levels import LEVELS
from services.customers.domain.texts import tidy_fields

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from services.customers.domain.duplicate_model import Evidence

MOST_PAIRS = 100_000
_CUSTOM = "custom."


def decide_search(
    before: resources_pb2.DuplicateSearch | None, after: resources_pb2.DuplicateSearch, custom_keys: Container[str]
) -> resources_pb2.DuplicateSearch:
    """A search as it will be kept. `custom_keys` are those of the tenant's own fields.

    Raises:
        Failure: INVALID_ARGUMENT on a field that stands twice or that the tenant does not have.
    """
    tidy_fields(after, "display_name")
    if before is None:
        for number, key in enumerate(identifying(after)):
            if f"{_CUSTOM}{key}" in after.identifying_fields[:number]:
                raise invalid(f"identifying_fields[{number}]", "stands twice")
            if key not in custom_keys:
                raise invalid(f"identifying_fields[{number}]", "is no field of contacts")
    return after


def decide_pair(
    before: resources_pb2.DuplicatePair | None, after: resources_pb2.DuplicatePair, facts: object
) -> resources_pb2.DuplicatePair:
    """A pair is kept as it is."""
    del before, facts
    return after


def identifying(search: resources_pb2.DuplicateSearch) -> list[str]:
    """The keys of the custom fields that tell who somebody is."""
    return [name.removeprefix(_CUSTOM) for name in search.identifying_fields]


def told(evidence: Iterable[Evidence], *, values: bool) -> list[resources_pb2.DuplicateEvidence]:
    """Evidence as it is told, with or without the values that were compared."""
    return [
        resources_pb2.DuplicateEvidence(
            field=each.agreement.field,
            level=resources_pb2.DuplicateLevel.ValueType(LEVELS.index(each.agreement.level) + 1),
            weight=each.weight,
            value=each.agreement.one if values else "",
            other_value=each.agreement.other if values else "",
        )
        for each in evidence
    ]
