"""What a filter finds in a real store is what a naive evaluator in Python finds."""

from __future__ import annotations

import datetime
import operator
import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapport.customers.v1 import resources_pb2
from sqlalchemy import insert

from mesh.contract.failure import Failure
from mesh.contract.filters import And, Comparison, Filter, Not, Or, parse_filter
from mesh.resource import filtering
from mesh.resource.listing import Listing, Order
from mesh.resource.mapping import compile_builder, compile_values, read_columns, stored_columns
from mesh.resource.matching import Matching
from mesh.resource.resource import Resource
from mesh.resource.scopes import EVERYTHING
from mesh.runtime.ids import encode
from mesh.store.statement import Statement
from services.customers.tables import contacts

if TYPE_CHECKING:
    from mesh.store import Store

TENANT, SECONDS = "ten_filters", 10.0
NAMES = ["", "Ann", "ann", "Anna", "An", "Zoë", "名", "O'Brien", 'a"b', "a\\b", "%", "_", "100", " "]
DAYS = ["", "1980-02-29", "1999-12-31", "2000-01-01"]
TIMES = [
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00.000001Z",
    "2026-06-30T23:59:59+00:00",
    "2025-12-31T23:00:00-01:00",
]
COMPARE = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
Row = dict[str, Any]


def moment(text: str) -> int:
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return (datetime.datetime.fromisoformat(text) - epoch) // datetime.timedelta(microseconds=1)


@pytest.fixture(scope="module")
def population(customers_store: Store) -> list[Row]:
    """Contacts with every mixture of present and absent fields; absent is None, except for what never is."""
    drawn = random.Random(7)
    rows = []
    for number in range(80):
        given, family, day = drawn.choice(NAMES), drawn.choice(NAMES), drawn.choice(DAYS)
        rows.append(
            {
                "id": f"con_{encode(number)}",
                "create_time": moment(drawn.choice(TIMES)),
                "delete_time": moment(drawn.choice(TIMES)) if drawn.random() < 0.4 else None,
                "given_name": given or None,
                "family_name": family or None,
                "display_name": drawn.choice(NAMES),
                "birth_date": day or None,
            }
        )
    with customers_store.transaction(tenant=TENANT, timeout=SECONDS) as transaction:
        transaction.write_many(Statement(insert(contacts)), [_stored(row) for row in rows])
        with transaction.as_tenant("ten_somebody_else"):
            transaction.write_many(Statement(insert(contacts)), [_stored(row) for row in rows])
    return rows


def _stored(row: Row) -> Row:
    texts = ("given_name", "family_name", "birth_date")
    rest = dict.fromkeys(("owner_id", "job_title", "external_id", "primary_email"), "")
    parts = dict.fromkeys(
        ("emails", "phones", "e164_phones", "addresses", "custom", "tag_ids", "granted_consents"), b""
    )
    stored = {**row, **{name: row[name] or "" for name in texts}, **rest, **parts}
    return {**stored, "sequence": 1, "update_time": 1, "last_interaction_time": None}


def found(store: Store, text: str) -> set[str]:
    listing = Listing(contacts, resources_pb2.Contact)
    page = listing.page(text, (Order("id", descending=False),), EVERYTHING, after=(), limit=1000, show_deleted=True)
    return {row[page.key[0]] for row in store.read(page.statement, tenant=TENANT, timeout=SECONDS, **page.parameters)}


def holds(tree: Filter, row: Row) -> bool:
    """The meaning of a filter, said once more without any SQL: an absent value is unequal to all, and in no order."""
    match tree:
        case And(terms):
            return all(holds(term, row) for term in terms)
        case Or(terms):
            return any(holds(term, row) for term in terms)
        case Not(term):
            return not holds(term, row)
        case Comparison():
            return compared(tree, row[tree.field])


def compared(term: Comparison, value: Any) -> bool:
    if term.operator == ":":
        return value is not None and value != ""
    text = not term.field.endswith("_time") and term.field != "birth_date"
    if text and term.quoted and term.operator == "=" and term.value.endswith("*"):
        return str(value or "").startswith(term.value[:-1])
    wanted: Any = moment(term.value) if term.field.endswith("_time") else term.value
    if value is None and text and wanted == "":
        value = ""  # to ask for the empty text is to ask for none
        if term.operator in ("<", "<="):
            return False
    if value is None:
        return term.operator == "!="
    return bool(COMPARE[term.operator](value, wanted))


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


texts = st.sampled_from([*NAMES, "An*", "*", "Z*", "%*"]).map(quoted)
operators = st.sampled_from(list(COMPARE))
comparisons = st.one_of(
    st.tuples(st.sampled_from(["given_name", "family_name", "display_name", "id"]), operators, texts),
    st.tuples(
        st.sampled_from(["create_time", "delete_time"]),
        operators,
        st.sampled_from(TIMES).map(quoted),
    ),
    st.tuples(st.just("birth_date"), operators, st.sampled_from(DAYS[1:])),
    st.tuples(st.sampled_from(["given_name", "display_name", "delete_time", "birth_date"]), st.just(":"), st.just("*")),
).map(" ".join)
filters = st.recursive(
    comparisons,
    lambda below: st.one_of(
        below.map(lambda text: f"NOT ({text})"),
        below.map(lambda text: f"-({text})"),
        st.lists(below, min_size=2, max_size=3).map(lambda parts: " ".join(f"({part})" for part in parts)),
        st.lists(comparisons, min_size=2, max_size=4).map(" OR ".join),
        st.lists(comparisons, min_size=2, max_size=4).map(" AND ".join),
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=filters)
def test_the_store_finds_what_the_filter_means(customers_store: Store, population: list[Row], text: str) -> None:
    tree = parse_filter(text)
    assert tree is not None
    expected = {row["id"] for row in population if holds(tree, row)}
    assert found(customers_store, text) == expected, text
    assert matched(population, text) == expected, text


def matched(population: list[Row], text: str) -> set[str]:
    """What a feed with this filter tells of."""
    resource = Resource(resources_pb2.Contact, contacts)
    matching = Matching(resource, text)
    names = [column.name for column in read_columns(contacts, resources_pb2.Contact)]
    rows = [tuple({"owner_name": "", "custom": b"", **_stored(row)}[name] for name in names) for row in population]
    messages = [resource.build(resource.message, row) for row in rows]
    return {message.id for message in messages if matching.holds(message)}


def test_a_filter_that_took_and_for_or_would_be_noticed(
    customers_store: Store, population: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = 'given_name = "Ann" OR display_name = "Ann"'
    expected = {row["id"] for row in population if row["given_name"] == "Ann" or row["display_name"] == "Ann"}
    assert found(customers_store, text) == expected
    monkeypatch.setattr(filtering, "or_", filtering.and_)
    assert found(customers_store, text) != expected


@pytest.mark.parametrize(
    "text",
    [
        "emails = 1",
        "etag = 1",
        "nobody = 1",
        "create_time = 1",
        'create_time > "2026-01-01T00:00:00"',
        'create_time > "2026-13-01T00:00:00Z"',
        "birth_date = 2026-02-30",
        "birth_date = yesterday",
        "given_name : x",
        'given_name = "\x00"',
        "tenant_id = x",
        "sequence = 1",
        "given_name.length = 1",
    ],
)
def test_what_cannot_be_compared_is_refused_on_the_filter(customers_store: Store, text: str) -> None:
    with pytest.raises(Failure) as caught:
        found(customers_store, text)
    assert set(caught.value.fields) == {"filter"}


def test_rows_become_the_messages_they_were_made_from() -> None:
    build, values = compile_builder(contacts, resources_pb2.Contact), compile_values(contacts, resources_pb2.Contact)
    contact = resources_pb2.Contact(id="con_1", given_name="Ann", emails=[resources_pb2.EmailAddress(address="a@b.c")])
    contact.create_time.FromMicroseconds(1_700_000_000_000_001)
    contact.update_time.FromMicroseconds(-1)
    contact.birth_date.day, contact.birth_date.month = 29, 2
    contact.addresses.add(region_code="AU", address_lines=["1 Long Street"])
    stored = values(contact)
    columns = stored_columns(contacts, resources_pb2.Contact)[1:]
    built = build(resources_pb2.Contact, (3, *(stored[column.name] for column in columns), "Ben Owner"))
    contact.owner_name = "Ben Owner"
    contact.etag = '"3"'
    assert built == contact
