"""Faults in what a running edge is told."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest
    from conftest import Edge


@contextmanager
def told(edge: Edge, monkeypatch: pytest.MonkeyPatch, owner: object, **values: Any) -> Iterator[None]:
    """The edge with faults planted in what it is told: other values for names of `owner`."""

    def publish() -> None:
        edge.tell()
        eventually(edge.publisher.discovery.edge_is_current)

    try:
        with monkeypatch.context() as fault:
            for name, value in values.items():
                fault.setattr(owner, name, value)
            publish()
            yield
    finally:
        publish()
