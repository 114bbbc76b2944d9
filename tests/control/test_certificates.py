"""Certificates: who they name, who can read them, when they change."""

from __future__ import annotations

import datetime
import ipaddress
import stat
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from mesh.control import certificates
from mesh.control.certificates import CONTROL, Authority, Identity

if TYPE_CHECKING:
    from pathlib import Path

CUSTOMERS = Identity("customers")


class SetClock:
    def __init__(self) -> None:
        self.now = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)

    def now_us(self) -> int:
        return int(self.now.timestamp() * 1e6)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


def leaf(folder: Path, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / name / "tls.crt").read_bytes())


def test_a_certificate_names_exactly_one_spiffe_id(tmp_path: Path, clock: SetClock) -> None:
    Authority(tmp_path, "rapport", clock).renew([CUSTOMERS, CONTROL])

    names = leaf(tmp_path, "control").extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    assert names.get_values_for_type(x509.UniformResourceIdentifier) == ["spiffe://rapport/control"]
    assert names.get_values_for_type(x509.IPAddress) == [ipaddress.ip_address("127.0.0.1")]
    assert "localhost" in names.get_values_for_type(x509.DNSName)
    leaf(tmp_path, "customers").verify_directly_issued_by(
        x509.load_pem_x509_certificate((tmp_path / "customers" / "ca.crt").read_bytes())
    )


def test_keys_are_readable_by_their_owner_only(tmp_path: Path, clock: SetClock) -> None:
    Authority(tmp_path, "rapport", clock).renew([CUSTOMERS])

    for key in (tmp_path / "ca" / "ca.key", tmp_path / "customers" / "tls.key"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "ca").stat().st_mode) == 0o700


def test_a_certificate_is_renewed_at_half_its_life_and_not_before(tmp_path: Path, clock: SetClock) -> None:
    authority = Authority(tmp_path, "rapport", clock)
    authority.renew([CUSTOMERS])
    first = leaf(tmp_path, "customers").serial_number

    clock.now += datetime.timedelta(hours=11, minutes=59)
    assert authority.renew([CUSTOMERS]) == ()
    clock.now += datetime.timedelta(minutes=2)
    assert authority.renew([CUSTOMERS]) == ("customers",)

    assert leaf(tmp_path, "customers").serial_number != first


def test_key_and_certificate_always_belong_together_behind_the_current_link(tmp_path: Path, clock: SetClock) -> None:
    authority = Authority(tmp_path, "rapport", clock)
    seen = set()
    for _ in range(4):
        authority.renew([CUSTOMERS])
        current = (tmp_path / "customers" / "current").resolve()
        certificate = x509.load_pem_x509_certificate((current / "tls.crt").read_bytes())
        key = serialization.load_pem_private_key((current / "tls.key").read_bytes(), None)
        assert certificate.public_key() == key.public_key()
        seen.add(current)
        clock.now += certificates.LEAF_LIFE

    assert len(seen) == 4
    assert sum(d.is_dir() and not d.is_symlink() for d in (tmp_path / "customers").iterdir()) == 2


def test_a_second_start_keeps_the_authority_and_its_certificates(tmp_path: Path, clock: SetClock) -> None:
    Authority(tmp_path, "rapport", clock).renew([CUSTOMERS])
    before = leaf(tmp_path, "customers").serial_number

    assert Authority(tmp_path, "rapport", clock).renew([CUSTOMERS]) == ()
    assert leaf(tmp_path, "customers").serial_number == before


def test_a_certificate_of_another_authority_is_replaced(tmp_path: Path, clock: SetClock) -> None:
    Authority(tmp_path / "one", "rapport", clock).renew([CUSTOMERS])
    for file in (tmp_path / "one" / "ca").iterdir():
        file.unlink()

    assert Authority(tmp_path / "one", "rapport", clock).renew([CUSTOMERS]) == ("customers",)


def test_a_renewal_that_never_falls_due_is_noticed(
    tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Authority, "_due", lambda *_: False)

    with pytest.raises(FileNotFoundError):
        test_a_certificate_is_renewed_at_half_its_life_and_not_before(tmp_path, clock)
