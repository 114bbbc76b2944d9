"""A filter of contacts as segments have it, with both of its meanings: a condition in SQL, and a test of what was read.

Both are made of one shape, as those of lists and feeds are. What a contact does not hold itself is a column of its own:
in SQL a subquery, for a test what segment_readings has read.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import resources_pb2
from sqlalchemy import BigInteger, and_, bindparam, func, literal, or_, select

from mesh.contract.failure import invalid
from mesh.contract.filters import And, Comparison, Filter, Not, Or, parse_filter
from mesh.resource.custom_query import PREFIX, CustomColumns, column
from mesh.resource.filtering import bind, condition
from mesh.resource.identity_keys import Held
from mesh.resource.matching import test
from mesh.store.statement import TENANT
from services.customers.domain.segment_fields import (
    AGE,
    COMPANY,
    NO_TIME,
    Age,
    Ago,
    Employed,
    Measure,
    age_of,
    expression,
    measure_of,
    resolved,
)
from services.customers.tables import companies, contacts, relations, timeline_entries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement

    from mesh.resource.custom_rules import Field
    from mesh.resource.filtering import Shape
    from mesh.resource.matching import Test
    from mesh.resource.resource import Resource

EMPLOYMENT = (
    relations.c.tenant_id == TENANT,
    relations.c.kind == literal(int(resources_pb2.RELATION_KIND_EMPLOYMENT)),
    relations.c.delete_time.is_(None),
    relations.c.end_date == literal(""),
)
"""Relations by which a contact works for a company now."""
_TAGS = "tag_ids"
NOW = bindparam("now_us", type_=BigInteger)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a filter: its place in the tree, how it is written, and the name of what it reads, if it is no fold."""

    depth: int
    text: str
    shape: Shape
    values: Sequence[Any]
    reads: Any = None


@dataclass(slots=True, eq=False)
class CompanyPart:
    """A comparison of a field of companies, bound."""

    shape: Shape
    values: list[Any]
    columns: Mapping[str, Any]


@dataclass(slots=True)
class Reads:
    """What a filter reads: fields of the contact by path, its own ones with their definitions, and everything else."""

    paths: set[str] = field(default_factory=set)
    custom: dict[str, Field] = field(default_factory=dict)
    measures: set[Measure] = field(default_factory=set)
    employed: dict[Employed, CompanyPart] = field(default_factory=dict)
    ages: set[Age] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)


class SegmentFilter:
    """A filter over contacts, given with both resources and the custom fields of each.

    Raises:
        Failure: INVALID_ARGUMENT on `filter`.
    """

    def __init__(
        self,
        text: str,
        contact: Resource[Any],
        company: Resource[Any],
        fields: Mapping[str, Field],
        company_fields: Mapping[str, Field],
    ) -> None:
        self._contact, self._company = contact, company
        self._custom, self._company_fields = CustomColumns(fields), company_fields
        self.held = _held(contact)
        self._columns: dict[Any, Any] = {**contact.listing.plain, **self.held}
        self._values: list[Any] = []
        self.reads = Reads()
        self.clauses: list[Clause] = []
        tree = parse_filter(text)
        self._shape: Shape = self._bind(tree, 0) if tree else ()
        self.reads.custom.update(self._custom.used)
        self._fixed = None if any(isinstance(value, Ago) for value in self._values) else self._test(0)

    @property
    def moves(self) -> bool:
        """Whether its answers change as time passes."""
        return bool(self.reads.ages) or any(measure.window_us for measure in self.reads.measures)

    # ---- its two meanings

    def test(self, now_us: int) -> Test:
        """What tells at a time whether what was read of a contact meets the filter."""
        return self._fixed or self._test(now_us)

    def _test(self, now_us: int) -> Test:
        if not self._shape:
            return lambda stored: True
        return test(self._shape, self._columns, iter(resolved(self._values, now_us)))

    def condition(self, now_us: int) -> tuple[list[ColumnElement[bool]], dict[str, Any]]:
        """The same as a condition on the table of contacts, with its parameters."""
        if not self._shape:
            return [], {}
        parameters = {f"f{number}": value for number, value in enumerate(resolved(self._values, now_us))}
        columns = dict(self._columns)
        for place, (term, part) in enumerate(self.reads.employed.items(), start=1):
            met, more = company_condition(part, place)
            columns[term] = select(companies.c.id).where(*_employer(met)).correlate(contacts).exists()
            parameters.update(more)
        if self.reads.measures:
            parameters["now_us"] = now_us
        return [condition(self._shape, columns, itertools.count())], parameters

    def holds(self, clause: Clause, stored: Mapping[Any, Any], now_us: int) -> bool:
        """Whether a part of it holds for what was read of a contact."""
        return test(clause.shape, self._columns, iter(resolved(clause.values, now_us)))(stored)

    # ---- from text to shape

    def _bind(self, tree: Filter, depth: int) -> Shape:
        place, start = len(self.clauses), len(self._values)
        self.clauses.append(Clause(depth, "", (), ()))
        reads: Any = None
        match tree:
            case And(terms) | Or(terms):
                shape: Shape = (type(tree).__name__, *(self._bind(term, depth + 1) for term in terms))
                text = type(tree).__name__.upper()
            case Not(term):
                shape, text = ("Not", self._bind(term, depth + 1)), "NOT"
            case Comparison():
                (shape, reads), text = self._leaf(tree), expression(tree)
        self.clauses[place] = Clause(depth, text, shape, self._values[start:], reads)
        return shape

    def _leaf(self, term: Comparison) -> tuple[Shape, Any]:
        path = term.field
        if path == COMPANY or path.startswith(f"{COMPANY}."):
            return self._employed(term)
        if path.endswith(AGE):
            return self._age(term)
        measure = measure_of(path)
        if measure is not None:
            return self._measured(term, measure), measure
        if path.startswith(PREFIX):
            shape = self._custom.bind(term, self._values)
            self._columns[path] = column(contacts, self._custom.used[path])
        else:
            shape = bind(term, self._contact.message.DESCRIPTOR, self._columns, self._values)
            self._note_tag(term)
        self.reads.paths.add(path)
        return shape, path

    def _note_tag(self, term: Comparison) -> None:
        if term.field == _TAGS:
            self.reads.tags.add(term.value)

    def _age(self, term: Comparison) -> tuple[Shape, Any]:
        age = age_of(term)
        self.reads.ages.add(age)
        measure = measure_of(age.path)
        if measure is None:
            self.reads.paths.add(age.path)
            self._values.append(age.ago)
            return (age.operator, age.path), age.path
        return self._compared(measure, age.operator, age.ago), measure

    def _measured(self, term: Comparison, measure: Measure) -> Shape:
        if measure.counts:
            if term.operator == ":" or not term.value.isascii() or not term.value.isdigit() or len(term.value) > 9:
                raise invalid(
                    "filter", f"{term.field} is compared with a whole number, at character {term.position + 1}"
                )
            self._use(measure)
            self._values.append(int(term.value))
            return (term.operator, measure)
        if term.operator == ":" and term.value == "*" and not term.quoted:
            self._use(measure)
            self._values.append(NO_TIME)
            return (">", measure)
        # A time is read as one of the contact's own is.
        found: list[Any] = []
        own = Comparison("create_time", term.operator, term.value, term.quoted, term.position)
        bind(own, self._contact.message.DESCRIPTOR, self._columns, found)
        return self._compared(measure, term.operator, found[0])

    def _compared(self, measure: Measure, operator: str, value: Any) -> Shape:
        """The last time compared; where there is none, it is neither before nor after any other."""
        self._use(measure)
        if operator in ("<", "<="):
            self._values += [NO_TIME, value]
            return ("And", (">", measure), (operator, measure))
        self._values.append(value)
        return (operator, measure)

    def _use(self, measure: Measure) -> None:
        self.reads.measures.add(measure)
        self._columns[measure] = _measured(measure)

    def _employed(self, term: Comparison) -> tuple[Shape, Any]:
        inner = Comparison(term.field.removeprefix(f"{COMPANY}."), *_rest(term))
        if term.field == COMPANY:
            if term.operator != ":" or term.value != "*":
                raise invalid("filter", f"{COMPANY} is only understood as `{COMPANY}:*`, and with a field of companies")
            known, part = Employed(""), CompanyPart((), [], {})
        else:
            known = Employed(inner.field, inner.operator, inner.value, inner.quoted)
            part = self._bound(inner)
        self.reads.employed[known] = part
        self._columns[known] = literal(value=True)
        self._values.append(True)
        return ("=", known), known

    def _bound(self, term: Comparison) -> CompanyPart:
        values: list[Any] = []
        columns: dict[str, Any] = {**self._company.listing.plain, **_held(self._company)}
        if term.field.startswith(PREFIX):
            custom = CustomColumns(self._company_fields)
            shape = custom.bind(term, values)
            columns[term.field] = column(companies, custom.used[term.field])
        else:
            shape = bind(term, self._company.message.DESCRIPTOR, columns, values)
            self._note_tag(term)
        return CompanyPart(shape, values, columns)


def company_condition(part: CompanyPart, place: int) -> tuple[list[ColumnElement[bool]], dict[str, Any]]:
    """The condition on a company, with parameters that no other place in the statement has."""
    start = 1000 * place
    met = [condition(part.shape, part.columns, itertools.count(start))] if part.shape else []
    return met, {f"f{start + number}": value for number, value in enumerate(part.values)}


def _employer(met: Sequence[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    works = select(relations.c.id).where(
        *EMPLOYMENT, relations.c.from_contact_id == contacts.c.id, relations.c.to_company_id == companies.c.id
    )
    live = (companies.c.tenant_id == TENANT, companies.c.delete_time.is_(None))
    return [*live, works.correlate(contacts, companies).exists(), *met]


def _measured(measure: Measure) -> ColumnElement[Any]:
    """A measure of the contact of the row."""
    entry = timeline_entries.alias()
    chosen = and_(entry.c.tenant_id == TENANT, entry.c.subject_id == contacts.c.id, *within(entry, measure))
    what = func.count() if measure.counts else func.max(entry.c.time)
    value = select(what).select_from(entry).where(chosen).correlate(contacts).scalar_subquery()
    return func.coalesce(value, literal(0 if measure.counts else NO_TIME), type_=BigInteger())


def within(entry: Any, measure: Measure) -> list[ColumnElement[bool]]:
    """Which entries of a timeline a measure is of."""
    conditions: list[ColumnElement[bool]] = [or_(*(entry.c.kind == literal(kind) for kind in measure.kinds))]
    if measure.window_us:
        conditions += [entry.c.time > NOW - literal(measure.window_us), entry.c.time <= NOW]
    return conditions


def _held(resource: Resource[Any]) -> dict[str, Held]:
    return (
        {name: Held(resource.table, resource.contract.type, name) for name in resource.keys.lists}
        if resource.keys
        else {}
    )


def _rest(term: Comparison) -> tuple[Any, str, bool, int]:
    return term.operator, term.value, term.quoted, term.position
