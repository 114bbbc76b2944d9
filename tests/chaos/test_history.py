"""The judge of histories is judged: a good history passes, and each way of breaking it is found by the rule for it."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mesh.testing.history import Change, Ending, Entry, History, Kind, Operation, Outcome, Seen
from mesh.testing.verdict import violations
from tests.chaos.schedule import Fault, schedule

if TYPE_CHECKING:
    from collections.abc import Callable

OWNER, LEAVER = "usr_owner", "usr_leaver"
A1 = Seen("con_a", 1, "t.0.1", LEAVER)
A2 = Seen("con_a", 2, "t.0.2", LEAVER)
A3 = Seen("con_a", 3, "t.0.2", OWNER)
B1 = Seen("con_b", 1, "t.1.1", OWNER)
B2 = Seen("con_b", 2, "t.1.1", OWNER, deleted=True)
OTHER = Seen("con_x", 1, "u.0.1", "usr_x")


def done(at: float, kind: Kind, request: str, *seen: Seen, tag: str = "", target: str = "") -> Operation:
    return Operation("t/0", "t", kind, Outcome.DONE, at, at + 0.5, request, tag, target, seen)


def good() -> History:
    """Two contacts: one created, changed and handed over, one created and deleted; and another tenant's."""
    operations = [
        done(1, Kind.CREATE, "r1", A1, tag="t.0.1"),
        replace(done(2, Kind.UPDATE, "r2", A2, tag="t.0.2", target="con_a"), expected=1),
        replace(done(2.1, Kind.UPDATE, "r9", tag="t.0.9", target="con_a"), outcome=Outcome.UNKNOWN, ended=9),
        replace(done(2.2, Kind.UPDATE, "r8", tag="t.0.8", target="con_a"), outcome=Outcome.REFUSED, refusal=""),
        done(3, Kind.HAND_OVER, "r3", target=LEAVER),
        done(4, Kind.CREATE, "r4", B1, tag="t.1.1"),
        replace(done(4.6, Kind.READ, "", A3, B1), whole=True),
        done(6, Kind.DELETE, "r5", B2, target="con_b"),
        replace(done(7, Kind.CREATE, "r1", A1, tag="t.0.1"), repeated=True),
        done(8, Kind.READ, "", A3, target="con_a"),
        replace(done(1, Kind.CREATE, "q1", OTHER, tag="u.0.1"), client="u/0", tenant="u"),
    ]
    told = [A1, A2, B1, A3, A3, Seen("con_b", 2, "", "", deleted=True)]
    names = ["contact.created", "contact.updated", "contact.created", "contact.updated", "contact.deleted"]
    resources = [f"contacts/con_{each}" for each in "aabab"]
    entries = [Entry(n, name, r) for n, (name, r) in enumerate(zip(names, resources, strict=True), 1)]
    entries.append(Entry(6, "user.deactivated", f"users/{LEAVER}"))
    return History(
        operations,
        {"t": [Change(seen) for seen in told], "u": [Change(OTHER)]},
        {
            "t": Ending((A3, B2), {"con_a": "Ada"}, {OWNER: "Ada", LEAVER: "Lin"}, tuple(entries)),
            "u": Ending((OTHER,), {}, {}, (Entry(1, "contact.created", "contacts/con_x"),)),
        },
        {"t": {LEAVER: OWNER}},
    )


def ended(history: History, **changes: object) -> None:
    history.endings["t"] = replace(history.endings["t"], **changes)  # type: ignore[arg-type]


def said(history: History, at: int, **changes: object) -> None:
    history.operations[at] = replace(history.operations[at], **changes)  # type: ignore[arg-type]


def without_entry(history: History) -> None:
    kept = [e for e in history.endings["t"].entries if e.position != 2]
    ended(history, entries=tuple(replace(e, position=n) for n, e in enumerate(kept, 1)))


def twice_entered(history: History) -> None:
    ended(history, entries=(*history.endings["t"].entries, Entry(7, "contact.updated", "contacts/con_a")))


def left_twice(history: History) -> None:
    ended(history, entries=(*history.endings["t"].entries, Entry(7, "user.deactivated", f"users/{LEAVER}")))


def created_twice(history: History) -> None:
    history.feeds["t"].append(Change(Seen("con_c", 1, "t.0.1", LEAVER)))


def written_again(history: History) -> None:
    history.feeds["t"] += [Change(Seen("con_a", n, tag, OWNER)) for n, tag in ((4, "t.0.9"), (5, "t.0.2"))]


def moved_twice(history: History) -> None:
    history.feeds["t"].append(Change(Seen("con_a", 4, "t.0.2", OWNER)))


BROKEN: dict[str, tuple[str, Callable[[History], object]]] = {
    "an acknowledged contact is not there": ("lost", lambda h: ended(h, contacts=(B2,))),
    "an acknowledged change is undone": ("lost", lambda h: ended(h, contacts=(A1, B2))),
    "another change took its number": ("lost", lambda h: h.feeds["t"].__setitem__(1, Change(replace(A2, tag="t.0.9")))),
    "a list is without what was acknowledged before": ("lost", lambda h: said(h, 6, seen=(A3,))),
    "a creation took effect twice": ("twice", created_twice),
    "a repeated request got another answer": ("twice", lambda h: said(h, 8, seen=(replace(A1, id="con_d"),))),
    "two requests made one version": ("twice", lambda h: said(h, 2, outcome=Outcome.DONE, seen=(A2,))),
    "a change was written over another one": ("etags", lambda h: said(h, 1, expected=2)),
    "a change took effect twice": ("causes", written_again),
    "a hand-over took effect twice": ("causes", moved_twice),
    "what was refused took effect": (
        "causes",
        lambda h: h.feeds["t"].append(Change(replace(A3, version=4, tag="t.0.8"))),
    ),
    "what nobody asked for took effect": ("causes", lambda h: h.successors.clear()),
    "what nobody deleted is gone": ("causes", lambda h: said(h, 7, kind=Kind.READ)),
    "a list holds another tenant's contact": ("tenants", lambda h: said(h, 6, seen=(A3, B1, OTHER))),
    "a feed tells of another tenant's contact": ("tenants", lambda h: h.feeds["t"].append(Change(OTHER))),
    "a deletion is told to another tenant": ("tenants", lambda h: h.feeds["u"].append(Change(replace(B2, tag="")))),
    "a read goes back": ("order", lambda h: said(h, 9, seen=(A1,))),
    "a version was read with two contents": ("order", lambda h: said(h, 9, seen=(replace(A3, tag="t.0.9"),))),
    "a feed leaves a change out": ("feed", lambda h: h.feeds["t"].pop(1)),
    "a feed goes without the last change": ("feed", lambda h: h.feeds["t"].pop()),
    "an effect is not in the chain": ("audit", without_entry),
    "an effect is in the chain twice": ("audit", twice_entered),
    "a hand-over is in the chain twice": ("audit", left_twice),
    "the chain has a gap": ("audit", lambda h: ended(h, entries=h.endings["t"].entries[1:])),
    "the digests do not hold": ("audit", lambda h: ended(h, broken_at=3)),
    "a title is an old one": ("copies", lambda h: ended(h, titles={"con_a": "Ida"})),
    "a contact stays with who has left": ("copies", lambda h: ended(h, contacts=(replace(A3, owner=LEAVER), B2))),
    "a failure that nobody may see": ("answers", lambda h: said(h, 3, refusal="INTERNAL")),
}


def test_a_good_history_passes() -> None:
    assert violations(good()) == []


def test_an_unknown_outcome_may_be_either() -> None:
    history = good()
    made = Seen("con_a", 4, "t.0.9", OWNER)
    history.feeds["t"].append(Change(made))
    entry = Entry(7, "contact.updated", "contacts/con_a")
    ended(history, contacts=(made, B2), entries=(*history.endings["t"].entries, entry))
    assert violations(history) == []


def test_what_a_snapshot_leaves_out_is_no_gap() -> None:
    history = good()
    gone = Seen("con_b", 0, "", "", deleted=True)
    history.feeds["t"] = [Change(A1), Change(B1), Change(A3, snapshot=True), Change(gone, snapshot=True)]
    assert violations(history) == []
    history.feeds["t"][1:] = [*history.feeds["t"][2:], Change(Seen("con_b", 2, "", "", deleted=True))]
    assert violations(history) == []
    del history.feeds["t"][2]
    assert {each.partition(":")[0] for each in violations(history)} == {"feed"}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_history_is_found_out(case: str) -> None:
    rule, breaks = BROKEN[case]
    history = copy.deepcopy(good())
    breaks(history)
    assert rule in {found.partition(":")[0] for found in violations(history)}


def test_a_schedule_follows_from_its_seed_alone() -> None:
    assert [schedule(seed) for seed in range(50)] == [schedule(seed) for seed in range(50)]
    assert len({schedule(seed).steps for seed in range(50)}) == 50


def test_twenty_seeds_hold_every_fault() -> None:
    assert {step.fault for seed in range(1, 21) for step in schedule(seed).steps} == set(Fault)
