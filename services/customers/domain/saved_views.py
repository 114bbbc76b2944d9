"""The rules of saved views: a name, and a list that there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapport.customers.v1 import resources_pb2

from mesh.contract.failure import Failure, invalid
from services.customers.domain.texts import tidy

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@dataclass(frozen=True, slots=True)
class ViewFacts:
    """What a decision on a view rests on.

    caller_id: who asks. faults: by what is listed, field and its text, what is wrong with it; what is not there was not
    looked at. columns: by what is listed, the fields that can be shown.
    """

    caller_id: str
    faults: Mapping[tuple[int, str, str], str]
    columns: Mapping[int, Collection[str]]


def decide_view(
    before: resources_pb2.SavedView | None, after: resources_pb2.SavedView, facts: ViewFacts
) -> resources_pb2.SavedView:
    """The view as it will be kept. What stays as it was is not looked at again: its fields may be gone since.

    Raises:
        Failure: VIEW_UNNAMED; INVALID_ARGUMENT for a filter, an order or a column that the list does not take.
    """
    if before is None:
        after.owner_id = facts.caller_id
    if not after.resource:
        raise invalid("resource", "is missing")
    after.display_name = tidy(after.display_name)
    if not after.display_name:
        raise Failure("VIEW_UNNAMED", fields={"display_name": "is empty"})
    after.sharing = after.sharing or resources_pb2.SHARING_PRIVATE
    for name in ("filter", "order_by"):
        text = getattr(after, name)
        fault = facts.faults.get((after.resource, name, text), "")
        if fault and (before is None or text != getattr(before, name)):
            raise invalid(name, fault)
    had = () if before is None else before.columns
    for number, column in enumerate(after.columns):
        if column in after.columns[:number]:
            raise invalid(f"columns[{number}]", "stands twice")
        if column not in had and column not in facts.columns.get(after.resource, ()):
            raise invalid(f"columns[{number}]", "is no field of what is listed")
    return after
