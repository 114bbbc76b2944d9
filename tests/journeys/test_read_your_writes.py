"""Who writes in one service sees it in another at once, by handing on a header; and is told where that is not so."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from mesh.contract.catalog import load_service
from mesh.testing.company import found, good
from mesh.testing.planted import planted
from mesh.testing.running import running_mesh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mesh.testing.company import Company
    from mesh.testing.running import RunningMesh

TIMES = 50
PAUSE = 0.4
LIST = "/rapport.customers.v1.ContactService/ListContacts"
AFTER, PARTIAL = "x-rapport-after", "x-rapport-partial"
_HASTY = "ReadAfter.__call__ = lambda self, call: None"


def renamed(company: Company, name: str) -> str:
    """Rename the owner; what the write tells."""
    answer = company.owner.send("PATCH", f"/v1/users/{company.owner.id}", {"displayName": name})
    assert good(answer)["displayName"] == name
    return answer.headers[AFTER]


def listed(company: Company, after: str = "") -> tuple[list[str], bool]:
    """The owners' names in the list of contacts, and whether it says that it may be behind."""
    answer = company.owner.send("GET", "/v1/contacts", **({AFTER: after} if after else {}))
    return [contact["ownerName"] for contact in good(answer)["contacts"]], PARTIAL in answer.headers


def staffed(mesh: RunningMesh, slug: str) -> Company:
    """A company with one contact of its owner's."""
    company = found(mesh, slug)
    company.owner.ask("POST", "/v1/contacts", {"givenName": "Ada", "ownerId": company.owner.id})
    return company


@contextmanager
def held(mesh: RunningMesh) -> Iterator[None]:
    """Redis stands still, and with it every event between services."""
    (pid,) = [instance["pid"] for instance in mesh.instances() if instance["name"] == "redis"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def check_seen_late(mesh: RunningMesh, company: Company) -> None:
    """The event is on its way for a while: who hands on the header waits for it, who does not sees the old name."""
    renamed(company, "Before")
    before = renamed(company, "Earlier")
    assert listed(company, before) == (["Earlier"], False)
    with held(mesh):
        told = renamed(company, "Later")
        assert listed(company) == (["Earlier"], False)
        began = time.monotonic()
        assert listed(company, told) == (["Earlier"], True), "it says that it may be behind"
        assert time.monotonic() - began < load_service("customers").methods[LIST].deadline
        seen: list[tuple[list[str], bool]] = []
        reader = threading.Thread(target=lambda: seen.append(listed(company, told)))
        reader.start()
        reader.join(PAUSE)
        assert reader.is_alive(), "the reader waits"
    reader.join()
    assert seen == [(["Later"], False)]


def test_a_rename_in_one_service_is_read_in_another_at_once(mesh: RunningMesh) -> None:
    company = staffed(mesh, "readers")
    for number in range(TIMES):
        told = renamed(company, f"Name {number}")
        assert listed(company, told) == ([f"Name {number}"], False)
    check_seen_late(mesh, company)


def test_a_reader_that_does_not_wait_is_found_out(tmp_path: Path) -> None:
    fault = planted(tmp_path / "fault", "mesh.runtime.after", _HASTY)
    with running_mesh(tmp_path / "home", options=("--no-demo",), **fault) as mesh:
        company = staffed(mesh, "hasty")
        with pytest.raises(AssertionError):
            check_seen_late(mesh, company)
