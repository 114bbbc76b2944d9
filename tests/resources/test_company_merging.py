"""Merging companies on both engines: one is left, with all that belonged to several, where it can stand."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from mesh.resource import moves, repointing
from mesh.store.transaction import Transaction
from services.customers.service import hierarchy
from tests.resources.customers_calls import call, outcome, tenant
from tests.resources.customers_merges import plain, relation, settle
from tests.resources.test_merging import refused

if TYPE_CHECKING:
    from mesh.store import Statement
    from mesh.testing.local import LocalMesh, Member


def company(mesh: LocalMesh, member: Member, name: str, parent: str = "", **fields: Any) -> str:
    asked = {"displayName": name, "parentId": parent, **fields}
    return str(call(mesh, member, "CreateCompany", company=asked).id)


def merge(mesh: LocalMesh, member: Member, survivor: str, *others: str, **more: Any) -> Any:
    return call(mesh, member, "MergeCompanies", id=survivor, otherIds=list(others), **more)


def undo(mesh: LocalMesh, member: Member, identity: str) -> Any:
    return call(mesh, member, "UndoCompanyMerge", id=identity)


def tree(mesh: LocalMesh, member: Member) -> dict[str, str]:
    """By name, the name of the one above."""
    found = call(mesh, member, "ListCompanies", pageSize=200).companies
    names = {each.id: each.display_name for each in found}
    return {each.display_name: names.get(each.parent_id, each.parent_id) for each in found}


def world(mesh: LocalMesh, member: Member) -> dict[str, Any]:
    """All that companies are, and all that refers to them, without what every write changes."""
    found: dict[str, Any] = {}
    for name in ("Companies", "Relations", "Interactions"):
        reply = call(mesh, member, f"List{name}", pageSize=200, showDeleted=True)
        found.update({each.id: plain(each) for each in getattr(reply, name.lower())})
    for identity in [each for each in found if each.startswith("com_")]:
        entries = call(mesh, member, "ListCompanyTimeline", id=identity, pageSize=200).entries
        told = sorted((e.id, e.kind, e.title) for e in entries if e.resource.startswith("interactions/"))
        found[f"timeline {identity}"] = told
    return found


@pytest.mark.shows("customers.company-merge")
def test_the_survivor_keeps_all_and_gets_what_it_lacks(mesh: LocalMesh) -> None:
    member = tenant(mesh, "company-merge")
    tag = call(mesh, member, "CreateTag", tag={"displayName": "Vip"}).id
    call(mesh, member, "CreateCompanyField", companyField={"key": "size", "displayName": "Size", "type": 1})
    wind = company(mesh, member, "Wind", domains=[{"host": "wind.example"}], description="Ours")
    own = {"legalName": "Wind Pty Ltd", "externalId": "crm-7", "tagIds": [tag], "custom": {"size": "big"}}
    domains = [{"host": "north-wind.example"}, {"host": "group.example", "shared": True}]
    north = company(mesh, member, "North Wind", **own, domains=domains, description="Theirs")
    before = [call(mesh, member, "GetCompany", id=each) for each in (wind, north)]
    person = call(mesh, member, "CreateContact", contact={"givenName": "Ann"}).id
    works = [relation(mesh, member, fromContactId=person, toCompanyId=each, kind=1).id for each in (wind, north)]
    happened = {"kind": 1, "occurTime": "2026-01-02T10:00:00Z", "subject": "met", "companyIds": [north]}
    met = call(mesh, member, "CreateInteraction", interaction=happened).id
    settle(mesh)
    asked = {"choices": [{"field": "display_name", "fromId": north}]}
    preview = merge(mesh, member, wind, north, **asked, validateOnly=True)
    assert not preview.HasField("company_merge")
    reply = merge(mesh, member, wind, north, **asked)
    one = reply.company
    assert (one.id, one.display_name, one.description) == (wind, "North Wind", "Ours")
    assert (one.legal_name, one.external_id, one.custom["size"]) == ("Wind Pty Ltd", "crm-7", "big")
    assert [(each.host, each.shared) for each in one.domains] == [
        ("wind.example", False),
        ("north-wind.example", False),
        ("group.example", True),
    ]
    assert plain(preview.company) == plain(one)
    assert call(mesh, member, "GetCompany", id=north).id == wind, "the old id leads on"
    assert outcome(mesh, member, "UpdateCompany", company={"id": north, "description": "x"}) == "MERGED"
    taken = {"displayName": "Other", "domains": [{"host": "www.north-wind.example"}]}
    assert outcome(mesh, member, "CreateCompany", company=taken) == "ALREADY_EXISTS", "a domain goes with its company"
    assert {each.id for each in call(mesh, member, "ListRelations").relations} == {works[0]}, "the same twice"
    found = call(mesh, member, "ListInteractions", filter=f'company_ids:"{wind}"').interactions
    assert [each.id for each in found] == [met]
    settle(mesh)
    assert [e.title for e in call(mesh, member, "ListCompanyTimeline", id=wind).entries if e.title] == ["met"]
    told = call(mesh, member, "ListCompanyMerges", filter=f'merged_ids:"{north}"').company_merges
    assert [each.id for each in told] == [reply.company_merge.id]
    third = company(mesh, member, "Third")
    last = merge(mesh, member, third, wind)
    assert call(mesh, member, "GetCompany", id=north).id == third, "through chains"
    assert outcome(mesh, member, "UndoCompanyMerge", id=reply.company_merge.id) == "MERGE_NOT_LATEST"
    assert not undo(mesh, member, last.company_merge.id).kept
    back = undo(mesh, member, reply.company_merge.id)
    assert not back.kept
    met_once = [plain(each) for each in back.companies]
    for each in met_once:
        each.ClearField("last_interaction_time")
    assert met_once == [plain(each) for each in before]
    assert {each.id for each in call(mesh, member, "ListRelations").relations} == set(works)


@pytest.mark.shows("customers.company-merge")
def test_nothing_comes_to_stand_below_itself(mesh: LocalMesh) -> None:
    member = tenant(mesh, "ring")
    top = company(mesh, member, "Top")
    one = company(mesh, member, "One", top)
    two = company(mesh, member, "Two", one)
    three = company(mesh, member, "Three", two)
    company(mesh, member, "Four", three)
    chain = tree(mesh, member)
    # Whoever stands below: parent into child, child into parent, over one between them, and both ends of it all.
    for survivor, others, expected in (
        (two, [one], {"Two": "Top", "Three": "Two", "Four": "Three"}),
        (one, [two], {"One": "Top", "Three": "One", "Four": "Three"}),
        (three, [one], {"Three": "Top", "Two": "Three", "Four": "Three"}),
        (three, [top], {"Three": "", "One": "Three", "Two": "One", "Four": "Three"}),
        (top, [three], {"Top": "", "One": "Top", "Two": "One", "Four": "Top"}),
        (two, [top, three], {"Two": "", "One": "Two", "Four": "Two"}),
    ):
        preview = merge(mesh, member, survivor, *others, validateOnly=True).company
        made = merge(mesh, member, survivor, *others)
        assert plain(preview) == plain(made.company)
        now = tree(mesh, member)
        assert {name: above for name, above in now.items() if name != "Top" or name in expected} == {
            **({"Top": ""} if top not in others and "Top" not in expected else {}),
            **expected,
        } or now == {"Top": "", **expected}
        assert not undo(mesh, member, made.company_merge.id).kept
        settle(mesh)
        assert tree(mesh, member) == chain


def test_a_merge_that_leaves_places_as_they_are_is_noticed(mesh: LocalMesh) -> None:
    """The fault that the test above is there for."""
    with mock.patch.object(hierarchy, "place_of", lambda wanted, *rest: wanted), pytest.raises(AssertionError):
        test_nothing_comes_to_stand_below_itself(mesh)


def test_no_tree_becomes_too_high(mesh: LocalMesh) -> None:
    member = tenant(mesh, "high")
    ends = []
    for name in ("A", "B"):
        last = ""
        for number in range(6):
            last = company(mesh, member, f"{name}{number}", last)
            ends += [last] if number in (0, 5) else []
    low, high = ends[1], ends[2]
    before = world(mesh, member)
    for more in ({"validateOnly": True}, {}):
        code, reason, metadata, _ = refused(mesh, member, "MergeCompanies", id=low, otherIds=[high], **more)
        assert (code, reason, metadata["limit"]) == ("INVALID_ARGUMENT", "COMPANY_TOO_DEEP", "10")
    assert world(mesh, member) == before


def test_an_undoing_makes_no_ring_of_what_was_moved_since(mesh: LocalMesh) -> None:
    member = tenant(mesh, "undo-ring")
    top = company(mesh, member, "Top")
    one = company(mesh, member, "One", top)
    two = company(mesh, member, "Two")
    made = merge(mesh, member, two, one)
    assert tree(mesh, member) == {"Top": "", "Two": "Top"}
    call(mesh, member, "UpdateCompany", company={"id": two, "parentId": ""}, updateMask="parentId")
    call(mesh, member, "UpdateCompany", company={"id": top, "parentId": two})
    back = undo(mesh, member, made.company_merge.id)
    settle(mesh)
    assert tree(mesh, member) == {"Top": "Two", "One": "Top", "Two": ""}
    assert not back.kept


def test_nor_behind_the_undoing_where_it_takes_several_chunks(mesh: LocalMesh) -> None:
    member = tenant(mesh, "undo-ring-later")
    top = company(mesh, member, "Top")
    one, two = company(mesh, member, "One", top), company(mesh, member, "Two")
    below = [company(mesh, member, f"Below {number}", one) for number in range(5)]
    made = merge(mesh, member, two, one)
    call(mesh, member, "UpdateCompany", company={"id": two, "parentId": ""}, updateMask="parentId")
    call(mesh, member, "UpdateCompany", company={"id": top, "parentId": below[-1]})
    with mock.patch.object(moves, "CHUNK", 2):
        undo(mesh, member, made.company_merge.id)
        settle(mesh)
    first = {f"Below {number}": "One" for number in range(4)}
    assert tree(mesh, member) == {"Top": "Below 4", "One": "Top", "Two": "", **first, "Below 4": ""}


def test_whoever_writes_companies_waits_for_the_tree_before_any_is_locked(mesh: LocalMesh) -> None:
    """In another order two of them could wait for each other."""
    member = tenant(mesh, "turns")
    one, two, three = (company(mesh, member, name) for name in ("One", "Two", "Three"))
    asked: list[str] = []
    read, write = Transaction.read, Transaction.write

    def reading(self: Transaction, statement: Statement, **more: Any) -> Any:
        sql = statement.compiled("postgresql").sql
        asked.extend(["row"] if "FROM companies" in sql and "FOR UPDATE" in sql else [])
        return read(self, statement, **more)

    def writing(self: Transaction, statement: Statement, **more: Any) -> Any:
        asked.extend(["turn"] if statement is hierarchy._TURN else [])
        return write(self, statement, **more)

    calls = (
        ("UpdateCompany", {"company": {"id": one, "parentId": two}}),
        ("DeleteCompany", {"id": one}),
        ("UndeleteCompany", {"id": one}),
        ("MergeCompanies", {"id": two, "otherIds": [three]}),
    )
    with mock.patch.object(Transaction, "read", reading), mock.patch.object(Transaction, "write", writing):
        for name, fields in calls:
            asked.clear()
            reply = call(mesh, member, name, **fields)
            assert asked[0] == "turn", name
            assert {*asked} == {"turn", "row"}
        asked.clear()
        undo(mesh, member, reply.company_merge.id)
        assert (asked[0], {*asked}) == ("turn", {"turn", "row"})


def check(mesh: LocalMesh, seed: int) -> None:
    dice = random.Random(seed)
    member = tenant(mesh, "company-property")
    ids: list[str] = []
    for number in range(7):
        fields: dict[str, Any] = {"domains": [{"host": f"d{number}-{n}.example"} for n in range(dice.randint(0, 2))]}
        fields |= {"externalId": f"e{number}"} if dice.random() < 0.5 else {}
        fields["phones"] = [{"number": f"+61 2 9999 000{dice.randint(0, 3)}"} for _ in range(dice.randint(0, 1))]
        ids.append(company(mesh, member, f"C{number}", dice.choice(["", *ids]), **fields))
    for day in range(1, 5):
        happened = {"kind": 1, "occurTime": f"2026-01-{day:02}T10:00:00Z", "companyIds": dice.sample(ids, 2)}
        call(mesh, member, "CreateInteraction", interaction=happened)
        ends = dict(zip(("fromCompanyId", "toCompanyId"), dice.sample(ids, 2), strict=True))
        outcome(mesh, member, "CreateRelation", relation={**ends, "kind": dice.choice([7, 8])})
    settle(mesh)
    moments, merges, left = [world(mesh, member)], [], list(ids)
    while len(left) > 2:
        survivor = left.pop(dice.randrange(len(left)))
        others = [left.pop(dice.randrange(len(left))) for _ in range(dice.randint(1, min(3, len(left) - 1)))]
        left.append(survivor)
        preview = merge(mesh, member, survivor, *others, validateOnly=True).company
        made = merge(mesh, member, survivor, *others)
        assert plain(preview) == plain(made.company)
        merges.append(made.company_merge.id)
        settle(mesh)
        moments.append(world(mesh, member))
        parents = {each.id: each.parent_id for each in call(mesh, member, "ListCompanies").companies}
        for identity in left:
            above, seen = identity, set()
            while above:
                assert above not in seen, "a ring"
                seen.add(above)
                above = parents[above]
    for identity in reversed(merges):
        moments.pop()
        assert not undo(mesh, member, identity).kept
        settle(mesh)
        now = world(mesh, member)
        assert now == moments[-1], [each for each in {*now, *moments[-1]} if now.get(each) != moments[-1].get(each)]


@pytest.mark.shows("customers.company-merge")
@pytest.mark.parametrize("seed", range(3))
def test_a_merge_that_is_undone_never_was(mesh: LocalMesh, seed: int) -> None:
    check(mesh, seed)


def test_nor_where_it_takes_several_chunks(mesh: LocalMesh) -> None:
    with mock.patch.object(moves, "CHUNK", 3):
        check(mesh, 7)


def test_an_undoing_that_leaves_references_is_noticed(mesh: LocalMesh) -> None:
    """The fault that the tests above are there for."""
    with mock.patch.object(repointing, "_set"), pytest.raises(AssertionError):
        check(mesh, 0)
