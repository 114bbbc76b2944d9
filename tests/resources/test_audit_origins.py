"""Where a call came from stands in the audit, holds in the chain, and is erased with the user without breaking it."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from rapport.customers.v1 import contact_service_pb2
from rapport.customers.v1 import resources_pb2 as customers_pb2
from rapport.users.v1 import audit_service_pb2, resources_pb2, user_service_pb2
from sqlalchemy import bindparam, update

from mesh.runtime.identity import ADDRESS_HEADER, Device, telling
from mesh.store.statement import TENANT, Statement
from services.users.domain import audit as rules
from services.users.service import audit as service
from services.users.tables import audit_entries
from tests.resources.test_audit_chain import AUDIT, history, tamper, verify
from tests.resources.test_audit_export import LINES, export
from tests.resources.test_tenant_life import user_call

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

HOME, AWAY = "203.0.113.7", "2001:db8::7"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e47{:02d}-00f067aa0ba902b7-00"
CONTACTS = "/rapport.customers.v1.ContactService/"
USERS = "/rapport.users.v1.UserService/"
_AT = (audit_entries.c.tenant_id == TENANT, audit_entries.c.position == bindparam("at"))


def entries(mesh: LocalMesh, by: Member, filter_: str = "") -> list[Any]:
    mesh.deliver()
    request = audit_service_pb2.ListAuditEntriesRequest(filter=filter_, page_size=200, order_by="position")
    return list(mesh.call(f"{AUDIT}ListAuditEntries", request, token=by.token).audit_entries)


def rename(mesh: LocalMesh, by: Member, name: str, address: str, number: int = 1) -> None:
    request = user_service_pb2.UpdateUserRequest(user={"id": by.id, "display_name": name})
    told = [(ADDRESS_HEADER, address), ("traceparent", TRACE.format(number))]
    mesh.call(f"{USERS}UpdateUser", request, token=by.token, metadata=told)


def owned(mesh: LocalMesh, by: Member, to: Member) -> customers_pb2.Contact:
    """A contact of theirs that was given to somebody else, and may call for nobody."""
    contact = {"given_name": "Grace", "owner_id": by.id}
    request = contact_service_pb2.CreateContactRequest(contact=contact)
    made = mesh.call(f"{CONTACTS}CreateContact", request, token=by.token)
    changed = {"id": made.id, "given_name": "Ada", "owner_id": to.id}
    request = contact_service_pb2.UpdateContactRequest(contact=changed)
    done: customers_pb2.Contact = mesh.call(f"{CONTACTS}UpdateContact", request, token=by.token)
    return done


@pytest.mark.shows("people.audit-origin")
def test_entries_are_found_by_address_and_by_request(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("origins-found")
    rename(mesh, owner, "At home", HOME, 1)
    rename(mesh, owner, "Away", AWAY, 2)
    (found,) = entries(mesh, owner, f'address = "{AWAY}"')
    assert found == entries(mesh, owner, 'request_id = "4bf92f3577b34da6a3ce929d0e0e4702"')[0]
    assert (found.action, found.principal_id) == ("user.updated", owner.id)
    assert found.user_agent.startswith("grpc-python/")
    assert {entry.address for entry in entries(mesh, owner)} == {"", HOME, AWAY}


@pytest.mark.shows("people.audit-origin")
def test_what_became_of_the_fields_is_told_but_for_what_is_personal(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("origins-changes")
    other = mesh.member(owner, resources_pb2.ROLE_OWNER)
    owned(mesh, owner, other)
    owned(mesh, owner, other)
    first, second = entries(mesh, owner, 'action = "contact.updated"')
    changes = {change.path: (change.before, change.after) for change in first.changes}
    assert changes["owner_id"] == (f'"{owner.id}"', f'"{other.id}"')
    before, after = changes["given_name"]
    assert before.startswith("hmac-sha256:")
    assert before != after
    assert "Ada" not in str(first)
    assert list(second.changes) == list(first.changes), "the same values have the same digests"

    user_call(mesh, owner, "Demote", other)
    demoted = entries(mesh, owner, f'resource = "users/{other.id}"')[-1]
    assert ('"ROLE_OWNER"', '"ROLE_MEMBER"') in [(change.before, change.after) for change in demoted.changes]
    stranger = mesh.sign_up("origins-elsewhere")
    owned(mesh, stranger, mesh.member(stranger, resources_pb2.ROLE_OWNER))
    (theirs,) = entries(mesh, stranger, 'action = "contact.updated"')
    told = {change.path: change.after for change in theirs.changes}
    assert told["given_name"] != after, "another tenant's digests do not compare with these"


def test_what_a_service_does_on_behalf_of_a_request_names_it(mesh: LocalMesh) -> None:
    """A service that calls another one tells it what the edge was called from, and is believed."""
    assert telling(Device(HOME, "Desk/1.0 ü")) == [("x-rapport-address", HOME), ("x-rapport-agent", "Desk/1.0 ?")]
    owner = mesh.sign_up("origins-told")
    request = user_service_pb2.UpdateUserRequest(user={"id": owner.id, "display_name": "Told"})
    for identity in ("customers", "edge"):
        told = telling(Device(AWAY, "Desk/1.0"))
        mesh.call(f"{USERS}UpdateUser", request, token=owner.token, metadata=told, identity=identity)
        request.user.display_name = "Told again"
    by_service, by_edge = entries(mesh, owner, 'action = "user.updated"')
    assert (by_service.address, by_service.user_agent) == (AWAY, "Desk/1.0")
    assert (by_edge.address, by_edge.user_agent[:5]) == ("", "grpc-"), "from outside nobody is believed"


# The digest of the entry below, as the release before computed it.
OLD = "cf3cc69ebe7177f16eae76738d78d42949ad71952687a14f8d828557f747f5cf"
ORIGIN = {
    "address": {"address": "198.51.100.1"},
    "agent": {"user_agent": "x"},
    "salt": {"origin_salt": "x"},
    "digest": {"origin_digest": b""},
    "request": {"request_id": "x"},
    "changes": {"changes": b""},
    "agent-without-salt": {"origin_salt": "", "address": ""},
}


@pytest.mark.parametrize("how", ORIGIN)
def test_an_origin_that_was_tampered_with_is_found(mesh: LocalMesh, how: str) -> None:
    owner = mesh.sign_up(f"origin-of-{how}")
    rename(mesh, owner, "Home", HOME)
    history_end = entries(mesh, owner)[-1].position
    assert verify(mesh, owner).broken_position == 0
    tamper(mesh, owner, Statement(update(audit_entries).where(*_AT).values(ORIGIN[how]), name=how), history_end)
    assert verify(mesh, owner).broken_position == history_end


def test_entries_of_earlier_releases_still_hold_and_none_becomes_one_of_them(mesh: LocalMesh) -> None:
    owner, count = history(mesh, "origins-old")
    old = resources_pb2.AuditEntry(id="aud_1", action="contact.created", principal_id="usr_1", position=1)
    assert rules.digest(rules.FIRST, old).hex() == OLD
    old.digest = rules.digest(rules.FIRST, old)
    assert rules.broken_at([old]) is None
    for name, value in (("address", HOME), ("user_agent", "x"), ("request_id", "x"), ("origin_salt", "x")):
        forged = resources_pb2.AuditEntry()
        forged.CopyFrom(old)
        setattr(forged, name, value)
        assert rules.broken_at([forged]) == 1, name
    # An entry of today stripped down to one of then.
    bare = {"address": "", "user_agent": "", "request_id": "", "origin_salt": "", "origin_digest": b"", "changes": b""}
    tamper(mesh, owner, Statement(update(audit_entries).where(*_AT).values(bare), name="strip"), count)
    assert verify(mesh, owner).broken_position == count


@pytest.mark.shows("people.audit-erasure")
def test_where_a_user_called_from_is_erased_with_the_user(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_PAGE", 3)
    owner = mesh.sign_up("origins-erased")
    ada = mesh.member(owner, resources_pb2.ROLE_OWNER)
    for number in range(8):
        rename(mesh, ada, f"Ada {number}", HOME)
    rename(mesh, owner, "Owner", AWAY)
    assert len(entries(mesh, owner, f'address = "{HOME}"')) == 8
    kept = verify(mesh, owner)
    mesh.call(f"{USERS}DeactivateUser", user_service_pb2.DeactivateUserRequest(id=ada.id), token=owner.token)
    mesh.call(f"{USERS}DeleteUser", user_service_pb2.DeleteUserRequest(id=ada.id), token=owner.token)
    mesh.clock.advance(timedelta(days=29))
    mesh.deliver()
    assert len(entries(mesh, owner, f'address = "{HOME}"')) == 8, "they may come back"

    mesh.clock.advance(timedelta(days=2))
    parts = tuple(service._erasing(*whose) for whose in (service._OF_USER, service._BY_USER))
    with mock.patch.object(service, "_ERASE", parts):
        mesh.deliver()
    mesh.deliver()
    theirs = entries(mesh, owner, f'principal_id = "{ada.id}"')
    assert len(theirs) >= 8
    assert {(entry.address, entry.user_agent, entry.origin_salt) for entry in theirs} == {("", "", "")}
    rows = [row for row in mesh.dump("users")["audit_entries"] if owner.tenant in row]
    assert rows
    assert not [row for row in rows if HOME in row]
    assert [entry.resource for entry in entries(mesh, owner, 'action = "user.origins_erased"')] == [f"users/{ada.id}"]
    assert len(entries(mesh, owner, f'address = "{AWAY}"')) == 1, "others' stay"
    assert verify(mesh, owner, 1, kept.to_position).to_digest == kept.to_digest
    assert verify(mesh, owner).broken_position == 0


def test_files_hold_what_the_chain_is_verified_with(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("origins-files")
    rename(mesh, owner, "=1+1", HOME)
    mesh.deliver()
    rows = list(csv.DictReader(io.StringIO(export(mesh, owner).decode())))
    before = rules.FIRST
    for row in rows:
        entry = resources_pb2.AuditEntry()
        for name in ("id", "action", "method", "principal_id", "actor_id", "resource", "request_id", "address",
                     "user_agent", "origin_salt"):  # fmt: skip
            setattr(entry, name, row[name])
        entry.create_time.FromJsonString(row["create_time"])
        entry.position = int(row["position"])
        entry.changed_paths.extend(row["changed_paths"].split())
        for change in json.loads(row["changes"] or "[]"):
            entry.changes.add(**change)
        entry.origin_digest = bytes.fromhex(row["origin_digest"])
        assert rules.origin_digest(entry) == entry.origin_digest
        before = rules.digest(before, entry)
        assert before.hex() == row["digest"]
    assert HOME in {row["address"] for row in rows}
    lines = [json.loads(each) for each in export(mesh, owner, format=LINES).decode().splitlines()]
    assert HOME in {line.get("address") for line in lines}
