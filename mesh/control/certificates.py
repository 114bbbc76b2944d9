"""Issues and renews the certificates of the mesh: one authority, one SPIFFE identity per process kind.

An identity's folder holds `tls.crt`, `tls.key` and `ca.crt`, as links through `current` into a folder that is written
once. A renewal swaps that one link, so nobody who resolves it first ever sees a key beside another key's certificate,
and the rename inside the identity's folder is what Envoy's `watched_directory` and gRPC's file watcher notice.
"""

from __future__ import annotations

import datetime
import ipaddress
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mesh.runtime.settings import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mesh.runtime.clock import Clock

LEAF_LIFE = datetime.timedelta(hours=24)
_AUTHORITY_LIFE = datetime.timedelta(days=3650)
# Another machine's clock may be a little behind.
_SKEW = datetime.timedelta(minutes=5)
_KEPT = 2


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a certificate is for: `name` as in `customers`, and further host names or addresses it answers to.

    services: whom it stands for beside. Its own name comes first in the certificate, and is who it is to a server.
    """

    name: str
    hosts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


CONTROL = Identity("control", ("localhost", LOOPBACK))
EDGE = Identity("edge")
OPERATOR = Identity("operator")


def control(host: str) -> Identity:
    """The control plane's identity where other hosts reach it at an address: clients of xDS check that."""
    return CONTROL if host == LOOPBACK else Identity(CONTROL.name, (*CONTROL.hosts, host))


class Authority:
    """The certificate authority of one mesh, kept under `folder/ca`, where only its owner can read."""

    def __init__(self, folder: Path, trust_domain: str, clock: Clock) -> None:
        self._folder = folder
        self._trust_domain = trust_domain
        self._clock = clock
        self._key, self._certificate = self._open()

    def renew(
        self, identities: Iterable[Identity], *, life: datetime.timedelta = LEAF_LIFE, now: bool = False
    ) -> tuple[str, ...]:
        """Issue a certificate to every identity that has none of this authority with half its life ahead.

        now: to all of them. Returns the names of those that got one. Live for `life`; connections made before keep the
        old one.
        """
        due = [identity for identity in identities if now or self._due(identity, life)]
        for identity in due:
            self._issue(identity, life)
        return tuple(identity.name for identity in due)

    def certify(self, request: bytes, name: str, *, life: datetime.timedelta = LEAF_LIFE) -> tuple[bytes, bytes]:
        """A certificate (PEM) of the identity `name` for the key of a signing request, and this authority's own.

        Raises:
            ValueError: it is no request, or not signed with its key.
        """
        asked = x509.load_pem_x509_csr(request)
        key = asked.public_key()
        if not asked.is_signature_valid or not isinstance(key, ec.EllipticCurvePublicKey):
            msg = "not signed with an elliptic-curve key of its own"
            raise ValueError(msg)
        pem = serialization.Encoding.PEM
        return self._sign(key, Identity(name), life).public_bytes(pem), self._certificate.public_bytes(pem)

    def _now(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self._clock.now_us() / 1e6, datetime.UTC)

    def _open(self) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
        folder = self._folder / "ca"
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        key_file, certificate_file = folder / "ca.key", folder / "ca.crt"
        if not certificate_file.exists():
            key = ec.generate_private_key(ec.SECP256R1())
            _write(key_file, _key_pem(key))
            _write(certificate_file, self._self_signed(key).public_bytes(serialization.Encoding.PEM))
        opened = serialization.load_pem_private_key(key_file.read_bytes(), None)
        if not isinstance(opened, ec.EllipticCurvePrivateKey):
            msg = f"{key_file} holds no elliptic-curve key; remove {self._folder} to have everything issued anew"
            raise TypeError(msg)
        return opened, x509.load_pem_x509_certificate(certificate_file.read_bytes())

    def _self_signed(self, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
        name = _name(f"{self._trust_domain} authority")
        return (
            self._unsigned(name, name, key.public_key(), _AUTHORITY_LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.UniformResourceIdentifier(f"spiffe://{self._trust_domain}")]),
                critical=False,
            )
            .sign(key, hashes.SHA256())
        )

    def _unsigned(
        self, subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, life: datetime.timedelta
    ) -> x509.CertificateBuilder:
        now = self._now()
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _SKEW)
            .not_valid_after(now + life)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        )

    def _due(self, identity: Identity, life: datetime.timedelta) -> bool:
        try:
            held = x509.load_pem_x509_certificate((self._folder / identity.name / "tls.crt").read_bytes())
            held.verify_directly_issued_by(self._certificate)
            names = held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except (OSError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
            return True
        if list(names) != self._names(identity):
            return True
        return held.not_valid_after_utc - self._now() <= life / 2

    def _issue(self, identity: Identity, life: datetime.timedelta) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._sign(key.public_key(), identity, life)
        pem = serialization.Encoding.PEM
        install(self._folder / identity.name, key, certificate.public_bytes(pem), self._certificate.public_bytes(pem))

    def _sign(self, key: ec.EllipticCurvePublicKey, identity: Identity, life: datetime.timedelta) -> x509.Certificate:
        return (
            self._unsigned(_name(identity.name), self._certificate.subject, key, life)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
                critical=False,
            )
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .add_extension(x509.SubjectAlternativeName(self._names(identity)), critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def _names(self, identity: Identity) -> list[x509.GeneralName]:
        everyone = (identity.name, *identity.services)
        names: list[x509.GeneralName] = [
            *(x509.UniformResourceIdentifier(f"spiffe://{self._trust_domain}/{name}") for name in everyone),
            # For clients that can only check a host name: the control plane's own health checks.
            *(x509.DNSName(name) for name in everyone),
        ]
        for host in identity.hosts:
            try:
                names.append(x509.IPAddress(ipaddress.ip_address(host)))
            except ValueError:
                names.append(x509.DNSName(host))
        return names


def half_over(folder: Path, now: datetime.datetime) -> bool:
    """Whether half the life of the certificate in an identity's folder is over."""
    held = x509.load_pem_x509_certificate((folder / "tls.crt").read_bytes())
    begun, ends = held.not_valid_before_utc + _SKEW, held.not_valid_after_utc
    return now >= begun + (ends - begun) / 2


def signing_request() -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    """A new key, and the request (PEM) to have it certified: the authority says by itself for whom."""
    key = ec.generate_private_key(ec.SECP256R1())
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    return key, request.public_bytes(serialization.Encoding.PEM)


def install(folder: Path, key: ec.EllipticCurvePrivateKey, certificate: bytes, authority: bytes) -> None:
    """Make these what an identity's folder holds, in one rename."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    issued = folder / f"{x509.load_pem_x509_certificate(certificate).serial_number:040x}"
    issued.mkdir(mode=0o700)
    _write(issued / "tls.key", _key_pem(key))
    _write(issued / "tls.crt", certificate)
    _write(issued / "ca.crt", authority)
    _swap(folder, issued)


def _swap(folder: Path, issued: Path) -> None:
    """Make `issued` the current one in one rename, and forget all but the last two."""
    for name in ("tls.crt", "tls.key", "ca.crt"):
        link = folder / name
        if not link.is_symlink():
            link.symlink_to(f"current/{name}")
    fresh = folder / ".current"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(issued.name)
    fresh.replace(folder / "current")
    dated = sorted(
        (d for d in folder.iterdir() if d.is_dir() and not d.is_symlink()), key=lambda d: d.stat().st_mtime_ns
    )
    for old in dated[:-_KEPT]:
        shutil.rmtree(old)


def _write(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    fresh = path.with_name(f".{path.name}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    fresh.replace(path)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
