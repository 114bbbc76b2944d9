"""Typed Python of rapport.notifications.v1.ChangesService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.notifications.v1 import changes_service_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class ChangesServiceMethods(Protocol):
    """What the service implements of ChangesService beyond its standard methods."""

    def read_message_changes(self, call: Call, request: changes_service_pb2.ReadMessageChangesRequest) -> Iterator[changes_service_pb2.MessageChange]: ...


class ChangesServiceClient:
    """Calls ChangesService."""

    AREA = "rapport.notifications.v1.ChangesService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def read_message_changes(self, request: changes_service_pb2.ReadMessageChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.MessageChange]:
        """ReadMessageChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.notifications.v1.ChangesService/ReadMessageChanges", request, changes_service_pb2.MessageChange, timeout)
