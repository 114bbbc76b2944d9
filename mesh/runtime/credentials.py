"""TLS with a mesh identity: how this process proves who it is, and whom it believes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc

if TYPE_CHECKING:
    from pathlib import Path


def read(folder: Path) -> tuple[bytes, bytes, bytes]:
    """Key, certificate and authority of an identity's folder, from one and the same issue."""
    current = (folder / "current").resolve()
    return tuple((current / name).read_bytes() for name in ("tls.key", "tls.crt", "ca.crt"))  # type: ignore[return-value]


def server_credentials(folder: Path) -> grpc.ServerCredentials:
    """Mutual TLS that follows renewals: every handshake is made with the certificate that is current then."""

    def configuration() -> grpc.ServerCertificateConfiguration:
        key, certificate, authority = read(folder)
        return grpc.ssl_server_certificate_configuration([(key, certificate)], authority)

    return grpc.dynamic_ssl_server_credentials(configuration(), configuration, require_client_authentication=True)


def channel(folder: Path, host: str, port: int, identity: str) -> grpc.Channel:
    """A channel from the identity in `folder` to the one server that must prove to be `identity`."""
    key, certificate, authority = read(folder)
    credentials = grpc.ssl_channel_credentials(authority, key, certificate)
    options = (("grpc.ssl_target_name_override", identity), ("grpc.enable_http_proxy", 0))
    return grpc.secure_channel(f"{host}:{port}", credentials, options)


def peer(context: grpc.ServicerContext) -> str:
    """The SPIFFE id that the caller proved; empty: none."""
    proven = context.auth_context().get("peer_spiffe_id") or [b""]
    return bytes(proven[0]).decode()
