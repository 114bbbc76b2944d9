"""The settings of a process: the only module that reads the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENCRYPTED = ("require", "verify-ca", "verify-full")
PROFILES = ("dev", "test", "demo", "production")


class SettingsError(ValueError):
    """A variable has a value that Rapport cannot work with; the text says which and what it takes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator decides. Everything else follows from the contracts.

    home: folder of all state. edge_port: loopback port of the edge. database_url: a template with `{service}`.
    migration_url: the same for the role that owns the tables; empty: database_url. redis_url: empty: an embedded one.
    edge_certificate: folder with `tls.crt` and `tls.key` of the edge; None: plaintext, for a loopback port.
    """

    home: Path
    edge_port: int
    edge_host: str
    edge_certificate: Path | None
    profile: str
    database_url: str
    migration_url: str
    redis_url: str
    secret: str
    trust_domain: str
    issuer: str

    @property
    def production(self) -> bool:
        """Whether embedded secrets, plaintext and reflection at the edge are refused."""
        return self.profile == "production"

    @property
    def edge_url(self) -> str:
        """Where people reach the edge."""
        return f"{'https' if self.edge_certificate else 'http'}://{self.edge_host}:{self.edge_port}"

    def database(self, service: str) -> str:
        """The SQLAlchemy-style URL of one service's database."""
        return self.database_url.replace("{service}", service)

    def migrations(self, service: str) -> str:
        """The URL that migrations run with."""
        return (self.migration_url or self.database_url).replace("{service}", service)

    def certificates(self, identity: str) -> Path:
        """Folder with `tls.crt`, `tls.key` and `ca.crt` of an identity, as in `customers`, `edge` or `control`."""
        return self.home / "certs" / identity

    def spiffe_id(self, identity: str) -> str:
        """The SPIFFE id of an identity, as in `spiffe://rapport/customers`."""
        return f"spiffe://{self.trust_domain}/{identity}"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings.

    Raises:
        SettingsError: a value is not usable, or the production profile lacks something it insists on.
    """
    env = os.environ if environment is None else environment
    home = Path(env.get("MESH_HOME", ".mesh")).absolute()
    port = env.get("MESH_EDGE_PORT", "8080")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        msg = f"MESH_EDGE_PORT must be a port number, not {port!r}"
        raise SettingsError(msg)
    profile = env.get("MESH_PROFILE", "dev")
    if profile not in PROFILES:
        msg = f"MESH_PROFILE must be one of {', '.join(PROFILES)}, not {profile!r}"
        raise SettingsError(msg)
    url = env.get("DATABASE_URL", f"sqlite:///{home}/data/{{service}}.db")
    if "{service}" not in url:
        msg = "DATABASE_URL must hold {service}: every service has a database of its own"
        raise SettingsError(msg)
    settings = Settings(
        home=home,
        edge_port=int(port),
        edge_host=env.get("MESH_EDGE_HOST", "127.0.0.1"),
        edge_certificate=Path(env["MESH_EDGE_CERTIFICATE"]).absolute() if env.get("MESH_EDGE_CERTIFICATE") else None,
        profile=profile,
        database_url=url,
        migration_url=env.get("MIGRATION_DATABASE_URL", ""),
        redis_url=env.get("REDIS_URL", ""),
        secret=env.get("MESH_SECRET", ""),
        trust_domain=env.get("MESH_TRUST_DOMAIN", "rapport"),
        issuer=env.get("MESH_ISSUER", "https://rapport.localhost"),
    )
    if settings.production:
        _insist(settings)
    return settings


def _insist(settings: Settings) -> None:
    """What the production profile does not start without: nothing embedded, nothing in the clear.

    Raises:
        SettingsError: with everything that is missing, so that one look is enough.
    """
    database = urlsplit(settings.database_url)
    encrypted = parse_qs(database.query).get("sslmode", [""])[-1] in _ENCRYPTED
    wanted = {
        "MESH_SECRET: 32 random bytes as hex; an embedded secret is refused": bool(settings.secret),
        "REDIS_URL: an embedded Redis is refused": bool(settings.redis_url),
        "REDIS_URL: rediss:// or unix://; plaintext is refused": not settings.redis_url.startswith("redis://"),
        "DATABASE_URL: PostgreSQL; a local file is no database of record": database.scheme.startswith("postgresql"),
        "DATABASE_URL: sslmode=require or stricter; plaintext is refused": encrypted or not database.hostname,
        "MESH_EDGE_CERTIFICATE: a folder with tls.crt and tls.key; plaintext is refused": settings.edge_certificate,
    }
    missing = [text for text, given in wanted.items() if not given]
    if missing:
        msg = "MESH_PROFILE=production needs " + "; ".join(missing)
        raise SettingsError(msg)
