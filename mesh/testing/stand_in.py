"""Instances of services that speak the real protocol over real mTLS and answer what a test tells them."""

from __future__ import annotations

import json
import time
from concurrent import futures
from typing import TYPE_CHECKING, Any

import grpc
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from mesh.contract import base64url
from mesh.control.registry import Entry
from mesh.runtime import credentials
from mesh.runtime.exchange import CHECK, check_handler

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from google.protobuf.message import Message

    from mesh.contract.catalog import Catalog

    Answer = Callable[[str, Message, grpc.ServicerContext], Message | None]


class Signer:
    """Signs bearer tokens as `users` does."""

    def __init__(self, issuer: str, key_id: str = "one") -> None:
        self._key = ed25519.Ed25519PrivateKey.generate()
        self._issuer = issuer
        self.key_id = key_id

    def token(self, **claims: object) -> str:
        """A token that is valid but for what `claims` changes."""
        now = int(time.time())
        content = {
            "iss": self._issuer,
            "aud": "rapport",
            "sub": "usr_1",
            "tenant": "ten_1",
            "iat": now,
            "exp": now + 600,
            **claims,
        }
        return jwt.encode(content, self._key, "EdDSA", {"kid": self.key_id})

    def jwks(self, *others: Signer) -> str:
        """The key set with this key and those of others."""
        return json.dumps({"keys": [signer.key() for signer in (self, *others)]})

    def key(self) -> dict[str, str]:
        """The public key (RFC 8037)."""
        raw = self._key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        x = base64url.encode(raw)
        return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.key_id, "x": x}


class StandIn(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpc is untyped
    """One instance of a service. `answer` decides by method name and may return None for an empty reply."""

    def __init__(self, catalog: Catalog, certificates: Path, service: str, name: str) -> None:
        self.entry: Entry
        self.calls: list[str] = []
        self.metadata: dict[str, Any] = {}
        self.answer: Answer = lambda *_: None
        self.exchange: Callable[[str], str | None] = lambda _: None
        self._check = check_handler(self._exchange, "spiffe://rapport/edge")
        self._methods = {path: m for path, m in catalog.methods.items() if m.service == service}
        self._server = grpc.server(
            futures.ThreadPoolExecutor(8), handlers=[self], options=[("grpc.max_receive_message_length", 9 << 20)]
        )
        self._health = health.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        port = int(self._server.add_secure_port("127.0.0.1:0", credentials.server_credentials(certificates)))
        self.entry = Entry(name, service, port)
        self._server.start()

    def _exchange(self, key: str) -> str | None:
        return self.exchange(key)

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        """The handler of a method of this service."""
        if details.method == CHECK:
            return self._check
        method = self._methods.get(details.method)
        if method is None:
            return None

        def handle(request: Message, context: grpc.ServicerContext) -> Message:
            self.calls.append(method.name)
            self.metadata = dict(context.invocation_metadata())
            self.metadata |= {"peer": credentials.peer(context), "remaining": context.time_remaining()}
            return self.answer(method.name, request, context) or method.reply()

        return grpc.unary_unary_rpc_method_handler(
            handle, method.request.FromString, lambda reply: reply.SerializeToString()
        )

    def serve(self, *, serving: bool) -> None:
        """Say in health checks whether this instance serves."""
        status = health_pb2.HealthCheckResponse
        self._health.set("", status.SERVING if serving else status.NOT_SERVING)

    def stop(self) -> None:
        """End at once."""
        self._server.stop(0).wait()
