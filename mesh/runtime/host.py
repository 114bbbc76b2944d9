"""One service in a process: its store, its environment, its handlers and its background work."""

from __future__ import annotations

import base64
import importlib
from typing import TYPE_CHECKING, Any

import grpc
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from rapport.users.v1 import directory_service_pb2, session_service_pb2

from mesh.contract.pages import PageTokens
from mesh.events.relay import Poke
from mesh.runtime.chain import Chain
from mesh.runtime.client import Caller, CallFailed
from mesh.runtime.directory import Directory
from mesh.runtime.environment import Environment
from mesh.runtime.ids import Ids
from mesh.runtime.links import AuthoriseLink, IdentityLink
from mesh.runtime.rate import Buckets, RateLink
from mesh.runtime.secrets import Secrets
from mesh.runtime.service import handlers
from mesh.runtime.tokens import KeyRing, TokenVerifier
from mesh.runtime.worker import Worker, poke_path
from mesh.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mesh.runtime.access_log import AccessLog
    from mesh.runtime.clock import Clock
    from mesh.runtime.service import Service
    from mesh.runtime.settings import Settings

_LOOK_UP = "/rapport.users.v1.DirectoryService/LookUpPrincipal"
_JWKS = "/rapport.users.v1.SessionService/GetJwks"


class Host:
    """A service with everything around it. Opening it migrates its database."""

    def __init__(
        self, name: str, settings: Settings, clock: Clock, caller: Caller, log: AccessLog, *, instance: str = ""
    ) -> None:
        self.name = name
        self.store = Store(
            settings.database(name),
            service=name,
            metadata=importlib.import_module(f"services.{name}.tables").metadata,
            migration_url=settings.migrations(name),
        )
        self.store.migrate()
        secrets = Secrets.from_settings(settings)
        self._directory = Directory(self._look_up)
        self.rate = RateLink(self._directory, Buckets())
        self._caller = caller
        self._poke = Poke(poke_path(settings, name))
        self._service: Service | None = None
        self.environment = Environment(
            service=name,
            store=self.store,
            clock=clock,
            ids=Ids(clock),
            pages=PageTokens(secrets.key("page tokens")),
            secrets=secrets,
            issuer=settings.issuer,
            caller=caller,
            directory=self._directory,
            poke=self._poke,
        )
        self._service = self._build()
        verifier = TokenVerifier(KeyRing(self._service.keys or self._fetch_keys), settings.issuer, clock)
        identify = IdentityLink(verifier, settings.trust_domain, self.environment.ids.new_trace)
        self.handlers: Mapping[str, grpc.RpcMethodHandler] = handlers(
            self._service,
            Chain(self.environment, identify, self.rate, AuthoriseLink(self._directory), log),
        )
        self.worker = Worker(self._service, self.environment, settings, instance or name)

    def _build(self) -> Service:
        built: Service = importlib.import_module(f"services.{self.name}.service").build(self.environment)
        return built

    def _look_up(self, tenant: str, principal: str) -> directory_service_pb2.LookUpPrincipalResponse | None:
        """A principal, asked of `users`; inside `users` itself without a call, which could wait for its own threads."""
        if self._service is not None and self._service.look_up is not None:
            return self._service.look_up(tenant, principal)
        request = directory_service_pb2.LookUpPrincipalRequest(principal_id=principal)
        try:
            return self._caller.unary(
                _LOOK_UP, request, directory_service_pb2.LookUpPrincipalResponse, None, tenant=tenant
            )
        except CallFailed as failed:
            if failed.code is grpc.StatusCode.NOT_FOUND:
                return None
            raise

    def _fetch_keys(self) -> Mapping[str, Any]:
        request = session_service_pb2.GetJwksRequest()
        found = self._caller.unary(_JWKS, request, session_service_pb2.GetJwksResponse, None)
        return {key.kid: Ed25519PublicKey.from_public_bytes(_bytes(key.x)) for key in found.keys}

    def close(self) -> None:
        """Close the database; calls and background work have ended before."""
        self._poke.close()
        self.store.close()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
