"""The settings of a process: the only module that reads the environment."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urlsplit

from mesh.runtime.limits import read_limits
from mesh.runtime.mail_route import MAIL_FROM, read_sender, read_server
from mesh.runtime.passkey_site import passkey_site, read_passkey_domain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TextIO

    from mesh.runtime.limits import Limit
    from mesh.runtime.passkey_site import PasskeySite

LOOPBACK = "127.0.0.1"
_ENCRYPTED = ("require", "verify-ca", "verify-full")
_TRACE_RATIO = 0.01
_KEY_BYTES = 32
_MOST_HOPS = 8
PROFILES = ("dev", "test", "demo", "production")


class SettingsError(ValueError):
    """A variable has a value that Rapport cannot work with; the text says which and what it takes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator decides. Everything else follows from the contracts.

    home: folder of all state. edge_port: loopback port of the edge. database_url: a template with `{service}`.
    migration_url: the same for the role that owns the tables; empty: database_url. redis_url: empty: an embedded one.
    blobs_url: `file:///folder`, or `s3://[key:secret@]bucket[/prefix][?region=..&endpoint=..]`.
    python_path: where else than in its environment Python finds code; instances run what the supervisor runs.
    trace_ratio: share of the calls that come without a trace of which spans are kept. otlp_endpoint: a collector that
    gets them too, as in `http://127.0.0.1:4317`. spans_address: where the control plane collects them.
    secret: the current master key as hex, or `file:/path` of a file with one a line, the current one first, that is
    read again when it changes. secret_previous: older ones that only open. cors_origins: pages that browsers may call
    from.
    edge_certificate: folder with `tls.crt` and `tls.key` of the edge; None: plaintext, for a loopback port.
    authorities: file of the authorities that are believed of Redis and S3; empty: the machine's own.
    stated_limits: where calls of a tenant to a service are limited otherwise than by default; see mesh.runtime.limits.
    host: the address at which the mesh's other hosts reach the instances, and the control plane, of this one.
    control_port: the control plane's port there; 0: any free one.
    trusted_hops: proxies before the edge whose word in X-Forwarded-For is believed; 0: callers reach it themselves.
    smtp_url: the server that mails are handed to; empty: the embedded sink. mail_from: whom they are from.
    public_url: where people reach the edge, for links in mails; empty: as the edge listens.
    passkey_domain, passkey_origins: what passkeys are of and may be used at; empty: see mesh.runtime.passkey_site.
    """

    home: Path
    edge_port: int
    edge_host: str
    edge_certificate: Path | None
    profile: str
    database_url: str
    migration_url: str
    redis_url: str
    blobs_url: str
    secret: str
    trust_domain: str
    issuer: str
    python_path: str
    trace_ratio: float = _TRACE_RATIO
    otlp_endpoint: str = ""
    spans_address: str = ""
    secret_previous: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    authorities: str = ""
    stated_limits: str = ""
    host: str = LOOPBACK
    control_port: int = 0
    trusted_hops: int = 0
    smtp_url: str = ""
    mail_from: str = MAIL_FROM
    public_url: str = ""
    passkey_domain: str = ""
    passkey_origins: tuple[str, ...] = ()

    @property
    def production(self) -> bool:
        """Whether embedded secrets, plaintext and reflection at the edge are refused."""
        return self.profile == "production"

    @property
    def limits(self) -> Mapping[str, Limit]:
        """How often a tenant may call each service, by rate class."""
        return read_limits(self.stated_limits)

    @property
    def virtual_time(self) -> bool:
        """Whether the mesh's clock may be moved ahead of the machine's."""
        return self.profile in ("test", "demo")

    @property
    def clock_file(self) -> Path:
        """What all processes of a mesh with virtual time share; it stays when they end, as the data does."""
        return self.home / "clock"

    @property
    def edge_url(self) -> str:
        """Where people reach the edge."""
        return f"{'https' if self.edge_certificate else 'http'}://{self.edge_host}:{self.edge_port}"

    @property
    def links_url(self) -> str:
        """What links in mails begin with."""
        return self.public_url or self.edge_url

    @property
    def passkeys(self) -> PasskeySite:
        """Where passkeys may be used."""
        return passkey_site(self.passkey_domain, self.passkey_origins, reached=self.links_url, others=self.cors_origins)

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
    profile, url = _profile(env), _database_url(env, home)
    settings = Settings(
        home=home,
        edge_port=_port("MESH_EDGE_PORT", env.get("MESH_EDGE_PORT", "8080")),
        edge_host=env.get("MESH_EDGE_HOST", "127.0.0.1"),
        edge_certificate=Path(env["MESH_EDGE_CERTIFICATE"]).absolute() if env.get("MESH_EDGE_CERTIFICATE") else None,
        profile=profile,
        database_url=url,
        migration_url=env.get("MIGRATION_DATABASE_URL", ""),
        redis_url=env.get("REDIS_URL", ""),
        blobs_url=_blobs(env.get("MESH_BLOBS_URL") or f"file://{quote(str(home))}/blobs"),
        secret=env.get("MESH_SECRET", ""),
        trust_domain=env.get("MESH_TRUST_DOMAIN", "rapport"),
        issuer=env.get("MESH_ISSUER", "https://rapport.localhost"),
        python_path=env.get("PYTHONPATH", ""),
        trace_ratio=_ratio(env.get("MESH_TRACE_RATIO", "")),
        otlp_endpoint=env.get("MESH_OTLP_ENDPOINT", ""),
        spans_address=env.get("MESH_SPANS", ""),
        secret_previous=tuple(_hex(each) for each in _listed(env.get("MESH_SECRET_PREVIOUS", ""))),
        cors_origins=_origins("MESH_CORS_ORIGINS", env),
        authorities=env.get("SSL_CERT_FILE", ""),
        stated_limits=_readable("MESH_LIMITS:", env.get("MESH_LIMITS", ""), read_limits),
        host=_address(env.get("MESH_HOST") or LOOPBACK),
        smtp_url=_readable("SMTP_URL", env.get("SMTP_URL", ""), read_server),
        mail_from=_readable("MESH_MAIL_FROM", env.get("MESH_MAIL_FROM") or MAIL_FROM, read_sender),
        public_url=_origin("MESH_PUBLIC_URL", env.get("MESH_PUBLIC_URL", "")),
        passkey_domain=_readable(
            "MESH_PASSKEY_DOMAIN", env.get("MESH_PASSKEY_DOMAIN", "").lower(), read_passkey_domain
        ),
        passkey_origins=_origins("MESH_PASSKEY_ORIGINS", env),
        control_port=_port("MESH_CONTROL_PORT", env.get("MESH_CONTROL_PORT", "0"), first=0),
        trusted_hops=_hops(env.get("MESH_TRUSTED_HOPS") or "0"),
    )
    for origin in settings.passkey_origins:
        _readable("MESH_PASSKEY_ORIGINS", origin, settings.passkeys.check)
    if settings.production:
        _insist(settings)
    return settings


def _origins(name: str, env: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(_origin(name, each) for each in _listed(env.get(name, "")))


def _profile(env: Mapping[str, str]) -> str:
    profile = env.get("MESH_PROFILE", "dev")
    if profile not in PROFILES:
        msg = f"MESH_PROFILE must be one of {', '.join(PROFILES)}, not {profile!r}"
        raise SettingsError(msg)
    return profile


def _database_url(env: Mapping[str, str], home: Path) -> str:
    url = env.get("DATABASE_URL", f"sqlite:///{home}/data/{{service}}.db")
    if "{service}" not in url:
        msg = "DATABASE_URL must hold {service}: every service has a database of its own"
        raise SettingsError(msg)
    return url


def given(names: Iterable[str]) -> dict[str, str]:
    """Those of these variables that are set, and every other one that looks like a setting of the mesh."""
    known = set(names)
    return {name: text for name, text in os.environ.items() if name in known or name.startswith("MESH_")}


def wants_colour(stream: TextIO) -> bool:
    """Whether colours may be written: to a terminal that can show them, unless NO_COLOR is set (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


def _port(variable: str, text: str, *, first: int = 1) -> int:
    if not text.isdecimal() or not first <= int(text) < 65536:
        msg = f"{variable} must be a port number, not {text!r}"
        raise SettingsError(msg)
    return int(text)


def _hops(text: str) -> int:
    if not text.isdecimal() or int(text) > _MOST_HOPS:
        msg = f"MESH_TRUSTED_HOPS must be a number of proxies from 0 to {_MOST_HOPS}, not {text!r}"
        raise SettingsError(msg)
    return int(text)


def _address(text: str) -> str:
    """One IPv4 address: peers are told it, so it is neither a name nor all addresses."""
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        address = ipaddress.IPv4Address(0)
    if address.is_unspecified:
        msg = f"MESH_HOST must be the IPv4 address of this host, not {text!r}"
        raise SettingsError(msg)
    return str(address)


def _blobs(url: str) -> str:
    if urlsplit(url).scheme not in ("file", "s3"):
        msg = "MESH_BLOBS_URL must be s3://bucket/prefix or file:///folder"
        raise SettingsError(msg)
    return url


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _hex(key: str) -> str:
    try:
        usable = len(bytes.fromhex(key)) >= _KEY_BYTES
    except ValueError:
        usable = False
    if not usable:
        msg = "MESH_SECRET_PREVIOUS must be keys of 32 bytes as hex, separated by commas"
        raise SettingsError(msg)
    return key


def _origin(variable: str, text: str) -> str:
    """An origin as browsers send it: scheme, host, and a port that is not the scheme's own; nothing stays nothing."""
    parts = urlsplit(text)
    if text and (
        parts.scheme not in ("http", "https") or not parts.hostname or f"{parts.scheme}://{parts.netloc}" != text
    ):
        msg = f"{variable} must hold origins as in https://crm.example.com, not {text!r}"
        raise SettingsError(msg)
    return text.lower()


def _readable(variable: str, text: str, read: Callable[[str], object]) -> str:
    """A text that `read` makes something of; what it says of another one repeats nothing secret."""
    try:
        read(text)
    except ValueError as error:
        msg = f"{variable} {error}"
        raise SettingsError(msg) from error
    return text


def _ratio(text: str) -> float:
    """A share between 0 and 1."""
    try:
        ratio = float(text or _TRACE_RATIO)
    except ValueError:
        ratio = -1
    if not 0 <= ratio <= 1:
        msg = f"MESH_TRACE_RATIO must be a number from 0 to 1, not {text!r}"
        raise SettingsError(msg)
    return ratio


def _under_home(settings: Settings) -> bool:
    """Whether the master keys lie beside the data that they seal."""
    scheme, _, path = settings.secret.partition(":")
    return scheme == "file" and Path(path).resolve().is_relative_to(settings.home.resolve())


def _insist(settings: Settings) -> None:
    """What the production profile does not start without: nothing embedded, nothing in the clear.

    Raises:
        SettingsError: with everything that is missing, so that one look is enough.
    """
    database = urlsplit(settings.database_url)
    encrypted = parse_qs(database.query).get("sslmode", [""])[-1] in _ENCRYPTED
    wanted = {
        "MESH_SECRET: 32 random bytes as hex; an embedded secret is refused": bool(settings.secret),
        "MESH_SECRET: a file elsewhere than under MESH_HOME": not _under_home(settings),
        "REDIS_URL: an embedded Redis is refused": bool(settings.redis_url),
        "REDIS_URL: rediss:// or unix://; plaintext is refused": not settings.redis_url.startswith("redis://"),
        "DATABASE_URL: PostgreSQL; a local file is no database of record": database.scheme.startswith("postgresql"),
        "DATABASE_URL: sslmode=require or stricter; plaintext is refused": encrypted or not database.hostname,
        "MESH_BLOBS_URL: s3://bucket; a local folder is refused": settings.blobs_url.startswith("s3:"),
        "MESH_BLOBS_URL: an https endpoint; plaintext is refused": "endpoint=http:" not in unquote(settings.blobs_url),
        "SMTP_URL: a mail server; a sink that keeps mails is refused": bool(settings.smtp_url),
        "SMTP_URL: smtps:// or smtp+starttls://; plaintext is refused": not settings.smtp_url.startswith("smtp:"),
        "MESH_EDGE_CERTIFICATE: a folder with tls.crt and tls.key; plaintext is refused": settings.edge_certificate,
    }
    missing = [text for text, given in wanted.items() if not given]
    if missing:
        msg = "MESH_PROFILE=production needs " + "; ".join(missing)
        raise SettingsError(msg)
