"""What filters of segments read of contacts: a few statements for all of them together, however many they are."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, select

from mesh.resource.custom_index import stored
from mesh.store.statement import TENANT, Statement, any_of
from services.customers.domain.segment_fields import NO_TIME, Age, Edges, Employed, Measure, measure_of, next_turn
from services.customers.domain.timeline import INTERACTIONS
from services.customers.service.segment_filters import EMPLOYMENT, NOW, company_condition, within
from services.customers.tables import companies, relations, timeline_entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mesh.resource.resource import Resource
    from services.customers.service.segment_filters import CompanyPart, SegmentFilter

    Read = Callable[..., Sequence[Sequence[Any]]]

_e = timeline_entries.c


def read_all(
    read: Read, resource: Resource[Any], contacts: Iterable[Any], filters: Sequence[SegmentFilter], now_us: int
) -> Mapping[str, Mapping[Any, Any]]:
    """By contact everything that these filters read of it, under the names that their tests know."""
    found: dict[str, dict[Any, Any]] = {}
    paths = {path for each in filters for path in each.reads.paths}
    custom = {path: field for each in filters for path, field in each.reads.custom.items()}
    held = paths & filters[0].held.keys() if filters else set()
    own = paths - custom.keys() - held
    for contact in contacts:
        values: dict[Any, Any] = resource.values(contact, own)
        values.update({name: tuple(getattr(contact, name)) for name in held})
        values.update({path: stored(field, contact.custom) for path, field in custom.items()})
        found[contact.id] = values
    _measure(read, found, tuple(sorted({m for each in filters for m in each.reads.measures})), now_us)
    _employ(read, found, {term: part for each in filters for term, part in each.reads.employed.items()})
    return found


def _measure(read: Read, found: dict[str, dict[Any, Any]], measures: tuple[Measure, ...], now_us: int) -> None:
    if not measures or not found:
        return
    for values in found.values():
        values.update({measure: 0 if measure.counts else NO_TIME for measure in measures})
        values.update({Edges(measure): (None, None) for measure in measures if measure.window_us})
    for identity, *row in read(_measuring(measures), ids=sorted(found), **_moment(measures, now_us)):
        values, cells = found[identity], iter(row)
        for measure in measures:
            value = next(cells)
            values[measure] = NO_TIME if value is None else value
            if measure.window_us:
                values[Edges(measure)] = (next(cells), next(cells))


def _moment(measures: tuple[Measure, ...], now_us: int) -> dict[str, int]:
    return {"now_us": now_us} if any(measure.window_us for measure in measures) else {}


@lru_cache(maxsize=512)
def _measuring(measures: tuple[Measure, ...]) -> Statement:
    """Measures of contacts, each in its column; of a windowed count also when it may change by itself."""
    columns: list[Any] = []
    for measure in measures:
        chosen = and_(*within(timeline_entries, measure))
        columns.append(func.count(case((chosen, 1))) if measure.counts else func.max(case((chosen, _e.time))))
        if measure.window_us:
            coming = and_(*within(timeline_entries, Measure(measure.kinds, counts=True)), _e.time > NOW)
            columns += [func.min(case((chosen, _e.time))), func.min(case((coming, _e.time)))]
    core = select(_e.subject_id, *columns).where(_e.tenant_id == TENANT, any_of(_e.subject_id, "ids"))
    return Statement(core.where(any_kind()).group_by(_e.subject_id), name="measure interactions")


def any_kind() -> Any:
    """That an entry is an interaction."""
    return within(timeline_entries, Measure(tuple(sorted(INTERACTIONS)), counts=True))[0]


def _employ(read: Read, found: dict[str, dict[Any, Any]], terms: Mapping[Employed, CompanyPart]) -> None:
    if not terms or not found:
        return
    statement, parameters = _employing(tuple(terms.values()))
    for values in found.values():
        values.update(dict.fromkeys(terms, False))
    for identity, *row in read(statement, ids=sorted(found), **parameters):
        found[identity].update({term: bool(cell) for term, cell in zip(terms, row, strict=True)})


@lru_cache(maxsize=256)
def _employing(parts: tuple[CompanyPart, ...]) -> tuple[Statement, Mapping[str, Any]]:
    """Whether some employer meets each of several comparisons, each in its column; with the parameters."""
    columns: list[Any] = []
    parameters: dict[str, Any] = {}
    for place, part in enumerate(parts, start=1):
        met, more = company_condition(part, place)
        columns.append(func.max(case((and_(*met), 1), else_=0)) if met else func.max(1))
        parameters.update(more)
    joined = and_(companies.c.tenant_id == TENANT, companies.c.id == relations.c.to_company_id)
    core = (
        select(relations.c.from_contact_id, *columns)
        .select_from(relations.join(companies, joined))
        .where(*EMPLOYMENT, any_of(relations.c.from_contact_id, "ids"), companies.c.delete_time.is_(None))
        .group_by(relations.c.from_contact_id)
    )
    return Statement(core, name="look at employers"), parameters


def turn_of(filter_: SegmentFilter, stored_values: Mapping[Any, Any], now_us: int) -> int | None:
    """When the answer of a filter may change for a contact because time has passed."""
    ages: list[tuple[int | None, Age]] = [
        (stored_values[measure_of(age.path) or age.path], age) for age in filter_.reads.ages
    ]
    edges = [(m, *stored_values[Edges(m)]) for m in filter_.reads.measures if m.window_us]
    return next_turn(ages, edges, now_us)
