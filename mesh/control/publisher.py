"""Publishes a new Snapshot when an instance, its health or a key changes. What does not check out stays inside."""

from __future__ import annotations

import logging
import threading
from types import MappingProxyType
from typing import TYPE_CHECKING

from mesh.contract.catalog import load
from mesh.control import ads
from mesh.control.inquiries import Inquiries
from mesh.control.joined import Joined
from mesh.control.members import Members
from mesh.control.registry import Registry
from mesh.control.resources import Endpoint
from mesh.control.snapshot import Frame, Snapshot
from mesh.edge.site import CONTROL, site_of
from mesh.runtime.settings import LOOPBACK, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from mesh.contract.catalog import Catalog
    from mesh.control.certificates import Authority
    from mesh.control.registry import Entry
    from mesh.edge.site import Site

log = logging.getLogger(__name__)


def rehearse() -> None:
    """Build what this code would tell everyone of a mesh in which nobody runs yet, and tell nobody.

    Raises:
        ValueError: the contracts yield no consistent Snapshot.
    """
    catalog = load()
    nobody = dict.fromkeys((*catalog.services(), CONTROL), ())
    Snapshot.build(Frame.build(catalog, "", site_of(read_settings(), catalog.services())), nobody)


class Publisher:
    """Holds what a Snapshot is made of, the registry among it, and serves the current one over xDS."""

    def __init__(
        self,
        catalog: Catalog,
        site: Site,
        certificates: Path,
        host: str = LOOPBACK,
        port: int = 0,
        *,
        jwks: str = "",
        entries: Iterable[tuple[Entry, bool]] = (),
        shares: Mapping[str, int] = MappingProxyType({}),
        authority: Authority | None = None,
    ) -> None:
        """Build the first Snapshot, of what is known already, so that nobody is ever told less.

        Args:
            catalog: the contracts of all services.
            site: the edge.
            certificates: folder of the control plane's own identity.
            host: the address to listen on.
            port: where the nodes expect the control plane; 0: any port.
            jwks: the keys of bearer tokens, where they are known; the edge takes no calls before.
            entries: the instances that run, with the last verdict on each.
            shares: by service, the percent of calls that its canaries get.
            authority: certifies the services of hosts that join; None: nobody does.

        Raises:
            SnapshotError: the contracts yield no consistent Snapshot.
            PortTaken: somebody else listens at `port`.
        """
        self._catalog = catalog
        self._site = site
        self._lock = threading.Lock()
        self._jwks = jwks
        self._frame = Frame.build(catalog, jwks, site)
        self.registry = Registry(catalog.services(), self.publish)
        self.registry.adopt(entries, shares)
        self._inquiries = Inquiries(
            catalog, certificates, f"spiffe://{site.trust_domain}/edge", reflect=site.reflection
        )
        members = Members(self.registry)
        self.joined = Joined(authority, site.trust_domain, catalog.services(), self.registry, members)
        self.discovery = ads.DiscoveryService(site.trust_domain, self._build(), members)
        self._server, self.port = ads.serve(self.discovery, certificates, host, port, (self.joined.handler(),))
        self._inquiries.start()
        self._say()

    def publish(self) -> None:
        """Build from what is known now, and tell everyone. Thread-safe; the last call wins."""
        with self._lock:
            try:
                snapshot = self._build()
            except ValueError:
                log.exception("an inconsistent snapshot was not published")
                return
            self.discovery.publish(snapshot)
        self._say()

    def use_keys(self, jwks: str) -> None:
        """Check bearer tokens with these keys from now on."""
        with self._lock:
            self._jwks = jwks
        self.publish()

    def stop(self) -> None:
        """End both servers; the nodes go on with what they know."""
        self._inquiries.stop()
        self._server.stop(0).wait()

    def _build(self) -> Snapshot:
        own = (Endpoint("control", self._inquiries.port, healthy=True),)
        if self._frame.jwks != self._jwks:
            self._frame = self._frame.knowing(self._catalog, self._jwks, self._site)
        return Snapshot.build(self._frame, {**self.registry.endpoints(), CONTROL: own})

    def _say(self) -> None:
        for area, methods in self._catalog.areas().items():
            if any(m.access.public for m in methods):
                self._inquiries.say(area, serving=bool(self.registry.healthy(methods[0].service)))
        self._inquiries.say("", serving=self.registry.complete())
