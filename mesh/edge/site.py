"""What is particular to one edge; everything else follows from the contracts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from mesh.edge.documents import Document

ECDS_TOKENS = "tokens"
CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Site:
    """One edge.

    host, port: where it listens. certificate: folder with its `tls.crt` and `tls.key`; None: plaintext.
    trust_domain, issuer: whose certificates and tokens it believes.
    secrets: folder of the two files that tell Envoy where its certificate and the authority are.
    documents: files served as they are. reflection: whether gRPC reflection is reachable.
    origins: regular expression of the web origins that browsers may call from; empty: none.
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
