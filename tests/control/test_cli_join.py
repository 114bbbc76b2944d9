"""`mesh join` starts nothing before it has what it needs, and tells all of that at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.control.conftest import Ended

    Command = Callable[..., "Ended"]

NEEDED = ("MESH_HOST", "DATABASE_URL", "REDIS_URL", "MESH_SECRET", "MESH_BLOBS_URL", "customers/tls.crt", "nobody")


def test_what_a_joining_host_lacks_is_told_at_once(nowhere: Command) -> None:
    ended = nowhere("join", "10.0.0.1:9901", "customers", "nobody")
    assert ended.status == 2
    assert ended.err.count("\n") == 1
    assert [each for each in NEEDED if each not in ended.err] == []


@pytest.mark.parametrize("address", ["10.0.0.1", ":9901", "10.0.0.1:https"])
def test_an_address_without_host_or_port_is_refused(nowhere: Command, address: str) -> None:
    ended = nowhere("join", address, "customers")
    assert (ended.status, "10.0.0.1:9901" in ended.err) == (2, True)


UNTELLABLE = (("MESH_HOST", "0.0.0.0"), ("MESH_HOST", "a.example"), ("MESH_CONTROL_PORT", "70000"))  # noqa: S104


@pytest.mark.parametrize(("variable", "value"), UNTELLABLE)
def test_an_address_that_nobody_can_be_told_is_refused(
    nowhere: Command, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    ended = nowhere("join", "10.0.0.1:9901", "customers")
    assert ended.status == 2
    assert variable in ended.err
    assert value in ended.err
