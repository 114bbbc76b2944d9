"""Keeps the keys that bearer tokens are checked with: asked of `users`, handed to the edge when they change."""

from __future__ import annotations

import json
import logging
import threading
from typing import TYPE_CHECKING

import grpc
from google.protobuf import json_format
from rapport.users.v1 import session_service_pb2

from mesh.runtime import credentials

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mesh.control.registry import Registry

log = logging.getLogger(__name__)

OWNER = "users"
_METHOD = "/rapport.users.v1.SessionService/GetJwks"
_UNTIL_FIRST = 0.2
_AFTERWARDS = 5.0
_TIMEOUT = 2.0


class KeyWatcher:
    """Asks a healthy instance of `users` for its keys, in one thread that ends with `stop`."""

    def __init__(self, registry: Registry, certificates: Path, changed: Callable[[str], None], known: str = "") -> None:
        self._registry = registry
        self._certificates = certificates
        self._changed = changed
        self._known = known
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keys", daemon=True)

    @property
    def known(self) -> str:
        """The keys of the last answer; empty: there was none."""
        return self._known

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopped.set()
        self._thread.join(_TIMEOUT)

    def _run(self) -> None:
        while not self._stopped.wait(_AFTERWARDS if self._known else _UNTIL_FIRST):
            for entry in self._registry.healthy(OWNER)[:1]:
                self._look(entry.host, entry.port)

    def _look(self, host: str, port: int) -> None:
        with credentials.channel(self._certificates, host, port, OWNER) as channel:
            ask = channel.unary_unary(
                _METHOD,
                request_serializer=session_service_pb2.GetJwksRequest.SerializeToString,
                response_deserializer=session_service_pb2.GetJwksResponse.FromString,
            )
            try:
                answer = ask(session_service_pb2.GetJwksRequest(), timeout=_TIMEOUT)
            except grpc.RpcError as error:
                log.warning("the keys could not be read: %s", error.code().name)
                return
        found = json.dumps(json_format.MessageToDict(answer), sort_keys=True)
        # An empty answer would lock everybody out; the keys known so far stay.
        if answer.keys and found != self._known:
            self._known = found
            self._changed(found)
