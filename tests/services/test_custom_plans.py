"""What custom fields cost among 20,000 contacts, on both engines: which indexes are used, and how many statements."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from rapport.customers.v1 import contact_field_service_pb2 as fields_pb2
from rapport.customers.v1 import contact_service_pb2 as contacts_pb2
from rapport.customers.v1 import resources_pb2
from rapport.type.v1 import custom_field_pb2 as kinds

from mesh.contract import catalog
from mesh.resource.custom_query import CustomQuery
from mesh.resource.custom_rules import Field
from mesh.resource.scopes import EVERYTHING
from mesh.store.mesh_tables import custom_numbers
from mesh.store.statement import Statement
from mesh.testing.local import LocalMesh
from mesh.testing.postgres import postgres_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.store.compiled import Compiled, DialectName
    from mesh.testing.local import Member

CONTACTS = 20_000
CHUNK = 1_000
READ_THROUGH = ("Seq Scan on contacts", "Seq Scan on custom")
SERVICE = "/rapport.customers.v1.ContactService/"
FIELD = "/rapport.customers.v1.ContactFieldService/CreateContactField"


@dataclasses.dataclass(frozen=True)
class Place:
    """A mesh on an engine, with a tenant that has many contacts and the field `size`."""

    mesh: LocalMesh
    engine: str
    owner: Member
    field: Field

    def plan(self, text: str, order_by: str) -> str:
        """What the engine says that it would do for a list."""
        listing = self.mesh.resource(catalog.load_service("customers").resources["customers.rapport/Contact"]).listing
        custom = CustomQuery({self.field.key: self.field})
        order = listing.order(order_by, custom)
        page = listing.page(text, order, EVERYTHING, after=(), limit=51, show_deleted=False, custom=custom)
        store = self.mesh.host("customers").store
        lines = store.read(_Explained(page.statement), tenant=self.owner.tenant, timeout=10, **page.parameters)
        return "\n".join(str(line[-1]) for line in lines)


class _Explained(Statement):
    """The plan of a statement."""

    def __init__(self, statement: Statement) -> None:
        super().__init__(statement._core)

    def compiled(self, dialect: DialectName) -> Compiled:
        form = super().compiled(dialect)
        words = "EXPLAIN QUERY PLAN" if dialect == "sqlite" else "EXPLAIN"
        return dataclasses.replace(form, sql=f"{words} {form.sql}", unpack=None)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("plans")
    if request.param == "sqlite":
        mesh = LocalMesh(home)
        yield _filled(mesh, request.param)
        mesh.close()
        return
    with postgres_server() as server:
        mesh = LocalMesh(home, database_url=server.url("plans_{service}"))
        filled = _filled(mesh, request.param)
        with psycopg.connect(server.url("plans_customers"), autocommit=True) as connection:
            connection.execute("ANALYZE")
        yield filled
        mesh.close()


def _filled(mesh: LocalMesh, engine: str) -> Place:
    owner = mesh.sign_up("plans")
    made = resources_pb2.ContactField(
        key="size", display_name="Size", type=kinds.FIELD_TYPE_NUMBER, filterable=True, state=kinds.FIELD_STATE_ACTIVE
    )
    request = fields_pb2.CreateContactFieldRequest(contact_field=made)
    field = Field.of(mesh.call(FIELD, request, token=owner.token))
    resource = mesh.resource(catalog.load_service("customers").resources["customers.rapport/Contact"])
    for start in range(0, CONTACTS, CHUNK):
        with mesh.writing("customers", owner.tenant) as write:
            contacts = [_contact(write.environment.ids.new("con"), start + i, write.now_us) for i in range(CHUNK)]
            resource.insert(write, contacts)
    return Place(mesh, engine, owner, field)


def _contact(identity: str, number: int, now_us: int) -> Any:
    contact = resources_pb2.Contact(id=identity, given_name=f"n{number}")
    contact.custom["size"] = number
    contact.create_time.FromMicroseconds(now_us)
    contact.update_time.FromMicroseconds(now_us)
    return contact


def goes_by_index(plan: str) -> bool:
    """Whether the field's index finds the rows, and gives their order."""
    return (
        f"{custom_numbers.name}_by_value" in plan
        and not any(word in plan for word in ("SCAN", "TEMP B-TREE", *READ_THROUGH, "Sort"))
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "order_by"),
    [
        ("custom.size = 7", "custom.size"),
        ("custom.size > 19990", "custom.size"),
        ("", "custom.size"),
        ("", "custom.size desc"),
    ],
)
def test_filters_and_orders_go_by_the_index_of_values(place: Place, text: str, order_by: str) -> None:
    plan = place.plan(text, order_by)
    assert goes_by_index(plan), plan


def test_a_filter_alone_goes_by_the_index_too(place: Place) -> None:
    plan = place.plan("custom.size = 7", "")
    assert f"{custom_numbers.name}_by_value" in plan, plan
    assert "SCAN" not in plan
    assert not any(words in plan for words in READ_THROUGH), plan


def test_a_plan_without_the_index_would_be_noticed(place: Place) -> None:
    assert not goes_by_index(place.plan('job_title = "x"', "custom.size").replace("_by_value", ""))
    assert not goes_by_index(place.plan("custom.size = 7", "family_name,custom.size"))


def statements(place: Place, monkeypatch: pytest.MonkeyPatch, method: str, request: Any) -> list[str]:
    """The names of the statements of one call, when the definitions have been read before."""
    place.mesh.call(f"{SERVICE}{method}", request, token=place.owner.token)
    names: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(place.mesh.host("customers").store, "_observe", lambda name, *_: names.append(name))
        place.mesh.call(f"{SERVICE}{method}", request, token=place.owner.token)
    return names


def test_reading_takes_few_statements(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = contacts_pb2.ListContactsRequest(filter="custom.size > 3", order_by="custom.size")
    page = place.mesh.call(f"{SERVICE}ListContacts", listing, token=place.owner.token)
    assert len(page.contacts) == 50
    assert statements(place, monkeypatch, "ListContacts", listing) == ["list contacts"]
    get = contacts_pb2.GetContactRequest(id=page.contacts[0].id)
    assert statements(place, monkeypatch, "GetContact", get) == ["get contacts"]


def test_a_change_of_a_built_in_field_looks_at_no_definition(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    (contact,) = place.mesh.call(
        f"{SERVICE}ListContacts", contacts_pb2.ListContactsRequest(page_size=1), token=place.owner.token
    ).contacts
    request = contacts_pb2.UpdateContactRequest(contact=resources_pb2.Contact(id=contact.id, job_title="one"))
    place.mesh.call(f"{SERVICE}UpdateContact", request, token=place.owner.token)
    request.contact.job_title = "two"
    names = statements(place, monkeypatch, "UpdateContact", request)
    assert not [name for name in names if "custom" in name]
    request = contacts_pb2.UpdateContactRequest(contact=resources_pb2.Contact(id=contact.id, custom={"size": -1}))
    names = []
    monkeypatch.setattr(place.mesh.host("customers").store, "_observe", lambda name, *_: names.append(name))
    place.mesh.call(f"{SERVICE}UpdateContact", request, token=place.owner.token)
    assert [name for name in names if "custom" in name] == ["share custom version"]
