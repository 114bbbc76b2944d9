"""TLS with a mesh identity: how this process proves who it is, and whom it believes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc

if TYPE_CHECKING:
    from pathlib import Path


def read(folder: Path) -> tuple[bytes, bytes, bytes]:
    """Key, certificate and authority of an identity's folder, from one and the same issue."""
    return _read(_current(folder))


def _current(folder: Path) -> Path:
    """The folder of the issue that counts now; each issue has one of its own."""
    return (folder / "current").resolve()


def _read(issue: Path) -> tuple[bytes, bytes, bytes]:
    return tuple((issue / name).read_bytes() for name in ("tls.key", "tls.crt", "ca.crt"))  # type: ignore[return-value]


def server_credentials(folder: Path) -> grpc.ServerCredentials:
    """Mutual TLS that follows renewals: every handshake is made with the certificate that is current then."""
    renewals = Renewals(folder)
    return grpc.dynamic_ssl_server_credentials(renewals.latest(), renewals, require_client_authentication=True)


class Renewals:
    """Answers gRPC, which asks at each handshake, whether there is another certificate.

    None where it is still the same: gRPC makes a context for each answer, and frees the last one also where another
    thread is about to begin a handshake with it, which ends the process (grpc/grpc#36693). Told of changes alone, it
    has that chance once per renewal instead of at every two handshakes at once.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told: tuple[Path, int, int] | None = None

    def __call__(self) -> grpc.ServerCertificateConfiguration | None:
        """What is current now, where gRPC does not know it yet."""
        return None if self._issue() == self._told else self.latest()

    def latest(self) -> grpc.ServerCertificateConfiguration:
        """The certificate that is current now."""
        issue = self._issue()
        key, certificate, authority = _read(issue[0])
        self._told = issue
        return grpc.ssl_server_certificate_configuration([(key, certificate)], authority)

    def _issue(self) -> tuple[Path, int, int]:
        """Differs from issue to issue, in a folder of its own or, as an operator may do, in the place of the last."""
        folder = _current(self._folder)
        found = (folder / "tls.crt").stat()
        return folder, found.st_ino, found.st_mtime_ns


def channel(folder: Path, host: str, port: int, identity: str) -> grpc.Channel:
    """A channel from the identity in `folder` to the one server that must prove to be `identity`."""
    key, certificate, authority = read(folder)
    credentials = grpc.ssl_channel_credentials(authority, key, certificate)
    options = (("grpc.ssl_target_name_override", identity), ("grpc.enable_http_proxy", 0))
    return grpc.secure_channel(f"{host}:{port}", credentials, options)


def peer(context: grpc.ServicerContext) -> str:
    """The SPIFFE id that the caller proved; empty: none."""
    # The names in its certificate alone: to copy all that is known of a connection takes twenty times as long.
    names = context.peer_identities() or ()
    return next((bytes(name).decode() for name in names if name.startswith(b"spiffe://")), "")
