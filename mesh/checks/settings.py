"""The settings: that each is read by somebody, that the running mesh has them, that secrets are worth the name."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.checks.check import Skipped, check
from mesh.events.redis_connection import RedisConnection
from mesh.runtime.secrets import Secrets
from mesh.runtime.variables import VARIABLES
from mesh.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mesh.checks.view import View

# Of 32 random bytes, fewer than this many differ once in 10^15 keys.
_DISTINCT_BYTES = 16
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_DEMO = "demo"


def unread(given: Iterable[str]) -> dict[str, str]:
    """Those of these variables that no setting is read from, each with the one that was probably meant, or nothing."""
    strangers = [name for name in given if name not in VARIABLES]
    return {name: next(iter(difflib.get_close_matches(name, VARIABLES, n=1)), "") for name in strangers}


@check(
    "settings.names",
    "Every variable that begins with MESH_ is one that the mesh reads.",
    remedy="Correct or remove the variables named; the names that are read: mesh config.",
)
def names(view: View) -> Iterator[str]:
    """Tell each with the one that was probably meant."""
    for name, meant in view.unread.items():
        yield f"nothing reads {name}" + (f"; did you mean {meant}?" if meant else "")


@check(
    "settings.urls",
    "The addresses of databases and of Redis are well formed.",
    remedy="Correct DATABASE_URL, MIGRATION_DATABASE_URL or REDIS_URL as shown in: mesh config.",
)
def urls(view: View) -> Iterator[str]:
    """Parse them as those do who use them."""
    for name, url in (
        ("DATABASE_URL", view.settings.database("x")),
        ("MIGRATION_DATABASE_URL", view.settings.migrations("x")),
    ):
        if not url.startswith(("sqlite:///", "postgresql://", "postgres://")):
            yield f"{name} is neither sqlite:///file nor postgresql://..."
    if view.settings.redis_url:
        try:
            RedisConnection(view.settings.redis_url).close()
        except ValueError:
            yield "REDIS_URL is neither redis://, rediss:// nor unix://"


@check(
    "settings.secret",
    "The master keys can be read, and look random.",
    remedy="Set MESH_SECRET to 32 random bytes (openssl rand -hex 32), keep the old key in MESH_SECRET_PREVIOUS, then: "
    "mesh secrets rotate.",
)
def secret(view: View) -> Iterator[str]:
    """Look at the operator's keys; the mesh's own are random."""
    given = view.settings.secret
    if not given:
        raise Skipped("the mesh keeps a key of its own")
    try:
        Secrets.from_settings(view.settings)
        path = given.removeprefix("file:")
        texts = Path(path).read_text(encoding="ascii").split() if given.startswith("file:") else [given]
        weak = any(len(set(bytes.fromhex(text))) < _DISTINCT_BYTES for text in texts)
    except (OSError, ValueError):
        yield "MESH_SECRET names no file of keys, or holds no hexadecimal key of 32 bytes"
        return
    if weak:
        yield "a master key repeats few bytes: it was written by hand, or for a test"


@check(
    "settings.embedded-secret",
    "A production mesh does not use the key that a development mesh made for itself.",
    remedy="Make a key of its own for production (openssl rand -hex 32), then: mesh secrets rotate.",
)
def embedded_secret(view: View) -> Iterator[str]:
    """Compare with the key that lies under the home."""
    if not view.settings.production:
        raise Skipped("this is no production mesh")
    own = view.settings.home / "secrets" / "root.key"
    if own.exists():
        made = {bytes.fromhex(text) for text in own.read_text(encoding="ascii").split()}
        embedded = Secrets(*made).masters()
        used = Secrets.from_settings(view.settings).masters()
        if {master.id for master in embedded} & {master.id for master in used}:
            yield f"MESH_SECRET holds a key that lies in {own}"


@check(
    "settings.demo-tenant",
    "A production mesh has no demo tenant, whose password lies in a file.",
    remedy="Delete the tenant `demo`, or give production databases of its own.",
)
def demo_tenant(view: View) -> Iterator[str]:
    """Look for the file, and for the tenant."""
    if not view.settings.production:
        raise Skipped("this is no production mesh")
    credentials = view.settings.home / "demo.json"
    if credentials.exists():
        yield f"the demo tenant's password lies in {credentials}"
    try:
        tenants = view.examination("users").rows("SELECT slug FROM tenants")
    except StoreError:
        return
    if (_DEMO,) in tenants:
        yield "a tenant is called demo"


@check(
    "settings.plaintext",
    "The edge answers without TLS on this machine's own addresses alone.",
    remedy="Set MESH_EDGE_CERTIFICATE to a folder with tls.crt and tls.key, or MESH_EDGE_HOST to 127.0.0.1.",
)
def plaintext(view: View) -> Iterator[str]:
    """Look at where it listens."""
    if not view.settings.edge_certificate and view.settings.edge_host not in _LOOPBACK:
        yield f"the edge listens on {view.settings.edge_host} without TLS"


@check(
    "settings.in-force",
    "The running mesh serves where these settings say, with the databases that they name.",
    remedy="Run the command with the settings that the mesh was started with, or: mesh down, mesh up.",
    running=True,
)
def in_force(view: View) -> Iterator[str]:
    """Compare with what the mesh says of itself."""
    run, settings = view.run(), view.settings
    if run.edge_url != settings.edge_url:
        yield f"the mesh serves at {run.edge_url}, and these settings say {settings.edge_url}"
    if settings.redis_url and run.redis_url != settings.redis_url:
        yield "the mesh uses another Redis than REDIS_URL"


CHECKS = (names, urls, secret, embedded_secret, demo_tenant, plaintext, in_force)
