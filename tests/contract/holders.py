"""Who comes without an account of their own: holders of links, systems that sign, and who is in another's place."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from google.api import httpbody_pb2
from rapport.customers.v1 import import_service_pb2, intake_service_pb2
from rapport.users.v1 import impersonation_service_pb2

from mesh.contract.failure import Failure
from mesh.contract.method import AccessKind
from mesh.testing.webhooks import signed

if TYPE_CHECKING:
    from mesh.contract.method import MethodContract
    from mesh.testing.local import Member
    from tests.contract.world import World

_TEN_MINUTES_US = 600_000_000
_HOOK = "contact-hooks.receive"
_LOG_IN = "sessions.complete"
_REFUSED = "contact-imports.download"


class Holders:
    """What they hold and send, in a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._secrets: dict[str, str] = {}

    def link(self, method: MethodContract, owner: Member) -> str:
        """A capability for a method; its kind names the collection of its subject, with which it ends."""
        kind = method.access.capability
        if kind == _HOOK:
            return self._hook(owner)
        if kind == _LOG_IN:
            by_passkey = "Passkey" in method.name
            return self._world.keepers.pending(owner) if by_passkey else self._world.devices.pending(owner)
        collection = kind.partition(".")[0]
        subject = next(r for r in self._world.catalog.resources.values() if r.collection == collection)
        environment = self._world.mesh.host(method.service).environment
        identity = self.worked_import(owner) if kind == _REFUSED else self._world.fresh(subject, owner)
        ends_us = environment.clock.now_us() + _TEN_MINUTES_US
        expires_us = _expiry(self._world.read(subject, identity, owner)) or ends_us
        return environment.capabilities.mint(kind, owner.tenant, identity, expires_us=expires_us, single_use=False)

    def single_use(self, method: MethodContract, token: str) -> str:
        """Another capability for the same, which works once."""
        environment = self._world.mesh.host(method.service).environment
        now_us = environment.clock.now_us()
        held = environment.capabilities.check(method.access.capability, token, now_us)
        return environment.capabilities.mint(
            held.kind,
            held.tenant,
            held.subject,
            expires_us=held.expires_us or now_us + _TEN_MINUTES_US,
            single_use=True,
        )

    def placed(self, by: Member, of: Member) -> str:
        """The token of somebody who works in another one's place."""
        request = impersonation_service_pb2.CreateImpersonationRequest(user_id=of.id, reason="The matrix")
        path = "/rapport.users.v1.ImpersonationService/CreateImpersonation"
        return str(self._world.mesh.call(path, request, token=by.token).access_token)

    def signature(self, method: MethodContract, request: Any) -> list[tuple[str, str]]:
        """What a webhook is signed with, where one is sent to a hook that was made here."""
        if method.access.kind is not AccessKind.CAPABILITY or isinstance(request, bytes):
            return []
        environment = self._world.mesh.host(method.service).environment
        with contextlib.suppress(Failure):
            held = environment.capabilities.check(method.access.capability, request.token, environment.clock.now_us())
            secret, now = self._secrets.get(held.subject, ""), environment.wall.now_us() // 1_000_000
            if secret:
                webhook_id = f"msg_{next(self._world.numbers)}"
                return list(signed(secret, webhook_id, now, request.body.data).items())
        return []

    def webhook(self) -> httpbody_pb2.HttpBody:
        """A contact as another system sends it."""
        text = f'{{"familyName": "Hook {next(self._world.numbers)}"}}'
        return httpbody_pb2.HttpBody(content_type="application/json", data=text.encode())

    def card(self) -> bytes:
        """A file with one vCard, of somebody whom no other one is of."""
        return f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Card {next(self._world.numbers)}\r\nEND:VCARD\r\n".encode()

    def worked_import(self, owner: Member) -> str:
        """The id of an import that has ended."""
        call, path = self._world.mesh.call, "/rapport.customers.v1.ImportService/"
        described = {"columns": [{"column": "name", "field": "given_name"}]}
        request = import_service_pb2.CreateContactImportRequest(contact_import=described)
        identity = str(call(f"{path}CreateContactImport", request, token=owner.token).id)
        part = {"id": identity, "part_number": 1, "content": f"name\nImported {next(self._world.numbers)}\n".encode()}
        upload = import_service_pb2.UploadContactImportPartRequest(**part)
        call(f"{path}UploadContactImportPart", upload, token=owner.token)
        start = import_service_pb2.StartContactImportRequest(id=identity)
        call(f"{path}StartContactImport", start, token=owner.token)
        self._world.mesh.work("customers")
        return identity

    def _hook(self, owner: Member) -> str:
        """The token of a new hook, whose secret is kept to sign with."""
        request = intake_service_pb2.CreateContactHookRequest(contact_hook={"display_name": "matrix"})
        made = self._world.mesh.call(
            "/rapport.customers.v1.IntakeService/CreateContactHook", request, token=owner.token
        )
        self._secrets[made.contact_hook.id] = made.secret
        return str(made.path).partition("token=")[2]


def _expiry(resource: Any) -> int:
    """When a resource says that it, or something of it, ends, in microseconds; 0 where it says nothing."""
    for field, value in resource.ListFields():
        if field.name.endswith("expire_time"):
            return int(value.ToMicroseconds())
    return 0
