"""What is particular to one edge; everything else follows from the contracts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mesh.edge.documents import documents
from mesh.runtime.limits import DEFAULT_LIMITS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mesh.edge.documents import Document
    from mesh.runtime.limits import Limit
    from mesh.runtime.settings import Settings

ECDS_TOKENS = "tokens"
CONTROL = "control"
# Browsers may call from pages that are developed on the same machine.
_LOCAL_ORIGINS = r"^https?://(localhost|127\.0\.0\.1)(:\d+)?$"


@dataclass(frozen=True, slots=True)
class Site:
    """One edge.

    host, port: where it listens. certificate: folder with its `tls.crt` and `tls.key`; None: plaintext.
    trust_domain, issuer: whose certificates and tokens it believes.
    secrets: folder of the two files that tell Envoy where its certificate and the authority are.
    documents: files served as they are. reflection: whether gRPC reflection is reachable.
    origins: regular expression of the web origins that browsers may call from; empty: none.
    services: those that run, without which the whole is not well; empty: all.
    limits: how often a tenant may call each service, by rate class.
    trusted_hops: proxies in front that add to X-Forwarded-For the address they were called from.
    """

    host: str
    port: int
    trust_domain: str
    issuer: str
    secrets: Path
    documents: tuple[Document, ...]
    reflection: bool
    origins: str
    certificate: Path | None = None
    services: tuple[str, ...] = ()
    limits: Mapping[str, Limit] = field(default_factory=lambda: DEFAULT_LIMITS)
    trusted_hops: int = 0


def edge_folder(settings: Settings) -> Path:
    """Where the edge's own files are, its secrets among them."""
    return settings.home / "run" / "edge"


def site_of(settings: Settings, services: tuple[str, ...] = ()) -> Site:
    """The edge that the settings describe, before these services; none: all."""
    return Site(
        host=settings.edge_host,
        port=settings.edge_port,
        certificate=settings.edge_certificate,
        trust_domain=settings.trust_domain,
        issuer=settings.issuer,
        secrets=edge_folder(settings),
        documents=documents(),
        reflection=not settings.production,
        origins=origins(settings),
        services=services,
        limits=settings.limits,
        trusted_hops=settings.trusted_hops,
    )


def origins(settings: Settings) -> str:
    """The web origins that browsers may call from, as one expression."""
    named = [f"^{re.escape(origin)}$" for origin in settings.cors_origins]
    return "|".join([*named, *(() if settings.production else (_LOCAL_ORIGINS,))])
