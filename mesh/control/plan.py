"""Which programs make up a mesh on this machine, and what each is told in its environment."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from mesh.control.child import Program
from mesh.control.wanted import Kind
from mesh.runtime.ports import reserved_port
from mesh.runtime.roles import PACK, WORKER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from mesh.control.wanted import Wanted
    from mesh.runtime.settings import Settings

_REFRESH = "5s"
# That of the first instance, where it is free; it is the one that debuggers try by themselves.
_DEBUGGER = 5678
RANK = 1
"""Instances end after the edge and before Redis."""


@dataclass(frozen=True, slots=True)
class InstancePlan:
    """A process of a unit, pinned to a core: which services it hosts, and its role as `mesh serve` takes it.

    code: the folder of another checkout that it runs; empty: that of the control plane. debugger: the loopback port at
    which it waits for one; 0: it does not.
    """

    name: str
    kind: Kind
    services: tuple[str, ...]
    core: int
    code: str = ""
    debugger: int = 0

    @property
    def identity(self) -> str:
        """Whose certificate it has."""
        return self.services[0] if len(self.services) == 1 else PACK

    def as_json(self) -> dict[str, Any]:
        """For whoever keeps the process."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> InstancePlan:
        """What `as_json` gave."""
        kind = Kind(**content["kind"])
        return cls(**{**content, "kind": kind, "services": tuple(content["services"])})


def instances(wanted: Wanted, cores: Iterable[int]) -> tuple[InstancePlan, ...]:
    """All processes that are wanted, spread over these cores."""
    made: list[InstancePlan] = []
    cores = tuple(cores)
    for number in range(max(wanted.units.values())):
        for kind, wants in wanted.kinds():
            if number < wants:
                made.append(one_more(kind, wanted, made, cores))
    return tuple(made)


def one_more(kind: Kind, wanted: Wanted, others: Collection[InstancePlan], cores: Iterable[int]) -> InstancePlan:
    """One more of a kind beside `others`: with the first free number, on the core that has fewest of its unit.

    A name is never that of another one that still runs: it is who a process is to the locks and streams that it shares.
    """
    used = {other.name for other in others}
    part = "-canary" if kind.canary else "-worker" if kind.role == WORKER else ""
    form = f"{kind.unit}{part}-{{}}"
    name = next(name for number in count(1) if (name := form.format(number)) not in used)
    everyone = Counter(other.core for other in others)
    same = Counter(other.core for other in others if other.kind.unit == kind.unit)
    core = min(cores, key=lambda core: (same[core], everyone[core], core))
    debugger = reserved_port(name, _DEBUGGER) if wanted.waits(kind.unit) else 0
    return InstancePlan(name, kind, wanted.hosted(kind.unit), core, debugger=debugger)


def cores() -> tuple[int, ...]:
    """The cores that this process may use."""
    return tuple(sorted(os.sched_getaffinity(0)))


def root_secret(settings: Settings) -> str:
    """The mesh's master keys as MESH_SECRET names them: the operator's, or a file made once and kept under the home."""
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
    return f"file:{file}"


def environment(settings: Settings, redis_url: str, secret: str) -> Mapping[str, str]:
    """The environment of every instance: the settings, and nothing that happens to be set in the operator's shell."""
    return {
        "MESH_HOME": str(settings.home),
        "MESH_HOST": settings.host,
        "MESH_EDGE_PORT": str(settings.edge_port),
        "MESH_EDGE_HOST": settings.edge_host,
        "MESH_EDGE_CERTIFICATE": str(settings.edge_certificate or ""),
        "MESH_PROFILE": settings.profile,
        "MESH_TRUST_DOMAIN": settings.trust_domain,
        "MESH_ISSUER": settings.issuer,
        "MESH_SECRET": secret,
        "MESH_SECRET_PREVIOUS": ",".join(settings.secret_previous),
        "DATABASE_URL": settings.database_url,
        "MIGRATION_DATABASE_URL": settings.migration_url,
        "REDIS_URL": redis_url,
        "MESH_BLOBS_URL": settings.blobs_url,
        "SMTP_URL": settings.smtp_url,
        "MESH_MAIL_FROM": settings.mail_from,
        "MESH_PUBLIC_URL": settings.public_url,
        "MESH_PASSKEY_DOMAIN": settings.passkeys.domain,
        "MESH_PASSKEY_ORIGINS": ",".join(settings.passkeys.origins),
        "PYTHONPATH": settings.python_path,
        "MESH_TRACE_RATIO": str(settings.trace_ratio),
        "MESH_OTLP_ENDPOINT": settings.otlp_endpoint,
        "MESH_SPANS": settings.spans_address,
        "MESH_LIMITS": settings.stated_limits,
        "PYTHONUNBUFFERED": "1",
        # A crash of native code says where it was. In production the log is no place for the names of our code.
        **({} if settings.production else {"PYTHONFAULTHANDLER": "1"}),
        "LANG": "C.UTF-8",
        **({"SSL_CERT_FILE": settings.authorities} if settings.authorities else {}),
    }


def instance_program(
    plan: InstancePlan, settings: Settings, control_port: int, environment: Mapping[str, str]
) -> Program:
    """How an instance is run. Writes the file that tells its gRPC clients where the control plane is."""
    bootstrap = settings.home / "run" / f"{plan.name}.xds.json"
    control = f"{settings.host}:{control_port}"
    content = xds_bootstrap(plan.name, settings.certificates(plan.identity), control)
    bootstrap.write_text(content, encoding="utf-8")
    return Program(
        name=plan.name,
        command=(
            sys.executable, *_debugger(plan), "-m", "mesh.cli.main", "serve", *plan.services,
            *(("--role", plan.kind.role) if plan.kind.role else ()),
            "--instance", plan.name, "--core", str(plan.core), "--ready-fd", "{ready_fd}",
        ),
        environment={**environment, **_code(plan, environment), "GRPC_XDS_BOOTSTRAP": str(bootstrap)},
        folder=settings.home,
        log=log_file(settings.home, plan.name),
        rank=RANK,
    )  # fmt: skip


def _code(plan: InstancePlan, environment: Mapping[str, str]) -> Mapping[str, str]:
    """Where Python finds the code of a plan that has its own: the generated part is a second root."""
    if not plan.code:
        return {}
    paths = (plan.code, f"{plan.code}/gen", environment["PYTHONPATH"])
    return {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}


def _debugger(plan: InstancePlan) -> tuple[str, ...]:
    return ("-m", "debugpy", "--listen", f"127.0.0.1:{plan.debugger}") if plan.debugger else ()


def log_file(home: Path, name: str) -> Path:
    """The log of a program."""
    return home / "logs" / f"{name}.log"


def xds_bootstrap(name: str, folder: Path, control: str) -> str:
    """What tells the gRPC clients of an instance where the control plane is. folder: of the instance's certificate."""
    files = {
        "certificate_file": str(folder / "tls.crt"),
        "private_key_file": str(folder / "tls.key"),
        "ca_certificate_file": str(folder / "ca.crt"),
        "refresh_interval": _REFRESH,
    }
    content = {
        "xds_servers": [
            {
                "server_uri": control,
                "channel_creds": [{"type": "tls", "config": files}],
                "server_features": ["xds_v3"],
            }
        ],
        "node": {"id": name, "cluster": folder.name},
        "certificate_providers": {"default": {"plugin_name": "file_watcher", "config": files}},
    }
    return json.dumps(content)
