"""Log-ins of strangers: who tries too often at one address keeps nobody out who comes from another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mesh.runtime import rate
from mesh.runtime.limits import Limit
from mesh.runtime.rate import Buckets, RateLink
from tests.resources.identity.signing_in import answered, log_in, tenant, unhurried

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.testing.local import LocalMesh, Member

BURST = 4
HERE, THERE = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def few(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> LocalMesh:
    """A mesh in which an address may try four times at once, and once a minute after that."""
    link = mesh.host("users").rate
    monkeypatch.setattr(link, "_defaults", {**link._defaults, "CREDENTIAL": Limit(1, BURST)})
    monkeypatch.setattr(link, "_buckets", Buckets())
    monkeypatch.setattr(link, "_strangers", Buckets())
    return mesh


def come_from(mesh: LocalMesh, who: Member, address: str) -> Callable[[], object]:
    return lambda: log_in(mesh, who, x_envoy_external_address=address)


def check_one_keeps_nobody_out(mesh: LocalMesh) -> None:
    who, other = tenant_of(mesh), tenant_of(mesh)
    outcomes = [answered(come_from(mesh, who, HERE)) for _ in range(BURST + 2)]
    assert outcomes == ["OK"] * BURST + ["RATE_LIMITED"] * 2
    assert answered(come_from(mesh, other, HERE)) == "RATE_LIMITED", "whoever it is for"
    assert [answered(come_from(mesh, each, THERE)) for each in (who, other)] == ["OK", "OK"]


def tenant_of(mesh: LocalMesh) -> Member:
    """A tenant that was there before anybody was in a hurry."""
    unhurried(mesh)
    return tenant(mesh)


def test_one_address_that_tries_too_often_keeps_nobody_else_out(few: LocalMesh) -> None:
    check_one_keeps_nobody_out(few)


def test_planted_fault_in_one_bucket_for_all_it_does(few: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "network", lambda address: "")
    with pytest.raises(AssertionError):
        check_one_keeps_nobody_out(few)


def test_addresses_beside_each_other_are_one_of_ipv6(few: LocalMesh) -> None:
    who = tenant_of(few)
    outcomes = [answered(come_from(few, who, f"2001:db8::{number}")) for number in range(1, BURST + 2)]
    assert outcomes == ["OK"] * BURST + ["RATE_LIMITED"]


def test_all_addresses_together_come_to_an_end(few: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    who = tenant_of(few)
    monkeypatch.setattr(rate, "_STRANGERS", 2)
    unhurried(few)
    outcomes = [answered(come_from(few, who, f"198.51.100.{number}")) for number in range(2 * BURST + 2)]
    assert outcomes == ["OK"] * 2 * BURST + ["RATE_LIMITED"] * 2


def test_addresses_push_out_no_tenant(few: LocalMesh) -> None:
    link: RateLink = few.host("users").rate
    who = tenant_of(few)
    before = len(link._buckets._full_at)
    for number in range(BURST):
        come_from(few, who, f"198.51.100.{number}")()
    assert len(link._buckets._full_at) == before
    assert len(link._strangers._full_at) >= BURST
