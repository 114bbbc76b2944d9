"""The environment variables that an operator may set, and what they mean. mesh.runtime.settings reads them."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, urlsplit

from mesh.runtime.mail_route import MAIL_FROM

REDACTED = "[redacted]"
# Query parameters of a URL that carry a secret.
_SECRET_PARAMETERS = ("password", "secret", "token", "key", "credential")


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: the field of Settings that it becomes, its meaning, and its default in words.

    secret: its value is never shown, unless it only names a file.
    """

    field: str
    meaning: str
    default: str
    secret: bool = False


VARIABLES = MappingProxyType(
    {
        "MESH_HOME": Variable("home", "folder of all state", ".mesh"),
        "MESH_EDGE_HOST": Variable("edge_host", "address the edge listens on", "127.0.0.1"),
        "MESH_EDGE_PORT": Variable("edge_port", "port of the edge", "8080"),
        "MESH_EDGE_CERTIFICATE": Variable("edge_certificate", "folder with tls.crt and tls.key", "plain HTTP"),
        "MESH_TRUSTED_HOPS": Variable("trusted_hops", "proxies before the edge that tell it callers' addresses", "0"),
        "MESH_HOST": Variable("host", "address of this host for the mesh's other hosts", "127.0.0.1"),
        "MESH_CONTROL_PORT": Variable("control_port", "port of the control plane, for hosts that join", "any free one"),
        "MESH_PROFILE": Variable("profile", "dev, test, demo or production", "dev"),
        "DATABASE_URL": Variable("database_url", "template with {service}", "SQLite files under MESH_HOME"),
        "MIGRATION_DATABASE_URL": Variable(
            "migration_url", "the same for the role that owns the tables", "DATABASE_URL"
        ),
        "REDIS_URL": Variable("redis_url", "a Redis elsewhere", "one is started"),
        "MESH_BLOBS_URL": Variable("blobs_url", "files, as in s3://bucket/prefix", "a folder under MESH_HOME"),
        "SMTP_URL": Variable(
            "smtp_url", "mail server, smtp://, smtp+starttls:// or smtps://", "mails are kept, see mesh mail"
        ),
        "MESH_MAIL_FROM": Variable("mail_from", "whom mails are from", MAIL_FROM),
        "MESH_PUBLIC_URL": Variable("public_url", "where people reach the edge, for links in mails", "the edge's own"),
        "MESH_PASSKEY_DOMAIN": Variable(
            "passkey_domain", "the domain that passkeys are of", "the public URL's, or localhost"
        ),
        "MESH_PASSKEY_ORIGINS": Variable(
            "passkey_origins", "pages that may ask for passkeys", "MESH_PUBLIC_URL, MESH_CORS_ORIGINS"
        ),
        "MESH_SECRET": Variable(
            "secret",
            "master key, 32 bytes as hex, or file:/path with one a line",
            "made once under MESH_HOME",
            secret=True,
        ),
        "MESH_SECRET_PREVIOUS": Variable(
            "secret_previous", "older master keys, separated by commas; they only open", "none", secret=True
        ),
        "SSL_CERT_FILE": Variable("authorities", "authorities to believe of Redis and S3", "the machine's own"),
        "MESH_CORS_ORIGINS": Variable("cors_origins", "pages that browsers may call from", "none"),
        "MESH_LIMITS": Variable("stated_limits", "how often a tenant may call each service, by rate class", "by class"),
        "MESH_TRUST_DOMAIN": Variable("trust_domain", "trust domain of the SPIFFE identities", "rapport"),
        "MESH_ISSUER": Variable("issuer", "issuer of bearer tokens", "https://rapport.localhost"),
        "MESH_TRACE_RATIO": Variable("trace_ratio", "share of calls whose spans are kept, 0 to 1", "0.01"),
        "MESH_OTLP_ENDPOINT": Variable("otlp_endpoint", "a collector that gets the spans too", "none"),
        "MESH_SPANS": Variable("spans_address", "where the control plane takes spans", "told by mesh up"),
    }
)


def redacted(variable: Variable, text: str) -> str:
    """The value as it may be shown: of a secret only the file that holds it, of a URL nothing that opens anything."""
    if variable.secret:
        return text if text.startswith("file:") or not text else REDACTED
    return _without_credentials(text) if "://" in text else text


def _without_credentials(url: str) -> str:
    parts = urlsplit(url)
    user, at, place = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    netloc = f"{name}{colon}{REDACTED if colon else ''}{at}{place}"
    pairs = [
        (key, REDACTED if any(word in key.lower() for word in _SECRET_PARAMETERS) else value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
    ]
    query = "&".join(f"{key}={value if value == REDACTED else quote(value, safe='/:{}')}" for key, value in pairs)
    # Not urlunsplit(): it takes the absolute path of sqlite:////folder/file for the name of a host.
    rest = f"?{query}" if query else ""
    return f"{parts.scheme}://{netloc}{parts.path}{rest}{'#' if parts.fragment else ''}{parts.fragment}"
