"""One service in a process: its store, its environment, its handlers and its background work."""

from __future__ import annotations

import importlib
import threading
from typing import TYPE_CHECKING, Any

import grpc
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from rapport.users.v1 import directory_service_pb2, session_service_pb2
from sqlalchemy import func, select

from mesh.contract import base64url
from mesh.contract.pages import PageTokens
from mesh.events.broker import BrokerWatch
from mesh.events.relay import Poke
from mesh.events.tail import Tail
from mesh.runtime.after import ReadAfter
from mesh.runtime.capabilities import Capabilities
from mesh.runtime.chain import Chain
from mesh.runtime.client import Caller, CallFailed
from mesh.runtime.derived import derive
from mesh.runtime.directory import Directory
from mesh.runtime.directory_feed import DirectoryFeed
from mesh.runtime.environment import Environment
from mesh.runtime.exchange import CHECK, check_handler
from mesh.runtime.ids import Ids
from mesh.runtime.links import AuthoriseLink, IdentityLink
from mesh.runtime.mail_route import mail_route
from mesh.runtime.outbound import Outbound
from mesh.runtime.rate import Buckets, RateLink, one_instance
from mesh.runtime.secrets import Secrets
from mesh.runtime.service import handlers
from mesh.runtime.tokens import KeyRing, TokenVerifier
from mesh.runtime.vault import Vault
from mesh.runtime.worker import Worker, poke_path
from mesh.store.blobs import Blobs
from mesh.store.mesh_tables import restores
from mesh.store.statement import Statement
from mesh.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mesh.events.courtesy import Courtesy
    from mesh.runtime.after import Places
    from mesh.runtime.clock import Clock
    from mesh.runtime.drain import Drain
    from mesh.runtime.service import Service
    from mesh.runtime.settings import Settings
    from mesh.runtime.telemetry import Telemetry

_RESTORED = Statement(select(func.max(restores.c.time_us)), name="last restore")
_SECONDS = 10.0
_LOOK_UP = "/rapport.users.v1.DirectoryService/LookUpPrincipal"
_JWKS = "/rapport.users.v1.SessionService/GetJwks"


class Host:
    """A service with everything around it. Opening it migrates its database."""

    _service: Service | None = None

    def __init__(
        self,
        name: str,
        settings: Settings,
        clock: Clock,
        caller: Caller,
        telemetry: Telemetry,
        drain: Drain,
        places: Places,
        *,
        instance: str = "",
        instances: Callable[[], int] = one_instance,
    ) -> None:
        self.name = name
        self.store = _migrated(name, settings, telemetry)
        secrets, epoch = Secrets.from_settings(settings), _epoch(self.store)
        self.directory = Directory(self._look_up)
        self.rate = RateLink(self.directory, settings.limits, lambda: Buckets(instances=instances))
        self._feed = DirectoryFeed(self.directory, settings.redis_url) if settings.redis_url else None
        self._caller, ids = caller, Ids(clock)
        self._poke, self._tail = Poke(poke_path(settings, name)), Tail(settings.redis_url, name)
        self.environment = Environment(
            service=name,
            store=self.store,
            clock=clock,
            ids=ids,
            pages=_page_tokens(secrets, f"page tokens{epoch}"),
            cursors=_page_tokens(secrets, "page tokens"),
            epoch=epoch,
            secrets=secrets,
            vault=Vault(name, secrets),
            issuer=settings.issuer,
            caller=caller,
            capabilities=Capabilities(name, secrets, ids),
            blobs=Blobs(settings.blobs_url, name),
            tail=self._tail,
            directory=self.directory,
            limits=settings.limits,
            poke=self._poke,
            telemetry=telemetry,
            passkeys=settings.passkeys,
            mail=mail_route(settings.smtp_url, settings.mail_from, settings.links_url),
            public_url=settings.links_url,
            outbound=Outbound(loopback=not settings.production),
        )
        self._service = self._build()
        chain = self._chain(self._service, settings, telemetry, drain, places)
        self.handlers = self._handlers(self._service, chain, settings)
        self.broker = BrokerWatch(settings.redis_url, consumer=name, sources=self._service.sources())
        self.worker = Worker(self._service, self.environment, settings, instance or name)

    @property
    def service(self) -> Service:
        """What the host has built and serves."""
        assert self._service is not None
        return self._service

    def _chain(self, service: Service, settings: Settings, telemetry: Telemetry, drain: Drain, places: Places) -> Chain:
        """The links that every call of the service passes."""
        keys = KeyRing(service.keys or self._fetch_keys)
        verifier = TokenVerifier(keys, settings.issuer, self.environment.wall)
        identify = IdentityLink(verifier, settings.trust_domain, telemetry.tracer.new_trace)
        authorise, wait = AuthoriseLink(self.directory), ReadAfter(service, places)
        return Chain(self.environment, identify, self.rate, authorise, telemetry, drain, wait)

    def _handlers(self, service: Service, chain: Chain, settings: Settings) -> Mapping[str, grpc.RpcMethodHandler]:
        """What the service serves: its contract, and beside it what the edge asks of the owner of API keys."""
        served = handlers(service, chain)
        if service.exchange is not None:
            served[CHECK] = check_handler(service.exchange, settings.spiffe_id("edge"))
        return served

    def _build(self) -> Service:
        built: Service = importlib.import_module(f"services.{self.name}.service").build(self.environment)
        return derive(built)

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
        return {key.kid: Ed25519PublicKey.from_public_bytes(base64url.decode(key.x)) for key in found.keys}

    def start(self, *, works: bool, courtesy: Courtesy | None = None) -> None:
        """Begin to hear what changes in `users` and to look after Redis; where the process works too, that work.

        `courtesy` is how its work gives way to calls; None: there are none.
        """
        if self._feed is not None:
            threading.Thread(target=self._feed.run, name=f"{self.name} directory feed", daemon=True).start()
        self.broker.start()
        if works:
            self.worker.start(courtesy)

    def stop(self) -> None:
        """End all of it."""
        if self._feed is not None:
            self._feed.stop()
        self.broker.stop()
        self.worker.stop()

    def close(self) -> None:
        """Close the database; calls and background work have ended before."""
        self._tail.close()
        self._poke.close()
        self.store.close()


def _migrated(name: str, settings: Settings, telemetry: Telemetry) -> Store:
    """The service's database, brought to this code's schema."""
    store = Store(
        settings.database(name),
        service=name,
        metadata=importlib.import_module(f"services.{name}.tables").metadata,
        migration_url=settings.migrations(name),
        observe=telemetry.of_statements(name),
    )
    store.migrate()
    return store


def _page_tokens(secrets: Secrets, purpose: str) -> PageTokens:
    """Page tokens by the keys that are derived for a purpose."""
    return PageTokens(lambda: secrets.keys(purpose), lambda: secrets.recent(purpose))


def _epoch(store: Store) -> str:
    """What tells the time after a restore from the time before; empty where there was none."""
    restored = store.read(_RESTORED, tenant=None, timeout=_SECONDS)[0][0]
    return f" since {restored}" if restored else ""
