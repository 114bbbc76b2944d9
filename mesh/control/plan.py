"""Which programs make up a mesh on this machine, and what each is told in its environment."""

from __future__ import annotations

import json
import os
import secrets
import sys
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING

from mesh.control.child import Program

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from mesh.runtime.settings import Settings

_REFRESH = "5s"


@dataclass(frozen=True, slots=True)
class InstancePlan:
    """An instance of a service, pinned to a core."""

    name: str
    service: str
    core: int


def instances(services: Iterable[str], replicas: int) -> tuple[InstancePlan, ...]:
    """`replicas` of each service, spread over the cores that this process may use."""
    cores = cycle(sorted(os.sched_getaffinity(0)))
    return tuple(InstancePlan(f"{s}-{n}", s, next(cores)) for n in range(1, replicas + 1) for s in services)


def root_secret(settings: Settings) -> str:
    """The mesh's secret: the operator's, or one made once and kept under the home."""
    if settings.secret:
        return settings.secret
    folder = settings.home / "secrets"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    file = folder / "root.key"
    if not file.exists():
        fresh = folder / ".root.key"
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
            out.write(secrets.token_hex(32))
        fresh.replace(file)
    return file.read_text(encoding="ascii").strip()


def environment(settings: Settings, redis_url: str, secret: str) -> Mapping[str, str]:
    """The environment of every instance: the settings, and nothing that happens to be set in the operator's shell."""
    return {
        "MESH_HOME": str(settings.home),
        "MESH_EDGE_PORT": str(settings.edge_port),
        "MESH_EDGE_HOST": settings.edge_host,
        "MESH_EDGE_CERTIFICATE": str(settings.edge_certificate or ""),
        "MESH_PROFILE": settings.profile,
        "MESH_TRUST_DOMAIN": settings.trust_domain,
        "MESH_ISSUER": settings.issuer,
        "MESH_SECRET": secret,
        "DATABASE_URL": settings.database_url,
        "MIGRATION_DATABASE_URL": settings.migration_url,
        "REDIS_URL": redis_url,
        "PYTHONUNBUFFERED": "1",
        "LANG": "C.UTF-8",
    }


def instance_program(
    plan: InstancePlan, settings: Settings, control_port: int, environment: Mapping[str, str]
) -> Program:
    """How an instance is run. Writes the file that tells its gRPC clients where the control plane is."""
    bootstrap = settings.home / "run" / f"{plan.name}.xds.json"
    bootstrap.write_text(json.dumps(_bootstrap(plan, settings, control_port)), encoding="utf-8")
    return Program(
        name=plan.name,
        command=(
            sys.executable, "-m", "mesh.cli.main", "serve", plan.service,
            "--instance", plan.name, "--core", str(plan.core), "--ready-fd", "{ready_fd}",
        ),
        environment={**environment, "GRPC_XDS_BOOTSTRAP": str(bootstrap)},
        folder=settings.home,
        log=log_file(settings.home, plan.name),
    )  # fmt: skip


def log_file(home: Path, name: str) -> Path:
    """The log of a program."""
    return home / "logs" / f"{name}.log"


def _bootstrap(plan: InstancePlan, settings: Settings, control_port: int) -> Mapping[str, object]:
    folder = settings.certificates(plan.service)
    files = {
        "certificate_file": str(folder / "tls.crt"),
        "private_key_file": str(folder / "tls.key"),
        "ca_certificate_file": str(folder / "ca.crt"),
        "refresh_interval": _REFRESH,
    }
    return {
        "xds_servers": [
            {
                "server_uri": f"127.0.0.1:{control_port}",
                "channel_creds": [{"type": "tls", "config": files}],
                "server_features": ["xds_v3"],
            }
        ],
        "node": {"id": plan.name, "cluster": plan.service},
        "certificate_providers": {"default": {"plugin_name": "file_watcher", "config": files}},
    }
