"""Contacts from outside: the hooks of other systems, what their webhooks do, and web forms."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import protovalidate
from google.api import httpbody_pb2
from rapport.customers.v1 import intake_service_pb2, resources_pb2
from sqlalchemy import BigInteger, bindparam, delete, insert, select

from mesh.contract.failure import Failure
from mesh.contract.masks import apply_mask, effective_paths
from mesh.resource.identity_keys import is_clash
from mesh.resource.resource import Resource
from mesh.resource.writing import KEPT, NO_FACTS, Facts, add, change, create, gather, locked
from mesh.runtime.validation import parse, validate
from mesh.store.errors import UniqueViolation
from mesh.store.statement import TENANT, Statement
from services.customers.domain.intake import (
    KEPT_US,
    Answered,
    Webhook,
    answer_of,
    check_signature,
    read_contact,
    read_headers,
    refusal,
    refusal_of,
    same_person,
    secret_of,
)
from services.customers.domain.texts import tidy
from services.customers.tables import contact_hook_receipts as receipts
from services.customers.tables import contact_hooks, contacts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.runtime.call import Call, Commit, Write

T = TypeVar("T")
CAPABILITY = "contact-hooks.receive"
_JSON = "application/json"
_USER = "users.rapport/User"
_SECRET = contact_hooks.c.secret
_HOOK = Statement(
    select(_SECRET, contact_hooks.c.delete_time).where(
        contact_hooks.c.tenant_id == TENANT, contact_hooks.c.id == bindparam("id")
    ),
    name="get hook secret",
)
_OF_HOOK = (receipts.c.tenant_id == TENANT, receipts.c.hook_id == bindparam("hook"))
_RECEIPT = Statement(
    select(receipts.c.answer).where(*_OF_HOOK, receipts.c.webhook_id == bindparam("webhook")), name="find receipt"
)
_NOTE = Statement(insert(receipts), name="note receipt")
_FORGET = Statement(
    delete(receipts).where(*_OF_HOOK, receipts.c.create_time < bindparam("before", type_=BigInteger)),
    name="forget receipts",
)
_FORGET_ALL = Statement(delete(receipts).where(*_OF_HOOK), name="forget all receipts")
_BY_EXTERNAL_ID = Statement(
    select(contacts.c.id).where(contacts.c.tenant_id == TENANT, contacts.c.external_id == bindparam("key")),
    name="contact by external id",
)
_BY_EMAIL = Statement(
    select(contacts.c.id, contacts.c.external_id)
    .where(
        contacts.c.tenant_id == TENANT, contacts.c.primary_email == bindparam("key"), contacts.c.delete_time.is_(None)
    )
    .order_by(contacts.c.id)
    .limit(1),
    name="contact by e-mail",
)


class IntakeService:
    """The methods of IntakeService that are no standard ones."""

    def __init__(self, contacts: Resource[resources_pb2.Contact]) -> None:
        self._contacts = contacts
        self._validator = protovalidate.Validator()
        self.hooks = Resource(resources_pb2.ContactHook, contact_hooks, settle=_settle)

    def create_contact_hook(
        self, call: Call, request: intake_service_pb2.CreateContactHookRequest
    ) -> intake_service_pb2.CreateContactHookResponse:
        """A new hook, with what is needed to send to it."""
        environment = call.environment
        key = hashlib.sha256(environment.ids.new_secret().encode()).digest()
        with call.commit() as commit:
            hook = create(commit, self.hooks, request.contact_hook, NO_FACTS, path="contact_hook")
            sealed = environment.vault.seal(_SECRET, key, row=hook.id, tenant=commit.tenant)
            self.hooks.insert(commit, [hook], secret=sealed)
            commit.audit(f"contact-hooks/{hook.id}")
            # It ends with the hook.
            token = environment.capabilities.mint(CAPABILITY, commit.tenant, hook.id, expires_us=0, single_use=False)
            return commit.reply(
                intake_service_pb2.CreateContactHookResponse(
                    contact_hook=hook, secret=secret_of(key), path=f"/v1/contact-hooks:receive?token={token}"
                )
            )

    def receive_contact_hook(
        self, call: Call, request: intake_service_pb2.ReceiveContactHookRequest
    ) -> httpbody_pb2.HttpBody:
        """What became of a webhook, or why it is refused."""
        try:
            return self._receive(call, request.body.data)
        except Answered as answered:
            call.answer(answered.status)
            return _body(answered.body)
        except Failure as failure:
            refused = refusal_of(failure)
            if refused is None:
                raise
            call.answer(refused.status)
            return _body(refused.body)

    def submit_contact(
        self, call: Call, request: intake_service_pb2.SubmitContactRequest
    ) -> intake_service_pb2.SubmitContactResponse:
        """A new contact from a web form."""
        sent = resources_pb2.Contact(given_name=request.given_name, family_name=request.family_name)
        if request.email:
            sent.emails.add(address=request.email)
        if request.phone:
            sent.phones.add(number=request.phone)
        facts = gather(call, self._contacts, [sent])
        owner = facts.known.get((_USER, call.user_id))
        if owner is not None and not owner.usable:
            # Nobody at the form can help it.
            facts = Facts(facts.known, replace(facts.own, caller_id=""))

        def submit() -> intake_service_pb2.SubmitContactResponse:
            with call.commit() as commit:
                made = self._add(commit, sent, facts)
                commit.audit(f"contacts/{made.id}")
                return commit.reply(intake_service_pb2.SubmitContactResponse(contact_id=made.id))

        return _beside(sent, submit)

    def _receive(self, call: Call, body: bytes) -> httpbody_pb2.HttpBody:
        hook_id = call.identity.principal
        webhook = self._verified(call, hook_id, body)
        sent: Any = parse(resources_pb2.Contact, read_contact(body).SerializeToString())
        validate(self._validator, sent)
        facts = gather(call, self._contacts, [sent])
        try:
            return _beside(sent, lambda: self._take(call, hook_id, webhook.id, sent, facts))
        except UniqueViolation:
            raise refusal(409, "ALREADY_EXISTS") from None

    def _take(
        self, call: Call, hook_id: str, webhook_id: str, sent: resources_pb2.Contact, facts: Facts
    ) -> httpbody_pb2.HttpBody:
        """The answer to a webhook, with its effect."""
        with call.commit() as commit:
            commit.through = f"contact-hooks/{hook_id}"
            self._begin(commit, hook_id, webhook_id)
            contact_id, outcome, changed = self._put(commit, sent, facts)
            answer = answer_of(contact_id, outcome)
            commit.write(_NOTE, hook_id=hook_id, webhook_id=webhook_id, answer=answer, create_time=commit.now_us)
            commit.write(_FORGET, hook=hook_id, before=commit.now_us - KEPT_US)
            commit.audit(f"contacts/{contact_id}", changed)
            return commit.reply(_body(answer))

    def _verified(self, call: Call, hook_id: str, body: bytes) -> Webhook:
        """The webhook, which the hook's sender has signed."""
        rows = call.read(_HOOK, id=hook_id)
        if not rows:
            raise Failure("CAPABILITY_INVALID")
        secret, delete_time = rows[0]
        if delete_time is not None:
            raise refusal(410, "HOOK_DELETED")
        webhook = read_headers(call.door.headers if call.door is not None else {})
        key = call.environment.vault.open(_SECRET, bytes(secret), row=hook_id, tenant=call.identity.tenant)
        check_signature(key, webhook, body, call.environment.wall.now_us())
        return webhook

    def _begin(self, commit: Commit, hook_id: str, webhook_id: str) -> None:
        """Hold the hook, whose webhooks take effect one after the other; one that came before is answered again."""
        if locked(commit, self.hooks, hook_id)[self.hooks.deleted] is not None:
            raise refusal(410, "HOOK_DELETED")
        rows = commit.read(_RECEIPT, hook=hook_id, webhook=webhook_id)
        if rows:
            raise Answered(200, bytes(rows[0][0]))

    def _put(self, commit: Commit, sent: resources_pb2.Contact, facts: Facts) -> tuple[str, str, Sequence[str]]:
        """Create or update the contact: its id, what was done, and the paths that changed."""
        known = self._known(commit, sent)
        if not known:
            return self._add(commit, sent, facts).id, "created", ()
        row = locked(commit, self._contacts, known)
        if row[self._contacts.deleted] is not None:
            raise Failure("CONTACT_DELETED", fields={"external_id": "is the key of a deleted contact"})
        contract = self._contacts.contract
        paths = effective_paths(sent, (), contract.output_only | contract.immutable | KEPT)
        after, changed = change(commit, self._contacts, row, lambda after: apply_mask(after, sent, paths), facts)
        return after.id, "updated" if changed else "unchanged", changed

    def _known(self, commit: Commit, sent: resources_pb2.Contact) -> str:
        """The id of the contact that is meant; empty for a new one."""
        key = tidy(sent.external_id)
        rows: Sequence[Sequence[Any]] = commit.read(_BY_EXTERNAL_ID, key=key) if key else ()
        if not rows and sent.emails:
            found = commit.read(_BY_EMAIL, key=sent.emails[0].address.strip().lower())
            rows = [row for row in found if same_person(sent, row[1])]
        return str(rows[0][0]) if rows else ""

    def _add(self, commit: Commit, sent: resources_pb2.Contact, facts: Facts) -> resources_pb2.Contact:
        made = create(commit, self._contacts, sent, facts)
        add(commit, self._contacts, [made], facts)
        return made


def _beside(sent: resources_pb2.Contact, write: Callable[[], T]) -> T:
    """Write what came from outside; where others have its addresses, beside them.

    Nobody there may learn whom the tenant knows, and nothing proves whose an address is.
    """
    try:
        return write()
    except UniqueViolation as error:
        if not is_clash(error):
            raise
    for email in sent.emails:
        email.shared = True
    return write()


def _settle(write: Write, before: resources_pb2.ContactHook | None, after: resources_pb2.ContactHook) -> None:
    """A deleted hook takes nothing, and needs to remember nothing."""
    if before is not None and after.HasField("delete_time"):
        write.write(_FORGET_ALL, hook=after.id)


def _body(data: bytes) -> httpbody_pb2.HttpBody:
    return httpbody_pb2.HttpBody(content_type=_JSON, data=data)
