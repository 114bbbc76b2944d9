"""Keys and origins as an operator sets them: what is usable is taken, everything else is refused in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from mesh.edge.site import origins, site_of
from mesh.runtime.settings import Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from pathlib import Path

PRODUCTION = {
    "MESH_PROFILE": "production",
    "MESH_SECRET": "5e" * 32,
    "REDIS_URL": "rediss://redis.example.com",
    "DATABASE_URL": "postgresql://db.example.com/{service}?sslmode=verify-full",
    "MESH_BLOBS_URL": "s3://files",
    "SMTP_URL": "smtps://mail.example.com",
    "MESH_EDGE_CERTIFICATE": "/certificate",
}


def settings(tmp_path: Path, **given: str) -> Settings:
    return read_settings({"MESH_HOME": str(tmp_path), **given})


def allows(read: Settings, origin: str) -> bool:
    """Whether the edge lets pages of this origin call."""
    expression = origins(read)
    return bool(expression) and re.fullmatch(expression, origin) is not None


def test_production_allows_the_named_origins_and_no_other(tmp_path: Path) -> None:
    named = "https://crm.example.com, https://forms.example.com:8443"
    read = settings(tmp_path, **PRODUCTION, MESH_CORS_ORIGINS=named)

    assert allows(read, "https://crm.example.com")
    assert allows(read, "https://forms.example.com:8443")
    for other in ("https://crmXexample.com", "http://crm.example.com", "https://crm.example.com.evil.test"):
        assert not allows(read, other)
    assert not allows(read, "http://localhost:3000")
    assert not allows(settings(tmp_path, **PRODUCTION), "https://crm.example.com")


def test_a_developer_s_own_pages_may_call_beside_the_named_ones(tmp_path: Path) -> None:
    read = settings(tmp_path, MESH_CORS_ORIGINS="https://crm.example.com")

    assert allows(read, "http://localhost:3000")
    assert allows(read, "https://crm.example.com")


@pytest.mark.parametrize("text", ["*", "crm.example.com", "https://crm.example.com/", "ftp://crm.example.com"])
def test_what_is_no_origin_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match="MESH_CORS_ORIGINS"):
        settings(tmp_path, MESH_CORS_ORIGINS=text)


@pytest.mark.parametrize("text", ["zz", "5e5e", f"{'5e' * 32},short"])
def test_what_is_no_older_key_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match="MESH_SECRET_PREVIOUS"):
        settings(tmp_path, MESH_SECRET_PREVIOUS=text)


def test_production_refuses_keys_that_lie_beside_what_they_seal(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="elsewhere than under MESH_HOME"):
        settings(tmp_path, **{**PRODUCTION, "MESH_SECRET": f"file:{tmp_path}/secrets/root.key"})
    assert settings(tmp_path, **{**PRODUCTION, "MESH_SECRET": "file:/run/keys"}).production


def test_proxies_that_are_trusted_are_counted(tmp_path: Path) -> None:
    assert settings(tmp_path).trusted_hops == 0
    assert site_of(settings(tmp_path, MESH_TRUSTED_HOPS="2")).trusted_hops == 2
    for text in ("-1", "9", "all"):
        with pytest.raises(SettingsError, match="MESH_TRUSTED_HOPS"):
            settings(tmp_path, MESH_TRUSTED_HOPS=text)


@pytest.mark.parametrize(
    ("given", "domain", "pages"),
    [
        ({}, "localhost", ["http://localhost:8080"]),
        ({"MESH_EDGE_PORT": "9000"}, "localhost", ["http://localhost:9000"]),
        ({"MESH_PUBLIC_URL": "https://crm.example.com"}, "crm.example.com", ["https://crm.example.com"]),
        (
            {
                "MESH_PUBLIC_URL": "https://api.example.com",
                "MESH_PASSKEY_DOMAIN": "Example.com",
                "MESH_CORS_ORIGINS": "https://app.example.com, https://notexample.com",
            },
            "example.com",
            ["https://api.example.com", "https://app.example.com"],
        ),
        (
            {"MESH_PASSKEY_DOMAIN": "example.com", "MESH_PASSKEY_ORIGINS": "https://app.example.com"},
            "example.com",
            ["https://app.example.com"],
        ),
    ],
)
def test_passkeys_are_of_where_people_reach_the_product(
    tmp_path: Path, given: dict[str, str], domain: str, pages: list[str]
) -> None:
    site = settings(tmp_path, **given).passkeys
    assert (site.domain, list(site.origins)) == (domain, pages)


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("MESH_PASSKEY_DOMAIN", "192.0.2.1"),
        ("MESH_PASSKEY_DOMAIN", "https://example.com"),
        ("MESH_PASSKEY_DOMAIN", "example.com:8080"),
        ("MESH_PASSKEY_ORIGINS", "https://app.example.com"),
        ("MESH_PASSKEY_ORIGINS", "localhost"),
    ],
)
def test_passkeys_of_no_domain_or_of_another_ones_pages_are_refused(tmp_path: Path, variable: str, text: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        settings(tmp_path, **{variable: text})
