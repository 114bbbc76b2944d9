"""Somebody else, who is served whatever is done to the edge, and the edge that stays the process that it was."""

from __future__ import annotations

import statistics
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
import psutil

from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.edge import attacks
    from tests.edge.conftest import Edge

# The largest thing that this edge serves without asking anybody.
LARGE = "/docs/swagger-ui-bundle.js"
# Each answer at least within this; the median is what tells of a hold-up, as a machine that others work on takes
# some for itself.
PATIENCE, _MEDIAN = 30.0, 1.0
_MOST_MEMORY = 256 << 20
_PAUSE = 0.01


@dataclass
class Bystander:
    """A client who has nothing to do with it, and what it waited for its answers."""

    edge: Edge
    waited: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def call(self, client: httpx.Client) -> None:
        """Read a contact, and note how long that took or what came instead."""
        began = time.monotonic()
        try:
            status = client.get("/v1/contacts/con_1", headers=self.bearer).status_code
            if status != 200:
                self.failed.append(str(status))
        except httpx.HTTPError as error:
            self.failed.append(type(error).__name__)
        self.waited.append(time.monotonic() - began)

    @property
    def bearer(self) -> dict[str, str]:
        """Its token, of a tenant that nobody attacks."""
        return self.edge.bearer(tenant="ten_bystander")

    def served(self, more: int) -> None:
        """Wait for so many more answers."""
        wanted = len(self.waited) + more
        eventually(lambda: len(self.waited) >= wanted, within=60, of="others are served")


def address(edge: Edge) -> attacks.Address:
    return edge.settings.edge_host, edge.settings.edge_port


def memory(edge: Edge) -> int:
    """Bytes that Envoy has in memory."""
    return int(psutil.Process(edge.envoy.pid).memory_info().rss)


@contextmanager
def unimpressed(edge: Edge, most: int = _MOST_MEMORY) -> Iterator[Bystander]:
    """During what is done inside, others are served, and Envoy is the same and has grown by less than `most` bytes."""
    pid, before = edge.envoy.pid, memory(edge)
    bystander, over, grown = Bystander(edge), threading.Event(), 0

    def go_on() -> None:
        nonlocal grown
        with httpx.Client(base_url=edge.settings.edge_url, trust_env=False, timeout=PATIENCE) as client:
            while not over.wait(_PAUSE):
                bystander.call(client)
                grown = max(grown, memory(edge) - before)

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        bystander.served(1)
        yield bystander
        bystander.served(2)
    finally:
        over.set()
        thread.join()
    assert bystander.failed == []
    assert statistics.median(bystander.waited) < _MEDIAN
    assert edge.envoy.look() is None
    assert edge.envoy.pid == pid, "Envoy is another process"
    assert grown < most, f"{grown >> 20} MiB more"
