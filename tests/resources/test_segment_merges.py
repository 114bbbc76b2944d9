"""What is said by hand of a contact follows it through merges, and goes with a merge that is undone."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.resources.customers_calls import call, tenant
from tests.resources.customers_merges import merge, settle, undo
from tests.resources.test_segments import contact, dynamic, members, static

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

NAMES = ("Ann", "Ben", "Cem", "Dot", "Eve")


def test_what_a_merge_has_brought_goes_when_it_is_undone(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "brought")
    ann, ben = contact(mesh, owner, "Ann"), contact(mesh, owner, "Ben")
    brought, said, own, ended = (static(mesh, owner) for _ in range(4))
    hidden = dynamic(mesh, owner, "given_name:*")
    for segment in (brought, said, own, ended):
        call(mesh, owner, "AddSegmentMembers", id=segment, contactIds=[ben])
    call(mesh, owner, "AddSegmentMembers", id=own, contactIds=[ann])
    call(mesh, owner, "RemoveSegmentMembers", id=hidden, contactIds=[ben])
    settle(mesh)
    merged = merge(mesh, owner, ann, ben).contact_merge.id
    settle(mesh)
    found = {each: members(mesh, owner, each) for each in (brought, said, own, ended, hidden)}
    assert found == {**{each: {"Ann"} for each in (brought, said, own, ended)}, hidden: set()}
    # It is said again by hand of one that is known already, and the opposite of another one.
    call(mesh, owner, "AddSegmentMembers", id=said, contactIds=[ann])
    call(mesh, owner, "RemoveSegmentMembers", id=ended, contactIds=[ann])
    undo(mesh, owner, merged)
    settle(mesh)
    found = {each: members(mesh, owner, each) for each in (brought, said, own, ended, hidden)}
    assert found == {
        brought: {"Ben"},
        said: {"Ann", "Ben"},
        own: {"Ann", "Ben"},
        ended: {"Ben"},
        hidden: {"Ann"},
    }


class Model:
    """What is to be so: by segment and contact what was said of it, and through which merge."""

    def __init__(self, contacts: dict[str, str]) -> None:
        self.names = dict(contacts)
        self.live = set(contacts)
        self.said: dict[tuple[str, str], tuple[str, str]] = {}
        self.merges: list[tuple[str, str, str]] = []

    def say(self, segment: str, identity: str, verb: str) -> None:
        """Something is said by hand."""
        self.said[segment, identity] = (verb, "")

    def merge(self, identity: str, survivor: str, other: str) -> None:
        """The survivor has what it lacks."""
        self.merges.append((identity, survivor, other))
        self.live.remove(other)
        for (segment, who), (verb, _) in list(self.said.items()):
            own, _ = self.said.get((segment, survivor), ("Reset", ""))
            if who == other and verb != "Reset" and own == "Reset":
                self.said[segment, survivor] = (verb, identity)

    def undo(self) -> str:
        """The last merge is undone; its id."""
        identity, _, other = self.merges.pop()
        self.live.add(other)
        self.said = {key: told for key, told in self.said.items() if told[1] != identity}
        return identity

    def members(self, segment: str, found: bool) -> set[str]:  # noqa: FBT001
        """The names of the members; `found`: whether the filter finds everybody."""
        wanted = ("Add", "Reset") if found else ("Add",)
        return {self.names[each] for each in self.live if self.said.get((segment, each), ("Reset", ""))[0] in wanted}


def happen(mesh: LocalMesh, owner: Member, model: Model, segments: dict[str, bool], dice: random.Random) -> None:
    """One thing happens, to the service and to the model."""
    what = dice.choice(["say", "say", "merge", "undo"])
    if what == "say":
        segment, identity = dice.choice(sorted(segments)), dice.choice(sorted(model.live))
        verb = dice.choice(["Add", "Add", "Remove", "Reset"])
        call(mesh, owner, f"{verb}SegmentMembers", id=segment, contactIds=[identity])
        # Whom nobody has put into a static segment needs no word to be kept out.
        model.say(segment, identity, verb if segments[segment] or verb == "Add" else "Reset")
    elif what == "merge" and len(model.live) > 1:
        survivor, other = dice.sample(sorted(model.live), 2)
        model.merge(merge(mesh, owner, survivor, other).contact_merge.id, survivor, other)
    elif what == "undo" and model.merges:
        undo(mesh, owner, model.undo())
    mesh.deliver()


@pytest.mark.parametrize("seed", range(8))
def test_members_are_those_of_a_model_after_any_merges(mesh: LocalMesh, seed: int) -> None:
    dice = random.Random(seed)
    owner = tenant(mesh, "modelled")
    model = Model({contact(mesh, owner, name): name for name in NAMES})
    segments = {static(mesh, owner): False, dynamic(mesh, owner, "given_name:*"): True}
    mesh.deliver()
    for _ in range(25):
        happen(mesh, owner, model, segments, dice)
        for segment, found in segments.items():
            assert members(mesh, owner, segment) == model.members(segment, found)
