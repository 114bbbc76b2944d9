"""Instances on other hosts announce themselves on their discovery stream; who they are, their certificate says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
import pytest
from cryptography import x509
from google.protobuf.struct_pb2 import Struct

from mesh.contract.catalog import load
from mesh.control import certificates, joined
from mesh.control.agent import Announcement
from mesh.control.certificates import EDGE, Authority, Identity, control
from mesh.control.members import HOST, PORT, Members
from mesh.control.publisher import Publisher
from mesh.control.registry import Registry
from mesh.edge.site import Site
from mesh.runtime.clock import SystemClock
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Every address of this network is this machine.
OWN, OTHER = "127.0.0.2", "127.0.0.3"


@pytest.fixture
def publisher(tmp_path: Path) -> Iterator[Publisher]:
    identities = [control(OWN), EDGE, Identity("customers"), Identity("users")]
    authority = Authority(tmp_path, "rapport", SystemClock())
    authority.renew(identities)
    site = Site("127.0.0.1", 1, "rapport", "https://rapport.test", tmp_path, (), reflection=False, origins="")
    made = Publisher(load(), site, tmp_path / "control", OWN, authority=authority)
    yield made
    made.stop()


def told(publisher: Publisher, service: str) -> list[tuple[str, int, bool]]:
    """Whom callers of a service are told of."""
    return [(each.host, each.port, each.healthy) for each in publisher.registry.endpoints()[service]]


def test_an_instance_is_told_of_as_long_as_it_announces_itself(publisher: Publisher, tmp_path: Path) -> None:
    announced = Announcement(tmp_path / "users", (OWN, publisher.port), "users-1", (OTHER, 4000))
    try:
        eventually(lambda: told(publisher, "users") == [(OTHER, 4000, False)], of="an instance that joins")
        (entry,) = publisher.registry.entries()
        publisher.registry.judge(entry, healthy=True)
        assert told(publisher, "users") == [(OTHER, 4000, True)]
    finally:
        announced.stop()
    eventually(lambda: told(publisher, "users") == [], of="its leaving")


def test_an_instance_is_of_the_service_that_its_certificate_names(publisher: Publisher, tmp_path: Path) -> None:
    announced = Announcement(tmp_path / "customers", (OWN, publisher.port), "users-1", (OTHER, 4000))
    try:
        eventually(lambda: told(publisher, "customers"), of="an instance that joins")
        assert told(publisher, "users") == []
    finally:
        announced.stop()


def metadata(**values: Any) -> Struct:
    found = Struct()
    found.update(values)
    return found


def test_who_comes_back_by_another_stream_does_not_leave_with_the_old_one() -> None:
    registry = Registry(("users",), lambda: None)
    members, place = Members(registry), metadata(**{HOST: OTHER, PORT: 4000})
    members.join("old", "users", place)
    members.join("new", "users", place)
    members.leave("old")
    assert [entry.host for entry in registry.entries()] == [OTHER]
    members.leave("new")
    assert registry.entries() == ()


@pytest.mark.parametrize(
    "values",
    [{}, {HOST: OTHER}, {PORT: 1}, {HOST: "a.example", PORT: 1}, {HOST: OTHER, PORT: 0.5}, {HOST: OTHER, PORT: 70000}],
)
def test_a_node_that_names_no_place_is_no_member(values: dict[str, Any]) -> None:
    registry = Registry(("users",), lambda: None)
    Members(registry).join("stream", "users", metadata(**values))
    assert registry.entries() == ()


def names(certificate: bytes) -> list[str]:
    known = x509.load_pem_x509_certificate(certificate)
    found = known.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return found.get_values_for_type(x509.UniformResourceIdentifier)


def test_a_host_gets_certificates_of_the_service_that_it_proves_to_be_and_of_no_other(
    publisher: Publisher, tmp_path: Path
) -> None:
    key, request = certificates.signing_request()
    certificate, authority = joined.certify(tmp_path / "users", (OWN, publisher.port), request)
    assert names(certificate) == ["spiffe://rapport/users"]
    before = (tmp_path / "users" / "tls.crt").read_bytes()
    certificates.install(tmp_path / "users", key, certificate, authority)
    assert before != (tmp_path / "users" / "tls.crt").read_bytes() == certificate
    again, _ = joined.certify(tmp_path / "users", (OWN, publisher.port), certificates.signing_request()[1])
    assert names(again) == ["spiffe://rapport/users"]

    for folder, asked, code in (("edge", request, "PERMISSION_DENIED"), ("users", b"no request", "INVALID_ARGUMENT")):
        with pytest.raises(grpc.RpcError) as refused:
            joined.certify(tmp_path / folder, (OWN, publisher.port), asked)
        assert refused.value.code().name == code


def test_a_member_is_shown_with_what_it_told_of_itself_and_a_stranger_is_not(
    publisher: Publisher, tmp_path: Path
) -> None:
    announced = Announcement(tmp_path / "users", (OWN, publisher.port), "users-1", (OTHER, 4000))
    try:
        eventually(lambda: told(publisher, "users"), of="an instance that joins")
        for port in (4000, 4001):
            said = {"host": OTHER, "port": port, "metrics": f"told_by {port}"}
            assert joined.tell(tmp_path / "users", (OWN, publisher.port), said) == 0
        joined.tell(tmp_path / "customers", (OWN, publisher.port), {"host": OTHER, "port": 4000, "metrics": "other"})
        (target,) = publisher.joined.targets()
        assert (target.instance, target.metrics(), target.healthy) == (f"users@{OTHER}:4000", "told_by 4000", False)
        assert [(row.name, row.state) for row in publisher.joined.instances()] == [(target.instance, "unhealthy")]
    finally:
        announced.stop()
    eventually(lambda: not publisher.joined.instances(), of="its leaving")
