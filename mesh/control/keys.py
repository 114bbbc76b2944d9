"""Keeps the keys that bearer tokens are checked with: asked of `users`, handed to the edge when they change."""

from __future__ import annotations

import json
import logging
import threading
from typing import TYPE_CHECKING

import grpc
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
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
_AFTERWARDS = 15.0
_TIMEOUT = 2.0


def nobodys_key() -> str:
    """A key set that verifies nothing, as the private half is thrown away: for the time before the first answer."""
    from base64 import urlsafe_b64encode

    public = ed25519.Ed25519PrivateKey.generate().public_key()
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    x = urlsafe_b64encode(raw).decode().rstrip("=")
    return json.dumps(
        {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "nobody", "alg": "EdDSA", "use": "sig", "x": x}]}
    )


class KeyWatcher:
    """Asks a healthy instance of `users` for its keys, in one thread that ends with `stop`."""

    def __init__(self, registry: Registry, certificates: Path, changed: Callable[[str], None]) -> None:
        self._registry = registry
        self._certificates = certificates
        self._changed = changed
        self._known = ""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keys", daemon=True)

    @property
    def known(self) -> bool:
        """Whether there has been an answer."""
        return bool(self._known)

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
                self._look(entry.port)

    def _look(self, port: int) -> None:
        with credentials.channel(self._certificates, "127.0.0.1", port, OWNER) as channel:
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
