"""The rules of users: zones, passwords, roles, and the audit chain that shows every tampering."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapport.users.v1 import resources_pb2

from mesh.contract import catalog
from mesh.contract.failure import Failure
from services.users.domain import audit
from services.users.domain.audit import FIRST, broken_at, digest
from services.users.domain.roles import permissions_of
from services.users.domain.tenants import check_password, check_time_zone

if TYPE_CHECKING:
    from collections.abc import Callable

LENGTH = 6


@pytest.mark.parametrize(("named", "zone"), [("", "Etc/UTC"), ("Australia/Sydney", "Australia/Sydney"), ("UTC", "UTC")])
def test_a_zone_of_the_database_is_taken(named: str, zone: str) -> None:
    assert check_time_zone(named) == zone


@pytest.mark.parametrize("named", ["Sydney", "australia/sydney", "../etc/passwd", "/etc/localtime", "GMT+25", " UTC"])
def test_any_other_zone_is_refused(named: str) -> None:
    with pytest.raises(Failure) as caught:
        check_time_zone(named)
    assert caught.value.reason == "TIME_ZONE_UNKNOWN"
    assert set(caught.value.fields) == {"time_zone"}


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "PASSWORD!!!!",
        "aaaaaaaaaaaa",
        "abababababab",
        "123456123456",
        "qwertyqwerty1",
        "letmeinletmein",
        "acme-hardware1",
        "ACME-HARDWARE99",
        "owner-owner-owner",
        "Welcome12345",
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(Failure) as caught:
        check_password(password, slug="acme-hardware", email="owner@example.com", field="owner_password")
    assert caught.value.reason == "PASSWORD_GUESSABLE"
    assert password not in str(caught.value.fields)


@pytest.mark.parametrize(
    "password", ["granite-walrus-47", "correct horse battery", "Zoë mag Käse", "p4ssw0rt-nicht-doch"]
)
def test_a_password_of_its_own_is_taken(password: str) -> None:
    check_password(password, slug="acme-hardware", email="owner@example.com", field="owner_password")


GUESSED = ["password", "Passwort", "QWERTY", "letmein", "123456", "acme-hardware", "Owner", "1", "!", "-"]


@given(st.lists(st.sampled_from(GUESSED), min_size=1, max_size=8).map("".join))
def test_a_password_made_of_what_is_guessed_is_refused_however_it_is_put_together(password: str) -> None:
    with pytest.raises(Failure, match="PASSWORD_GUESSABLE"):
        check_password(password, slug="acme-hardware", email="owner@example.com", field="owner_password")


def test_each_role_may_do_what_the_smaller_one_may() -> None:
    declared = catalog.load().permissions()
    owner, member, viewer, nobody = (set(permissions_of(role, declared)) for role in (1, 2, 3, 0))
    assert owner == set(declared) > member > viewer > nobody == set()
    assert "contacts.read" in viewer
    assert all(permission.endswith(".read") for permission in viewer)
    assert {"contacts.write", "contacts.delete", "users.read", "teams.read"} <= member - viewer
    assert not {"users.write", "teams.write", "tenants.write", "audit-entries.read"} & member


def chain(length: int = LENGTH) -> list[Any]:
    before, entries = FIRST, []
    for position in range(1, length + 1):
        entry = resources_pb2.AuditEntry(
            id=f"aud_{position}",
            action="contact.updated",
            method="rapport.customers.v1.ContactService/UpdateContact",
            principal_id="usr_1",
            actor_id="usr_2",
            resource=f"contacts/con_{position}",
            changed_paths=["given_name", "emails"],
            position=position,
        )
        entry.create_time.FromMicroseconds(1_700_000_000_000_000 + position)
        before = entry.digest = digest(before, entry)
        entries.append(entry)
    return entries


CHANGES: dict[str, Callable[[Any], object]] = {
    "id": lambda e: setattr(e, "id", "aud_x"),
    "create_time": lambda e: e.create_time.FromMicroseconds(1),
    "action": lambda e: setattr(e, "action", "contact.deleted"),
    "method": lambda e: setattr(e, "method", "x"),
    "principal_id": lambda e: setattr(e, "principal_id", "usr_2"),
    "actor_id": lambda e: setattr(e, "actor_id", ""),
    "resource": lambda e: setattr(e, "resource", "contacts/con_0"),
    "changed_paths": lambda e: e.changed_paths.pop(),
    "changed_paths joined": lambda e: e.changed_paths.insert(0, "phones"),
    "position": lambda e: setattr(e, "position", 99),
    "digest": lambda e: setattr(e, "digest", bytes(32)),
    "a text moved to the next field": lambda e: (setattr(e, "principal_id", "usr_1usr_2"), setattr(e, "actor_id", "")),
}


def test_a_chain_as_it_was_written_is_sound() -> None:
    for length in range(LENGTH):
        assert broken_at(chain(length)) is None


@pytest.mark.parametrize("position", range(1, LENGTH + 1))
@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_entry_breaks_the_chain_where_it_stands(change: str, position: int) -> None:
    entries = chain()
    CHANGES[change](entries[position - 1])
    assert broken_at(entries) == position


@pytest.mark.parametrize("position", range(1, LENGTH))
def test_a_missing_a_doubled_and_an_exchanged_entry_break_it(position: int) -> None:
    entries = chain()
    assert broken_at(entries[: position - 1] + entries[position:]) == position
    assert broken_at(entries[:position] + entries[position - 1 :]) == position + 1
    entries[position - 1], entries[position] = entries[position], entries[position - 1]
    assert broken_at(entries) == position


@pytest.mark.parametrize("position", range(1, LENGTH))
def test_an_entry_sealed_anew_breaks_it_at_the_next(position: int) -> None:
    entries = chain()
    entry = entries[position - 1]
    entry.action = "contact.deleted"
    entry.digest = digest(entries[position - 2].digest if position > 1 else FIRST, entry)
    assert broken_at(entries) == position + 1


def test_a_digest_that_left_a_field_out_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_SEALED", tuple(name for name in audit._SEALED if name != "resource"))
    entries = chain()
    CHANGES["resource"](entries[0])
    assert broken_at(entries) is None
