"""Which events a service takes in: all of a resource of which it handles any, and of others those that it handles."""

from __future__ import annotations

import pytest

from mesh.events.envelope import Event
from mesh.events.heeded import Heeded

TYPES = {"rapport.users.v1.UserUpdated", "rapport.users.v1.SessionDue"}
EVENT = Event("evt_1", "tnt_1", "users/usr_1", 1, "rapport.users.v1.UserCreated", b"", 1, "users", "usr_1")


@pytest.mark.parametrize(
    ("kind", "aggregate", "sequence", "taken"),
    [
        ("rapport.users.v1.UserUpdated", "users/usr_1", 2, True),
        ("rapport.users.v1.UserCreated", "users/usr_1", 1, True),  # counted, since an update may follow
        ("rapport.users.v1.SessionEnded", "users/usr_1", 0, False),
        ("rapport.users.v1.SessionCreated", "sessions/ses_1", 1, False),
        ("rapport.users.v1.SessionDue", "sessions/ses_1", 0, True),
        ("rapport.mesh.v1.AuditRecorded", "audit-entries/aud_1", 0, False),
        ("rapport.mesh.v1.ReferencesMoved", "references/usr_1", 1, True),  # of no resource: it is counted
    ],
)
def test_an_event_is_taken_in_that_has_an_effect_or_may_precede_one(
    kind: str, aggregate: str, sequence: int, *, taken: bool
) -> None:
    event = EVENT._replace(type=kind, aggregate=aggregate, sequence=sequence)
    assert Heeded(["users"], TYPES)(event) is taken


def test_what_is_no_source_is_not_asked_about() -> None:
    heeds = Heeded(["users"], TYPES)
    assert not heeds.counts("users", "sessions/ses_1")
    assert heeds.counts("users", "users/usr_1")
    assert heeds.counts("customers", "contacts/con_1")
