"""Reads that wait for what a write published: for whom, how long, and what they answer when it does not come."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import grpc
import jwt
import pytest
from rapport.customers.v1 import contact_service_pb2
from rapport.customers.v1 import resources_pb2 as customers_pb2
from rapport.users.v1 import audit_service_pb2, resources_pb2, user_service_pb2

from mesh.contract import catalog
from mesh.contract.after import AFTER_HEADER, PARTIAL_HEADER
from mesh.events.inbox import Inbox
from mesh.runtime.after import ReadAfter
from tests.contract.refusals import refusal_of
from tests.resources.conftest import refused

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

CREATE = "/rapport.customers.v1.ContactService/CreateContact"
LIST = "/rapport.customers.v1.ContactService/ListContacts"
RENAME = "/rapport.users.v1.UserService/UpdateUser"
AUDIT = "/rapport.users.v1.AuditService/ListAuditEntries"
CONTACTS = contact_service_pb2.ListContactsRequest()
ENTRIES = audit_service_pb2.ListAuditEntriesRequest()
SECONDS = 0.5


def ask(
    mesh: LocalMesh, path: str, request: Any, member: Member, *, after: str = "", timeout: float = 5
) -> dict[str, str]:
    """What stands beside the reply of a call."""
    contract = catalog.load_service(path.split(".")[1]).methods[path]
    metadata = [("authorization", f"Bearer {member.token}"), *([(AFTER_HEADER, after)] if after else [])]
    with mesh._connect("edge", contract.service) as channel:
        method = channel.unary_unary(path, response_deserializer=contract.reply.FromString)
        _, call = method.with_call(request.SerializeToString(), timeout=timeout, metadata=metadata)
        return dict(call.initial_metadata())


def renamed(mesh: LocalMesh, member: Member, request_id: str = "") -> str:
    user = resources_pb2.User(id=member.id, display_name=f"Name {time.monotonic_ns()}")
    request = user_service_pb2.UpdateUserRequest(user=user)
    if request_id:
        request.request_id = request_id
    return ask(mesh, RENAME, request, member)[AFTER_HEADER]


def created(mesh: LocalMesh, member: Member, request_id: str = "") -> str:
    contact = customers_pb2.Contact(given_name="Ann")
    request = contact_service_pb2.CreateContactRequest(contact=contact, request_id=request_id)
    return ask(mesh, CREATE, request, member)[AFTER_HEADER]


def take_in(mesh: LocalMesh, service: str, source: str) -> None:
    """Let the inbox of a service come as far as a source has published."""
    events = [event for _, event in mesh.events(source)]
    Inbox(mesh.host(service).store, {}, now_us=mesh.clock.now_us).handle(events)


def is_partial(mesh: LocalMesh, member: Member, after: str, path: str = LIST, request: Any = CONTACTS) -> bool:
    return PARTIAL_HEADER in ask(mesh, path, request, member, after=after, timeout=SECONDS)


def check_waits(mesh: LocalMesh, member: Member) -> None:
    """A read is partial until the copy holds what it asks for, and waits for that as long as it may."""
    told = renamed(mesh, member)
    assert told.startswith(f"users:users/{member.id}=")
    assert is_partial(mesh, member, told), "the reader answers within its deadline"
    arriving = threading.Timer(0.2, take_in, (mesh, "customers", "users"))
    arriving.start()
    beside = ask(mesh, LIST, CONTACTS, member, after=told)
    arriving.join()
    assert PARTIAL_HEADER not in beside
    assert not is_partial(mesh, member, told)


def test_a_read_waits_until_the_copy_holds_what_was_written(mesh: LocalMesh) -> None:
    check_waits(mesh, mesh.sign_up("waiters"))


def test_a_reader_that_does_not_wait_is_found_out(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReadAfter, "__call__", lambda self, call: None)
    with pytest.raises(AssertionError):
        check_waits(mesh, mesh.sign_up("hasty"))


def test_positions_are_those_of_the_callers_own_tenant(mesh: LocalMesh) -> None:
    here, there = mesh.sign_up("near"), mesh.sign_up("far")
    told = renamed(mesh, here)
    take_in(mesh, "customers", "users")
    assert not is_partial(mesh, here, told)
    assert is_partial(mesh, there, told)


def test_a_service_sees_its_own_writes_without_waiting(mesh: LocalMesh) -> None:
    member = mesh.sign_up("own")
    assert not is_partial(mesh, member, created(mesh, member))


def test_what_no_copy_is_made_of_is_not_waited_for(mesh: LocalMesh) -> None:
    member = mesh.sign_up("left")
    session = jwt.decode(member.token, options={"verify_signature": False})["sid"]
    told = f"users:sessions/{session}=1"
    assert not is_partial(mesh, member, told)
    assert is_partial(mesh, member, f"{told},{renamed(mesh, member)}")


def test_the_list_of_audit_entries_waits_for_the_record_of_the_write(mesh: LocalMesh) -> None:
    member = mesh.sign_up("audited")
    for source, told in (("users", renamed(mesh, member)), ("customers", created(mesh, member))):
        assert is_partial(mesh, member, told, AUDIT, ENTRIES)
        take_in(mesh, "users", source)
        assert not is_partial(mesh, member, told, AUDIT, ENTRIES)


def test_a_repeated_reply_tells_the_same(mesh: LocalMesh) -> None:
    member = mesh.sign_up("again")
    twice = {created(mesh, member, "5f2b1c9e-58f2-4c64-9a57-7f6c1f0a3d21") for _ in range(2)}
    assert len(twice) == 1
    assert next(iter(twice)).startswith("customers:contacts/con_")


def test_a_header_that_no_write_returned_is_refused_by_name(mesh: LocalMesh) -> None:
    member = mesh.sign_up("forgers")
    with pytest.raises(grpc.RpcError) as caught:
        ask(mesh, LIST, CONTACTS, member, after="users:users/../usr_1=1")
    assert AFTER_HEADER in refusal_of(caught.value).fields
    assert refused(lambda: ask(mesh, LIST, CONTACTS, member, after="x")) is grpc.StatusCode.INVALID_ARGUMENT


def test_reads_that_find_no_place_are_answered_at_once(mesh: LocalMesh) -> None:
    member = mesh.sign_up("crowd")
    told, seconds = renamed(mesh, member), []
    deadline = 8.0

    def wait() -> None:
        began = time.monotonic()
        assert PARTIAL_HEADER in ask(mesh, LIST, CONTACTS, member, after=told, timeout=deadline)
        seconds.append(time.monotonic() - began)

    readers = [threading.Thread(target=wait) for _ in range(5)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    # Were they to wait in turns, two at a time, the others would end at their deadline.
    assert len(seconds) == 5
    assert sum(taken < deadline / 2 for taken in seconds) == 3
