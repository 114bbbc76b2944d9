"""Where the edge of this mesh is, in the words of a person's shell, and a gRPC channel to it."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mesh.cli.outcome import BadUsage, NotRunning
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    import grpc

    from mesh.runtime.settings import Settings

_CONNECT = 5.0


def typed(path: Path) -> str:
    """A path as people type it here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def overrides(settings: Settings) -> Mapping[str, str]:
    """The variables that a pasted command needs to find this mesh and not the default one."""
    usual = read_settings({})
    found = {}
    if settings.home != usual.home:
        found["MESH_HOME"] = str(settings.home)
    if settings.edge_port != usual.edge_port:
        found["MESH_EDGE_PORT"] = str(settings.edge_port)
    if settings.edge_certificate:
        found["MESH_EDGE_CERTIFICATE"] = str(settings.edge_certificate)
    return found


def command(settings: Settings, *words: str) -> str:
    """A `mesh` command to paste."""
    variables = (f"{key}={value}" for key, value in overrides(settings).items())
    return " ".join([*variables, program("mesh"), *words])


def program(name: str) -> str:
    """A program of this environment as people type it here."""
    return typed(Path(sys.executable).parent / name)


def own_name(certificate: Path) -> str:
    """The first name in an edge's own certificate: it serves under it, wherever this machine reaches it."""
    from cryptography import x509

    parsed = x509.load_pem_x509_certificate(certificate.read_bytes())
    try:
        names = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ""
    found = [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]
    return next(iter(found), "")


def _reach(url: str) -> None:
    """Nobody who listens is told at once: a channel would try again and again."""
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        socket.create_connection((parts.hostname or "", port), _CONNECT).close()
    except ValueError:
        msg = f"an edge is written as in https://crm.example.com, not {url!r}"
        raise BadUsage(msg) from None
    except OSError:
        msg = f"nothing answers at {url}"
        raise NotRunning(msg) from None


def edge_channel(url: str, certificate: Path | None, name: str = "") -> grpc.Channel:
    """An open channel to an edge.

    certificate: the file of the authorities to believe, or the edge's own. name: what the edge's certificate must name;
    empty: the host of the URL.

    Raises:
        NotRunning: nothing answers there.
    """
    import grpc

    scheme, _, target = url.partition("://")
    _reach(url)
    options: list[tuple[str, Any]] = [("grpc.enable_http_proxy", 0), ("grpc.max_receive_message_length", 16 * 2**20)]
    if name:
        options.append(("grpc.ssl_target_name_override", name))
    if scheme == "https":
        credentials = grpc.ssl_channel_credentials(certificate.read_bytes() if certificate else None)
        channel = grpc.secure_channel(target, credentials, options)
    else:
        channel = grpc.insecure_channel(target, options)
    try:
        grpc.channel_ready_future(channel).result(_CONNECT)
    except grpc.FutureTimeoutError:
        channel.close()
        msg = f"nothing that is believed answers at {url}"
        raise NotRunning(msg) from None
    return channel
