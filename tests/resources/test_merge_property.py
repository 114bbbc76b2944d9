"""Merging and undoing is as if nothing had been, for random contacts with all that belongs to them, on both engines."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import pytest

from mesh.resource import moves, repointing
from tests.resources.customers_calls import call, tenant
from tests.resources.customers_merges import (
    DENIED,
    GRANTED,
    consent,
    contact,
    interaction,
    merge,
    plain,
    relation,
    settle,
    undo,
    world,
)

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member


def random_contact(mesh: LocalMesh, member: Member, dice: random.Random, number: int, tags: list[str]) -> str:
    fields: dict[str, Any] = {"givenName": f"Given {number}"}
    for name in ("familyName", "jobTitle", "externalId"):
        if dice.random() < 0.6:
            fields[name] = f"{name} {number}"
    fields["emails"] = [{"address": f"e{number}.{n}@p.example"} for n in range(dice.randint(0, 2))]
    if dice.random() < 0.5:
        fields["emails"].append({"address": "family@p.example", "shared": True, "label": dice.choice(["", "home"])})
    fields["phones"] = [{"number": f"+61 2 9999 {dice.randint(0, 3):04}"} for _ in range(dice.randint(0, 2))]
    fields["addresses"] = [{"regionCode": "AU", "postalCode": str(dice.randint(1, 3))}]
    fields["tagIds"] = dice.sample(tags, dice.randint(0, len(tags)))
    if dice.random() < 0.5:
        fields["birthDate"] = {"year": 1980, "month": 2, "day": 1 + number}
    fields["custom"] = {key: f"{key} {number}" for key in ("color", "code") if dice.random() < 0.6}
    return str(contact(mesh, member, **fields).id)


def belongings(mesh: LocalMesh, member: Member, dice: random.Random, people: list[str], firm: str) -> None:
    """What refers to contacts, one or several of them at once; some of it deleted."""
    for day in range(1, dice.randint(2, 5)):
        made = interaction(mesh, member, day, *dice.sample(people, dice.randint(1, len(people))))
        if dice.random() < 0.2:
            call(mesh, member, "DeleteInteraction", id=made.id)
    for _ in range(dice.randint(2, 6)):
        one, other = dice.sample(people, 2)
        ends = {"fromContactId": one, "toContactId": other, "kind": dice.choice([3, 5])}
        ends = dice.choice([ends, {"fromContactId": one, "toCompanyId": firm, "kind": 1}])
        try:
            made = relation(mesh, member, **ends)
        except grpc.RpcError:
            continue  # they are related already
        if dice.random() < 0.2:
            call(mesh, member, "DeleteRelation", id=made.id)
    for day in range(1, dice.randint(2, 6)):
        consent(mesh, member, dice.choice(people), dice.choice(["news", "offers"]), dice.choice([GRANTED, DENIED]), day)


def check(mesh: LocalMesh, seed: int) -> None:
    dice = random.Random(seed)
    member = tenant(mesh, "property")
    for key, unique in (("color", False), ("code", True)):
        field = {"key": key, "displayName": key, "type": 1, "filterable": True, "unique": unique}
        call(mesh, member, "CreateContactField", contactField=field)
    tags = [call(mesh, member, "CreateTag", tag={"displayName": f"t{n}"}).id for n in range(3)]
    firm = call(mesh, member, "CreateCompany", company={"displayName": "Firm"}).id
    people = [random_contact(mesh, member, dice, number, tags) for number in range(5)]
    belongings(mesh, member, dice, people, firm)
    settle(mesh)
    moments, merges = [world(mesh, member)], []
    left = list(people)
    while len(left) > 2:
        survivor = left.pop(dice.randrange(len(left)))
        others = [left.pop(dice.randrange(len(left))) for _ in range(dice.randint(1, len(left) - 1))]
        left.append(survivor)
        asked = {"choices": [{"field": "job_title", "fromId": dice.choice([survivor, *others])}]}
        preview = merge(mesh, member, survivor, *others, **asked, validateOnly=True).contact
        made = merge(mesh, member, survivor, *others, **asked)
        assert plain(preview) == plain(made.contact)
        merges.append(made.contact_merge.id)
        if dice.random() < 0.5:
            settle(mesh)
            moments.append(world(mesh, member))
        else:
            moments.append({})
    for identity in reversed(merges):
        moments.pop()
        assert not undo(mesh, member, identity).kept
        if moments[-1]:
            settle(mesh)
            now = world(mesh, member)
            assert now == moments[-1], [each for each in {*now, *moments[-1]} if now.get(each) != moments[-1].get(each)]


@pytest.mark.parametrize("seed", range(4))
def test_a_merge_that_is_undone_never_was(mesh: LocalMesh, seed: int) -> None:
    check(mesh, seed)


def test_nor_where_it_takes_several_chunks(mesh: LocalMesh) -> None:
    with mock.patch.object(moves, "CHUNK", 2):
        check(mesh, 11)


def test_an_undoing_that_leaves_references_is_noticed(mesh: LocalMesh) -> None:
    """The fault that the tests above are there for."""
    with mock.patch.object(repointing, "_set"), pytest.raises(AssertionError):
        check(mesh, 0)
