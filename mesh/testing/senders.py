"""The calls that load consists of, as JSON over HTTP/1.1 and as gRPC; a call that is not answered well is `Refused`."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

import grpc
from google.rpc import code_pb2
from rapport.customers.v1 import contact_service_pb2, contact_service_pb2_grpc
from rapport.users.v1 import user_service_pb2, user_service_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import Mapping

_PAGE = 10
_CHANNELS = 2
_TEXT = 160


class Refused(Exception):
    """A call failed, with the name of its canonical code; DISCONNECTED: the connection ended without an answer."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text[:_TEXT])
        self.code = code


class JsonSender:
    """JSON calls, on as many kept connections as there are calls at once; cheap, as the mesh is to be busy."""

    name = "json"

    def __init__(self, port: int, token: str, seconds: float) -> None:
        self._port = port
        self._seconds = seconds
        self._terms = (
            " HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n" + f"authorization: Bearer {token}\r\n"
        )
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for _reader, writer in self._free:
            writer.close()

    async def known(self) -> list[str]:
        """The ids of contacts that are there."""
        answer = await self._ask("GET", "/v1/contacts?page_size=200")
        return [contact["id"] for contact in answer["contacts"]]

    async def get(self, contact: str, again: str) -> None:
        """Read a contact."""
        del again
        answer = await self._ask("GET", f"/v1/contacts/{contact}")
        assert answer["id"] == contact

    async def page(self, subject: str, again: str) -> None:
        """Read a page of contacts."""
        del subject, again
        await self._ask("GET", f"/v1/contacts?page_size={_PAGE}")

    async def me(self, subject: str, again: str) -> None:
        """Read the user that calls."""
        del subject, again
        await self._ask("GET", "/v1/user")

    async def create(self, name: str, again: str) -> None:
        """Create a contact with this family name, once for each request id `again`."""
        answer = await self._ask("POST", f"/v1/contacts?request_id={again}", {"familyName": name})
        assert answer["familyName"] == name

    async def _ask(self, verb: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        content = json.dumps(body) if body is not None else ""
        request = f"{verb} {path}{self._terms}content-length: {len(content)}\r\n\r\n{content}".encode()
        try:
            async with asyncio.timeout(self._seconds):
                status, answer = await self._exchange(request)
        except TimeoutError as error:
            raise Refused("TIMEOUT", "no answer") from error
        except (OSError, EOFError) as error:
            raise Refused("DISCONNECTED", repr(error)) from error
        if status == HTTPStatus.OK:
            return json.loads(answer)
        try:
            code = code_pb2.Code.Name(json.loads(answer)["code"])
        except (ValueError, KeyError, TypeError):
            code = str(status)
        raise Refused(code, answer.decode(errors="replace"))

    async def _exchange(self, request: bytes) -> tuple[int, bytes]:
        """Status and body of the answer, over a connection that is kept unless the server says that it closes it."""
        reader, writer = await self._connection()
        kept = False
        try:
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])
            body = await reader.readexactly(length)
            kept = b"\r\nconnection: close" not in head
        finally:
            if kept:
                self._free.append((reader, writer))
            else:
                writer.close()
        return int(head[9:12]), body

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._free:
            reader, writer = self._free.pop()
            if not (reader.at_eof() or writer.is_closing()):
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self._port)


class GrpcSender:
    """gRPC calls, over a few connections."""

    name = "grpc"

    def __init__(self, port: int, token: str, seconds: float) -> None:
        options = [("grpc.use_local_subchannel_pool", 1)]
        self._channels = [grpc.aio.insecure_channel(f"127.0.0.1:{port}", options) for _ in range(_CHANNELS)]
        contacts: Any = contact_service_pb2_grpc.ContactServiceStub  # generated without types
        users: Any = user_service_pb2_grpc.UserServiceStub
        self._contacts = [contacts(channel) for channel in self._channels]
        self._users = [users(channel) for channel in self._channels]
        self._terms = {"timeout": seconds, "metadata": (("authorization", f"Bearer {token}"),)}
        self._turn = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for channel in self._channels:
            await channel.close()

    async def get(self, contact: str, again: str) -> None:
        """Read a contact."""
        del again
        answer = await self._ask("GetContact", contact_service_pb2.GetContactRequest(id=contact))
        assert answer.id == contact

    async def page(self, subject: str, again: str) -> None:
        """Read a page of contacts."""
        del subject, again
        await self._ask("ListContacts", contact_service_pb2.ListContactsRequest(page_size=_PAGE))

    async def me(self, subject: str, again: str) -> None:
        """Read the user that calls."""
        del subject, again
        await self._ask("GetCurrentUser", user_service_pb2.GetCurrentUserRequest())

    async def create(self, name: str, again: str) -> None:
        """Create a contact with this family name, once for each request id `again`."""
        request = contact_service_pb2.CreateContactRequest(request_id=again)
        request.contact.family_name = name
        answer = await self._ask("CreateContact", request)
        assert answer.family_name == name

    async def _ask(self, method: str, request: Any) -> Any:
        self._turn += 1
        stubs = self._users if method == "GetCurrentUser" else self._contacts
        try:
            return await getattr(stubs[self._turn % _CHANNELS], method)(request, **self._terms)
        except grpc.aio.AioRpcError as error:
            raise Refused(error.code().name, error.details() or "") from error
