"""What identity providers publish: fetched when it is needed, kept for some minutes in the process, never for long."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from mesh.runtime.outbound import OutboundError
from services.users.domain.upstream import Configuration, read_configuration, read_json, read_keys, unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mesh.runtime.environment import Environment

T = TypeVar("T")
KEPT_SECONDS = 600.0
AGAIN_SECONDS = 10.0
"""How long keys are not asked for again, whatever tokens name."""
_MOST = 200
_OK = 200
_WELL_KNOWN = "/.well-known/openid-configuration"


class _Kept(Generic[T]):
    """What was fetched lately, by address; of too many the oldest goes."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[float, T]] = {}
        self._lock = threading.Lock()

    def get(self, address: str, fetch: Callable[[], T], *, within: float = KEPT_SECONDS) -> T:
        """What is at an address, as it was at most so many seconds ago."""
        now = time.monotonic()
        with self._lock:
            when, found = self._found.get(address, (now - KEPT_SECONDS, None))
        if found is not None and now - when < within:
            return found
        fetched = fetch()
        with self._lock:
            self._found.pop(address, None)
            self._found[address] = (now, fetched)
            while len(self._found) > _MOST:
                del self._found[next(iter(self._found))]
        return fetched


class Discovery:
    """The documents and keys of the providers of all tenants, which anybody may see."""

    def __init__(self, environment: Environment) -> None:
        self._outbound = environment.outbound
        self._configurations: _Kept[Configuration] = _Kept()
        self._keys: _Kept[Sequence[Mapping[str, Any]]] = _Kept()

    def configuration(self, issuer: str, tenant: str, seconds: float) -> Configuration:
        """What an issuer says of itself. seconds: how long it may take; tenant: whose provider it is.

        Raises:
            Failure: UPSTREAM_UNAVAILABLE.
        """

        def fetch() -> Configuration:
            document = self._fetch(f"{issuer.rstrip('/')}{_WELL_KNOWN}", tenant, seconds, "discovery")
            return read_configuration(issuer, document, self._outbound.allows)

        return self._configurations.get(issuer, fetch)

    def keys(
        self, configuration: Configuration, tenant: str, seconds: float, *, again: bool = False
    ) -> Sequence[Mapping[str, Any]]:
        """The keys of an issuer; `again`: as they are now, as far as that may be asked.

        Raises:
            Failure: UPSTREAM_UNAVAILABLE.
        """

        def fetch() -> Sequence[Mapping[str, Any]]:
            return read_keys(self._fetch(configuration.jwks_uri, tenant, seconds, "keys"))

        return self._keys.get(configuration.jwks_uri, fetch, within=AGAIN_SECONDS if again else KEPT_SECONDS)

    def _fetch(self, address: str, tenant: str, seconds: float, what: str) -> Mapping[str, Any]:
        try:
            answer = self._outbound.get(address, tenant=tenant, seconds=seconds)
        except OutboundError as fault:
            raise unavailable(f"{what}: {fault}") from None
        if answer.status != _OK:
            raise unavailable(f"{what}: status {answer.status}")
        document = read_json(answer.body)
        if not document:
            raise unavailable(f"{what}: no JSON")
        return document
