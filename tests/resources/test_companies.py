"""Companies, relations and tags on both engines: trees stay trees, keys are held to, tags go where they are merged."""

from __future__ import annotations

import importlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import pytest

from mesh.resource import standard
from mesh.resource.moves import Moves
from tests.resources.customers_calls import call, outcome, refusal, tenant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.testing.local import LocalMesh, Member

_PAIRS = 4


def company(mesh: LocalMesh, member: Member, name: str, **more: Any) -> Any:
    return call(mesh, member, "CreateCompany", company={"displayName": name, **more})


def moved(mesh: LocalMesh, member: Member, one: str, below: str) -> str:
    return outcome(mesh, member, "UpdateCompany", company={"id": one, "parentId": below})


def at_once(mesh: LocalMesh, member: Member, *asked: tuple[str, str]) -> Sequence[str]:
    """How moves end that all have looked at the companies before the first one writes."""
    both = threading.Barrier(len(asked))
    gather = standard.gather

    def together(*arguments: Any) -> Any:
        found = gather(*arguments)
        both.wait(5)
        return found

    with mock.patch.object(standard, "gather", together), ThreadPoolExecutor(len(asked)) as pool:
        return sorted(pool.map(lambda each: moved(mesh, member, *each), asked))


def swapped(mesh: LocalMesh, member: Member, pairs: int) -> list[Sequence[str]]:
    ended = []
    for number in range(pairs):
        one, other = (company(mesh, member, f"{which} {number}").id for which in ("One", "Other"))
        ended.append(at_once(mesh, member, (one, other), (other, one)))
    return ended


def rings(mesh: LocalMesh, member: Member) -> int:
    parents = {each.id: each.parent_id for each in call(mesh, member, "ListCompanies", pageSize=200).companies}

    def top(start: str) -> str:
        for _ in parents:
            start = parents.get(start, "")
        return start

    return sum(1 for each in parents if top(each))


def test_of_two_companies_that_are_moved_below_each_other_at_once_one_stays(mesh: LocalMesh) -> None:
    member = tenant(mesh, "trees")
    assert swapped(mesh, member, _PAIRS) == [["COMPANY_CYCLE", "OK"]] * _PAIRS
    assert rings(mesh, member) == 0


def test_a_ring_is_found_where_writes_do_not_look_at_the_tree(mesh: LocalMesh) -> None:
    """The fault that the test above is there for."""
    member = tenant(mesh, "trees")
    with mock.patch.object(importlib.import_module("services.customers.service.hierarchy"), "check_place"):
        swapped(mesh, member, 1)
    assert rings(mesh, member) == 2


def test_companies_stand_ten_deep_and_a_deleted_one_lets_go_of_those_below(mesh: LocalMesh) -> None:
    member = tenant(mesh, "depth")
    chain = [company(mesh, member, "Top").id]
    for level in range(2, 11):
        chain.append(company(mesh, member, f"Level {level}", parentId=chain[-1]).id)
    assert outcome(mesh, member, "CreateCompany", company={"displayName": "x", "parentId": chain[-1]}) == (
        "COMPANY_TOO_DEEP"
    )
    over = company(mesh, member, "Over").id
    assert moved(mesh, member, chain[0], over) == "COMPANY_TOO_DEEP"
    assert moved(mesh, member, chain[0], chain[0]) == "COMPANY_CYCLE"
    assert moved(mesh, member, chain[0], chain[5]) == "COMPANY_CYCLE"
    found = call(mesh, member, "ListCompanies", filter=f'parent_id = "{chain[3]}"').companies
    assert [each.id for each in found] == [chain[4]]

    call(mesh, member, "DeleteCompany", id=chain[3])
    settle(mesh)
    assert call(mesh, member, "GetCompany", id=chain[4]).parent_id == ""
    assert moved(mesh, member, chain[0], over) == "OK"


def settle(mesh: LocalMesh) -> None:
    """Let everything that events have begun come to its end."""
    mesh.deliver()
    moves = Moves(mesh.host("customers").environment, mesh.service("customers").resources)
    while moves.step():
        mesh.deliver()


def test_a_registered_domain_is_one_company_s(mesh: LocalMesh) -> None:
    member = tenant(mesh, "domains")
    acme = company(mesh, member, "Acme", domains=[{"host": "https://www.Acme.co.uk/about"}, {"host": "gmail.com"}])
    assert [domain.host for domain in acme.domains] == ["acme.co.uk", "gmail.com"]
    with pytest.raises(grpc.RpcError) as caught:
        company(mesh, member, "Shop", domains=[{"host": "shop.acme.co.uk"}])
    code, _, metadata, fields = refusal(caught.value)
    assert (code, metadata["candidates"], fields) == ("ALREADY_EXISTS", acme.id, {"company.domains[0].host"})
    company(mesh, member, "Shop", domains=[{"host": "shop.acme.co.uk", "shared": True}])
    company(mesh, member, "Mail", domains=[{"host": "gmail.com"}])


def test_two_are_related_once_in_one_way_and_it_reads_from_both_ends(mesh: LocalMesh) -> None:
    member = tenant(mesh, "relations")
    firm = company(mesh, member, "Firm")
    people = [call(mesh, member, "CreateContact", contact={"givenName": name}) for name in ("Ann", "Bob")]
    day = {"year": 2026, "month": 1, "day": 1}
    job = {"fromContactId": people[0].id, "toCompanyId": firm.id, "kind": "RELATION_KIND_EMPLOYMENT", "startDate": day}
    made = call(mesh, member, "CreateRelation", relation={**job, "title": "Buyer"})
    assert (made.label, made.inverse_label) == ("works at", "employs")
    assert outcome(mesh, member, "CreateRelation", relation=job) == "ALREADY_EXISTS"
    later = call(mesh, member, "CreateRelation", relation={**job, "startDate": {**day, "year": 2027}})
    family = {"kind": "RELATION_KIND_FAMILY", "fromContactId": people[1].id, "toContactId": people[0].id}
    kin = call(mesh, member, "CreateRelation", relation=family)
    back = {"kind": "RELATION_KIND_FAMILY", "fromContactId": people[0].id, "toContactId": people[1].id}
    assert outcome(mesh, member, "CreateRelation", relation=back) == "ALREADY_EXISTS"
    other = {"toCompanyId": firm.id, "fromCompanyId": company(mesh, member, "Part").id, "kind": 9}
    assert outcome(mesh, member, "CreateRelation", relation=other) == "RELATION_UNLABELLED"

    def listed(end: str, identity: str) -> set[str]:
        text = f'from_{end}_id = "{identity}" OR to_{end}_id = "{identity}"'
        return {each.id for each in call(mesh, member, "ListRelations", filter=text).relations}

    assert listed("contact", people[0].id) == {made.id, later.id, kin.id}
    assert listed("company", firm.id) == {made.id, later.id}
    call(mesh, member, "DeleteRelation", id=made.id)
    assert outcome(mesh, member, "CreateRelation", relation=job) == "OK", "what has ended may begin again"
    assert outcome(mesh, member, "UndeleteRelation", id=made.id) == "ALREADY_EXISTS"


def tagged(mesh: LocalMesh, member: Member, tag: str) -> list[str]:
    found = call(mesh, member, "ListContacts", filter=f'tag_ids:"{tag}"', orderBy="id").contacts
    assert call(mesh, member, "CountContacts", filter=f'tag_ids:"{tag}"').count == len(found)
    return [contact.given_name for contact in found]


def test_a_merged_tag_is_on_whatever_had_it_and_a_deleted_one_on_nothing(mesh: LocalMesh) -> None:
    member = tenant(mesh, "tags")
    red, blue, gone = (
        call(mesh, member, "CreateTag", tag={"displayName": name}).id for name in ("Key account", "VIP", "Old")
    )
    assert outcome(mesh, member, "CreateTag", tag={"displayName": "KEY  Account"}) == "ALREADY_EXISTS"
    for name, ids in (("Ann", [red, gone]), ("Bob", [red, blue]), ("Cleo", [blue]), ("Dan", [])):
        call(mesh, member, "CreateContact", contact={"givenName": name, "tagIds": ids})
    company(mesh, member, "Firm", tagIds=[red])
    assert tagged(mesh, member, red) == ["Ann", "Bob"]
    untagged = call(mesh, member, "ListContacts", filter=f'NOT tag_ids:"{red}"', orderBy="id").contacts
    assert [contact.given_name for contact in untagged] == ["Cleo", "Dan"]
    assert outcome(mesh, member, "ListContacts", filter="tag_ids:*") == "INVALID_ARGUMENT"

    renamed = call(mesh, member, "UpdateTag", tag={"id": red, "displayName": "key account", "color": "#1d70b8"})
    assert (renamed.display_name, renamed.color) == ("key account", "#1d70b8")
    merged = call(mesh, member, "MergeTag", id=red, intoId=blue)
    assert (merged.merged_into_id, merged.HasField("delete_time")) == (blue, True)
    assert call(mesh, member, "MergeTag", id=red, intoId=blue) == merged, "merging again changes nothing"
    assert outcome(mesh, member, "MergeTag", id=red, intoId=gone) == "TAG_MERGED"
    call(mesh, member, "DeleteTag", id=gone)
    settle(mesh)
    assert tagged(mesh, member, blue) == ["Ann", "Bob", "Cleo"]
    assert tagged(mesh, member, red) == tagged(mesh, member, gone) == []
    bob = call(mesh, member, "ListContacts", filter='given_name = "Bob"').contacts[0]
    assert list(bob.tag_ids) == [blue], "none stands twice"
    found = call(mesh, member, "ListCompanies", filter=f'tag_ids:"{blue}"').companies
    assert [each.display_name for each in found] == ["Firm"]
    assert outcome(mesh, member, "CreateTag", tag={"displayName": "Key account"}) == "OK", "the word is free again"
    with mesh.statements("customers") as statements:
        tagged(mesh, member, blue)
    assert len(statements) <= 5
