"""The tree that companies make: who stands below whom, also where several become one, and several again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.customers.v1 import resources_pb2
from sqlalchemy import bindparam, select

from mesh.contract.masks import apply_mask
from mesh.resource import merged
from mesh.resource.merging import Beside
from mesh.resource.writing import Facts, change
from mesh.store.statement import TENANT, Statement, any_of, upsert
from mesh.store.tables import TEXT
from services.customers.domain.companies import MAX_DEPTH, CompanyFacts, check_height, check_place
from services.customers.domain.merging import place_of
from services.customers.tables import companies, company_turns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Write

_TURN = upsert(company_turns, key=["name"], set=["taken"], name="take turn of companies")
_PARENT = Statement(
    select(companies.c.parent_id).where(companies.c.tenant_id == TENANT, companies.c.id == bindparam("id", type_=TEXT)),
    name="parent of company",
)
_BELOW = Statement(
    select(companies.c.id)
    .where(companies.c.tenant_id == TENANT, any_of(companies.c.parent_id, "ids"), companies.c.delete_time.is_(None))
    .limit(10_000),
    name="companies below",
)


def keep_place(write: Write, before: resources_pb2.Company | None, after: resources_pb2.Company) -> None:
    """Refuse a place in the tree as it is now that is none.

    Places that come of a merge, or of its undoing, are looked at as a whole, see Hierarchy. What an undoing brings back
    behind that stands below none where it would come to stand below itself.

    Raises:
        Failure: as the rule.
    """
    if not after.parent_id or after.HasField("delete_time"):
        return
    back = before is not None and before.HasField("delete_time")
    if before is not None and before.parent_id == after.parent_id and not back:
        return
    if write.inherited:
        # Only who undoes has entered and does not hold the tree; a merge that goes on leads to where all can stand.
        if take_turn in write.known and Hierarchy not in write.known:
            _stay_below_others(write, after)
        return
    take_turn(write)
    above = above_of(write.read, after.parent_id)
    check_place(after.id, above, _height(write.read, [after.id]) if before is not None else 1)


def _stay_below_others(write: Write, after: resources_pb2.Company) -> None:
    """Let a company stand below none where it would come to stand below itself."""
    above = write.known.setdefault(_stay_below_others, {})
    if after.parent_id not in above:
        # Many come to stand below the same one, and none of those comes to stand above it.
        above[after.parent_id] = above_of(write.read, after.parent_id)
    if after.id in above[after.parent_id]:
        _clear_parent(after)


def take_turn(write: Write) -> None:
    """Wait for those who write companies, before any is locked; two at once could each make half a ring."""
    if take_turn not in write.known:
        write.known[take_turn] = write.write(_TURN, name="tree", taken=write.now_us)


def above_of(read: merged.Read, start: str) -> list[str]:
    """A company and those above it, from below; no more than decide that they are too many.

    What stands below one that has become part of another stands below that, though it may not say so yet.
    """
    found = [start]
    while len(found) <= MAX_DEPTH:
        rows = read(_PARENT, id=found[-1])
        into = "" if rows else merged.resolve(read, [found[-1]]).get(found[-1], "")
        parent = rows[0][0] if rows else into
        if not parent:
            break
        found.append(parent)
        if found.count(parent) > 1:
            break
    return found


def _height(read: merged.Read, tops: Sequence[str]) -> int:
    """How many levels companies and those below them make."""
    level, height = list(tops), 0
    while level and height <= MAX_DEPTH:
        height += 1
        inside = [each for identity in level for each in merged.members(read, identity)] if height == 1 else []
        level = [row[0] for row in read(_BELOW, ids=[*level, *inside])]
    return height


class Hierarchy(Beside[resources_pb2.Company]):
    """The places of companies that become one, and several again."""

    def __init__(self, resource: Resource[resources_pb2.Company]) -> None:
        self._companies = resource

    def hold(self, write: Write, ids: Sequence[str]) -> None:
        """From here on places are looked at together."""
        del ids
        write.known[Hierarchy] = True

    def plan(
        self,
        read: merged.Read,
        survivor: resources_pb2.Company,
        others: Sequence[resources_pb2.Company],
        after: resources_pb2.Company,
    ) -> None:
        """Put the survivor where all of them can stand.

        Raises:
            Failure: COMPANY_TOO_DEEP.
        """
        everyone = (survivor, *others)
        parents = [each.parent_id for each in everyone if each.parent_id]
        ids = {member for each in everyone for member in (each.id, *merged.members(read, each.id))}
        above = {parent: above_of(read, parent) for parent in {*parents, after.parent_id} - {""}}
        place = place_of(after.parent_id, parents, ids, above)
        apply_mask(after, resources_pb2.Company(parent_id=place or None), ["parent_id"])
        check_height(len(above.get(after.parent_id, ())), _height(read, [each.id for each in everyone]))

    def refresh(self, write: Write, ids: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Let those that would stand below themselves, for what has become of the tree since, stand below none."""
        kept = []
        for identity in ids:
            for row in write.read(self._companies.locked, id=identity):
                company = self._companies.build(resources_pb2.Company, row)
                if company.parent_id and identity in above_of(write.read, company.parent_id):
                    change(write, self._companies, row, _clear_parent, Facts({}, CompanyFacts("")))
                    kept.append((identity, "parent_id"))
        return kept


def _clear_parent(company: resources_pb2.Company) -> None:
    company.parent_id = ""
