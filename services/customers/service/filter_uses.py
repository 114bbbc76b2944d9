"""Who filters by a field or a tag: what such names may not lose while a segment or a saved view stands on them.

A filter is looked for by what it holds, and then read: a word in a text is no use of a field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from rapport.customers.v1 import resources_pb2
from sqlalchemy import BigInteger, bindparam, or_, select

from mesh.contract.failure import Failure
from mesh.contract.filters import And, Comparison, Filter, Not, Or, parse_filter
from mesh.resource.custom_query import PREFIX
from mesh.runtime.call import Commit
from mesh.store.statement import TENANT, Statement
from mesh.store.tables import TEXT
from services.customers.domain.segment_fields import COMPANY
from services.customers.tables import saved_views, segments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Table

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Write

_MOST, _NAMED = 1_000, 20
_VIEW_OF = {False: resources_pb2.LISTED_CONTACTS, True: resources_pb2.LISTED_COMPANIES}


_word = bindparam("word", type_=TEXT)


def _holding(table: Table, *held: str, also: Sequence[str] = ()) -> Statement:
    """Reads the id and the columns of rows of which one of the columns `held` holds a word."""
    core = select(table.c.id, *(table.c[name] for name in (*held, *also))).where(
        table.c.tenant_id == TENANT,
        table.c.delete_time.is_(None),
        or_(*(table.c[name].like(_word) for name in held)),
    )
    return Statement(
        core.order_by(table.c.id).limit(bindparam("limit", type_=BigInteger)), name=f"uses in {table.name}"
    )


_SEGMENTS = _holding(segments, "filter")
_VIEWS = _holding(saved_views, "filter", "order_by", also=["resource"])


class FilterUses:
    """The uses of fields and tags in filters; `segments` and `views` are handed in once they are made."""

    segments: Resource[Any]
    views: Resource[Any]

    def release_contact_field(self, write: Write, key: str) -> None:
        """Refuse where something filters or orders contacts by this field. Raises Failure: FILTERED_BY."""
        self._release_field(write, key, of_companies=False)

    def release_company_field(self, write: Write, key: str) -> None:
        """Refuse where something filters or orders companies by this field. Raises Failure: FILTERED_BY."""
        self._release_field(write, key, of_companies=True)

    def _release_field(self, write: Write, key: str, *, of_companies: bool) -> None:
        path = f"{PREFIX}{key}"
        named = f"{COMPANY}.{path}" if of_companies else path
        view_of = _VIEW_OF[of_companies]
        found = [row[0] for row in _rows(write, _SEGMENTS, path) if _uses(row[1], lambda term: term.field == named)]
        seen = []
        for identity, text, order, resource in _rows(write, _VIEWS, path):
            ordered = any(part.split()[:1] == [path] for part in order.split(","))
            if resource == view_of and (ordered or _uses(text, lambda term: term.field == path)):
                seen.append(identity)
        self._refuse(write, found, seen)

    def release_tag(self, write: Write, tag: str) -> None:
        """Refuse where something filters by this tag. Raises Failure: FILTERED_BY."""

        def uses(term: Comparison) -> bool:
            return term.value == tag and term.field.removeprefix(f"{COMPANY}.") == "tag_ids"

        found = [row[0] for row in _rows(write, _SEGMENTS, tag) if _uses(row[1], uses)]
        seen = [row[0] for row in _rows(write, _VIEWS, tag) if _uses(row[1], uses)]
        self._refuse(write, found, seen)

    def _refuse(self, write: Write, found: list[str], seen: list[str]) -> None:
        if found or seen:
            names = [*self._named(write, self.segments, found), *self._named(write, self.views, seen)]
            _in_use(names, len(found) + len(seen))

    @staticmethod
    def _named(write: Write, resource: Resource[Any], ids: list[str]) -> list[str]:
        """The names of those that the caller sees."""
        if not ids or not isinstance(write, Commit):
            return []
        sight = resource.visible(write.call)
        rows = write.read(resource.several(sight), ids=ids[:_NAMED], **sight.parameters)
        return sorted(f"{resource.contract.collection}/{row[1]}" for row in rows)


def _in_use(names: list[str], count: int) -> NoReturn:
    raise Failure("FILTERED_BY", metadata={"users": ",".join(names[:_NAMED]), "count": str(count)})


def _rows(write: Write, statement: Statement, word: str) -> list[Any]:
    return list(write.read(statement, word=f"%{word}%", limit=_MOST))


def _uses(text: str, of: Callable[[Comparison], bool]) -> bool:
    try:
        tree = parse_filter(text)
    except Failure:  # of a time when filters were read in another way
        return False
    return tree is not None and any(map(of, _terms(tree)))


def _terms(tree: Filter) -> Iterator[Comparison]:
    match tree:
        case And(terms) | Or(terms):
            for term in terms:
                yield from _terms(term)
        case Not(term):
            yield from _terms(term)
        case Comparison():
            yield tree
