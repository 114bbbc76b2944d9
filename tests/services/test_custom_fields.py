"""Fields that a tenant defines, on both engines: what filters and orders find is what a naive evaluator finds."""

from __future__ import annotations

import itertools
import operator
import random
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf import field_mask_pb2, json_format
from google.rpc import error_details_pb2, status_pb2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapport.customers.v1 import contact_field_service_pb2 as fields_pb2
from rapport.customers.v1 import contact_service_pb2 as contacts_pb2
from rapport.customers.v1 import resource_events_pb2, resources_pb2
from rapport.type.v1 import custom_field_pb2 as kinds

from mesh.contract.filters import And, Comparison, Filter, Not, Or, parse_filter
from mesh.resource import custom_index, custom_query
from mesh.testing.eventually import eventually
from mesh.testing.local import LocalMesh
from mesh.testing.postgres import postgres_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.testing.local import Member

CONTACTS = "/rapport.customers.v1.ContactService/"
FIELDS = "/rapport.customers.v1.ContactFieldService/"
COMPARE = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
TEXTS = ["", "Ann", "Anna", "an", "Zoë", "名", "a'b", "%"]
NUMBERS = [-2.5, 0.0, 0.1, 7.0, 1e12]
DAYS = ["1980-02-29", "1999-12-31", "2000-01-01"]
Row = dict[str, Any]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def mesh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    home = tmp_path_factory.mktemp("custom")
    if request.param == "sqlite":
        opened = LocalMesh(home)
        yield opened
        opened.close()
        return
    with postgres_server() as server:
        opened = LocalMesh(home, database_url=server.url("custom_{service}"))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    return itertools.count(1)


@pytest.fixture
def owner(mesh: LocalMesh, numbers: Iterator[int]) -> Member:
    return mesh.sign_up(f"fields-{next(numbers)}")


def define(mesh: LocalMesh, owner: Member, key: str, kind: str, **more: Any) -> resources_pb2.ContactField:
    contact_field = resources_pb2.ContactField(
        key=key, display_name=key, type=kinds.FieldType.Value(f"FIELD_TYPE_{kind}"), **{"filterable": True, **more}
    )
    request = fields_pb2.CreateContactFieldRequest(contact_field=contact_field)
    made: resources_pb2.ContactField = mesh.call(f"{FIELDS}CreateContactField", request, token=owner.token)
    return made


def contact(given_name: str, **custom: Any) -> resources_pb2.Contact:
    made = resources_pb2.Contact(given_name=given_name)
    made.custom.update(custom)
    return made


def create(mesh: LocalMesh, owner: Member, *new: resources_pb2.Contact) -> list[resources_pb2.Contact]:
    request = contacts_pb2.BatchCreateContactsRequest(contacts=new)
    return list(mesh.call(f"{CONTACTS}BatchCreateContacts", request, token=owner.token).contacts)


def update(mesh: LocalMesh, owner: Member, changed: resources_pb2.Contact, *paths: str) -> resources_pb2.Contact:
    request = contacts_pb2.UpdateContactRequest(
        contact=changed, update_mask=field_mask_pb2.FieldMask(paths=list(paths))
    )
    made: resources_pb2.Contact = mesh.call(f"{CONTACTS}UpdateContact", request, token=owner.token)
    return made


def found(mesh: LocalMesh, owner: Member, text: str = "", order_by: str = "", size: int = 200) -> list[str]:
    """The names that a list gives, over all of its pages."""
    names: list[str] = []
    request = contacts_pb2.ListContactsRequest(filter=text, order_by=order_by, page_size=size)
    while True:
        reply = mesh.call(f"{CONTACTS}ListContacts", request, token=owner.token)
        names += [each.given_name for each in reply.contacts]
        request.page_token = reply.next_page_token
        if not request.page_token:
            return names


def refused(mesh: LocalMesh, owner: Member, method: str, request: Any) -> tuple[str, set[str]]:
    with pytest.raises(grpc.RpcError) as caught:
        mesh.call(method, request, token=owner.token)
    data = dict(caught.value.trailing_metadata())["grpc-status-details-bin"]
    bad = error_details_pb2.BadRequest()
    for detail in status_pb2.Status.FromString(data).details:
        detail.Unpack(bad)
    return caught.value.code().name, {violation.field for violation in bad.field_violations}


@pytest.fixture(scope="module")
def population(mesh: LocalMesh, numbers: Iterator[int]) -> tuple[Member, dict[str, Row]]:
    owner = mesh.sign_up(f"population-{next(numbers)}")
    for key, kind in (("word", "TEXT"), ("amount", "NUMBER"), ("flag", "BOOLEAN"), ("day", "DATE")):
        define(mesh, owner, key, kind)
    drawn = random.Random(7)
    rows: dict[str, Row] = {}
    for number in range(70):
        row: Row = {
            "word": drawn.choice(TEXTS) or None,
            "amount": drawn.choice([*NUMBERS, None]),
            "flag": drawn.choice([True, False, None]),
            "day": drawn.choice([*DAYS, None]),
        }
        rows[f"p{number:02}"] = row
    create(
        mesh, owner, *(contact(name, **{k: v for k, v in row.items() if v is not None}) for name, row in rows.items())
    )
    return owner, rows


def holds(tree: Filter, row: Row) -> bool:
    """The meaning of a filter without any SQL: an absent value is unequal to all, and in no order."""
    match tree:
        case And(terms):
            return all(holds(term, row) for term in terms)
        case Or(terms):
            return any(holds(term, row) for term in terms)
        case Not(term):
            return not holds(term, row)
        case Comparison():
            return compared(tree, row[tree.field.removeprefix("custom.")])


def compared(term: Comparison, value: Any) -> bool:
    if term.operator == ":":
        return value is not None
    if value is None and term.value == "" and term.operator in ("=", "!=", ">="):
        return term.operator != "!="  # to ask for the empty text is to ask for none
    if value is None:
        return term.operator == "!="
    if term.operator == "=" and term.value.endswith("*"):
        return str(value).startswith(term.value[:-1])
    wanted: Any = term.value
    if isinstance(value, bool):
        wanted = term.value == "true"
    elif isinstance(value, float):
        wanted = float(term.value)
    return bool(COMPARE[term.operator](value, wanted))


operators = st.sampled_from(list(COMPARE))
comparisons = st.one_of(
    st.tuples(st.just("custom.word"), operators, st.sampled_from([*TEXTS, "An*", "名*"]).map('"{}"'.format)),
    st.tuples(st.just("custom.amount"), operators, st.sampled_from(["-2.5", "0", "0.1", "7", "8", "1e12"])),
    st.tuples(st.just("custom.flag"), st.sampled_from(["=", "!="]), st.sampled_from(["true", "false"])),
    st.tuples(st.just("custom.day"), operators, st.sampled_from(DAYS)),
    st.tuples(
        st.sampled_from(["custom.word", "custom.amount", "custom.flag", "custom.day"]), st.just(":"), st.just("*")
    ),
).map(" ".join)
filters = st.recursive(
    comparisons,
    lambda below: st.one_of(
        below.map("NOT ({})".format),
        st.lists(below, min_size=2, max_size=3).map(lambda parts: " AND ".join(f"({part})" for part in parts)),
        st.lists(below, min_size=2, max_size=3).map(lambda parts: " OR ".join(f"({part})" for part in parts)),
    ),
    max_leaves=5,
)
orders = st.lists(
    st.tuples(st.sampled_from(["custom.word", "custom.amount", "custom.day"]), st.booleans()),
    max_size=2,
    unique_by=lambda part: part[0],
)


def ordered(rows: dict[str, Row], order: list[tuple[str, bool]]) -> list[Any]:
    """The rows as an order makes them, without their names, which ties leave open. What is absent is the smallest."""

    def key(row: Row, path: str) -> tuple[bool, Any]:
        value = row[path.removeprefix("custom.")]
        return (value is not None, value.encode() if isinstance(value, str) else value if value is not None else 0)

    keys = [tuple(key(row, path) for path, _ in order) for row in rows.values()]
    for place in reversed(range(len(order))):
        keys.sort(key=lambda each, place=place: each[place], reverse=order[place][1])  # type: ignore[misc]
    return keys


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(text=filters, order=orders, size=st.sampled_from([3, 17, 200]))
def test_lists_find_what_a_naive_evaluator_finds_in_its_order(
    mesh: LocalMesh, population: tuple[Member, dict[str, Row]], text: str, order: list[tuple[str, bool]], size: int
) -> None:
    owner, rows = population
    tree = parse_filter(text)
    assert tree is not None
    expected = {name: row for name, row in rows.items() if holds(tree, row)}
    order_by = ",".join(f"{path} desc" if descending else path for path, descending in order)
    names = found(mesh, owner, text, order_by, size)
    assert sorted(names) == sorted(expected), text
    listed = {name: rows[name] for name in names}
    assert ordered(expected, order) == [ordered({name: row}, order)[0] for name, row in listed.items()], order_by


def test_a_row_that_said_absent_values_are_large_would_be_noticed(
    mesh: LocalMesh, population: tuple[Member, dict[str, Row]], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, rows = population
    expected = {name for name, row in rows.items() if row["amount"] is not None and row["amount"] < 1}
    assert set(found(mesh, owner, "custom.amount < 1")) == expected
    monkeypatch.setattr(custom_query, "NO_NUMBER", -1e300)
    monkeypatch.setattr(custom_query, "NO_TEXT", "A")
    assert set(found(mesh, owner, "custom.amount:* OR custom.amount < 1")) == {
        name for name, row in rows.items() if row["amount"] is not None
    }
    monkeypatch.setattr(custom_query, "NO_NUMBER", float("-inf"))
    assert set(found(mesh, owner, "custom.amount < 1")) != expected


def test_a_write_changes_one_value_and_its_event_says_which(mesh: LocalMesh, owner: Member) -> None:
    define(mesh, owner, "industry", "TEXT")
    define(mesh, owner, "size", "NUMBER", filterable=False)
    (made,) = create(mesh, owner, contact("Ann", industry="Retail", size=5))
    changed = contact("ignored", industry=" Mining ")
    changed.id = made.id
    after = update(mesh, owner, changed, "custom.industry")
    assert json_format.MessageToDict(after.custom) == {"industry": "Mining", "size": 5}
    assert after.given_name == "Ann"
    kind = resource_events_pb2.ContactUpdated
    sent = [event.data for _, event in mesh.events("customers") if event.type == kind.DESCRIPTOR.full_name]
    updated = kind.FromString(sent[-1])
    assert updated.changed_paths == ["custom.industry"]
    assert json_format.MessageToDict(updated.previous.custom) == {"industry": "Retail"}
    assert found(mesh, owner, 'custom.industry = "Mining"') == ["Ann"]
    assert found(mesh, owner, 'custom.industry = "Retail"') == []
    changed.custom.Clear()
    after = update(mesh, owner, changed, "custom")
    assert not after.HasField("custom")
    assert found(mesh, owner, "NOT custom.industry:*") == ["Ann"]


def test_values_are_refused_by_their_path(mesh: LocalMesh, owner: Member) -> None:
    define(mesh, owner, "size", "NUMBER", required=True)
    method = f"{CONTACTS}CreateContact"
    for sent, path in (
        (contact("a", size="5"), "size"),
        (contact("a", size=1, other=1), "other"),
        (contact("a"), "size"),
    ):
        request = contacts_pb2.CreateContactRequest(contact=sent)
        assert refused(mesh, owner, method, request) == ("INVALID_ARGUMENT", {f"contact.custom.{path}"})
    for text in ("custom.nobody = 1", "custom.size = x", "custom.size : 1"):
        listing = contacts_pb2.ListContactsRequest(filter=text)
        assert refused(mesh, owner, f"{CONTACTS}ListContacts", listing) == ("INVALID_ARGUMENT", {"filter"})


def test_a_unique_value_is_one_contacts_own(mesh: LocalMesh, owner: Member) -> None:
    define(mesh, owner, "badge", "TEXT", unique=True, filterable=False)
    ann, ben = create(mesh, owner, contact("Ann", badge="1"), contact("Ben"))
    create(mesh, owner, contact("Cem"))
    ben.custom["badge"] = "1"
    request = contacts_pb2.UpdateContactRequest(contact=ben)
    clash = ("ALREADY_EXISTS", {"contact.custom.badge"})
    assert refused(mesh, owner, f"{CONTACTS}UpdateContact", request) == clash
    ann.custom["badge"] = "2"
    update(mesh, owner, ann, "custom.badge")
    update(mesh, owner, ben, "custom.badge")
    assert found(mesh, owner, 'custom.badge = "1"') == ["Ben"]


def test_a_deleted_field_hides_its_values_until_it_is_back(mesh: LocalMesh, owner: Member) -> None:
    made = define(mesh, owner, "industry", "TEXT")
    (ann,) = create(mesh, owner, contact("Ann", industry="Retail"))
    mesh.call(f"{FIELDS}DeleteContactField", fields_pb2.DeleteContactFieldRequest(id=made.id), token=owner.token)
    get = contacts_pb2.GetContactRequest(id=ann.id)
    assert not mesh.call(f"{CONTACTS}GetContact", get, token=owner.token).HasField("custom")
    listing = contacts_pb2.ListContactsRequest(filter="custom.industry:*")
    assert refused(mesh, owner, f"{CONTACTS}ListContacts", listing) == ("INVALID_ARGUMENT", {"filter"})
    update(mesh, owner, resources_pb2.Contact(id=ann.id, family_name="Bo"), "family_name", "custom")
    back = mesh.call(
        f"{FIELDS}UndeleteContactField", fields_pb2.UndeleteContactFieldRequest(id=made.id), token=owner.token
    )
    assert back.state == kinds.FIELD_STATE_ACTIVE
    assert mesh.call(f"{CONTACTS}GetContact", get, token=owner.token).custom["industry"] == "Retail"
    assert found(mesh, owner, 'custom.industry = "Retail"') == ["Ann"]


def _is_ready(mesh: LocalMesh, owner: Member, text: str) -> bool:
    try:
        return bool(found(mesh, owner, text))
    except grpc.RpcError:
        return False


def test_existing_values_are_prepared_in_steps_and_the_field_waits_for_them(
    mesh: LocalMesh, owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mesh.resource.custom.CHUNK", 3)
    monkeypatch.setattr(custom_index, "CHUNK", 3)
    made = define(mesh, owner, "size", "NUMBER", filterable=False)
    create(mesh, owner, *(contact(f"n{number}", size=number) for number in range(8)))
    request = fields_pb2.UpdateContactFieldRequest(contact_field=made)
    request.contact_field.filterable = True
    changed = mesh.call(f"{FIELDS}UpdateContactField", request, token=owner.token)
    assert changed.state == kinds.FIELD_STATE_BUILDING
    listing = contacts_pb2.ListContactsRequest(filter="custom.size > 5")
    assert refused(mesh, owner, f"{CONTACTS}ListContacts", listing) == ("INVALID_ARGUMENT", {"filter"})
    create(mesh, owner, contact("new", size=7))
    mesh.deliver()
    get = fields_pb2.GetContactFieldRequest(id=made.id)
    assert mesh.call(f"{FIELDS}GetContactField", get, token=owner.token).state == kinds.FIELD_STATE_ACTIVE
    # Another process may still believe for 5 seconds that the field is not ready.
    eventually(lambda: _is_ready(mesh, owner, "custom.size > 5"))
    assert sorted(found(mesh, owner, "custom.size > 5")) == ["n6", "n7", "new"]
    request = fields_pb2.UpdateContactFieldRequest(contact_field=resources_pb2.ContactField(id=made.id))
    request.update_mask.paths.append("filterable")
    mesh.call(f"{FIELDS}UpdateContactField", request, token=owner.token)
    mesh.deliver()
    rows = mesh.dump("customers")["custom_numbers"]
    assert not [row for row in rows if any(str(value).startswith(made.id) for value in row)]


def test_that_values_are_personal_is_told_with_the_definition(mesh: LocalMesh, owner: Member) -> None:
    define(mesh, owner, "blood_type", "TEXT", personal=True)
    define(mesh, owner, "industry", "TEXT")
    listed = mesh.call(f"{FIELDS}ListContactFields", fields_pb2.ListContactFieldsRequest(), token=owner.token)
    assert {each.key: each.personal for each in listed.contact_fields} == {"blood_type": True, "industry": False}
