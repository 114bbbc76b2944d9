"""Contacts from outside, on both SQL engines: what comes at once, whose it is, and what a deleted hook leaves."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from google.api import httpbody_pb2
from rapport.customers.v1 import contact_service_pb2, intake_service_pb2
from rapport.users.v1 import publishable_key_service_pb2, resources_pb2, user_service_pb2

from mesh.runtime.clock import SystemClock
from mesh.testing.webhooks import signed
from services.customers.service import intake

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

INTAKE = "/rapport.customers.v1.IntakeService/"
PAGE = "https://www.shop.example"
_slugs = itertools.count()


class Hook:
    """A hook of a tenant of its own, and who sends to it."""

    def __init__(self, mesh: LocalMesh) -> None:
        self.mesh = mesh
        self.owner = mesh.sign_up(f"intake-{next(_slugs)}-{SystemClock().now_us()}")
        request = intake_service_pb2.CreateContactHookRequest(contact_hook={"display_name": "shop"})
        self.made: Any = mesh.call(f"{INTAKE}CreateContactHook", request, token=self.owner.token)

    def send(self, body: bytes, webhook_id: str) -> bytes:
        request = intake_service_pb2.ReceiveContactHookRequest(
            token=self.made.path.partition("token=")[2], body=httpbody_pb2.HttpBody(data=body)
        )
        headers = signed(self.made.secret, webhook_id, SystemClock().now_us() // 1_000_000, body)
        answer: Any = self.mesh.call(f"{INTAKE}ReceiveContactHook", request, metadata=list(headers.items()), timeout=20)
        return bytes(answer.data)

    def contacts(self) -> Any:
        return contacts(self.mesh, self.owner)


def contacts(mesh: LocalMesh, owner: Member) -> Any:
    path = "/rapport.customers.v1.ContactService/ListContacts"
    return mesh.call(path, contact_service_pb2.ListContactsRequest(), token=owner.token).contacts


def check_at_once(mesh: LocalMesh) -> None:
    hook = Hook(mesh)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: hook.send(b'{"familyName": "Twin"}', "msg_1"), range(8)))
    assert len(set(answers)) == 1
    assert len(hook.contacts()) == 1


def test_the_same_webhook_many_times_at_once_has_one_effect(mesh: LocalMesh) -> None:
    check_at_once(mesh)


def test_a_webhook_that_is_not_remembered_is_noticed(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake.IntakeService, "_begin", lambda *arguments: None)
    with pytest.raises(AssertionError):
        check_at_once(mesh)


def test_different_webhooks_about_one_person_at_once_make_one_contact(mesh: LocalMesh) -> None:
    hook = Hook(mesh)
    body = b'{"emails": [{"address": "ada@example.com"}]}'
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: hook.send(body, f"msg_{number}"), range(8)))
    (made,) = hook.contacts()
    assert made.owner_id == ""


def test_a_deleted_hook_leaves_no_receipts(mesh: LocalMesh) -> None:
    hook = Hook(mesh)
    hook.send(b'{"familyName": "Kept"}', "msg_1")

    def receipts() -> list[Any]:
        return [row for row in mesh.dump("customers")["contact_hook_receipts"] if hook.owner.tenant in row]

    assert len(receipts()) == 1
    request = intake_service_pb2.DeleteContactHookRequest(id=hook.made.contact_hook.id)
    mesh.call(f"{INTAKE}DeleteContactHook", request, token=hook.owner.token)
    assert receipts() == []
    assert b"HOOK_DELETED" in hook.send(b'{"familyName": "Late"}', "msg_2")
    assert len(hook.contacts()) == 1


def test_what_a_form_makes_belongs_to_nobody_when_its_owner_works_no_more(mesh: LocalMesh) -> None:
    owner = mesh.sign_up(f"forms-{next(_slugs)}-{SystemClock().now_us()}")
    seller = mesh.member(owner, resources_pb2.ROLE_MEMBER)
    key = resources_pb2.PublishableKey(origins=[PAGE], owner_id=seller.id)
    create = publishable_key_service_pb2.CreatePublishableKeyRequest(publishable_key=key)
    made: Any = mesh.call("/rapport.users.v1.PublishableKeyService/CreatePublishableKey", create, token=owner.token)

    def submit() -> str:
        request = intake_service_pb2.SubmitContactRequest(given_name="Form")
        sent = [("x-rapport-key", made.key), ("origin", PAGE)]
        identity = mesh.call(f"{INTAKE}SubmitContact", request, metadata=sent).contact_id
        return next(str(contact.owner_id) for contact in contacts(mesh, owner) if contact.id == identity)

    assert submit() == seller.id
    mesh.deliver()
    request = user_service_pb2.DeactivateUserRequest(id=seller.id, successor_id=owner.id)
    mesh.call("/rapport.users.v1.UserService/DeactivateUser", request, token=owner.token)
    mesh.deliver()
    assert submit() == ""
