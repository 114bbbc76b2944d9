"""The certificates: whose they are, who issued them, how long they last. Keys are opened here and never told."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

from mesh.checks.check import Skipped, check
from mesh.control.certificates import CONTROL, EDGE, LEAF_LIFE, OPERATOR
from mesh.runtime.roles import PACK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mesh.checks.view import View

# The control plane renews at half of a life; with a quarter left it has not done so for hours.
_LEAST_LIFE = LEAF_LIFE / 4
_LEAST_AUTHORITY = datetime.timedelta(days=90)
_LEAST_EDGE = datetime.timedelta(days=14)
_RENEW = (
    "Renew them: mesh secrets rotate --certificates (while the mesh runs), or remove MESH_HOME/certs and start anew."
)


@check(
    "certificates.present",
    "The control plane, the edge, the operator and every service have a certificate.",
    remedy="Start the mesh, which issues what is missing: mesh up.",
)
def present(view: View) -> Iterator[str]:
    """Look for the files."""
    for name, folder in _folders(view):
        if not (folder / "tls.crt").exists() or not (folder / "tls.key").exists():
            yield f"{name} has none"


@check(
    "certificates.life",
    "No certificate of the mesh ends within six hours: the control plane renews them when half of their day is over.",
    remedy=_RENEW,
)
def life(view: View) -> Iterator[str]:
    """Compare with the machine's time."""
    for name, certificate in _issued(view):
        left = certificate.not_valid_after_utc - _now(view)
        if left < _LEAST_LIFE:
            yield f"the certificate of {name} {_ends(left)}"


@check(
    "certificates.names",
    "Every certificate bears the SPIFFE id of its owner, in the trust domain of these settings.",
    remedy=_RENEW,
)
def names(view: View) -> Iterator[str]:
    """The first URI is who its owner is to a server."""
    for name, certificate in _issued(view):
        said = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        found = said.get_values_for_type(x509.UniformResourceIdentifier)
        if found[:1] != [view.settings.spiffe_id(name)]:
            yield f"the certificate of {name} says {', '.join(found) or 'nothing'}"


@check(
    "certificates.issuer",
    "Every certificate was issued by this mesh's own authority.",
    remedy=_RENEW,
)
def issuer(view: View) -> Iterator[str]:
    """Verify each signature."""
    authority = _authority(view)
    for name, certificate in _issued(view):
        try:
            certificate.verify_directly_issued_by(authority)
        except (ValueError, TypeError, InvalidSignature):
            yield f"the certificate of {name} was issued by somebody else"


@check(
    "certificates.keys",
    "Every certificate lies beside its own private key.",
    remedy=_RENEW,
)
def keys(view: View) -> Iterator[str]:
    """Compare the public halves."""
    for name, folder in _folders(view):
        if (folder / "tls.key").exists() and (folder / "tls.crt").exists() and not _fits(folder):
            yield f"the key of {name} is another certificate's"


@check(
    "certificates.authority",
    "The mesh's own authority lasts for at least 90 days more.",
    remedy="Stop the mesh, remove MESH_HOME/certs, and start it: a new authority issues everything anew.",
)
def authority_life(view: View) -> Iterator[str]:
    """Compare with the machine's time."""
    left = _authority(view).not_valid_after_utc - _now(view)
    if left < _LEAST_AUTHORITY:
        yield f"the authority {_ends(left)}"


@check(
    "certificates.edge",
    "The certificate that the edge shows to callers lasts for at least 14 days more, and fits its key.",
    remedy="Put a new tls.crt and tls.key into the folder that MESH_EDGE_CERTIFICATE names; the edge sees them.",
)
def edge(view: View) -> Iterator[str]:
    """Look at the operator's files."""
    folder = view.settings.edge_certificate
    if folder is None:
        raise Skipped("the edge answers without TLS")
    try:
        certificate = x509.load_pem_x509_certificate((folder / "tls.crt").read_bytes())
        fits = _fits(folder)
    except (OSError, ValueError):
        yield f"{folder} holds no tls.crt with its tls.key"
        return
    left = certificate.not_valid_after_utc - _now(view)
    if left < _LEAST_EDGE:
        yield f"the edge's certificate {_ends(left)}"
    if not fits:
        yield "tls.key belongs to another certificate"


def _folders(view: View) -> list[tuple[str, Path]]:
    """Identities with the folder that holds what they have; those of optional ones too, where they are there."""
    if not (view.settings.home / "certs").exists():
        raise Skipped("no mesh was ever started here")
    packed = [PACK] if view.settings.certificates(PACK).exists() else []
    identities = [CONTROL.name, EDGE.name, OPERATOR.name, *view.services(), *packed]
    return [(name, view.settings.certificates(name)) for name in identities]


def _issued(view: View) -> Iterator[tuple[str, x509.Certificate]]:
    """The certificates that are there and can be read."""
    for name, folder in _folders(view):
        file = folder / "tls.crt"
        if file.exists():
            yield name, x509.load_pem_x509_certificate(file.read_bytes())


def _authority(view: View) -> x509.Certificate:
    file = view.settings.home / "certs" / "ca" / "ca.crt"
    if not file.exists():
        raise Skipped("no mesh was ever started here")
    return x509.load_pem_x509_certificate(file.read_bytes())


def _fits(folder: Path) -> bool:
    certificate = x509.load_pem_x509_certificate((folder / "tls.crt").read_bytes())
    key = serialization.load_pem_private_key((folder / "tls.key").read_bytes(), None)
    return key.public_key() == certificate.public_key()


def _now(view: View) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(view.clock.now_us() / 1e6, datetime.UTC)


def _ends(left: datetime.timedelta) -> str:
    if left < datetime.timedelta(0):
        return f"ended {-left // datetime.timedelta(hours=1)} hours ago"
    return f"ends in {left // datetime.timedelta(hours=1)} hours"


CHECKS = (present, life, names, issuer, keys, authority_life, edge)
