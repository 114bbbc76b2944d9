"""Who a contact is, on both engines: an address is one contact's, whoever writes at once; others are told whose."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import pytest
from rapport.users.v1 import custom_role_service_pb2, user_service_pb2
from rapport.users.v1 import resources_pb2 as users_pb2

from mesh.resource import keying
from mesh.resource.identity_keys import IdentityKeys
from mesh.resource.keying import Keying
from services.customers.service import contacts as area
from tests.resources.customers_calls import call, outcome, refusal, tenant

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member


def email(address: str, *, shared: bool = False) -> dict[str, Any]:
    return {"address": address, "shared": shared}


def create(mesh: LocalMesh, member: Member, **contact: Any) -> Any:
    return call(mesh, member, "CreateContact", contact=contact)


def refused(mesh: LocalMesh, member: Member, name: str, **fields: Any) -> tuple[str, str, dict[str, str], set[str]]:
    with pytest.raises(grpc.RpcError) as caught:
        call(mesh, member, name, **fields)
    return refusal(caught.value)


def test_an_address_belongs_to_one_however_it_is_written(mesh: LocalMesh) -> None:
    owner, other = tenant(mesh, "identity"), tenant(mesh, "identity")
    ann = create(mesh, owner, emails=[email("ann@home.example"), email("Ann@B\u00fccher.example")])
    for path, name, fields in (
        ("contact.emails[1].address", "CreateContact",
         {"contact": {"emails": [email("new@home.example"), email("ANN@xn--bcher-kva.example")]}}),
        ("contacts[1].emails[0].address", "BatchCreateContacts",
         {"contacts": [{"givenName": "Bo"}, {"emails": [email("ANN@home.example")]}]}),
        ("contacts[1].emails[0].address", "BatchCreateContacts",
         {"contacts": [{"emails": [email("twin@x.example")]}, {"emails": [email("Twin@x.example")]}]}),
    ):  # fmt: skip
        code, reason, metadata, named = refused(mesh, owner, name, **fields)
        assert (code, reason, named) == ("ALREADY_EXISTS", "ALREADY_EXISTS", {path})
        assert metadata["candidates"] == ("" if "twin" in str(fields) else ann.id)
    assert create(mesh, other, emails=[email("ann@home.example")]).id != ann.id
    assert create(mesh, owner, emails=[email("new@home.example")]).id, "what was refused left nothing behind"


def test_an_update_and_an_undeletion_are_held_to_it_too(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "identity")
    ann = create(mesh, owner, emails=[email("ann@x.example")])
    bob = create(mesh, owner, emails=[email("bob@x.example")])
    change = {"contact": {"id": bob.id, "emails": [email("Ann@x.example")]}}
    assert refused(mesh, owner, "UpdateContact", **change)[2:] == (
        {"fields": "emails[0].address", "candidates": ann.id},
        {"contact.emails[0].address"},
    )
    batch = {"requests": [{"contact": {"id": bob.id, "emails": [email("ann@x.example")]}}]}
    assert refused(mesh, owner, "BatchUpdateContacts", **batch)[3] == {"requests[0].contact.emails[0].address"}

    call(mesh, owner, "DeleteContact", id=ann.id)
    assert outcome(mesh, owner, "UpdateContact", **change) == "OK", "who is deleted has no address"
    assert refused(mesh, owner, "UndeleteContact", id=ann.id)[2]["candidates"] == bob.id
    call(mesh, owner, "UpdateContact", contact={"id": bob.id, "emails": [email("bob@x.example")]})
    assert outcome(mesh, owner, "UndeleteContact", id=ann.id) == "OK"


def test_those_who_share_an_address_stand_side_by_side(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "identity")
    ann = create(mesh, owner, emails=[email("family@x.example")])
    both = create(mesh, owner, emails=[email("Family@x.example", shared=True)], givenName="Bob")
    assert both.emails[0].shared
    assert outcome(mesh, owner, "CreateContact", contact={"emails": [email("family@x.example")]}) == "ALREADY_EXISTS"
    change = {"id": both.id, "emails": [email("family@x.example")]}
    assert refused(mesh, owner, "UpdateContact", contact=change)[2]["candidates"] == ann.id


def test_of_a_key_in_another_system_the_holder_is_told(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "identity")
    ann = create(mesh, owner, externalId="7", givenName="Ann")
    code, _, metadata, named = refused(mesh, owner, "CreateContact", contact={"externalId": "7", "givenName": "Bo"})
    assert (code, metadata["candidates"], named) == ("ALREADY_EXISTS", ann.id, {"contact.external_id"})
    batch = [{"givenName": "Cem"}, {"externalId": "7", "givenName": "Bo"}]
    create(mesh, owner, givenName="Without a key")
    assert refused(mesh, owner, "BatchCreateContacts", contacts=batch)[2]["candidates"] == ann.id


def test_candidates_are_told_to_those_alone_who_may_see_them(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "identity")
    seller = narrow(mesh, owner)
    ann = create(mesh, owner, emails=[email("ann@x.example")], givenName="Ann", familyName="Lee")
    sent = {"emails": [email("ann@x.example")], "givenName": "Ann", "familyName": "Lee"}
    assert refused(mesh, seller, "CreateContact", contact=sent)[2]["candidates"] == ""
    assert refused(mesh, owner, "CreateContact", contact=sent)[2]["candidates"] == ann.id
    assert not call(mesh, seller, "CheckDuplicateContacts", **sent).duplicates
    (found,) = call(mesh, owner, "CheckDuplicateContacts", **sent).duplicates
    assert (found.contact.id, found.strength, list(found.matched)) == (ann.id, 2, ["emails", "name"])


def narrow(mesh: LocalMesh, owner: Member) -> Member:
    """Somebody who sees their own contacts alone."""
    member = mesh.member(owner, users_pb2.ROLE_UNSPECIFIED)
    grants = [{"permission": f"contacts.{verb}", "scope": 1} for verb in ("read", "write")]
    role = users_pb2.CustomRole(display_name="Seller", grants=grants)
    request = custom_role_service_pb2.CreateCustomRoleRequest(custom_role=role)
    made: Any = mesh.call("/rapport.users.v1.CustomRoleService/CreateCustomRole", request, token=owner.token)
    change = user_service_pb2.UpdateUserRequest(user=users_pb2.User(id=member.id, role_ids=[made.id]))
    mesh.call("/rapport.users.v1.UserService/UpdateUser", change, token=owner.token)
    mesh.deliver()
    return member


def test_a_soft_match_is_told_and_hinders_nobody(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "identity")
    ann = create(mesh, owner, givenName="Ann", familyName="Lee", phones=[{"number": "+61 2 9374 4000"}])
    create(mesh, owner, givenName="Ann", familyName="Lee")
    asked = {"givenName": "ANN", "familyName": "lee", "phones": [{"number": "+61 2 9374-4000"}]}
    with mesh.statements("customers") as statements:
        (found,) = call(mesh, owner, "CheckDuplicateContacts", **asked).duplicates
    assert (found.contact.id, found.strength, list(found.matched)) == (ann.id, 1, ["phones", "name"])
    assert len(statements) <= 5
    assert create(mesh, owner, **asked).id != ann.id


def test_of_many_who_take_an_address_at_once_one_gets_it(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "identity")
    with ThreadPoolExecutor(4) as pool:
        sent = {"contact": {"emails": [email("race@x.example")]}}
        ended = list(pool.map(lambda _: outcome(mesh, owner, "CreateContact", **sent), range(8)))
    assert sorted(ended) == ["ALREADY_EXISTS"] * 7 + ["OK"]
    assert len(call(mesh, owner, "ListContacts").contacts) == 1


def test_an_address_that_is_taken_as_it_is_written_is_noticed(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault that the tests above are there for."""
    monkeypatch.setattr(area, "email_key", lambda address: address)
    owner = tenant(mesh, "identity")
    create(mesh, owner, emails=[email("ann@x.example")])
    with pytest.raises(pytest.fail.Exception):
        refused(mesh, owner, "CreateContact", contact={"emails": [email("Ann@x.example")]})
    assert len(call(mesh, owner, "ListContacts").contacts) == 2


def test_a_create_asks_no_more_of_the_database_for_its_keys(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "identity")
    create(mesh, owner, givenName="First")

    def asked(**contact: Any) -> list[str]:
        with mesh.statements("customers") as names:
            create(mesh, owner, **contact)
        return names

    plain = asked(givenName="Ann")
    keyed = asked(givenName="Ann", familyName="Lee", emails=[email("keyed@x.example")])
    assert len(keyed) <= len(plain) + 1, f"{plain} without keys, {keyed} with them"


def test_who_was_there_before_keys_were_kept_has_them_once_a_worker_has_started(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "identity")
    with mock.patch.object(IdentityKeys, "insert"):
        ann, twin, bob = (
            create(mesh, owner, givenName=name, familyName="Lee", emails=[email(address)])
            for name, address in (("Ann", "ann@x.example"), ("Twin", "ANN@x.example"), ("Bob", "bob@x.example"))
        )
    sent = {"contact": {"emails": [email("bob@x.example")]}}
    environment, resources = mesh.host("customers").environment, mesh.service("customers").resources
    with mock.patch.object(keying, "_PAGE", 2):
        Keying(environment, resources).sweep()
    assert refused(mesh, owner, "CreateContact", **sent)[2]["candidates"] == bob.id
    kept = mesh.dump("customers")["identity_keys"]
    with mesh.statements("customers") as statements:
        Keying(environment, resources).sweep()
    assert "transaction" not in statements, "what is done is not done again"
    assert mesh.dump("customers")["identity_keys"] == kept
    found = call(mesh, owner, "CheckDuplicateContacts", emails=[email("ann@x.example")], givenName="Ann").duplicates
    assert {each.contact.id for each in found} == {ann.id, twin.id}


def test_an_import_tells_of_each_duplicate_who_is_in_its_way(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "identity")
    ann = create(mesh, owner, emails=[email("first@x.example"), email("ann@x.example")])
    columns = [{"column": "Name", "field": "family_name"}, {"column": "Mail", "field": "emails"}]
    made = call(mesh, owner, "CreateContactImport", contactImport={"columns": columns})
    text = "Name,Mail\nLee,Ann@X.example\nDay,new@x.example\nFay,NEW@x.example\nRay,ray@x.example\n"
    content = base64.b64encode(text.encode()).decode()
    call(mesh, owner, "UploadContactImportPart", id=made.id, partNumber=1, content=content)
    call(mesh, owner, "StartContactImport", id=made.id)
    mesh.work("customers")
    rows = call(
        mesh, owner, "ListContactImportRows", filter=f'import_id = "{made.id}"', orderBy="id"
    ).contact_import_rows
    told = [(row.verdict, row.reason, row.column) for row in rows]
    assert told == [(4, "ALREADY_EXISTS", "Mail"), (1, "", ""), (4, "ALREADY_EXISTS", "Mail"), (1, "", "")]
    assert (rows[0].contact_id, rows[2].contact_id) == (ann.id, rows[1].contact_id)
