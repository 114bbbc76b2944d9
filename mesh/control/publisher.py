"""Publishes a new Snapshot when an instance, its health or a key changes. What does not check out stays inside."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from mesh.control import ads
from mesh.control.inquiries import Inquiries
from mesh.control.keys import nobodys_key
from mesh.control.registry import Registry
from mesh.control.resources import Endpoint
from mesh.control.snapshot import Snapshot
from mesh.edge.site import CONTROL

if TYPE_CHECKING:
    from pathlib import Path

    from mesh.contract.catalog import Catalog
    from mesh.edge.site import Site

log = logging.getLogger(__name__)


class Publisher:
    """Holds what a Snapshot is made of, the registry among it, and serves the current one over xDS."""

    def __init__(self, catalog: Catalog, site: Site, certificates: Path) -> None:
        """Build the first Snapshot, without any instance.

        Args:
            catalog: the contracts of all services.
            site: the edge.
            certificates: folder of the control plane's own identity.

        Raises:
            SnapshotError: the contracts yield no consistent Snapshot.
        """
        self._catalog = catalog
        self._site = site
        self._lock = threading.Lock()
        self._jwks = nobodys_key()
        self.registry = Registry(catalog.services(), self.publish)
        self._inquiries = Inquiries(
            catalog, certificates, f"spiffe://{site.trust_domain}/edge", reflect=site.reflection
        )
        self.discovery = ads.DiscoveryService(site.trust_domain, self._build())
        self._server, self.port = ads.serve(self.discovery, certificates)
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
        return Snapshot.build(self._catalog, {**self.registry.endpoints(), CONTROL: own}, self._jwks, self._site)

    def _say(self) -> None:
        for area, methods in self._catalog.areas().items():
            if any(m.access.public for m in methods):
                self._inquiries.say(area, serving=bool(self.registry.healthy(methods[0].service)))
        self._inquiries.say("", serving=self.registry.complete())
